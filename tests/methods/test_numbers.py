"""Numbers as printed: the rounding rules of the house style, one by one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.evidence.estimates import Estimate, counted, missing
from cityresearch.methods.numbers import close, margin_text, number, span


@pytest.mark.parametrize(
    ("value", "unit", "prose", "precise"),
    [
        (0, "", "zero", "0"),
        (9, "", "nine", "9"),
        (10, "", "10", "10"),
        (4.3, "trips", "4.3", "4.3"),
        (9.97, "trips", "10", "10.0"),
        (3.04, "trips", "three", "3.0"),
        (30.8, "trips", "31", "30.8"),
        (0.43, "", "0.43", "0.43"),
        (0.004, "", "less than 0.01", "less than 0.01"),
        (2557, "", "2,557", "2,557"),
        (203119, "", "203,000", "203,119"),
        (1582432, "people", "1.58 million", "1,582,432"),
        (37_900_000, "trips", "37.9 million", "37,900,000"),
        (-3, "", "−3", "−3"),
    ],
)
def test_plain_numbers(value: float, unit: str, prose: str, precise: str) -> None:
    assert number(value, unit) == prose
    assert number(value, unit, precise=True) == precise


@pytest.mark.parametrize(
    ("value", "prose", "precise"),
    [
        (0, "$0", "$0.00"),
        (0.85, "$0.85", "$0.85"),
        (9.42, "$9", "$9.42"),
        (61.76, "$62", "$61.76"),
        (208.67, "$210", "$208.67"),
        (995, "$1,000", "$995.00"),
        (4321, "$4,300", "$4,321"),
        (22186.32, "$22,200", "$22,186"),
        (999_999.6, "$1 million", "$1.0 million"),
        (10_000_000, "$10 million", "$10.0 million"),
        (6_470_000, "$6.47 million", "$6.5 million"),
        (1.2e12, "$1.2 trillion", "$1.20 trillion"),
        (433_512_345, "$434 million", "$433.5 million"),
        (30.66e9, "$30.7 billion", "$30.66 billion"),
        (-320, "−$320", "−$320.00"),
    ],
)
def test_dollars_to_the_nearest_1_10_100_or_three_figures(
    value: float, prose: str, precise: str
) -> None:
    assert number(value, "USD a month") == prose
    assert number(value, "USD", precise=True) == precise


@pytest.mark.parametrize(
    ("value", "unit", "prose", "precise"),
    [
        (23.25, "%", "23%", "23.3%"),
        (0.322, "share", "32%", "32.2%"),
        (0.285, "share", "29%", "28.5%"),  # a half, although its binary fraction is less
        (0.003, "share", "less than 1%", "0.3%"),
        (0.999, "share", "more than 99%", "99.9%"),
        (1, "share", "100%", "100.0%"),
        (-3.2, "%", "−3%", "−3.2%"),
        (-0.3, "%", "0%", "−0.3%"),
        (1250, "%", "1,250%", "1,250.0%"),
        (3.2, "points", "three points", "3.2 points"),
        (1.2, "points", "one point", "1.2 points"),
        (-1, "points", "−1 point", "−1.0 points"),
        (12.4, "points", "12 points", "12.4 points"),
    ],
)
def test_percentages_and_points(value: float, unit: str, prose: str, precise: str) -> None:
    assert number(value, unit) == prose
    assert number(value, unit, precise=True) == precise


@pytest.mark.parametrize(
    ("estimate", "prose", "precise"),
    [
        (Estimate(203119, 5070, "people"), "203,000", "203,100"),
        (Estimate(2557, 350), "2,600", "2,560"),
        (Estimate(45678, 3150, "USD a year"), "$46,000", "$45,700"),
        (Estimate(85.05, low=77, high=94, unit="USD a month"), "$85", "$85"),
        (Estimate(0.322, 0.008, "share"), "32%", "32.2%"),
        (Estimate(34, 12.5, "%"), "an estimated 30%", "34%"),
    ],
)
def test_nothing_is_finer_than_its_margin(estimate: Estimate, prose: str, precise: str) -> None:
    assert number(estimate) == prose
    assert number(estimate, precise=True) == precise


def test_a_margin_can_stand_beside_a_plain_number() -> None:
    assert number(2557, margin=350) == "2,600"


def test_prose_says_estimated_and_keeps_silent_on_the_unreliable() -> None:
    assert number(Estimate(1000, 300)) == "an estimated 1,000"
    assert number(Estimate(1000, 900)) == "not available (too uncertain to print)"
    assert number(Estimate(1000, 900), precise=True) == "1,000"


def test_prose_with_the_digits_of_tables_is_as_careful() -> None:
    assert close(counted(5.55, "USD per trip")) == "$5.55"
    assert close(Estimate(43_351, low=32_708, high=51_918, unit="USD")) == "an estimated $43,000"
    assert close(Estimate(1000, 900)) == "not available (too uncertain to print)"
    assert close(missing("not reported", "USD")) == "not available (not reported)"


def test_missing_numbers_give_their_reason_in_prose() -> None:
    absent = missing("no fares reported", "USD")
    assert number(absent) == "not available (no fares reported)"
    assert number(absent, precise=True) == number(None) == "not available"


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (counted(37), "counted, no sampling error"),
        (Estimate(45678, 3150, "USD a year"), "± $3,200"),
        (Estimate(0.322, 0.008, "share"), "± 0.8 points"),
        (Estimate(3.05, 4.2, "%"), "± 4.2 points"),
        (Estimate(22186, low=20011, high=24487, unit="USD a year"), "$20,000 to $24,500"),
        (Estimate(5), "margin of error not known"),
        (Estimate(5, reason="the publisher gives no margin"), "the publisher gives no margin"),
        (missing("not reported"), ""),
        (Estimate(1000, 900), "± 900, very uncertain"),
        (Estimate(6, low=-23, high=72, unit="%"), "−23% to 72%, very uncertain"),
    ],
)
def test_what_stands_beside_a_number(estimate: Estimate, text: str) -> None:
    assert margin_text(estimate) == text


def test_ranges_have_to() -> None:
    assert span(0.41, 0.523, "share") == "41.0% to 52.3%"


@given(st.floats(-1e12, 1e12), st.sampled_from(["", "USD", "%", "share", "points"]), st.booleans())
def test_printed_numbers_have_a_true_minus_and_no_zero_below_zero(
    value: float, unit: str, precise: bool
) -> None:
    text = number(value, unit, precise=precise)
    assert "-" not in text
    assert not re.fullmatch(r"−\$?0(\.0*)?(%| points)?", text)


@given(st.floats(1, 9_999), st.floats(0.01, 5_000))
def test_rounding_moves_a_number_by_less_than_its_margin(value: float, moe: float) -> None:
    text = number(value, "USD", precise=True, margin=moe)
    assert abs(float(text.strip("$").replace(",", "")) - value) <= max(moe / 2, 0.51)
