"""Constant dollars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.evidence.estimates import Estimate, missing
from cityresearch.methods.prices import constant_dollars

INDEX = {2000: 100.0, 2010: 125.0, 2023: 150.0}


def test_amounts_grow_with_the_index() -> None:
    result = constant_dollars(Estimate(200, 20, "USD a year"), 2000, 2023, INDEX)
    assert result == Estimate(300, 30, "USD a year")
    assert constant_dollars(5, 2010, 2010, INDEX).value == 5


def test_bounds_stay_bounds() -> None:
    bounded = Estimate(100, unit="USD", low=80, high=125)
    assert constant_dollars(bounded, 2010, 2023, INDEX).interval == pytest.approx((96, 150))


@pytest.mark.parametrize(("year", "base"), [(2024, 2010), (2010, 2024)])
def test_a_year_without_an_index_makes_it_missing(year: int, base: int) -> None:
    assert constant_dollars(1, year, base, INDEX).reason == "no full-year price index for 2024"


def test_missing_amounts_keep_their_reason() -> None:
    assert constant_dollars(missing("not reported"), 2000, 2023, INDEX).reason == "not reported"


@given(st.floats(0.01, 1e9), st.sampled_from(list(INDEX)), st.sampled_from(list(INDEX)))
def test_there_and_back_again(amount: float, year: int, base: int) -> None:
    there = constant_dollars(amount, year, base, INDEX)
    assert constant_dollars(there, base, year, INDEX).value == pytest.approx(amount)
