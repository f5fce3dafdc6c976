"""Interval arithmetic: every result spans all that its operands' intervals (low, high) allow."""

from __future__ import annotations

import math
from collections.abc import Sequence

Interval = tuple[float, float]


def added(parts: Sequence[Interval]) -> Interval:
    """The interval of a sum."""
    return math.fsum(low for low, _ in parts), math.fsum(high for _, high in parts)


def multiplied(parts: Sequence[Interval]) -> Interval:
    """The interval of a product of two."""
    corners = [x * y for x in parts[0] for y in parts[1]]
    return min(corners), max(corners)


def divided(parts: Sequence[Interval]) -> Interval | None:
    """The interval of a quotient of two; None where the divisor may be zero."""
    low, high = parts[1]
    if low <= 0 <= high:
        return None
    corners = [x / y for x in parts[0] for y in (low, high)]
    return min(corners), max(corners)
