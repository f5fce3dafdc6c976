"""Indicators on real data: values that the publishers' figures give, with the rows they came from."""

from __future__ import annotations

import pytest

from cityresearch.briefs.brief import Brief
from cityresearch.errors import ResearchError
from cityresearch.project import ROOT_VARIABLE, Project


@pytest.fixture(scope="module")
def transit(real: Project) -> Brief:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(real.root))
        return Brief("transit", "chicago-il", peers=8)


def test_published_transit_figures_of_chicago(transit: Brief) -> None:
    # DATA spot checks, 2023: 38 trips per resident, 17% of costs from fares, $9.42 a trip.
    assert transit["trips_per_resident"].cell() == "38.3"
    assert str(transit["fare_recovery"]) == "17%"
    assert transit["cost_per_trip"].cell() == "$9.42"


def test_a_figure_names_the_rows_it_was_computed_from(transit: Brief) -> None:
    figure = transit["trips_per_resident"]
    assert figure.rows == (
        "ntd.areas[uace=16264,year=2023].upt",
        "census_urban_areas.areas[uace=16264].population_2020",
    )
    assert figure.about.kind == "uace"
    assert "Chicago" in figure.about.name
    # Only agencies that reported in both years: a change of who reports is no change of ridership.
    assert [row.rpartition(".")[2] for row in transit["recovery"].rows] == [
        "upt_same_agencies",
        "upt_2019_same_agencies",
    ]


def test_sums_of_agencies_come_before_ratios(transit: Brief) -> None:
    parts = [transit[f"{part}_share"].value for part in ("local", "state", "federal", "other")]
    assert sum(part or 0.0 for part in parts) == pytest.approx(100, abs=0.01)
    assert transit["local_share"].rows[0] == "ntd.funding[uace=16264,year=2023].local_usd"


def test_printing_records_a_fact_once_and_looking_does_not(transit: Brief) -> None:
    transit.ledger.facts.clear()
    hours = transit["hours_per_resident"]
    assert hours.value and not transit.ledger.facts
    first, second = str(hours), hours.cell()
    assert list(transit.ledger.facts) == ["hours_per_resident"]
    assert transit.ledger.facts["hours_per_resident"]["text"] == first
    assert second != "" and transit.ledger.facts["hours_per_resident"]["moe"] == 0.0


def test_constant_dollars_are_those_of_the_base_year(transit: Brief) -> None:
    now, before = transit["cost_real", 2023], transit["cost_real", 2002]
    nominal = transit.table("ntd.areas").set_index(["uace", "year"])["opex_usd"]
    assert now.value == pytest.approx(nominal["16264", 2023])
    assert (before.value or 0) > 1.6 * nominal["16264", 2002]  # prices rose by 69% (CPI-U)


def test_a_place_outside_urban_areas_has_a_reason(
    real: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(real.root))
    rural = Brief("transit", "akron-al")
    figure = rural["trips_per_resident"]
    assert not figure.exists
    assert str(figure) == "not available (it lies in no urban area of the 2020 census)"


def test_unknown_names_are_answered(transit: Brief) -> None:
    with pytest.raises(ResearchError, match="Did you mean 'trips_per_resident'"):
        transit["trips_per_residents"]
    with pytest.raises(ResearchError, match="declares no section 'fair'"):
        transit.has("fair")
    with pytest.raises(ResearchError, match=r"does not pin the table 'preemption\.records'"):
        transit.table("preemption.records")


def test_an_area_whose_agencies_changed_has_no_figures_for_the_year(
    real: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(real.root))
    las_cruces = Brief("transit", "las-cruces-nm")["trips_per_resident"]
    assert not las_cruces.exists
    assert "are not those of 2024" in las_cruces.reason


def test_peers_are_other_areas_and_named(transit: Brief) -> None:
    peers = transit.peers
    assert len(peers) == 8
    assert "16264" not in {peer.id for peer in peers.members}
    assert list(peers.distances) == sorted(peers.distances)
    assert "of its eight peers" in transit.stand("trips_per_resident")
