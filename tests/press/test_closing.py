"""The closing parts of a brief: every figure once, sources with their terms, how to cite."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import sample_brief as sample

from cityresearch.evidence.sources import list_sources
from cityresearch.press.closing import Closing, closing, source_note
from cityresearch.project import Project


def facts(*changes: dict[str, Any]) -> dict[str, Any]:
    """The fixture's facts file with one copy of its fact for each change."""
    made = copy.deepcopy(sample.facts())
    (fact,) = made["facts"]
    made["facts"] = [{**fact, "id": f"f{number}", **each} for number, each in enumerate(changes)]
    return made


def close(project: Project, *changes: dict[str, Any]) -> Closing:
    return closing(project, facts(*changes), sample.COLLECTION, "wi/madison")


def about(name: str) -> dict[str, Any]:
    return {"kind": "uace", "id": name, "name": name}


def test_figures_of_one_kind_say_once_what_they_share(real: Project) -> None:
    (group,) = close(real, {"about": about("Fargo, ND")}, {"about": about("Reno, NV")}).figures
    assert group.label == "Transit trips per resident"
    assert group.about == ""
    assert group.margin == "counted, no sampling error"
    assert [line.about for line in group.lines] == ["Fargo, ND", "Reno, NV"]


def test_figures_made_in_another_way_stand_apart(real: Project) -> None:
    groups = close(real, {}, {"method": "value"}, {"vintage": "2022"}, {}).figures
    assert [(group.method, len(group.lines)) for group in groups] == [
        ("ratio", 2),
        ("value", 1),
        ("ratio", 1),
    ]
    assert [group.source.rpartition(", ")[2] for group in groups] == ["2023", "2023", "2022"]


def test_a_missing_figure_gives_its_reason(real: Project) -> None:
    missing = {"value": None, "moe": None, "text": "not available", "reason": "fare-free"}
    (group,) = close(real, missing).figures
    assert (group.lines[0].text, group.lines[0].margin) == ("not available", "fare-free")


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ({"moe": 1.5, "value": 20.0, "unit": "trips"}, "± 1.5"),
        ({"moe": None, "low": 20.0, "high": 25.0}, "20 to 25"),
        ({"moe": None}, "margin of error not known"),
    ],
)
def test_margins_are_in_words(real: Project, given: dict[str, Any], printed: str) -> None:
    (group,) = close(real, given).figures
    assert group.margin == printed


def test_many_rows_are_counted_and_few_are_named(real: Project) -> None:
    many = [f"preemption.statuses[area={number}]" for number in range(42)]
    (group,) = close(real, {"rows": many}, {"rows": many[:2]}).figures
    assert group.lines[0].rows == "42 rows of preemption.statuses, listed in the JSON file"
    assert group.lines[1].rows == "preemption.statuses[area=0]; preemption.statuses[area=1]"


def test_a_constant_names_its_own_source(real: Project) -> None:
    (group,) = close(real, {"source": "Author, Title, 2021", "vintage": "2021"}).figures
    assert group.source == "Author, Title, 2021"


def test_how_to_cite_names_edition_and_address(real: Project) -> None:
    assert close(real, {}).citation == (
        f"Fixture Press (2026). {sample.HEADLINE}. Madison, Wisconsin. Fixture Collection, "
        "edition of November 2026. https://briefs.example.org/cities/wi/madison/transit.html"
    )


def test_a_licence_that_nobody_confirmed_says_so(real: Project) -> None:
    for source in list_sources(real).values():
        note = source_note(source)
        assert note.licence.startswith(source.licence.name)
        assert ("not confirmed by the publisher" in note.licence) is not source.licence.confirmed
