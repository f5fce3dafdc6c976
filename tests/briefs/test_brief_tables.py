"""Tables of a brief: peers with ties and reasons, the state of the law, values by year."""

from __future__ import annotations

from typing import Any

import pytest

from cityresearch.briefs import tables
from cityresearch.errors import ResearchError
from cityresearch.evidence.estimates import Estimate

# Made-up numbers: they test the layout and are no facts.
PEERS: list[dict[str, Any]] = [
    {"name": "Madison", "trips": Estimate(22.21, 0.4), "cost": Estimate(8.1, 0.0), "rank": 1},
    {
        "name": "Lincoln",
        "trips": Estimate(20.0, low=18.0, high=21.0),
        "cost": 9,
        "rank": 2,
        "tied": True,
    },
    {
        "name": "Boise",
        "trips": 19.94,
        "cost": Estimate(None, reason="no costs reported"),
        "rank": 2,
    },
    {
        "name": "Provo",
        "trips": None,
        "cost": Estimate(None, reason="no costs reported"),
        "rank": None,
    },
]
FIELDS = [
    tables.Field("trips", "Trips per resident", "2023"),
    tables.Field("cost", "Cost per trip", "USD", "${:,.2f}"),
]


def compared(rows: list[dict[str, Any]] = PEERS, own: str = "Madison") -> dict[str, Any]:
    made = tables.comparison(
        rows, FIELDS, id="peers", caption="Made up", own=own, notes=["A note."]
    )
    return made.to_json()


def test_peers_keep_their_order_with_margins_bounds_and_ties() -> None:
    table = compared()
    assert [column["label"] for column in table["columns"]] == [
        "City",
        "Rank",
        "Trips per resident",
        "Cost per trip",
    ]
    assert table["rows"][0] == ["Madison", "1", {"text": "22.2", "sub": "±0.4"}, "$8.10"]
    assert table["rows"][1][1:3] == [
        {"text": "2", "sub": "tied"},
        {"text": "20.0", "sub": "18.0 to 21.0"},
    ]
    assert table["rows"][3] == ["Provo", "not available", "not available", "not available"]
    assert table["highlight"] == [0]
    assert table["columns"][3] == {"label": "Cost per trip", "unit": "USD", "align": "right"}


def test_a_missing_value_says_why_once() -> None:
    assert compared()["notes"] == [
        "A note.",
        "Not available. Cost per trip: no costs reported (Boise; Provo).",
    ]


def test_our_own_row_must_be_there() -> None:
    with pytest.raises(ResearchError, match=r"table 'peers': no row is called 'Fargo'"):
        compared(own="Fargo")
    with pytest.raises(ResearchError, match=r"a row has no 'cost'"):
        compared([{"name": "Madison", "trips": 1}])


def test_the_state_of_the_law_has_words_mark_date_and_source() -> None:
    rows = [
        {
            "area": "Minimum wage",
            "status": "preempted",
            "law": "Made-up Stat. 1",
            "effective": "2005-06-16",
            "note": "not checked against the statute",
            "source": "A tracker",
            "href": "https://example.org/a",
            "as_of": "2022-12",
        },
        {"area": "Plastic bags", "status": "unknown", "law": float("nan"), "source": None},
    ]
    table = tables.status_grid(rows, id="status", caption="Made up").to_json()
    assert table["rows"][0] == [
        "Minimum wage",
        {"text": "Preempted", "state": "preempted", "mark": "P"},
        {
            "text": "Made-up Stat. 1",
            "sub": "effective June 16, 2005; not checked against the statute",
        },
        {"text": "A tracker", "sub": "as of December 2022", "href": "https://example.org/a"},
    ]
    unknown = {"text": "Unknown", "state": "unknown", "mark": "?"}
    assert table["rows"][1] == ["Plastic bags", unknown, "not recorded", "not recorded"]
    with pytest.raises(ResearchError, match=r"'limit' is not a state of the law.*'limited'"):
        tables.status_grid([{"area": "A", "status": "limit"}], id="s", caption="Made up")


def test_values_by_year_have_a_column_a_series() -> None:
    rows = [
        {"year": 2022, "series": "Own", "value": 1234.0},
        {"year": 2021, "series": "Own", "value": None, "reason": "not surveyed"},
        {"year": 2022, "series": "Nation", "value": 5.0, "low": 4.0, "high": 7.0},
    ]
    table = tables.series(rows, id="s", caption="Made up", names=["Own", "Nation"]).to_json()
    assert [column["label"] for column in table["columns"]] == ["Year", "Own", "Nation"]
    assert table["rows"] == [
        ["2021", {"text": "not available", "sub": "not surveyed"}, "not available"],
        ["2022", "1,234", {"text": "5", "sub": "4 to 7"}],
    ]
