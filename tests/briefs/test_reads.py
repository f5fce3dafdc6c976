"""What a brief read is noted row by row, and a changed cell is told to those who read it alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_project import TOWNS, make_small

from cityresearch.briefs import current, reads
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.prepare import prepare
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.shared import load_all
from cityresearch.errors import ResearchError
from cityresearch.project import BUILD_VARIABLE, ROOT_VARIABLE, Project

FILES = {
    "census_places.cities": "census_places/cities.csv",
    "shops.counts": "shops/counts.csv",
    "census_urban_areas.areas": "census_urban_areas/areas.csv",
    "shops.trips": "shops/trips.csv",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = make_small(tmp_path_factory.mktemp("small"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(project.root))
        patch.setenv(BUILD_VARIABLE, str(project.build))
        yield project


@pytest.fixture
def ada(small: Project) -> Brief:
    assert small.notebooks.is_dir()
    return Brief("small", "ada-wi")


def kept(small: Project) -> Any:
    """What was read until now, as it is kept: through JSON."""
    return json.loads(json.dumps(reads.hashed(prepare(small, "small"), reads.taken())))


def test_a_brief_notes_each_row_it_looks_up_and_nothing_else(ada: Brief) -> None:
    assert reads.taken() == {"places-city": {"geoid": [["5500001"]]}}
    assert ada["income"].exists and not ada["income", 1990].exists
    ada.rows("shops.counts")
    assert reads.taken() == {
        "places-city": {"geoid": [["5500001"]]},
        "shops.counts": {
            "geoid": [["5500001"]],
            "geoid,year": [["5500001", 1990], ["5500001", 2020]],
        },
    }
    assert json.loads(current.record())["reads"] == reads.taken()


def test_a_change_of_rows_is_their_askers_own(ada: Brief) -> None:
    before = ada.rows("shops.counts")
    mine = ada.rows("shops.counts")
    mine["year"] = 0
    mine.loc[0, "geoid"] = "changed"
    pd.testing.assert_frame_equal(ada.rows("shops.counts"), before)


def test_rows_of_a_table_by_value_are_those_that_a_condition_finds(ada: Brief) -> None:
    frame = ada.table("shops.counts")
    wanted = frame[(frame["year"] == 2021) & (frame["geoid"] == "5500001")].reset_index(drop=True)
    reads.forget()
    pd.testing.assert_frame_equal(ada.table("shops.counts", geoid="5500001", year=2021.0), wanted)
    assert reads.taken() == {"shops.counts": {"geoid,year": [["5500001", 2021]]}}
    with pytest.raises(ResearchError, match=r"no column 'yaer'.*Did you mean 'year'"):
        ada.table("shops.counts", yaer=2021)


def test_a_table_without_a_value_is_read_whole(ada: Brief) -> None:
    ada.table("shops.counts", year=2020)
    ada.table("shops.counts")
    assert reads.taken()["shops.counts"] is None


def test_sums_peers_the_nation_and_other_places_are_noted(ada: Brief) -> None:
    reads.forget()
    assert ada["trips"].value == 570
    assert reads.taken()["shops.trips"] == {"uace": [["00010"]]}
    reads.forget()
    ada.nation("trips")
    assert reads.taken() == {"nation": {"name": [["trips"]]}}
    reads.forget()
    members = sorted(peer.id for peer in ada.peers.members)
    assert len(members) == 2
    assert reads.taken() == {
        "peers": {"geoid": [["5500001"]]},
        "places-city": {"geoid": [[member] for member in members]},
    }
    assert ada.peers.distances == tuple(sorted(round(x, 2) for x in ada.peers.distances))
    assert reads.taken()["peer-distances"] == {"geoid": [["5500001"]]}


@pytest.mark.usefixtures("small")
def test_another_number_of_peers_is_found_from_all_areas() -> None:
    many = Brief("small", "ada-wi", peers=3).peers
    assert len(many) == 3
    assert reads.taken()["indicators-geoid"] is None


def test_a_row_looked_for_in_vain_is_kept_as_absent(ada: Brief, small: Project) -> None:
    reads.forget()
    assert not ada["income", 1990].exists
    assert kept(small)["shops.counts"]["rows"] == {"geoid,year": {"5500001|1990": "absent"}}


def test_nothing_has_changed_where_nothing_did(ada: Brief, small: Project) -> None:
    _read_all(ada)
    assert reads.changed(prepare(small, "small"), kept(small)) == []


def test_what_changed_is_told_in_words(ada: Brief, small: Project, tmp_path: Path) -> None:
    _read_all(ada)
    before = kept(small)
    changed = _with_cell(small, tmp_path, "shops.counts", 1, "sales", "77")
    told = reads.changed(prepare(changed, "small"), before)
    assert (
        "data: shops.counts, row geoid 5500001, year 2021" not in told
    )  # it did not read that row
    assert "data: shops.counts, row geoid 5500001" in told
    before["shops.gone"] = {"print": "x"}
    assert "data: shops.gone" in reads.changed(prepare(changed, "small"), before)


def test_a_process_that_has_read_all_opens_no_file_more(small: Project, ada: Brief) -> None:
    prepared = prepare(small, "small")
    load_all(prepared)
    aside = prepared.folder.with_name("aside")
    prepared.folder.rename(aside)
    try:
        _read_all(ada)
        assert reads.taken()["shops.trips"]
    finally:
        aside.rename(prepared.folder)


def _read_all(brief: Brief) -> None:
    """What a notebook may show: figures, peers, the nation, its own rows, the rows of a year."""
    assert brief["income"].about.id == brief.place.geoid
    brief.among_peers("trips")
    brief.nation("trips")
    brief.among_peers("income")
    brief.rows("shops.counts")
    if brief.place.state == "IL":
        brief.table("shops.counts", year=2020)


def _with_cell(
    project: Project, folder: Path, table: str, row: int, column: str, value: str
) -> Project:
    """A copy of the project with one cell changed; what was checked once is not checked again."""
    root = folder / "changed"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(project.root, root)
    file = root / "data" / FILES[table]
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    frame.loc[row, column] = value
    frame.to_csv(file, index=False)
    return Project(root, project.build)


CHANGES = st.one_of(
    st.tuples(
        st.just("shops.counts"),
        st.integers(0, 2 * len(TOWNS) - 1),
        st.sampled_from(["sales", "income"]),
    ),
    st.tuples(st.just("shops.trips"), st.integers(0, 3), st.just("upt")),
    st.tuples(st.just("census_urban_areas.areas"), st.integers(0, 2), st.just("name")),
    st.tuples(st.just("census_places.cities"), st.integers(0, 6), st.just("population")),
)


@pytest.fixture(scope="module")
def all_reads(small: Project) -> tuple[Prepared, dict[str, Any]]:
    """The prepared folder, in memory, and what the brief of each town read."""
    found = {}
    for town in TOWNS:
        _read_all(Brief("small", town))
        found[town] = kept(small)
    prepared = prepare(small, "small")
    load_all(prepared)
    return prepared, found


@settings(max_examples=25)
@given(CHANGES, st.integers(1, 999_999))
def test_a_changed_cell_is_told_to_those_who_read_its_row_alone(
    small: Project,
    all_reads: tuple[Prepared, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
    change: tuple[str, int, str],
    value: int,
) -> None:
    (old, before), (table, row, column) = all_reads, change
    changed = _with_cell(small, tmp_path_factory.mktemp("one"), table, row, column, str(value))
    new = prepare(changed, "small")
    for name in old.fingerprints:
        differing = _differing(old.frame(name), new.frame(name))
        for read in before.values():
            told = [line for line in reads.changed(new, read) if line.startswith(f"data: {name}")]
            assert bool(told) == any(_is_read(read.get(name), cells) for cells in differing)


def _differing(old: pd.DataFrame, new: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of either that the other has not."""
    before, after = (frame.astype(str).to_dict("records") for frame in (old, new))
    rows = [row for row in before if row not in after] + [row for row in after if row not in before]
    return [{str(key): value for key, value in row.items()} for row in rows]


def _is_read(noted: dict[str, Any] | None, cells: dict[str, Any]) -> bool:
    if noted is None or "rows" not in noted:
        return noted is not None
    return any(
        "|".join(cells[column] for column in columns.split(",")) in rows
        for columns, rows in noted["rows"].items()
    )


def test_a_name_with_a_bar_is_told_whole() -> None:
    assert reads._told("shops.counts", "year,name", "2020|A|B") == (
        "data: shops.counts, row year 2020, name A|B"
    )


def test_what_a_brief_before_it_read_counts_as_well(ada: Brief) -> None:
    """A notebook may make a brief of another place first, and print what that one found."""
    assert ada["income"].exists
    Brief("small", "cato-wi")
    places = reads.taken()["places-city"]
    assert places is not None and len(places["geoid"]) == 2
    assert "shops.counts" in reads.taken()
