"""Margins of error against the Census Bureau's worked examples, and what must hold for all."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cityresearch.evidence.estimates import (
    BOUNDS_REACH_ZERO,
    ZERO_DENOMINATOR,
    Estimate,
    counted,
    cv,
    difference,
    differs,
    missing,
    percent_change,
    product,
    proportion,
    ratio,
    reliability,
    scaled,
    total,
)

values = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
positive = st.floats(1, 1e6).map(lambda x: round(x, 3))
margins = st.floats(0, 1e5).map(lambda x: round(x, 3))
with_margin = st.builds(Estimate, values, margins)


@st.composite
def with_bounds(draw: st.DrawFn, numbers: st.SearchStrategy[float] = values) -> Estimate:
    low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Estimate(value, low=low, high=high)


either = with_margin | with_bounds()


def test_sum_of_the_census_example() -> None:
    parts = [Estimate(135173, 3860), Estimate(43104, 2642), Estimate(24842, 1957)]
    result = total(parts)
    assert result.value == 203119
    assert result.moe == pytest.approx(5070, abs=0.5)


def test_of_zero_estimates_only_the_largest_margin_counts() -> None:
    result = total([Estimate(0, 22), Estimate(0, 22), Estimate(0, 29), Estimate(41, 37)])
    assert result.value == 41
    assert result.moe == pytest.approx(47.01, abs=0.005)


def test_proportion_of_the_census_example() -> None:
    result = proportion(Estimate(203119, 5070), Estimate(630498, 831))
    assert result.value == pytest.approx(0.322, abs=0.0005)
    assert result.moe == pytest.approx(0.008, abs=0.0005)
    assert result.unit == "share"


def test_proportion_falls_back_on_the_ratio_where_the_root_is_negative() -> None:
    part, whole = Estimate(95, 1), Estimate(100, 10)
    assert proportion(part, whole).moe == pytest.approx(math.hypot(1, 0.95 * 10) / 100)


def test_percent_change_of_the_census_example() -> None:
    old, new = Estimate(135173, 3860), Estimate(139301, 4047)
    change = percent_change(old, new)
    assert change.value == pytest.approx(3.05, abs=0.005)
    assert change.moe == pytest.approx(4.20, abs=0.005)
    assert change.unit == "%"
    assert differs(old, new) is False


def test_cv_of_the_census_example() -> None:
    assert cv(Estimate(2557, 350)) == pytest.approx(0.0832, abs=0.00005)


def test_product_and_ratio_follow_their_formulas() -> None:
    a, b = Estimate(200, 10, "people"), Estimate(50, 4, "places")
    assert product(a, b).moe == pytest.approx(math.hypot(200 * 4, 50 * 10))
    quotient = ratio(a, b, "people a place")
    assert (quotient.value, quotient.unit) == (4.0, "people a place")
    assert quotient.moe == pytest.approx(math.hypot(10, 4 * 4) / 50)


def test_counts_differ_unless_they_are_equal() -> None:
    assert differs(counted(3.0), counted(3.1)) is True
    assert differs(counted(0.1 + 0.2), counted(0.3)) is False


def test_the_limit_of_the_test_is_the_margin_of_the_difference() -> None:
    a = Estimate(100, 3)
    assert differs(a, Estimate(105, 4)) is False  # |Z| is exactly 1.645
    assert differs(a, Estimate(105.01, 4)) is True


def test_bounds_are_tested_by_the_halves_that_face_each_other() -> None:
    bounded = Estimate(22, low=20, high=30)
    assert differs(bounded, Estimate(30, 1)) is False  # 8 is less than the root of 8² + 1²
    assert differs(bounded, Estimate(31, 1)) is True
    assert differs(Estimate(15, low=10, high=19), bounded) is True
    assert differs(Estimate(18, low=10, high=23), bounded) is False


@pytest.mark.parametrize("other", [Estimate(5), missing("not reported")])
def test_what_cannot_be_tested_is_neither_true_nor_false(other: Estimate) -> None:
    assert differs(Estimate(1, 0.5), other) is None
    assert differs(other, Estimate(1, low=0, high=2)) is None


def test_unknown_margins_stay_unknown_with_their_reason() -> None:
    unknown = Estimate(5, reason="the publisher gives none")
    assert total([unknown, Estimate(1, 0.1)]) == Estimate(6, reason="the publisher gives none")
    assert ratio(Estimate(1, low=0, high=2), unknown).interval is None


def test_missing_values_carry_their_reason_through_everything() -> None:
    absent, there = missing("no fares reported", "USD"), Estimate(4, 1, "USD")
    results = [
        total([there, absent]),
        difference(absent, there),
        proportion(absent, there),
        ratio(there, absent),
        product(absent, there),
        scaled(absent, 12),
        percent_change(there, absent),
    ]
    assert {(result.value, result.reason) for result in results} == {(None, "no fares reported")}


def test_zero_denominators_are_missing_and_say_so() -> None:
    zero = Estimate(0, 5)
    for result in (ratio(counted(1), zero), proportion(zero, zero), percent_change(zero, zero)):
        assert result.value is None
        assert result.reason == ZERO_DENOMINATOR


def test_a_missing_numerator_is_told_before_a_zero_denominator() -> None:
    assert ratio(missing("not reported"), counted(0)).reason == "not reported"


def test_no_percent_change_from_below_zero() -> None:
    assert percent_change(counted(-5), counted(5)).value is None


def test_bounds_are_added_and_subtracted_as_intervals() -> None:
    income = Estimate(20_000, unit="USD", low=18_000, high=23_000)
    assert total([income, Estimate(100, 10, "USD")]) == Estimate(
        20_100, unit="USD", low=18_090, high=23_110
    )
    assert difference(Estimate(100, 10, "USD"), income) == Estimate(
        -19_900, unit="USD", low=-22_910, high=-17_890
    )


def test_bounds_of_a_percent_change_are_those_of_independent_estimates() -> None:
    old, new = Estimate(100, low=90, high=120), Estimate(150, low=120, high=180)
    change = percent_change(old, new)
    # Lower: (150 - 100R)^2 = 30^2 + (20R)^2, upper: (150 - 100R)^2 = 30^2 + (10R)^2.
    assert (change.value, change.low, change.high) == pytest.approx((50, 12.5, 85.259), abs=1e-3)
    assert change.moe is None


def test_a_percent_change_from_what_may_be_zero_has_no_bounds() -> None:
    old, new = Estimate(10, low=1, high=21), Estimate(12, low=11, high=13)
    change = percent_change(old, new)
    assert (change.value, change.interval) == (pytest.approx(20), None)
    assert change.reason == BOUNDS_REACH_ZERO


@given(with_bounds(positive), with_bounds(positive))
def test_bounds_of_a_change_leave_out_zero_where_the_two_differ(
    old: Estimate, new: Estimate
) -> None:
    change = percent_change(old, new)
    assume(change.low is not None and change.high is not None)
    assert change.low is not None and change.high is not None and change.value is not None
    assume(min(abs(change.low), abs(change.high)) > 1e-6)  # on the limit itself rounding decides
    assert differs(old, new) is not (change.low < 0 < change.high)


def test_bounds_that_may_be_zero_bound_no_quotient() -> None:
    result = ratio(counted(10), Estimate(2, low=0, high=4))
    assert (result.value, result.interval, result.reason) == (5, None, BOUNDS_REACH_ZERO)


def test_scaling_by_a_negative_number_turns_bounds_round() -> None:
    assert scaled(Estimate(2, low=1, high=4), -3) == Estimate(-6, low=-12, high=-3)
    assert scaled(Estimate(2, 1), -3) == Estimate(-6, 3)


def test_bounds_of_a_share_stay_a_share() -> None:
    share = proportion(Estimate(80, low=70, high=90), Estimate(85, low=80, high=100))
    assert (share.low, share.high) == (0.7, 1.0)


def test_a_part_larger_than_its_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="use ratio"):
        proportion(counted(3), counted(2))


def test_units_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="different units"):
        total([Estimate(1, 0, "USD"), Estimate(1, 0, "trips")])
    with pytest.raises(ValueError, match="different units"):
        differs(Estimate(1, 0, "USD"), Estimate(1, 0, "trips"))


def test_nothing_has_no_sum() -> None:
    with pytest.raises(ValueError, match="nothing to add"):
        total([])


@pytest.mark.parametrize(
    "fields",
    [
        {"value": None},
        {"value": None, "reason": "none", "moe": 1.0},
        {"value": float("nan"), "moe": 0.0},
        {"value": 1.0, "moe": -1.0},
        {"value": 1.0, "moe": 1.0, "low": 0.0, "high": 2.0},
        {"value": 1.0, "low": 0.0},
        {"value": 1.0, "low": 1.5, "high": 2.0},
    ],
)
def test_impossible_estimates_are_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Estimate(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("estimate", "kind"),
    [
        (Estimate(2557, 350), "reliable"),
        (Estimate(100, 20), "estimated"),
        (Estimate(100, 66), "suppressed"),
        (Estimate(0, 0), "reliable"),
        (Estimate(0, 22), "suppressed"),
        (Estimate(10), "unknown"),
        (missing("none"), "missing"),
        (Estimate(0.02, 0.015, "share"), "reliable"),  # CV 46 %, but 1.5 points
        (Estimate(0.98, 0.03, "share"), "estimated"),
        (Estimate(2, 7, "%"), "suppressed"),
        (Estimate(3.05, 4.2, "%"), "estimated"),
        (Estimate(100, low=70, high=105), "estimated"),  # the farther bound, 30
    ],
)
def test_reliability_goes_by_cv_and_near_the_edges_by_points(estimate: Estimate, kind: str) -> None:
    assert reliability(estimate) == kind


def test_both_rules_of_reliability_meet_at_a_tenth() -> None:
    for moe in (0.0196, 0.0199, 0.065, 0.066):
        below, at = Estimate(0.0999999, moe, "share"), Estimate(0.1, moe, "share")
        assert reliability(below) == reliability(at)


@given(st.lists(with_margin, min_size=1, max_size=6), with_margin)
def test_margins_never_shrink_by_adding(parts: list[Estimate], more: Estimate) -> None:
    before, after = total(parts).moe, total([*parts, more]).moe
    assert before is not None and after is not None
    assert after >= before * (1 - 1e-12)


@given(st.lists(either, min_size=1, max_size=5), with_bounds())
def test_intervals_never_shrink_by_adding(parts: list[Estimate], more: Estimate) -> None:
    before, after = total(parts).interval, total([*parts, more]).interval
    assert before is not None and after is not None
    assert after[1] - after[0] >= (before[1] - before[0]) * (1 - 1e-9) - 1e-6


@given(either, either)
def test_differs_is_symmetric(a: Estimate, b: Estimate) -> None:
    assert differs(a, b) == differs(b, a)


@given(either)
def test_nothing_differs_from_itself(a: Estimate) -> None:
    assert differs(a, a) is False


@given(with_margin, with_margin, st.floats(0.001, 1000))
def test_differs_does_not_depend_on_the_unit(a: Estimate, b: Estimate, k: float) -> None:
    assert a.value is not None and b.value is not None
    gap = abs(abs(a.value - b.value) - math.hypot(a.moe or 0, b.moe or 0))
    assume(gap > 1e-6 * max(1.0, abs(a.value)))  # on the limit itself rounding decides
    assert differs(scaled(a, k), scaled(b, k)) == differs(a, b)


@given(with_bounds(positive), with_bounds(positive), st.floats(0, 1), st.floats(0, 1))
def test_a_quotient_spans_all_that_its_bounds_allow(
    a: Estimate, b: Estimate, s: float, t: float
) -> None:
    result = ratio(a, b)
    assert result.low is not None and result.high is not None
    assert a.low is not None and a.high is not None and b.low is not None and b.high is not None
    inside = (a.low + s * (a.high - a.low)) / (b.low + t * (b.high - b.low))
    assert result.low * (1 - 1e-9) <= inside <= result.high * (1 + 1e-9)


@given(st.builds(Estimate, positive, margins), st.builds(Estimate, positive, margins))
def test_a_margin_of_a_share_is_at_most_that_of_the_ratio(part: Estimate, rest: Estimate) -> None:
    whole = total([part, rest])
    share, quotient = proportion(part, whole).moe, ratio(part, whole).moe
    assert share is not None and quotient is not None
    assert share <= quotient * (1 + 1e-9) + 1e-12
