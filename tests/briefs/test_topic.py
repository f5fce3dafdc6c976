"""A topic's declaration is read strictly: every mistake is named with file, key and what to write."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from fixture_project import CELLS, PEOPLE

from cityresearch.briefs import topic as topics
from cityresearch.briefs.collection import load_collection
from cityresearch.briefs.prepare import prepare
from cityresearch.errors import ResearchError
from cityresearch.project import Project

Maker = Callable[..., Project]


def changed(path: str, value: Any) -> dict[str, Any]:
    """PEOPLE with one key set ("a.b.c"), or removed where the value is None."""
    declaration: dict[str, Any] = copy.deepcopy(PEOPLE)
    *parents, last = path.split("/")
    inside = declaration
    for parent in parents:
        inside = inside[parent]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    return declaration


def test_real_topics_are_valid_and_their_vintages_are_held(real: Project) -> None:
    names = topics.list_topics(real)
    assert {"preemption", "transit", "water"} <= set(names)
    for name in names:
        assert prepare(real, name).folder.is_dir()


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("colour", "blue", "colour: unknown key"),
        ("label", None, "label: this key is missing"),
        ("indicators/residents/unit", 4, "indicators.residents.unit"),
        ("indicators/residents/inputs", ["population"], "is not an address like ntd.areas.upt"),
        ("indicators/residents/inputs", ["ntd.areas.upt"], "'ntd.areas' is not declared"),
        ("sections/people/needs", ["resident"], "Did you mean 'residents'?"),
    ],
)
def test_a_mistake_in_the_declaration_is_named(
    make_project: Maker, path: str, value: Any, message: str
) -> None:
    project = make_project({"people": (changed(path, value), CELLS)})
    with pytest.raises(ResearchError) as caught:
        topics.load_topic(project, "people")
    assert message in str(caught.value)
    assert "notebooks/people/topic.yml" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("vintages/census_places.cities", "1999", "the topic pins 1999"),
        ("vintages/census_places.towns", "2025", "no such table in data/"),
        ("indicators/residents/inputs", ["census_places.cities.people"], "has no column 'people'"),
        ("indicators/residents/formula", "guess", "there is no formula 'guess'"),
    ],
)
def test_a_declaration_must_fit_the_evidence(
    make_project: Maker, path: str, value: Any, message: str
) -> None:
    project = make_project({"people": (changed(path, value), CELLS)})
    with pytest.raises(ResearchError, match=message):
        prepare(project, "people")


def test_an_unknown_topic_is_answered_with_the_nearest(real: Project) -> None:
    with pytest.raises(ResearchError, match="Did you mean 'transit'"):
        topics.load_topic(real, "transitt")


def test_a_wrong_collection_names_file_and_key(make_project: Maker) -> None:
    project = make_project()
    file = project.book / "collection.yml"
    file.write_text(file.read_text().replace("edition: 2026-11", "edition: autumn"))
    with pytest.raises(ResearchError, match=r"book/collection.yml: edition"):
        load_collection(project)
