"""Ranks with ties, against places counted one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.evidence.estimates import Estimate, differs
from cityresearch.methods.ranks import Rank, ranks

FIGURES = st.integers(0, 40)
INTERVALS = st.lists(
    st.one_of(st.none(), st.tuples(FIGURES, FIGURES).map(lambda ends: tuple(sorted(ends)))),
    max_size=20,
)


def test_intervals_that_overlap_are_tied() -> None:
    found = ranks([(9.0, 11.0), (10.0, 14.0), (2.0, 3.0), None, (20.0, 20.0)])
    assert found == [Rank(2, 3), Rank(2, 3), Rank(4, 4), None, Rank(1, 1)]
    assert [str(rank) for rank in found if rank] == ["2–3, tied", "2–3, tied", "4", "1"]


def test_the_lowest_may_be_the_first() -> None:
    assert ranks([(1.0, 1.0), (2.0, 2.0)], lowest_first=True) == [Rank(1, 1), Rank(2, 2)]


def test_equal_counts_are_tied_in_spite_of_binary_dust() -> None:
    assert ranks([(0.1 + 0.2,) * 2, (0.3, 0.3)]) == [Rank(1, 2), Rank(1, 2)]


@given(INTERVALS)
def test_ranks_are_those_of_counting(intervals: list[tuple[float, float] | None]) -> None:
    known = [each for each in intervals if each]
    for each, rank in zip(intervals, ranks(intervals), strict=True):
        if each is None or rank is None:
            assert each is rank is None
            continue
        above = sum(low > each[1] for low, _ in known)
        below = sum(high < each[0] for _, high in known)
        assert (rank.first, rank.last) == (1 + above, len(known) - below)


@given(FIGURES, FIGURES, st.integers(0, 10), st.integers(0, 10))
def test_what_is_not_tied_differs(a: int, b: int, moe_a: int, moe_b: int) -> None:
    """Ranks never claim a difference that the test of differences does not."""
    one, other = Estimate(a, moe_a), Estimate(b, moe_b)
    first, second = ranks([one.interval, other.interval])
    assert first and second
    if first.last < second.first or second.last < first.first:
        assert differs(one, other)


@pytest.mark.parametrize("intervals", [[], [None]])
def test_nothing_is_ranked_without_intervals(intervals: list[None]) -> None:
    assert ranks(intervals) == [None] * len(intervals)
