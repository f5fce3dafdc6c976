"""Affordability against published figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.errors import ResearchError
from cityresearch.evidence.estimates import Estimate, missing
from cityresearch.methods.water import (
    AWWA,
    BURDENS,
    DUKE,
    HOURS_A_MONTH,
    Component,
    Cutoffs,
    Tariff,
    affordable_bill,
    affordable_bill_by_hours,
    bill_estimates,
    burden_category,
    hours_at_minimum_wage,
    household_burden,
    percentile_from_brackets,
    share_of_income,
    share_paying_more_than,
)

# Los Angeles County, ACS 5-year 2013, B19001: households by income.
LOS_ANGELES = [
    209050, 190300, 173380, 167740, 154347, 155834, 143103, 140946,
    126807, 241482, 303887, 384881, 268689, 169129, 189195, 211613,
]  # fmt: skip
BOUNDS = [
    0, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000, 50_000,
    60_000, 75_000, 100_000, 125_000, 150_000, 200_000,
]  # fmt: skip


@pytest.mark.parametrize(
    ("bill", "wage", "hours"), [(208.67, 16.07, 12.99), (127.88, 7.25, 17.64), (53.27, 13.00, 4.10)]
)
def test_published_hours_at_the_minimum_wage(bill: float, wage: float, hours: float) -> None:
    assert hours_at_minimum_wage(bill, wage).value == pytest.approx(hours, abs=0.005)


@pytest.mark.parametrize(
    ("hbi", "ppi", "label"),
    [
        (4.27, 30.04, "Low-Moderate"),  # Durham
        (6.29, 32.99, "Moderate-High"),  # Los Angeles
        (7.03, 43.95, "High"),  # Philadelphia
        (3.40, 45.43, "Moderate-High"),  # Fresno
        (2.51, 37.69, "Moderate-High"),  # Albuquerque
        (3.85, 23.87, "Low-Moderate"),  # East Bay MUD
        (5.11, 35.09, "High"),  # Wichita
    ],
)
def test_published_burdens(hbi: float, ppi: float, label: str) -> None:
    assert burden_category(hbi, ppi, "duke") == label


@pytest.mark.parametrize(("name", "cutoffs"), [("duke", DUKE), ("awwa", AWWA)])
def test_the_matrix_with_lower_bounds_inclusive(name: str, cutoffs: Cutoffs) -> None:
    low, high = cutoffs.hbi
    assert cutoffs.hbi == {"duke": (4.6, 9.2), "awwa": (7.0, 10.0)}[name]
    rows = [
        [burden_category(hbi, ppi, name) for hbi in (low - 0.01, low, high)]
        for ppi in (19.99, 20, 35)
    ]
    assert rows == [list(BURDENS[0:3]), list(BURDENS[1:4]), list(BURDENS[2:5])]


def test_a_missing_indicator_makes_the_burden_unknown() -> None:
    assert burden_category(missing("no rates on record"), 20.0) == "Unknown"
    assert burden_category(4.0, None) == "Unknown"
    assert burden_category(Estimate(9.3, 1, "%"), Estimate(36, 2, "%")) == "Very High"


def test_twentieth_percentile_of_los_angeles_county() -> None:
    assert percentile_from_brackets(LOS_ANGELES, BOUNDS, 0.2) == pytest.approx(22186.32, abs=0.005)
    with_end = [*BOUNDS, math.inf]
    assert percentile_from_brackets(LOS_ANGELES, with_end, 0.2) == pytest.approx(22186.32, abs=0.01)


def test_the_open_bracket_holds_no_percentile() -> None:
    with pytest.raises(ResearchError, match="open top bracket"):
        percentile_from_brackets(LOS_ANGELES, BOUNDS, 0.97)
    with pytest.raises(ResearchError, match="no households"):
        percentile_from_brackets([0, 0], [0, 10], 0.5)


@pytest.mark.parametrize(
    ("counts", "bounds", "q"),
    [([1, 2], [0], 0.2), ([1, 2], [10, 0], 0.2), ([1, -2], [0, 10], 0.2), ([1, 2], [0, 10], 20)],
)
def test_brackets_that_do_not_belong_together(
    counts: list[float], bounds: list[float | None], q: float
) -> None:
    with pytest.raises(ValueError):
        percentile_from_brackets(counts, bounds, q)


def test_share_paying_more_than_is_the_share_below_the_income_that_would_do() -> None:
    # At 5 % a bill of 1,109.316 USD a year takes an income of 22,186.32, the 20th percentile.
    share = share_paying_more_than(LOS_ANGELES, BOUNDS, 22186.32 * 0.05, 5)
    assert share == pytest.approx(20, abs=0.0001)


@given(st.floats(50, 5_000), st.floats(0.01, 50), st.floats(0.01, 50))
def test_share_paying_more_than_never_rises_with_the_percent(
    bill: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    shares = [share_paying_more_than(LOS_ANGELES, BOUNDS, bill, x) for x in (less, more)]
    assert 100 >= shares[0] >= shares[1] - 1e-9 >= -1e-9


def test_everyone_pays_more_than_nothing() -> None:
    assert share_paying_more_than(LOS_ANGELES, BOUNDS, 600, 0) == 100
    assert share_paying_more_than(LOS_ANGELES, BOUNDS, 600, 1e-9) == pytest.approx(100)


@given(st.floats(0.001, 0.93))
def test_percentile_and_share_are_inverse(q: float) -> None:
    income = percentile_from_brackets(LOS_ANGELES, BOUNDS, q)
    assert share_paying_more_than(LOS_ANGELES, BOUNDS, income, 100) == pytest.approx(100 * q)


def test_household_burden_is_a_year_of_bills_in_percent_of_income() -> None:
    assert household_burden(100, 20_000).value == pytest.approx(6)
    assert share_of_income(100, 60_000).value == pytest.approx(2)
    assert household_burden(100, missing("no income here", "USD a year")).reason == "no income here"


def test_affordable_bills_keep_the_bounds_of_the_income() -> None:
    income = Estimate(24_000, unit="USD a year", low=20_000, high=30_000)
    bill = affordable_bill(income, 4.6)
    assert (bill.value, bill.low, bill.high) == pytest.approx((92, 76.666667, 115))
    assert (bill.unit, bill.moe) == ("USD a month", None)


def test_the_affordable_bill_takes_its_percent_of_the_income() -> None:
    assert household_burden(affordable_bill(22_186.32, 4.6), 22_186.32).value == pytest.approx(4.6)


def test_affordable_bill_by_hours() -> None:
    assert affordable_bill_by_hours(7.25).value == 58
    assert affordable_bill_by_hours(16.07, hours=4).value == pytest.approx(64.28)
    assert not HOURS_A_MONTH.verified


def test_bills_beyond_the_tariff_are_missing_with_their_reason() -> None:
    ends = Tariff("1", "Test", 2019, (Component("water", "monthly", "tier", 3.0, 0, 800, "cf"),))
    bill = bill_estimates(ends, 6_000)
    assert bill["total"].reason == "the water tariff on record ends at 5,984 gallons a month"
    assert bill_estimates(ends, 5_000)["total"].moe == 0
