"""Planted faults in what briefs need: coverage names each gap before a run, and agrees with the run.

Towns, and the numbers that are taken away, are made up for these tests.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import edition_project as made
import nbformat
import pandas as pd
import pytest
import yaml
from fixture_project import CELLS, PEOPLE, ROOT, notebook
from miniature import command

from cityresearch.briefs.brief import Brief
from cityresearch.briefs.collection import briefs, load_collection
from cityresearch.briefs.coverage import Coverage, Gap, coverage
from cityresearch.briefs.prepare import prepare
from cityresearch.briefs.topic import Topic, load_topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.press.check import check
from cityresearch.press.coverage import coverages
from cityresearch.press.web import coverage_page
from cityresearch.project import BUILD_VARIABLE, ROOT_VARIABLE, Project

fault = pytest.mark.fault
NO_LAWS = (
    "the table “Status of every policy area in every state” has no row about it; "
    "the table “Structure of local authority” has no row about it"
)


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    """A project that was never run."""
    return made.make(tmp_path / "project")


def rows(project: Project, *words: str) -> list[dict[str, Any]]:
    done = made.call(project, "coverage", "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def missing(project: Project, *words: str) -> dict[tuple[str, str], str]:
    return {
        (row["place"], row["section"]): row["reason"]
        for row in rows(project, *words)
        if row["state"] == "missing"
    }


def declare(project: Project, **sections: Any) -> None:
    def change(topic: dict[str, Any]) -> None:
        topic["sections"].update(sections)

    made.edit(project.notebooks / "people/topic.yml", change)


def take_away(project: Project, column: str, geoid: str = made.CHICAGO) -> None:
    path = project.data / "census_places/cities.parquet"
    frame = pd.read_parquet(path)
    frame.loc[frame.geoid == geoid, column] = pd.NA
    frame.to_parquet(path, index=False)


# ---- The real collection


def test_it_agrees_with_what_each_real_brief_asks_itself(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`built` has the prepared tables of the real topics."""
    real = Project(ROOT, built)
    monkeypatch.setenv(ROOT_VARIABLE, str(ROOT))
    monkeypatch.setenv(BUILD_VARIABLE, str(built))
    asked, compared = briefs(real, load_collection(real)), 0
    for one in coverages(real, asked):
        lacking = prepare(real, one.topic.name).lacking
        assert {p.geoid for p in one.left_out} == lacking.keys() & {p.geoid for p in one.places}
        for place in one.places:
            brief = Brief(one.topic.name, place.slug)
            absent = {gap.section for gap in one.of(place)}
            assert {name for name in one.topic.sections if not brief.has(name)} == absent, (
                place.slug
            )
            compared += len(one.topic.sections)
            for gap in one.of(place):
                if gap.required:
                    assert gap.reason.startswith(one.topic.lack(lacking[place.geoid][1]))
                    break
    assert len(asked) == 273 and compared > 1200


# How a brief says that it lacks a section, in its own words.
SAID = {
    ("preemption", "law"): "No record of state preemption covers",
    ("transit", "funding"): "No funding by source is reported",
    ("transit", "latest"): "has no row for this area",
    ("transit", "commuting"): "How many people commute by transit is not known here",
    ("water", "bill"): "No open table tells what homes in",
    ("water", "systems"): "Which water system serves",
}


def test_it_agrees_with_what_real_briefs_print(built: Path, tmp_path: Path) -> None:
    for folder in ("prepared", "checked"):
        shutil.copytree(built / folder, tmp_path / folder)
    cities = ("washington-dc", "reno-nv", "bridgeport-ct", "charlotte-nc", "honolulu-hi")
    named = [word for city in cities for word in ("--city", city)]
    told = json.loads(command("coverage", "--json", *named, build=tmp_path).stdout)
    assert not (tmp_path / "notebooks").exists()
    done = command("run", *named, build=tmp_path)
    assert done.returncode == 0, done.stderr
    left = {row["place"] for row in told if row["required"] and row["state"] == "missing"}
    assert left == {"honolulu-hi"} and "transit for Honolulu, Hawaii" in done.stdout
    seen = set()
    for row in told:
        place = places.find(Project(ROOT, tmp_path), "city", row["place"])
        path = tmp_path / "notebooks" / place.path / f"{row['topic']}.ipynb"
        is_out = row["topic"] == "transit" and row["place"] in left
        assert path.is_file() != is_out
        if (said := SAID.get((row["topic"], row["section"]))) and not is_out:
            cells = json.loads(path.read_text())["cells"]
            prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
            assert (said in "\n".join(prose)) == (row["state"] == "missing"), (row, said)
            seen.add((row["topic"], row["section"], row["state"]))
    assert {state for _, _, state in seen} == {"present", "missing"} and len(seen) >= 9


