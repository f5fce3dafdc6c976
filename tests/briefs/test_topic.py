"""A topic's declaration is read strictly: every mistake is named with file, key and what to write."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from fixture_project import CELLS, PEOPLE

from cityresearch.briefs import topic as topics
from cityresearch.briefs.collection import briefs, load_collection
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
        ("colour", "blue", "topic.yml: colour: unknown key. Keys are: label, title, summary,"),
        ("sumary", "People", "topic.yml: sumary: unknown key. Did you mean 'summary'?"),
        (
            "indicators/residents/unti",
            "people",
            "topic.yml: indicators.residents.unti: unknown key. Did you mean 'unit'",
        ),
        (
            "peers",
            {"of": "geoid", "variables": {"residents": {"logg": True}}},
            "topic.yml: peers.variables.residents.logg: unknown key. Did you mean 'log'?",
        ),
        ("label", None, "topic.yml: label: this key is missing. Add 'label:' and a text."),
        ("sections", None, "sections: this key is missing. Add 'sections:' and keys with values"),
        ("places", ["madison-wi"], "topic.yml: places: this must be a text, not a list."),
        ("sections/people/needs", "residents", "sections.people.needs: this must be a list: one"),
        ("time_limit", "600", "time_limit: this must be a whole number."),
        ("name", "people", "topic.yml: name: the place of the file says this. Leave it out."),
        ("indicators/residents/unit", 4, "indicators.residents.unit"),
        ("indicators/residents/inputs", ["population"], "is not an address like ntd.areas.upt"),
        ("indicators/residents/inputs", ["ntd.areas.upt"], "'ntd.areas' is not declared"),
        (
            "sections/people/needs",
            ["resident"],
            "topic.yml: sections.people.needs: 'resident' is not declared. Did you mean 'residents'?",
        ),
        (
            "overview",
            {"residnts": "Residents"},
            "topic.yml: overview: 'residnts' is not declared. Did you mean 'residents'?",
        ),
    ],
)
def test_a_mistake_in_the_declaration_is_named(
    make_project: Maker, path: str, value: Any, message: str
) -> None:
    project = make_project({"people": (changed(path, value), CELLS)})
    with pytest.raises(ResearchError) as caught:
        topics.load_topic(project, "people")
    assert message in str(caught.value)
    assert str(caught.value).startswith("notebooks/people/topic.yml: ")


@pytest.mark.parametrize("name", ["preemption", "transit", "water"])
def test_counts_of_people_and_things_are_told_as_more_or_fewer(real: Project, name: str) -> None:
    counted = {"people", "trips", "agencies", "vehicle hours"}
    indicators = topics.load_topic(real, name).indicators
    kinds = {key: one.comparison for key, one in indicators.items() if one.unit in counted}
    assert kinds and set(kinds.values()) == {"more"}, kinds


def test_a_figure_that_the_notebook_derives_may_stand_in_the_overview(make_project: Maker) -> None:
    shown = {"residents": "Residents", "listed:many": "Of those"}
    project = make_project({"people": (changed("overview", shown), CELLS)})
    assert topics.load_topic(project, "people").overview == shown


def test_the_name_of_a_topic_s_folder_is_told_as_such(make_project: Maker) -> None:
    project = make_project({"working-at-home": (PEOPLE, CELLS)})
    with pytest.raises(
        ResearchError,
        match=r"^notebooks/working-at-home/: the name of the folder, .* Rename it: small letters",
    ):
        topics.load_topic(project, "working-at-home")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c\n", "line 1, column 5: this is not valid YAML: mapping values are not allowed"),
        ("a: 1\na: 2\n", "line 2, column 1: this is not valid YAML: the key 'a' is written twice."),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(
    make_project: Maker, text: str, message: str
) -> None:
    project = make_project()
    (project.notebooks / "people" / "topic.yml").write_text(text)
    with pytest.raises(ResearchError) as caught:
        topics.load_topic(project, "people")
    assert str(caught.value).startswith(f"notebooks/people/topic.yml, {message}")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("vintages/census_places.cities", "1999", "the topic pins 1999"),
        ("vintages/census_places.towns", "2025", "no such table in data/"),
        ("indicators/residents/inputs", ["census_places.cities.people"], "has no column 'people'"),
        (
            "indicators/residents/formula",
            "guess",
            r"^notebooks/people/topic.yml, indicators.residents.formula: there is no formula 'guess'",
        ),
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


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("subtitle:", "subtittle:", "subtittle: unknown key. Did you mean 'subtitle'"),
        (
            "- people",
            "- peopel",
            "book/collection.yml, topics: there is no topic 'peopel'. Did you mean 'people'?",
        ),
        ("city:", "ctiy:", "there is no geography 'ctiy'"),
        ("population >", "populaton >", "book/collection.yml, places.city: there is no column"),
        (">= 2500000", '>= "abc', "book/collection.yml, places.city: 'population >= \"abc' is not"),
        (
            "population >= 2500000",
            "state == 'California'",
            "book/collection.yml, places.city: no city matches: state == 'California'. "
            "Did you mean state_name == 'California'?",
        ),
        (
            ">= 2500000",
            ">= 99000000",
            "no city matches: population >= 99000000. 'population' goes from 0 to 8,",
        ),
    ],
)
def test_a_collection_s_topics_and_places_are_checked(
    make_project: Maker, was: str, now: str, message: str
) -> None:
    project = make_project()
    file = project.book / "collection.yml"
    file.write_text(file.read_text().replace(was, now))
    with pytest.raises(ResearchError) as caught:
        briefs(project, load_collection(project))
    assert message in str(caught.value)


def test_a_topic_s_own_places_narrow_those_of_the_collection(make_project: Maker) -> None:
    declared = {**PEOPLE, "places": "state == 'IL'"}
    project = make_project({"people": (declared, CELLS)})
    assert [place.slug for _, place in briefs(project, load_collection(project))] == ["chicago-il"]


def test_a_wrong_collection_names_file_and_key(make_project: Maker) -> None:
    project = make_project()
    file = project.book / "collection.yml"
    whole = file.read_text()
    file.write_text(whole.replace("edition: 2026-11", "edition: autumn"))
    told = r"book/collection.yml: edition: 'autumn' is no month\. Write it as in 2026-11\.$"
    with pytest.raises(ResearchError, match=told):
        load_collection(project)
    for address in ("https://example.org/", "example.org"):
        file.write_text(f"{whole}\naddress: {address}\n")
        load_collection.cache_clear()
        told = (
            rf"address: '{address}' is no address of a book\. Write one that begins with https://"
        )
        with pytest.raises(ResearchError, match=told):
            load_collection(project)
