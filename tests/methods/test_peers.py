"""Peers: the worked example, missing values, and what must not change the choice."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityresearch.errors import ResearchError
from cityresearch.methods.peers import (
    dissimilarity,
    everywhere,
    nearest,
    stability,
)
from cityresearch.methods.scores import standardise

WORKED = pd.DataFrame({"x": [5.0, 5.0, 6.0], "y": [10.0, 20.0, 10.0]}, index=["A", "B", "C"])


def places(count: int, seed: int = 0, variables: str = "abcd") -> pd.DataFrame:
    """Made-up places with positive indicators."""
    draw = np.random.default_rng(seed).lognormal(size=(count, len(variables)))
    return pd.DataFrame(draw, index=[f"{i:07d}" for i in range(count)], columns=list(variables))


def test_the_worked_example() -> None:
    scores = standardise(WORKED)
    a, b = nearest(scores, "A"), nearest(scores, "B")
    assert a.ids == ("B", "C")
    assert a.distances == pytest.approx((2.1213, 2.1213), abs=0.00005)
    assert dict(zip(b.ids, b.distances, strict=True))["C"] == pytest.approx(3.0)
    assert a.variables == ("x", "y")


def test_scores_are_cut_at_three() -> None:
    column = [0.0] * 50 + [1000.0]
    scores = standardise(pd.DataFrame({"x": column}, index=[str(i) for i in range(51)]))
    assert scores["x"].max() == 3.0


def test_a_variable_that_is_the_same_everywhere_says_nothing() -> None:
    same = WORKED.assign(z=0.1)
    assert standardise(same)["z"].tolist() == [0, 0, 0]
    assert nearest(standardise(same), "A").distances == pytest.approx(
        nearest(standardise(WORKED), "A").distances
    )


def test_weights_count_in_squares() -> None:
    heavy = nearest(standardise(WORKED, weights={"y": 4.0}), "A")
    assert heavy.ids == ("C", "B")
    assert heavy.distances == pytest.approx((2.1213, 4.2426), abs=0.00005)


def test_distances_over_shared_variables_are_scaled_up() -> None:
    frame = pd.DataFrame(
        {"a": [0.0, 1, 2], "b": [0.0, 1, 2], "c": [0.0, 1, 2], "d": [0.0, np.nan, 2]},
        index=["A", "B", "C"],
    )
    found = nearest(standardise(frame), "A")
    step = 1 / np.sqrt(2 / 3)
    assert found.ids == ("B", "C")
    assert found.distances[0] == pytest.approx(np.sqrt(4 * step**2))


def test_three_quarters_of_the_variables_are_needed() -> None:
    frame = places(6)
    frame.loc["0000001", ["a", "b"]] = np.nan
    frame.loc["0000002", "a"] = np.nan
    scores = standardise(frame)
    found = nearest(scores, "0000000", k=5)
    assert "0000001" not in found.ids
    assert "0000002" in found.ids
    assert nearest(scores, "0000001").reason == "it has only 2 of the 4 indicators"
    assert nearest(scores, "9999999").reason == "it has none of the indicators"
    assert nearest(scores, "0000000", candidates=["0000001"]).reason == (
        "no other place has enough of the indicators"
    )


def test_a_filter_leaves_only_its_candidates() -> None:
    scores = standardise(places(30))
    found = nearest(scores, "0000003", k=2, candidates=["0000003", "0000007", "0000009"])
    assert set(found.ids) == {"0000007", "0000009"}


def test_logarithms_need_numbers_above_zero() -> None:
    with pytest.raises(ResearchError, match=r"x of B is 0, .* Leave the value empty"):
        standardise(WORKED.replace({"x": {5.0: 0.0}}).iloc[1:], logs=["x"])


@pytest.mark.parametrize("names", [{"logs": ["pop"]}, {"weights": {"pop": 2.0}}])
def test_indicators_that_are_not_there_are_refused(names: dict[str, object]) -> None:
    with pytest.raises(ResearchError, match="no indicator is called 'pop'"):
        standardise(WORKED, **names)  # type: ignore[arg-type]
    with pytest.raises(ResearchError, match="no indicator is called 'pop'"):
        stability(WORKED, "A", **names)  # type: ignore[arg-type]


def test_weights_are_above_zero() -> None:
    with pytest.raises(ResearchError, match="the weight of x is 0"):
        standardise(WORKED, weights={"x": 0.0})


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.lists(st.floats(1e-3, 1e3), min_size=4, max_size=4))
def test_units_do_not_change_the_peers(seed: int, factors: list[float]) -> None:
    frame = places(40, seed)
    logs = ["a", "b"]
    before = nearest(standardise(frame, logs), "0000005")
    after = nearest(standardise(frame * factors, logs), "0000005")
    assert after.ids == before.ids
    assert after.distances == pytest.approx(before.distances)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.floats(-1e3, 1e3))
def test_distances_are_symmetric_and_zero_points_do_not_matter(seed: int, shift: float) -> None:
    scores = standardise(places(12, seed) + shift)
    one, other = nearest(scores, "0000000", k=11), nearest(scores, "0000001", k=11)
    there = dict(zip(one.ids, one.distances, strict=True))["0000001"]
    assert dict(zip(other.ids, other.distances, strict=True))["0000000"] == pytest.approx(there)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    frame = places(25, seed).round(1)
    assert nearest(standardise(frame.iloc[::-1]), "0000004").ids == (
        nearest(standardise(frame), "0000004").ids
    )


def test_stability_counts_the_peers_that_stay() -> None:
    frame = places(60)
    result = stability(frame, "0000000", k=4, margins=frame * 0.2, draws=20)
    chosen = set(nearest(standardise(frame), "0000000", 4).ids)
    without = set(nearest(standardise(frame.drop(columns="b")), "0000000", 4).ids)
    assert result.dropped["b"] == len(chosen & without) / 4
    assert result.moved is not None and 0 < result.moved < 1
    assert result == stability(frame, "0000000", k=4, margins=frame * 0.2, draws=20)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_the_peers_of_all_places_are_those_of_each(seed: int) -> None:
    frame = places(25, seed)
    frame.loc["0000003", "a"] = np.nan
    frame.loc["0000004", ["a", "b"]] = np.nan
    given_weights = {"b": 2.0}
    found = everywhere(frame, 4, logs=["a"], weights=given_weights)
    scores = standardise(frame, ["a"], given_weights)
    for place in frame.index:
        steady = stability(frame, place, 4, logs=["a"], weights=given_weights)
        assert found[place] == (nearest(scores, place, 4), steady)


def test_stability_without_margins_is_not_known() -> None:
    frame = places(20)
    assert stability(frame, "0000000").moved is None
    assert stability(frame, "0000000", margins=frame * np.nan).moved is None
    assert stability(frame, "none").dropped == {}


def test_wide_margins_under_a_logarithm_stay_above_zero() -> None:
    frame = places(20)
    result = stability(frame, "0000000", logs=list("abcd"), margins=frame * 5, draws=5)
    assert result.moved is not None


def test_dissimilarity_of_the_worked_example() -> None:
    assert dissimilarity([10, 90], [90, 10]).value == pytest.approx(0.8)
    assert dissimilarity([10, 20], [1, 2]).value == pytest.approx(0)
    assert dissimilarity([0, 0], [1, 2]).reason == (
        "zero denominator: one of the groups has no members"
    )
    with pytest.raises(ValueError, match="2 and 3 areas"):
        dissimilarity([1, 2], [1, 2, 3])


def test_one_place_against_twenty_thousand_takes_milliseconds() -> None:
    scores = standardise(places(20_000, variables="abcdef"))
    start = time.perf_counter()
    nearest(scores, "0000010")
    assert time.perf_counter() - start < 0.5  # about 0.01 s; the limit allows for a busy machine