def test_the_page_is_in_the_book_and_linked(built: Path) -> None:
    html = built / "html"
    page = (html / "coverage.html").read_text("utf-8")
    assert 'id="water"' in page
    assert "Raleigh, North Carolina" in page.split("<h2>Place by place</h2>")[1]
    assert "Charlotte, North Carolina" not in page  # which lacks nothing
    assert "The table “Tariffs” has no row about it" in page and "tariffs.tariffs" not in page
    for name, link in (
        ("topics/water.html", "../coverage.html#water"),
        ("sources.html", "coverage.html"),
    ):
        assert f'href="{link}"' in (html / name).read_text("utf-8")
    assert 'href="coverage.html"' in (html / "methods.html").read_text("utf-8")


# ---- Gaps


@fault("missing data", "a city without the figure that a topic needs at least", "left out by name")
def test_a_city_below_the_least_is_left_out_by_name(fresh: Project) -> None:
    take_away(fresh, "population")
    found = missing(fresh, "--city", "chicago-il", "--city", "aurora-il")
    assert set(found) == {("chicago-il", "people")}
    plan = json.loads(made.call(fresh, "plan", "--json", "--city", "chicago-il").stdout)
    (row,) = (row for row in plan if row["state"] == "left out")
    assert found["chicago-il", "people"].startswith(row["reason"])
    shown = made.call(fresh, "coverage", "--city", "chicago-il").stdout
    assert "1 place, 0 with a brief" in shown and "left out" in shown and "No people: " in shown


@fault("missing data", "a city without what an optional section needs", "coverage; the brief stays")
def test_an_optional_section_is_missing_with_its_reason(fresh: Project) -> None:
    declare(fresh, people={"needs": ["residents"], "optional": True})
    assert missing(fresh) == {}
    take_away(fresh, "population")
    ((key, reason),) = missing(fresh, "--city", "chicago-il").items()
    assert key == ("chicago-il", "people")
    assert reason.startswith("there is no figure “Residents” for it")
    assert not (fresh.build / "notebooks").exists() and not (fresh.build / "facts").exists()
    (row,) = json.loads(made.call(fresh, "plan", "--json", "--city", "chicago-il").stdout)
    assert row["state"] == "to run"


@pytest.mark.parametrize("both", [True, False])
@fault(
    "missing data", "a city without any of the tables of which one would do", "coverage names all"
)
def test_one_of_several_tables_will_do(make_project: Callable[..., Project], both: bool) -> None:
    tables = ["preemption.statuses", "preemption.structure"]
    vintages = {**PEOPLE["vintages"], "preemption.statuses": "2026", "preemption.structure": "2025"}
    extra = {"any_of": tables if both else [*tables, "residents"], "optional": True}
    topic = {**PEOPLE, "vintages": vintages, "sections": {**PEOPLE["sections"], "law": extra}}
    project = make_project({"people": (topic, CELLS)})
    capital = places.find(project, "city", "washington-dc")
    found = coverage(
        prepare(project, "people"), [capital, places.find(project, "city", "madison-wi")]
    )
    assert [gap.need for gap in found.of(capital)] == ([" or ".join(tables)] if both else [])
    assert [gap.reason for gap in found.of(capital)] == ([NO_LAWS] if both else [])
    assert len(found.incomplete) == both and not found.left_out


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ({"needs": []}, "a section needs something"),
        ({"optional": True}, "a section needs something"),
        ({"any_of": ["residents"]}, "only a section with 'optional: true'"),
        ({"any_of": ["resident"], "optional": True}, "Did you mean 'residents'"),
    ],
)
@fault("section that needs nothing", "a section without needs, or with a loose least", "check")
def test_a_section_says_what_it_needs(fresh: Project, section: Any, what: str) -> None:
    declare(fresh, extra=section)
    with pytest.raises(ResearchError, match=what):
        load_topic(fresh, "people")
    assert any(what in told for told in check(fresh).faults)


