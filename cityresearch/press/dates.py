"""Dates as readers see them."""

from __future__ import annotations

import datetime


def long_date(iso: str) -> str:
    """2026-11-22 → November 22, 2026."""
    day = datetime.date.fromisoformat(iso)
    return f"{day:%B} {day.day}, {day.year}"


def month(iso: str) -> str:
    """2026-11 → November 2026."""
    return f"{datetime.date.fromisoformat(f'{iso}-01'):%B %Y}"
