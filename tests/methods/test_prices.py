"""Constant dollars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.evidence.estimates import Estimate, missing
from cityresearch.methods.prices import at_prices_of

THEN, NOW = Estimate(100.0), Estimate(150.0)


def test_amounts_grow_with_the_index() -> None:
    result = at_prices_of(Estimate(200, 20, "USD a year"), THEN, NOW)
    assert result == Estimate(300, 30, "USD a year")
    assert at_prices_of(Estimate(5, 0), NOW, NOW).value == 5


def test_bounds_stay_bounds() -> None:
    bounded = Estimate(100, unit="USD", low=80, high=125)
    assert at_prices_of(bounded, Estimate(125.0), NOW).interval == pytest.approx((96, 150))


def test_a_year_without_an_index_makes_it_missing() -> None:
    gap = missing("no index for 2027")
    assert at_prices_of(Estimate(1, 0), THEN, gap).reason == "no index for 2027"
    assert at_prices_of(Estimate(1, 0), gap, NOW).reason == "no index for 2027"


def test_missing_amounts_keep_their_reason() -> None:
    assert at_prices_of(missing("not reported"), THEN, NOW).reason == "not reported"


@given(st.floats(0.01, 1e9), st.floats(50, 400), st.floats(50, 400))
def test_there_and_back_again(amount: float, then: float, now: float) -> None:
    there = at_prices_of(Estimate(amount), Estimate(then), Estimate(now))
    assert at_prices_of(there, Estimate(now), Estimate(then)).value == pytest.approx(amount)
