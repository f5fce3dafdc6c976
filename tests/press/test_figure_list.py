"""The list of a brief's figures: each once, with an address that lasts, and nothing said twice."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import sample_brief as sample

from cityresearch.evidence.sources import list_sources
from cityresearch.press.figure_list import FigureGroup, anchors, exact, figure_groups
from cityresearch.project import Project


def facts(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    """A copy of the fixture's fact for each change."""
    (fact,) = copy.deepcopy(sample.facts())["facts"]
    return [{**fact, "id": f"f{number}", **each} for number, each in enumerate(changes)]


def groups(project: Project, *changes: dict[str, Any]) -> tuple[FigureGroup, ...]:
    return figure_groups(facts(*changes), list_sources(project))


def about(name: str) -> dict[str, Any]:
    return {"kind": "uace", "id": name, "name": name}


def test_figures_of_one_kind_say_once_what_they_share(real: Project) -> None:
    (group,) = groups(real, {"about": about("Fargo, ND")}, {"about": about("Reno, NV")})
    assert (group.label, group.about) == ("Transit trips per resident", "")
    assert (group.unit, group.margin) == ("trips", "counted")
    assert [line.name for line in group.lines] == ["Fargo, ND", "Reno, NV"]


def test_figures_of_several_years_say_the_year_alone(real: Project) -> None:
    labels = ("Trips, 2022", "Trips, 2023", "Trips")
    (group,) = groups(real, *({"label": label} for label in labels))
    assert (group.label, group.about) == ("Trips", "Madison, WI urbanized area")
    assert [line.name for line in group.lines] == ["2022", "2023", "Madison, WI urbanized area"]


def test_figures_made_in_another_way_stand_apart(real: Project) -> None:
    found = groups(real, {}, {"method": "value"}, {"vintage": "2022"}, {"unit": "USD"}, {})
    assert [(group.method, group.unit, len(group.lines)) for group in found] == [
        ("ratio", "trips", 2),
        ("value", "trips", 1),
        ("ratio", "trips", 1),
        ("ratio", "USD", 1),
    ]
    assert [group.source.rpartition(", ")[2] for group in found][:3] == ["2023", "2023", "2022"]


def test_the_exact_value_stands_where_it_says_more_than_what_is_printed(real: Project) -> None:
    (group,) = groups(real, {}, {"value": 22.2}, {"value": 1200, "text": "1,200"})
    assert [line.exact for line in group.lines] == ["22.21", "", ""]


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, ""), (0.1 + 0.2, "0.3"), (3205830742.0, "3205830742"), (11403226225.6, "11403226230")],
)
def test_exact_values_have_ten_figures_and_no_exponent(value: float | None, written: str) -> None:
    assert exact(value) == written


def test_a_missing_figure_gives_its_reason(real: Project) -> None:
    missing = {"value": None, "moe": None, "text": "not available", "reason": "fare-free"}
    (group,) = groups(real, missing, {})
    assert (group.lines[0].text, group.lines[0].exact, group.lines[0].margin) == (
        "not available",
        "",
        "fare-free",
    )


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ({"moe": 1.5, "value": 20.0, "unit": "trips"}, "± 1.5"),
        ({"moe": None, "low": 20.0, "high": 25.0}, "20 to 25"),
        ({"moe": None}, "margin of error not known"),
    ],
)
def test_margins_are_in_words(real: Project, given: dict[str, Any], printed: str) -> None:
    (group,) = groups(real, given)
    assert group.margin == printed


def test_many_rows_are_counted_and_few_are_named(real: Project) -> None:
    many = [f"preemption.statuses[area={number}]" for number in range(42)]
    (group,) = groups(real, {"rows": many}, {"rows": many[:2]})
    assert group.lines[0].rows == "42 rows of preemption.statuses"
    assert group.lines[1].rows == "preemption.statuses[area=0]; preemption.statuses[area=1]"


def test_rows_that_differ_in_one_word_are_told_by_that_word(real: Project) -> None:
    rows = [[f"ntd.areas[uace={at}].upt; census.areas[uace={at}].people"] for at in (17, 28)]
    odd = ["sum(ntd.areas.upt) over 9 areas"]
    (group,) = groups(real, *({"rows": each} for each in (*rows, odd)))
    assert group.rows == "ntd.areas[uace=…].upt; census.areas[uace=…].people"
    assert [line.rows for line in group.lines] == ["17", "28", odd[0]]


def test_rows_that_no_word_tells_apart_are_written_out(real: Project) -> None:
    rows = [["a[x=1,y=2,z=1]"], ["a[x=3,y=4,z=3]"]]
    (group,) = groups(real, *({"rows": each} for each in rows))
    assert (group.rows, [line.rows for line in group.lines]) == ("", [rows[0][0], rows[1][0]])


def test_a_constant_names_its_own_source(real: Project) -> None:
    (group,) = groups(real, {"source": "Author, Title, 2021", "vintage": "2021"})
    assert group.source == "Author, Title, 2021"


def test_each_figure_has_an_address_of_its_own_that_lasts() -> None:
    names = ["recovery", "recovery@2019", "recovery 2019", "a.long[name=of,a=row]", "<b>=1"]
    made = anchors(facts(*({"id": name} for name in names)))
    assert made[0] == "f-recovery"
    assert len(set(made)) == len(made)
    assert all(one.replace("-", "").isalnum() and len(one) <= 12 for one in made)
    assert anchors(facts({"id": names[3]})) == [made[3]]
