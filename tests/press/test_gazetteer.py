"""Names of cities in texts: where they stand for a city, and where for a state, a word or a street."""

from __future__ import annotations

import pandas as pd
import pytest

from cityresearch.press.gazetteer import Gazetteer, gazetteer

# Names and states are real, residents stand for large and small.
CITIES = [
    ("Portland", "OR", "Oregon", 600_000),
    ("Portland", "ME", "Maine", 68_000),
    ("Astoria", "OR", "Oregon", 10_000),
    ("Mobile", "AL", "Alabama", 180_000),
    ("Orange", "CA", "California", 130_000),
    ("St. Louis", "MO", "Missouri", 290_000),
    ("North Las Vegas", "NV", "Nevada", 270_000),
    ("Las Vegas", "NV", "Nevada", 650_000),
    ("Washington", "DC", "District of Columbia", 680_000),
    ("Olympia", "WA", "Washington", 55_000),
    ("New York", "NY", "New York", 8_000_000),
    ("Coeur d’Alene", "ID", "Idaho", 55_000),
    ("Lee’s Summit", "MO", "Missouri", 100_000),
    ("Nobody", "ID", "Idaho", None),
]


@pytest.fixture(scope="module")
def cities() -> Gazetteer:
    return gazetteer(pd.DataFrame(CITIES, columns=["name", "state", "state_name", "population"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rates in Portland rose.", ["Portland"]),
        ("In Portland, rates rose; Portland’s are high.", ["Portland"]),
        ("So it is in Portland, Oregon. There", ["Portland, Oregon", "Portland"]),
        ("(Portland, OR) pays", ["Portland, OR", "Portland"]),
        ("Portland, Texas In 2023", ["Portland"]),
        ("Portland, Maine In 2023", ["Portland, Maine", "Portland"]),
        ("Astoria pays", []),
        ("Astoria, Oregon pays", ["Astoria, Oregon"]),
        ("Portland Avenue, the Portland Water Bureau, Port of Portland-Vancouver", []),
        ("Mobile homes. Mobile. The Mobile", []),
        ("Homes in Mobile pay", ["Mobile"]),
        ("Orange County and Orange", []),
        ("around Orange", ["Orange"]),
        ("St. Louis pays", ["St. Louis"]),
        ("North Las Vegas pays", ["North Las Vegas"]),
        ("Washington and New York pay", []),
        ("Washington, D.C., pays", ["Washington, D.C."]),
        ("New York, New York pays", ["New York, New York"]),
        ("to Coeur d’Alene, Idaho and Lee’s Summit", ["Coeur d’Alene, Idaho", "Lee’s Summit"]),
        ("Olympia\nPays", ["Olympia"]),
        ("Nobody pays", []),
    ],
)
def test_names_are_found_where_they_stand_for_a_city(
    cities: Gazetteer, text: str, found: list[str]
) -> None:
    assert list(dict.fromkeys(cities.found(text))) == found


def test_names_that_a_text_holds_are_left_out(cities: Gazetteer) -> None:
    said = "Portland, Oregon and Olympia"
    assert list(cities.found(said, known="Portland, Oregon; Olympia")) == []
    assert list(cities.found(said, known="Portland, Maine")) == ["Portland, Oregon", "Olympia"]