@fault(
    "section that needs nothing", "a section that needs a table about no place", "coverage refuses"
)
def test_a_table_about_no_place_is_refused(make_project: Callable[..., Project]) -> None:
    vintages = {**PEOPLE["vintages"], "cpi.annual": "2026"}
    sections = {**PEOPLE["sections"], "prices": {"needs": ["cpi.annual"], "optional": True}}
    project = make_project(
        {"people": ({**PEOPLE, "vintages": vintages, "sections": sections}, CELLS)}
    )
    with pytest.raises(ResearchError, match=r"cpi.annual has no column that names a place"):
        coverage(prepare(project, "people"), [places.find(project, "city", "madison-wi")])


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--city", "gotham"), "there is no city 'gotham'. Did you mean"),
        (("--topic", "watter"), "there is no topic 'watter'"),
    ],
)
@fault(
    "unknown name", "coverage of a city or a topic that there is none of", "refused; offers names"
)
def test_unknown_names_are_refused(fresh: Project, words: tuple[str, ...], what: str) -> None:
    done = made.call(fresh, "coverage", *words)
    assert done.returncode == 1 and what in done.stderr


# ---- The page


def many(number: int) -> Coverage:
    """A topic that each of many made-up towns lacks two sections of."""
    topic = Topic.model_validate(
        {
            **PEOPLE,
            "name": "people",
            "sections": {**PEOPLE["sections"], "a": {"needs": ["residents"], "optional": True}},
        }
    )
    madison = places.find(Project(ROOT, ROOT / "_build"), "city", "madison-wi")
    towns = [
        dataclasses.replace(madison, geoid=f"{at:07}", full_name=f"Town {at:05}", population=at)
        for at in range(number)
    ]
    gaps = [
        Gap(name, "residents", f"there is none of {name}", name == "people")
        for name in ("people", "a")
    ]
    needs = {"people": ["Residents"], "a": ["Residents"]}
    return Coverage(topic, towns, {town.geoid: gaps for town in towns}, needs)


@fault(
    "page without bound", "thousands of cities that lack sections", "names in lists; 20 bytes each"
)
def test_the_page_stays_small_and_names_all() -> None:
    collection = load_collection(Project(ROOT, ROOT / "_build"))
    small, large = (coverage_page._page(collection, [many(n)]) for n in (1500, 4500))
    assert len(small) < 200_000
    assert (len(large) - len(small)) / 3000 < 20
    assert all(f"Town {at:05}" in large for at in (0, 1234, 4499))


@fault("script from data", "HTML in the name of a city that lacks a section", "printed as words")
def test_names_are_words() -> None:
    found = many(3)
    evil = dataclasses.replace(found.places[0], full_name="<script>hacked=1</script>")
    page = coverage_page._page(
        load_collection(Project(ROOT, ROOT / "_build")),
        [dataclasses.replace(found, places=[evil, *found.places[1:]])],
    )
    assert "<script>" not in page and "&lt;script&gt;" in page


@fault("stale page", "a table changed after the page of coverage was made", "the page is made anew")
def test_the_page_follows_the_data(fresh: Project) -> None:
    nbformat.write(notebook(CELLS), fresh.notebooks / "people/brief.ipynb")

    def page() -> str:
        code = (
            "from cityresearch.project import find_project as f;"
            "from cityresearch.briefs.collection import briefs, load_collection as c;"
            "from cityresearch.press.web.coverage_page import coverage_page as p;"
            "h = f(); print(p(h, c(h), briefs(h, c(h))))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=fresh.root, capture_output=True, text=True, check=True
        )
        return done.stdout

    collection = yaml.safe_load((fresh.book / "collection.yml").read_text())
    (fresh.book / "collection.yml").write_text(
        yaml.safe_dump({**collection, "places": {"city": "land_sqmi >= 400 and state == 'TX'"}})
    )
    before = page()
    assert before == page() and "Houston" not in before
    take_away(fresh, "population", "4835000")
    assert "Houston, Texas" in page()
