"""The sources that a brief names are those that it used, and no others that its topic pins."""

from __future__ import annotations

import json
from collections.abc import Callable

import sample_brief as sample
from fixture_project import CELLS, PEOPLE
from test_run import run_all

from cityresearch.press.closing import closing
from cityresearch.project import Project

PINNED = {
    "tariffs.tariffs": "2021",
    "minimum_wages.city_wages": "2026",
    "census_places.cities": "2025",
    "census_places.states": "2020",
    "urban_institute.incomes": "2023",
}
LOOK = "brief.rows('tariffs.tariffs'), brief.rows('minimum_wages.city_wages')"
NAMES = "states = brief.table('census_places.states')"  # whole, and a list of places
NOTHING = [("markdown", "# Where it is\n\nNothing is told."), *CELLS[1:]]


def used(project: Project, place: str) -> tuple[list[str], dict[str, list[dict[str, str]]]]:
    facts = json.loads((project.build / f"facts/{place}/people.json").read_text())
    return facts["sources"], facts["cited"]


def test_what_was_looked_for_in_vain_or_never_is_no_source(
    make_project: Callable[..., Project],
) -> None:
    topic = {**PEOPLE, "vintages": PINNED}
    project = make_project(
        {"people": (topic, [*CELLS, ("code", LOOK)])},
        {"city": "population >= 535000 and population <= 560000"},
    )
    assert {outcome.reason for outcome in run_all(project).values()} == {""}
    sources, cited = used(project, "ca/fresno")
    assert sources == ["census_places", "minimum_wages", "tariffs"]
    [fresno] = cited["tariffs"]
    assert fresno["address"] == "https://www.fresno.gov/publicutilities/"
    sources, cited = used(project, "az/tucson")
    assert sources == ["census_places", "minimum_wages"] and cited == {}


def test_names_of_places_make_no_source_and_a_table_read_whole_does(
    make_project: Callable[..., Project],
) -> None:
    whole = "brief.table('urban_institute.incomes')"
    cells = [*NOTHING, ("code", f"if brief.place.slug == 'tucson-az':\n    {whole}\n{NAMES}")]
    project = make_project(
        {"people": ({**PEOPLE, "vintages": PINNED}, cells)},
        {"city": "population >= 535000 and population <= 560000"},
    )
    assert {outcome.reason for outcome in run_all(project).values()} == {""}
    assert used(project, "ca/fresno")[0] == []
    assert used(project, "az/tucson")[0] == ["urban_institute"]


def test_each_publisher_of_gathered_rows_is_named_with_its_own_page(real: Project) -> None:
    rows = [
        {"citation": "City of Ada, rates, 2020", "address": "https://ada.example.org"},
        {"citation": "City of Bell, rates, 2021", "address": "https://bell.example.org"},
    ]
    facts = {**sample.facts(), "sources": ["ntd", "tariffs"], "cited": {"tariffs": rows}}
    ntd, ada, bell = closing(real, facts, sample.COLLECTION, "wi/madison").sources
    assert ntd.homepage.startswith("https://www.transit.dot.gov")
    assert (ada.citation, ada.homepage) == ("City of Ada, rates, 2020.", "https://ada.example.org")
    assert bell.homepage == "https://bell.example.org"
    assert not ada.caveats and bell.caveats  # said once
