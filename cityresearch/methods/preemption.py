"""Preemption: the words for what state law leaves to cities, and how laws are counted.

Dates are text, "2026", "2026-11" or "2026-11-22". A date known to the year alone is compared by
the year alone.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from cityresearch.errors import ResearchError, did_you_mean


@dataclass(frozen=True)
class Status:
    """A status of a policy area in a state: its label, letter mark and meaning for readers.

    `state` is the word by which tables colour it.
    """

    label: str
    mark: str
    meaning: str
    state: str


STATUSES = {
    "preempted": Status(
        "Preempted", "P", "State law bars cities from making their own rules.", "preempted"
    ),
    "limited": Status(
        "Limited", "L", "Cities may act only in part, or on terms that state law sets.", "limited"
    ),
    "none_recorded": Status(
        "None recorded", "–", "No state limit is on record, which is no proof of none.", "none"
    ),
    "unknown": Status(
        "Unknown", "?", "No source covers this state and policy area well enough.", "unknown"
    ),
    "formerly": Status(
        "Formerly", "F", "A state limit was repealed, was struck down or has expired.", "formerly"
    ),
}

KINDS = {
    "floor": "a state minimum that cities may exceed",
    "ceiling": "a state rule that cities may not exceed",
    "vacuum": "cities are barred from acting and the state sets no standard of its own",
    "express": "the law says that cities may not act",
    "implied": "courts read the limit into the law",
    "field": "the state claims the whole subject",
    "conflict": "a local rule yields because it contradicts a state rule",
    "punitive": "officials or cities face fines, removal, lawsuits or loss of state money",
    "blanket": "the law covers whole codes at once",
    "nullifying": "the law voids ordinances already in force",
}

COUNTING_RULE = (
    "Each policy area counts once, by the strongest record that stands on the date given. "
    "A law that is not yet in force does not count. Counts by other groups rest on other "
    "definitions and dates, so they are not compared with these or joined to a trend."
)


@functools.cache  # every brief asks this of all laws, and few of them differ in it
def status_on(
    status: str, effective: str | None, on: str, silence: str, until: str | None = None
) -> str:
    """The status of one law on a date.

    Args:
        status: as recorded; a key of STATUSES.
        effective: date from which the law is in force; None where it is not known.
        on: the date asked about.
        silence: what the area's status is without the law: "none_recorded" or "unknown".
        until: last date on which it was in force, where it has ended.

    Raises:
        ResearchError: a status or date that is none.
    """
    _known(status)
    _known(silence)
    if effective and _before(on, effective):
        return silence
    return "formerly" if until and _before(until, on) else status


def is_stale(as_of: str | None, edition: str, months: int) -> bool:
    """Whether a record is more than `months` older than the edition; one without a date is.

    A date known to the year alone counts from its January: the warning rather comes too early.

    Raises:
        ResearchError: a date that is none.
    """
    return as_of is None or as_of == "" or _month(edition) - _month(as_of) > months


def _known(status: str) -> str:
    if status not in STATUSES:
        instead = did_you_mean(status, STATUSES) or f"Write one of: {', '.join(STATUSES)}."
        raise ResearchError(f"'{status}' is no status of a preemption record.", instead=instead)
    return status


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text):
        raise ResearchError(f"'{text}' is no date.", instead="Write YYYY, YYYY-MM or YYYY-MM-DD.")
    return text


def _before(first: str, second: str) -> bool:
    size = min(len(_date(first)), len(_date(second)))
    return first[:size] < second[:size]


def _month(text: str) -> int:
    """Months since the year 0."""
    year, month = (_date(text) + "-01").split("-")[:2]
    return 12 * int(year) + int(month)
