"""Whom a brief may speak of: its place, the areas that this lies in, and its peers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from small_project import make_small

from cityresearch.briefs import marks, stamp
from cityresearch.briefs.blocks import Callout
from cityresearch.briefs.brief import Brief
from cityresearch.errors import ResearchError
from cityresearch.project import BUILD_VARIABLE, ROOT_VARIABLE


@pytest.fixture
def ada(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Brief:
    project = make_small(tmp_path)
    monkeypatch.setenv(ROOT_VARIABLE, str(project.root))
    monkeypatch.setenv(BUILD_VARIABLE, str(project.build))
    return Brief("small", "ada-wi")


@pytest.mark.parametrize(
    ("kind", "code", "within"),
    [
        ("geoid", "5500001", True),
        ("uace", "00010", True),
        ("state", "WI", True),
        ("geoid", "55", True),  # its state, as a place
        ("uace", "", True),  # a place that lies in no area
        ("agency", "d", True),  # no place
        ("geoid", "5500002", True),  # a peer
        ("geoid", "1700003", False),
        ("uace", "00030", False),
        ("state", "IL", False),
        ("geoid", "17", False),
    ],
)
def test_who_is_in_it(ada: Brief, kind: str, code: str, within: bool) -> None:
    assert {peer.id for peer in ada.peers.members} == {"5500002", "5500003"}
    assert ada.circle.holds(kind, code) is within


def test_peers_are_told_where_they_were_asked_for(ada: Brief) -> None:
    (own,) = ada.circle.members(alone=True)
    assert own == {
        "name": "Ada in WI",
        "ids": {"geoid": "5500001", "uace": "00010", "state": "WI"},
    }
    told = ada.circle.members(alone=False)
    assert [one["name"] for one in told] == ["Ada in WI", "Bell in WI", "Cato in WI"]


def test_a_number_is_that_of_its_row(ada: Brief) -> None:
    row = ada.rows("shops.counts").iloc[0].to_dict()
    assert ada.cell("shops.counts", {**row, "year": 2020.0}, "sales").value == 3000
    with pytest.raises(
        ResearchError, match=r"holds 3000.* in 'sales', and here it is to print 6000"
    ):
        ada.cell("shops.counts", {**row, "sales": 6000}, "sales")
    fern = ada.table("shops.counts").query("geoid == '1700003'").iloc[0].to_dict()
    with pytest.raises(ResearchError, match="is about Fern in IL, which is neither Ada in WI"):
        ada.cell("shops.counts", fern, "sales")
    del fern["geoid"]
    with pytest.raises(KeyError):
        ada.cell("shops.counts", fern, "sales")


def test_rows_without_the_code_of_their_place_are_looked_for_among_its_own(ada: Brief) -> None:
    trips = ada.table("shops.trips").drop(columns="uace")
    assert ada.cell("shops.trips", trips.iloc[0].to_dict(), "upt").value == 500
    with pytest.raises(ResearchError, match=r"shops.trips.agency=d. is not about uace 00010"):
        ada.cell("shops.trips", trips.iloc[3].to_dict(), "upt")


@pytest.mark.usefixtures("ada")
def test_an_empty_cell_is_like_another() -> None:
    gale = Brief("small", "gale-il")
    row = gale.rows("shops.counts").iloc[0].to_dict()
    assert pd.isna(row["income"]) and not gale.cell("shops.counts", row, "income").exists


def test_a_block_bears_the_stamp_of_its_brief_where_the_press_looks(
    ada: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp.begin("", "")
    early = Callout("Made before any brief.")
    stamp.begin(ada.place.geoid, ada.place.full_name)
    own = Callout("Made for Ada.")
    assert isinstance(own._repr_mimebundle_(), dict)
    monkeypatch.setenv(marks.SWITCH, "1")
    assert [block._repr_mimebundle_()[1] for block in (early, own)] == [  # type: ignore[index]
        {stamp.KEY: ""},
        {stamp.KEY: "5500001"},
    ]


def test_anyone_may_make_briefs_of_many_places_but_not_in_one_run(
    ada: Brief, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Brief("small", "bell-wi")
    assert str(ada["residents"]) and str(bell["residents"])
    monkeypatch.setenv(marks.SWITCH, "1")
    with pytest.raises(
        ResearchError, match=r"a figure of a Brief for Ada in WI, and .* Bell in WI"
    ):
        str(ada["residents"])
    with pytest.raises(ResearchError, match=r"writing about Bell in WI, .* a Brief for Ada in WI"):
        Brief("small", "ada-wi")
