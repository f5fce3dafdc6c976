"""What is made once for all briefs: rounded national figures, gaps of places, peers to two decimals."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import TOWNS, make_small

from cityresearch.briefs import peer_group
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.derive import to_figures
from cityresearch.briefs.prepare import prepare
from cityresearch.evidence.estimates import Estimate
from cityresearch.project import BUILD_VARIABLE, ROOT_VARIABLE, Project


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = make_small(tmp_path)
    monkeypatch.setenv(ROOT_VARIABLE, str(project.root))
    monkeypatch.setenv(BUILD_VARIABLE, str(project.build))
    return project


@pytest.mark.parametrize(
    ("value", "unit", "rounded"),
    [
        (6_688_497_785.0, "trips", 6_688_000_000.0),
        (32.501579, "trips per resident", 32.5),
        (229.2153, "USD per vehicle hour", 229.22),  # a page prints the cents
        (56_464_139_940.0, "USD a year", 56_460_000_000.0),
        (-17.69124, "%", -17.69),
        (0.0, "%", 0.0),
    ],
)
def test_a_national_figure_keeps_four_figures_and_its_cents(
    value: float, unit: str, rounded: float
) -> None:
    assert to_figures(Estimate(value, 0.0, unit)).value == rounded


def test_bounds_are_rounded_as_finely_as_their_value() -> None:
    found = to_figures(Estimate(1234.56, None, "trips", low=1200.4, high=1300.6))
    assert (found.value, found.low, found.high) == (1235.0, 1200.0, 1301.0)
    none = Estimate(None, unit="trips", reason="not reported")
    assert to_figures(none) is none


def test_a_national_figure_has_the_data_hash_of_what_is_printed(small: Project) -> None:
    trips = prepare(small, "small").nation("trips")
    assert trips.estimate.value == 583
    assert trips.inputs == (trips.estimate,)


def test_places_without_data_are_known_beforehand(small: Project) -> None:
    prepared = prepare(small, "small")
    assert prepared.lacking == {
        "1700003": ("shops", "shops.trips"),  # it lies in no urban area
        "1700004": ("money", "income"),  # of several gaps the first is told
    }
    for town in TOWNS:
        served = all(Brief("small", town).has(section) for section in ("money", "shops"))
        assert served == (town not in prepared.lacking)


@pytest.mark.usefixtures("small")
def test_an_area_without_a_value_has_no_peers_and_is_none() -> None:
    gale = Brief("small", "gale-il").peers
    assert len(gale) == 0
    assert gale.reason == "it is not among the areas compared"
    for town in TOWNS:
        assert "1700004" not in {peer.id for peer in Brief("small", town).peers.members}


@pytest.mark.usefixtures("small")
def test_a_name_that_is_on_no_record_is_told() -> None:
    brief = Brief("small", "ada-wi")
    assert brief.named("uace", "00010").name == "Ada and Bell"
    found = peer_group.named(brief._prepared, "uace", "99999")
    assert found.name == "an area without a name on record (99999)"
