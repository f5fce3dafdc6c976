"""The preemption tables: merged by their rule, corrected where the collections were wrong, and
never saying more than the records do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cityresearch.evidence import tables
from cityresearch.evidence.builds import preemption, preemption_areas, preemption_records
from cityresearch.evidence.builds.preemption_corrections import CORRECTIONS
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")
STATES, AREAS = 50, 42
EDITION = "2026-11-22"


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    return tables.load(REAL, "preemption.records").set_index("record")


@pytest.fixture(scope="module")
def statuses() -> pd.DataFrame:
    return tables.load(REAL, "preemption.statuses").set_index(["state", "area"])


@pytest.fixture(scope="module")
def areas() -> pd.DataFrame:
    return tables.load(REAL, "preemption.areas").set_index("area")


def test_both_collections_are_there_whole(records: pd.DataFrame) -> None:
    """447 older records less the 50 on local authority, which are a table of their own; 155 newer."""
    assert records.collection.value_counts().to_dict() == {"older": 447 - 50, "2026": 155}


def test_every_state_has_every_area_and_the_district_has_none(statuses: pd.DataFrame) -> None:
    assert len(statuses) == STATES * AREAS
    states = set(statuses.index.get_level_values("state"))
    assert len(states) == STATES and "DC" not in states


def test_counts_by_status(statuses: pd.DataFrame) -> None:
    assert statuses.status.value_counts().to_dict() == {
        "unknown": 1152,
        "none_recorded": 500,
        "preempted": 378,
        "limited": 59,
        "formerly": 11,
    }


def test_a_law_about_one_city_names_it(statuses: pd.DataFrame) -> None:
    """Then the brief of another city does not count it; the city must be one of that state."""
    named = statuses.only.dropna()
    assert named.to_dict() == {
        ("MO", "police_oversight"): "St. Louis",
        ("WI", "police_oversight"): "Milwaukee",
    }
    cities = tables.load(REAL, "census_places.cities")
    for (state, _), name in named.items():
        assert ((cities.state == state) & (cities.name == name)).any()


@pytest.mark.parametrize(
    ("state", "area", "status"),
    [
        ("CO", "firearms", "formerly"),
        ("NM", "firearms", "preempted"),
        ("MT", "rent_control", "preempted"),
        ("OH", "rent_control", "preempted"),
        ("NE", "rent_control", "preempted"),
        ("MN", "rent_control", "limited"),
        ("LA", "rent_control", "unknown"),
        ("MS", "rent_control", "unknown"),
        ("CT", "rent_control", "unknown"),
        ("CA", "soda_tax", "limited"),
        ("NC", "gas_ban_building_electrification", "preempted"),
        ("NE", "gas_ban_building_electrification", "preempted"),
        ("TX", "inclusionary_zoning", "limited"),
        ("TN", "short_term_rentals", "limited"),
        ("CO", "plastic_bags", "formerly"),
        ("PA", "plastic_bags", "formerly"),
        ("NC", "lgbtq_nondiscrimination", "formerly"),
        ("FL", "fair_scheduling", "preempted"),
        ("IA", "lgbtq_nondiscrimination", "preempted"),
        ("NH", "sanctuary_policies", "preempted"),
        ("TX", "local_mask_mandates", "unknown"),
        ("OH", "tobacco_flavours", "limited"),
        ("NY", "firearms", "none_recorded"),
        ("AK", "tax_expenditure_limits", "unknown"),
    ],
)
def test_contradictions_are_mended(
    statuses: pd.DataFrame, state: str, area: str, status: str
) -> None:
    assert statuses.loc[(state, area), "status"] == status


@pytest.mark.parametrize(
    ("area", "restricted"),
    [
        # RAND: 47 states, with Colorado, whose bar is gone.
        ("firearms", 46),
        # S&P Global, October 2024.
        ("gas_ban_building_electrification", 26),
        # Institute for Local Self-Reliance, October 2024.
        ("municipal_broadband", 16),
        # Ballotpedia's 17 of September 2025, then Indiana and Ohio.
        ("ranked_choice_voting", 19),
        # Shift, December 2022.
        ("minimum_wage", 25),
        ("paid_sick_leave", 23),
    ],
)
def test_counts_agree_with_those_who_counted(
    statuses: pd.DataFrame, area: str, restricted: int
) -> None:
    status = statuses.xs(area, level="area").status
    assert status.isin(["preempted", "limited"]).sum() == restricted


def test_silence_is_never_taken_for_permission(statuses: pd.DataFrame, areas: pd.DataFrame) -> None:
    silent = statuses[statuses.record.isna()].reset_index().join(areas.silence, on="area")
    said = silent.groupby("silence").status.unique().map(list).to_dict()
    assert said == {
        "complete": ["none_recorded"],
        "none_recorded": ["none_recorded"],
        "unknown": ["unknown"],
    }
    assert areas.loc["rent_control", "silence"] == "none_recorded"
    assert areas.loc["plastic_bags", "silence"] == "unknown"
    assert areas.loc["soda_tax", "as_of"] == "2019-09"
    assert silent.as_of.notna().all()


def test_one_record_speaks_and_the_others_are_cited(
    records: pd.DataFrame, statuses: pd.DataFrame
) -> None:
    cited = statuses.record.dropna().tolist() + " ".join(statuses.also_cites.dropna()).split()
    assert sorted(cited) == sorted(records.index)
    assert records.loc[statuses.record.dropna(), "current"].all()
    replaced = records[~records.current]
    assert records.loc[replaced.replaced_by, "current"].all()
    assert replaced.index.str[:2].tolist() == replaced.replaced_by.str[:2].tolist()


def test_a_law_that_amends_gives_no_first_day(statuses: pd.DataFrame) -> None:
    florida = statuses.loc[("FL", "minimum_wage")]
    assert pd.isna(florida.effective) and florida.changed == "2026-09-30"
    texas = statuses.loc[("TX", "sanctuary_policies")]
    assert (texas.effective, texas.changed) == ("2017-09-01", "2026-01-01")
    assert texas.also_cites == "TX.sanctuary_policies.a1"


def test_no_law_begins_after_the_edition(records: pd.DataFrame) -> None:
    begun = records[records.current].effective.dropna()
    assert (begun <= EDITION).all()
    assert begun[begun.str.len() == 10].max() == "2026-09-30"


def test_what_was_not_checked_is_marked(records: pd.DataFrame, statuses: pd.DataFrame) -> None:
    unchecked = records.confidence.isin(["low", "unverified"])
    assert (records.verified == ~unchecked).all()
    assert not statuses.loc[("CO", "firearms"), "verified"]
    assert not statuses.loc[("WI", "municipal_broadband"), "verified"]
    assert not tables.load(REAL, "preemption.structure").verified.any()


def test_newer_records_have_notes_and_readers_are_sent_to_publishers(records: pd.DataFrame) -> None:
    assert records[records.collection == "2026"].note.notna().all()
    assert not records.source_url.str.contains("lemmy|pages.dev|pdfslide|@").any()
    assert not records.note.dropna().str.contains(r"'|\bthe city may\b", regex=True).any()


def test_corrections_are_published_with_their_ground(records: pd.DataFrame) -> None:
    published = tables.load(REAL, "preemption.corrections").set_index("record")
    assert set(published.index) == set(records[records.corrected].index)
    assert len(published) == len(CORRECTIONS)
    assert published.loc["NM.firearms.a1", "reference"].startswith("https://giffords.org/")


def test_local_authority_is_known_of_50_states_by_two_lists_that_differ_on_three() -> None:
    structure = tables.load(REAL, "preemption.structure").set_index("state")
    assert structure.doctrine_2003.value_counts().to_dict() == {
        "all": 31,
        "none": 10,
        "some": 8,
        "conflicting": 1,
    }
    assert structure.index[structure.lists_disagree].tolist() == ["MT", "NM", "OH"]


def made_up(collection: str, **cells: Any) -> dict[str, Any]:
    """A made-up record on one area of one state."""
    row = {"state": "WI", "area": "rent_control", "status": "preempted", "collection": collection}
    row |= {"as_of": "2019", "confidence": "medium", "statute": None, "replaces": False}
    return row | {"amends": False, "record": cells.pop("record"), **cells}


@pytest.mark.parametrize(
    ("newer", "stands"),
    [
        ({"as_of": "2018", "replaces": True}, "new"),
        ({"as_of": "2020"}, "new"),
        ({"as_of": "2018"}, "old"),
    ],
)
def test_which_collection_goes_first(newer: dict[str, Any], stands: str) -> None:
    rows = [made_up("older", record="old"), made_up("2026", record="new", **newer)]
    ordered = {row["record"]: row for row in preemption_records.ordered(rows)}
    other = "old" if stands == "new" else "new"
    assert ordered[stands]["current"] and ordered[stands]["replaced_by"] is None
    assert not ordered[other]["current"] and ordered[other]["replaced_by"] == stands


def test_of_older_records_only_the_newest_stands() -> None:
    rows = [
        made_up("older", record="unsure", as_of="2022", confidence="unverified"),
        made_up("older", record="early"),
        made_up("older", record="sure", as_of="2022"),
    ]
    assert [row["record"] for row in preemption_records.ordered(rows) if row["current"]] == ["sure"]


def test_the_strongest_status_speaks_and_a_change_of_law_comes_last() -> None:
    limited = made_up("2026", record="limited", status="limited", as_of="2026")
    amending = made_up("2026", record="amending", amends=True, as_of="2026")
    first = made_up("2026", record="first", as_of="2020")
    assert preemption_records.leading([limited, amending, first])["record"] == "first"
    assert preemption_records.leading([limited, amending])["record"] == "amending"


@pytest.mark.parametrize(
    ("citation", "kind"),
    [
        ("", None),
        ("Const. Art. 2, § 6", "constitution"),
        ("Dwyer v. Farrell 475 A.2d 257 (Conn. 1984)", "court"),
        ("Tex. Health & Safety Code 361.0961; City of Laredo v. Laredo", "statute"),
        ("HB 2127 (2023)", "statute"),
    ],
)
def test_kinds_of_law(citation: str, kind: str | None) -> None:
    assert preemption_records.mechanism(citation) == kind


def test_an_unknown_area_is_a_mistake() -> None:
    older = pd.DataFrame({"topic": ["kites"], "silence_means": ["UNKNOWN"], "as_of": ["2020"]})
    newer = pd.DataFrame({"area": [], "silence_means": [], "as_of": []})
    none = pd.DataFrame({"area": [], "state": [], "current": []}).astype({"current": bool})
    with pytest.raises(ValueError, match="kites"):
        preemption_areas.areas(older, newer, none)


def test_permission_by_law_is_no_bar() -> None:
    row = made_up("2026", record="x", status="allowed", allows=True, current=True, effective=None)
    empty = dict.fromkeys(("changed", "note", "only", "source", "source_url", "date_basis"))
    cells = preemption.recorded([row | empty | {"verified": True}])
    assert cells["status"] == "none_recorded" and cells["allows"]
