"""Words that claim no more than the estimates allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.evidence.estimates import Estimate, counted, differs, missing
from cityresearch.methods.words import (
    LESS_IN,
    MORE_IN,
    Comparison,
    compare,
    fraction,
    join,
    largest,
    leaders,
    number,
    overlap,
    period,
    plural,
    position,
    possessive,
    sentence_start,
    trend,
)

estimates = st.builds(Estimate, st.integers(-50, 50), st.integers(0, 20))


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.20, "one in five"),
        (0.322, "nearly one in three"),
        (0.05, "one in 20"),
        (0.48, "48%"),
        (0.04, "4%"),
        (0.26, "just over one in four"),
        (0.5, "half"),
        (0.515, "just over half"),
        (0.516, "52%"),
        (0.9, "nine in 10"),
        (0, "0%"),
        (1, "100%"),
    ],
)
def test_fractions_stand_for_shares_within_a_point_and_a_half(share: float, words: str) -> None:
    assert fraction(share) == words


def test_a_fraction_is_no_finer_than_its_margin() -> None:
    assert fraction(Estimate(0.2, 0.01, "share")) == "one in five"
    assert fraction(Estimate(0.2, 0.02, "share")) == "20%"
    assert fraction(missing("too few homes", "share")) == "not available (too few homes)"


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("Madison", "Madison’s"),
        ("Des Moines", "Des Moines’"),
        ("Phoenix", "Phoenix’s"),
        ("the District of Columbia", "the District of Columbia’s"),
        ("Washington, D.C.", "Washington, D.C.’s"),
    ],
)
def test_possessives(name: str, whose: str) -> None:
    assert possessive(name) == whose


def test_comparisons_obey_the_test_of_difference() -> None:
    low, high = Estimate(10, 2), Estimate(20, 2)
    assert compare(high, low, "the median peer") == "higher than the median peer"
    assert compare(low, Estimate(11, 2), "the nation") == "about the same as the nation"
    assert compare(low, Estimate(10, 2), "the nation") == "about the same as the nation"
    assert compare(58.0, counted(58), "the lowest") == "the same as the lowest"
    assert compare(
        3, 2, words=Comparison("faster than", "slower than", "about as fast as", "as fast as")
    ) == ("faster than")


def test_what_was_not_tested_says_why() -> None:
    assert compare(Estimate(1), counted(2), "its peers") == (
        "not tested against its peers: the margin of error is not known"
    )
    assert compare(counted(1), missing("no fares reported")) == ("not tested: no fares reported")
    assert compare(Estimate(1, reason="the bounds are not published"), counted(2)) == (
        "not tested: the bounds are not published"
    )


def test_trends_obey_the_test_of_difference() -> None:
    assert trend(Estimate(10, 1), Estimate(20, 1)) == "rose"
    assert trend(Estimate(20, 1), Estimate(10, 1)) == "fell"
    assert trend(Estimate(135173, 3860), Estimate(139301, 4047)) == "did not change clearly"
    assert trend(7, 7) == "did not change"
    assert trend(Estimate(7), counted(8)) == "cannot be compared: the margin of error is not known"


def test_positions_count_ties_and_what_was_not_tested() -> None:
    peers = [Estimate(x, 2) for x in (1, 2, 3, 4, 9, 10, 11, 20)]
    assert position(Estimate(13, 2), peers) == (
        "higher than in six of its eight peers, about the same as in one and lower than in one"
    )
    assert position(Estimate(30, 2), peers) == "higher than in all eight of its peers"
    assert position(Estimate(2, 1), peers, words=MORE_IN) == (
        "fewer than in four of its eight peers and about as many as in four"
    )
    assert position(Estimate(5, 1), [*peers[:3], missing("none"), Estimate(4)]) == (
        "higher than in two of its five peers, about the same as in one and not tested against two"
    )


def test_positions_among_things_that_are_no_places() -> None:
    areas = Comparison(
        "more areas than", "fewer areas than", "as many areas as", "as many areas as"
    )
    assert position(counted(5), [counted(4), counted(9)], "states", areas, "the other") == (
        "more areas than one of the other two states and fewer areas than one of them"
    )


def test_what_a_law_sets_alike_is_the_same_and_not_about_the_same() -> None:
    set_by_law = [counted(58), counted(58), counted(80), counted(92)]
    assert position(counted(58), set_by_law) == (
        "lower than in two of its four peers and the same as in two"
    )
    assert position(counted(58), [counted(58)] * 3) == "the same as in all three of its peers"
    assert position(counted(7), [*map(counted, (7, 8, 9)), Estimate(7, 1)], words=LESS_IN) == (
        "less than in two of its four peers, as much as in one and about as much as in one"
    )


def test_positions_at_the_ends() -> None:
    one = [Estimate(1, 1)]
    assert position(counted(5), one) == "higher than in its one peer"
    assert position(counted(1), one, "neighbors", whose="the") == (
        "about the same as in the one neighbor"
    )
    assert position(missing("no trips reported"), one) == "not compared: no trips reported"
    assert position(counted(5), []) == "not compared: there are no peers with data"
    assert position(Estimate(5), one) == (
        "not tested against its one peer: the margin of error is not known"
    )
    assert position(Estimate(5, reason="no bounds"), one * 8) == (
        "not tested against any of its eight peers: no bounds"
    )
    assert position(counted(5), [missing("no trips reported")] * 2) == (
        "not tested against any of its two peers: no trips reported"
    )


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("84% of riders", "Eighty-four percent of riders"),
        ("14 of its peers", "Fourteen of its peers"),
        ("315 buses", "Three hundred fifteen buses"),
        ("400 buses", "Four hundred buses"),
        ("20-minute waits", "Twenty-minute waits"),
        ("14.5 trips", "About 14.5 trips"),
        ("14 to 18 trips", "About 14 to 18 trips"),
        ("12 million trips", "About 12 million trips"),
        ("$8 a month", "Eight dollars a month"),
        ("$1 a trip", "One dollar a trip"),
        ("$22,200 is", "About $22,200 is"),
        ("−3% is", "Minus three percent is"),
        ("2019 was", "The year 2019 was"),
        ("2018–2022 saw", "The period 2018–2022 saw"),
        ("2,019 trips", "About 2,019 trips"),
        ("an estimated 3,200", "An estimated 3,200"),
        ("three trips", "Three trips"),
        ("", ""),
    ],
)
def test_sentences_never_start_with_a_numeral(text: str, start: str) -> None:
    assert sentence_start(text) == start


@given(st.floats(0, 1e9), st.sampled_from(["", "USD", "%", "points"]), st.booleans())
def test_no_printed_number_can_start_a_sentence_as_a_numeral(
    value: float, unit: str, precise: bool
) -> None:
    assert sentence_start(number(value, unit, precise=precise) + " rose")[0].isalpha()


def test_small_words() -> None:
    assert join([]) == ""
    assert join(["a"]) == "a"
    assert join(["a", "b"]) == "a and b"
    assert join(["a", "b", "c"]) == "a, b and c"
    assert plural(1, "city", "cities") == "one city"
    assert plural(6, "city", "cities") == "six cities"
    assert plural(1200, "trip") == "1,200 trips"
    assert period("2019", "2023") == "2019–2023"
    assert period("2023", "2023") == "2023"


def test_periods_that_share_a_year_overlap() -> None:
    assert overlap("2015–2019", "2019–2023")
    assert not overlap("2014–2018", "2019–2023")
    assert overlap("2018", "2018–2022") and not overlap("2017", "2018")


@given(estimates, estimates)
def test_no_word_of_difference_without_a_difference(a: Estimate, b: Estimate) -> None:
    assert (compare(a, b) in ("higher than", "lower than")) == (differs(a, b) is True)
    assert (trend(a, b) in ("rose", "fell")) == (differs(a, b) is True)


@given(estimates, estimates)
def test_comparing_the_other_way_round_says_the_opposite(a: Estimate, b: Estimate) -> None:
    opposite = {"higher than": "lower than", "lower than": "higher than"}
    assert compare(b, a) == opposite.get(compare(a, b), compare(a, b))


def test_the_largest_is_named_with_all_that_tie_with_it() -> None:
    named = {
        "fares": Estimate(20, 1),
        "state funds": Estimate(40, 3),
        "local funds": Estimate(41, 3),
    }
    assert leaders(named) == ["local funds", "state funds"]
    assert largest(named, "source") == "Tied as the largest source are local funds and state funds"
    sure = {**named, "local funds": Estimate(60, 3)}
    assert largest(sure, "source") == "The largest source is local funds"


def test_what_cannot_be_tested_against_the_largest_is_not_ranked_below_it() -> None:
    named = {"a": counted(5), "b": Estimate(4), "c": missing("not reported"), "d": counted(3)}
    assert leaders(named) == ["a", "b"]
    assert leaders({"c": missing("not reported")}) == []
