"""Statuses, counting as of a date, and warnings on old records."""

from __future__ import annotations

import pytest

from cityresearch.errors import ResearchError
from cityresearch.methods.preemption import (
    STATUSES,
    is_stale,
    status_on,
)


def test_every_status_is_told_apart_without_colour() -> None:
    assert list(STATUSES) == ["preempted", "limited", "none_recorded", "unknown", "formerly"]
    assert len({status.mark for status in STATUSES.values()}) == len(STATUSES)
    assert len({status.label for status in STATUSES.values()}) == len(STATUSES)


def test_silence_is_never_called_not_preempted() -> None:
    texts = " ".join(status.label + status.meaning for status in STATUSES.values())
    assert "not preempted" not in texts.lower()


def test_an_unknown_status_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ResearchError, match="Did you mean 'preempted'"):
        status_on("premepted", None, "2026-11-22", "unknown")


@pytest.mark.parametrize(
    ("effective", "until", "status"),
    [
        (None, None, "preempted"),
        ("2023-09-01", None, "preempted"),
        ("2026-11-22", None, "preempted"),
        ("2026-11-23", None, "none_recorded"),
        ("2026-12", None, "none_recorded"),
        ("2026", None, "preempted"),  # known to the year alone
        ("2027", None, "none_recorded"),
        ("2016", "2024-06-30", "formerly"),
        ("2016", "2026-11-22", "preempted"),
    ],
)
def test_a_law_counts_from_the_day_it_is_in_force(
    effective: str | None, until: str | None, status: str
) -> None:
    assert status_on("preempted", effective, "2026-11-22", "none_recorded", until) == status


@pytest.mark.parametrize(
    ("as_of", "stale"),
    [
        ("2026-11", False),
        ("2024-11", False),
        ("2024-10-31", True),
        ("2025", False),
        ("2024", True),  # known to the year alone: from January
        ("", True),
        (None, True),
    ],
)
def test_records_older_than_two_years_carry_a_warning(as_of: str | None, stale: bool) -> None:
    assert is_stale(as_of, "2026-11", 24) is stale


def test_the_limit_is_the_topics() -> None:
    assert is_stale("2025-10", "2026-11", months=12)
    assert not is_stale("2025-10", "2026-11", months=13)


@pytest.mark.parametrize("date", ["c. 2012", "2024-13", "2024-1", "24-01"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(ResearchError, match="Write YYYY, YYYY-MM or YYYY-MM-DD"):
        is_stale(date, "2026-11", 24)
