"""Ranks with ties: places whose intervals overlap share the ranks that any of them may have."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from cityresearch.evidence.intervals import Interval

DUST = 1e-9  # binary fractions: counts this near each other, in parts of their size, are equal


@dataclass(frozen=True)
class Rank:
    """The best and the worst rank that an interval allows; 1 is the first."""

    first: int
    last: int

    @property
    def tied(self) -> bool:
        return self.last > self.first

    def __str__(self) -> str:
        return f"{self.first}–{self.last}, tied" if self.tied else str(self.first)


def ranks(intervals: Sequence[Interval | None], *, lowest_first: bool = False) -> list[Rank | None]:
    """The rank of each interval (low, high); None where there is no interval.

    First is 1 + the number of intervals wholly before it, last is their number less those wholly
    after it. Intervals that touch overlap. Two that overlap may still differ by `differs`, which is
    less strict, so these ranks claim too little rather than too much. Sorted once: n log n.
    """
    known = [each for each in intervals if each is not None]
    lows, highs = sorted(low for low, _ in known), sorted(high for _, high in known)

    def rank(interval: Interval) -> Rank:
        low, high = interval
        dust = DUST * max(abs(low), abs(high))
        below = bisect_left(highs, low - dust)
        above = len(known) - bisect_right(lows, high + dust)
        before, after = (below, above) if lowest_first else (above, below)
        return Rank(1 + before, len(known) - after)

    return [None if each is None else rank(each) for each in intervals]
