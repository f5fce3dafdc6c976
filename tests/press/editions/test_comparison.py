"""Editions compared: what counts as a change, why, and whether it is a difference at 90 %."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cityresearch.press.editions.comparison import Change, compare
from cityresearch.press.editions.edition import Brief
from cityresearch.press.editions.summary import by_topic, reasons_of_briefs, significance
from cityresearch.press.editions.visible import seen_hash

FACT: dict[str, Any] = {  # made up
    "id": "income",
    "label": "Income",
    "value": 100.0,
    "moe": 5.0,
    "low": None,
    "high": None,
    "unit": "USD",
    "text": "$100",
    "about": {"kind": "geoid", "id": "1", "name": "Ada"},
    "source": "shops",
    "vintage": "2022",
    "rows": ["shops.counts[geoid=1,year=2022].income"],
    "method": "value: income",
    "method_hash": "m1",
    "data_hash": "d1",
    "reason": None,
}


class Made:
    """An edition of made-up briefs, by their facts and words."""

    def __init__(
        self, briefs: Mapping[str, list[dict[str, Any]]], text: str = "", vintage: str = "2022"
    ) -> None:
        self.name, self.date = "made", "2026-10-01"
        self._briefs, self._text = briefs, text
        self.vintages = {"shops.counts": vintage}
        self.briefs = {
            stem: Brief("small", stem, stem, seen_hash(text, {"facts": facts}))
            for stem, facts in briefs.items()
        }

    def facts(self, stem: str) -> dict[str, Any]:
        return {"facts": self._briefs[stem]}

    def text(self, _: str) -> str:
        return self._text

    def hashes(self) -> dict[str, str]:
        return {}

    def read(self, name: str) -> bytes:
        raise KeyError(name)

    def lay_out(self, *_: Any) -> None:
        raise AssertionError


def one(tables: str = "2022", **changed: Any) -> list[Change]:
    """The changes of a brief with one fact, which gets other values."""
    return compare(
        Made({"wi/ada/small": [FACT]}),
        Made({"wi/ada/small": [{**FACT, **changed}]}, vintage=tables),
    )


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"value": 110.0, "data_hash": "d2"}, ("data revised",)),
        ({"value": 110.0, "method_hash": "m2"}, ("method changed",)),
        (
            {"value": 110.0, "data_hash": "d2", "method_hash": "m2"},
            ("data revised", "method changed"),
        ),
        ({"value": 110.0}, ("method changed",)),  # what no hash tells can only be the method
        ({"moe": 9.0, "data_hash": "d2"}, ("data revised",)),
        ({"value": 110.0, "data_hash": "d2", "vintage": "2023"}, ("new vintage",)),
        (
            {"value": 110.0, "data_hash": "d2", "rows": ["shops.counts[geoid=1,year=2023].income"]},
            ("new vintage",),
        ),
        ({"vintage": "2023"}, ("new vintage",)),
        ({"label": "Incomes"}, ("text changed",)),
        ({"text": "100 dollars"}, ("text changed",)),
        (
            {"value": None, "moe": None, "reason": "not surveyed", "data_hash": "d2"},
            ("data revised",),
        ),
    ],
)
def test_each_change_has_its_reason(changed: dict[str, Any], reasons: tuple[str, ...]) -> None:
    (change,) = one(**changed)
    assert change.reasons == reasons


def test_another_vintage_of_the_table_is_a_new_vintage_though_the_fact_says_nothing() -> None:
    (change,) = one(tables="2023", value=110.0, data_hash="d2")
    assert change.reasons == ("new vintage",)


def test_what_no_reader_sees_is_no_change() -> None:
    assert one(data_hash="d2", method_hash="m2") == []
    assert one(value=100.00000000001) == []


@pytest.mark.fault("noise called a change", "two figures closer than their margins", "diff")
def test_a_change_within_the_margins_is_not_called_a_difference() -> None:
    (near,) = one(value=106.0, data_hash="d2")
    (far,) = one(value=108.0, data_hash="d2")
    assert [significance(near), significance(far)] == ["within the margins", "differs at 90%"]


@pytest.mark.fault("noise called a change", "two figures whose margins are unknown", "diff")
def test_without_margins_nothing_is_called_a_difference() -> None:
    (change,) = one(value=500.0, moe=None, data_hash="d2")
    assert change.differs is None
    assert significance(change) == "margins unknown"
    (renewed,) = one(vintage="2023")
    assert significance(renewed) == "the same figure"


@pytest.mark.fault("unlike compared", "a figure that changed its unit", "diff")
def test_figures_of_two_units_are_not_compared() -> None:
    (change,) = one(value=0.1, unit="thousand USD", method_hash="m2")
    assert change.differs is None


def test_facts_and_briefs_that_come_and_go_are_named() -> None:
    old = Made({"wi/ada/small": [FACT], "wi/bell/small": [FACT]})
    new = Made({"wi/ada/small": [{**FACT, "id": "wage"}], "wi/cato/small": [FACT]})
    told = [(each.stem, each.id, each.reasons) for each in compare(old, new)]
    assert told == [
        ("wi/ada/small", "wage", ("new",)),
        ("wi/ada/small", "income", ("gone",)),
        ("wi/bell/small", "", ("gone",)),
        ("wi/cato/small", "", ("new",)),
    ]


def test_words_alone_are_a_changed_text() -> None:
    briefs = {"wi/ada/small": [FACT]}
    (change,) = compare(Made(briefs, "Ada earns $100."), Made(briefs, "In Ada they earn $100."))
    assert (change.id, change.reasons) == ("", ("text changed",))
    # A number that is no fact is text as well.
    (change,) = compare(Made(briefs, "It has 3 shops."), Made(briefs, "It has 4 shops."))
    assert change.reasons == ("text changed",)


def test_figures_of_others_are_not_the_place_s_own() -> None:
    (peer,) = compare(
        Made({"wi/ada/small": [{**FACT, "id": "income:5500002"}]}),
        Made({"wi/ada/small": [{**FACT, "id": "income:5500002", "value": 1.0}]}),
    )
    assert not peer.own
    (topic,) = by_topic([peer])
    assert topic.indicators == [] and topic.changed == 1


def test_a_feed_is_told_why_a_brief_is_another() -> None:
    old = Made({"wi/ada/small": [FACT], "wi/bell/small": [FACT], "wi/dale/small": [FACT]})
    new = Made(
        {
            "wi/ada/small": [{**FACT, "value": 110.0, "data_hash": "d2"}],
            "wi/cato/small": [FACT],
            "wi/dale/small": [FACT],
        }
    )
    assert reasons_of_briefs(compare(old, new)) == {
        "wi/ada/small": "data revised",
        "wi/cato/small": "new",
    }
