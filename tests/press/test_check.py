"""`check`: every fault is named, grades are advice, and nothing is run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixture_project import CELLS, PEOPLE
from miniature import command
from sample_brief import ROOT

from cityresearch.briefs.collection import load_collection
from cityresearch.errors import ResearchError
from cityresearch.press import reading
from cityresearch.press.check import Checked, check
from cityresearch.press.running.plan import make_plan
from cityresearch.project import Project

Make = Callable[..., Project]


def test_this_repository_has_no_fault(tmp_path: Path) -> None:
    found = check(Project(ROOT, tmp_path))
    assert found.faults == []
    assert found.counts["tables"] > 10 and found.counts["notebooks"] == 3
    graded = {one["text"]: one for one in found.grades}
    assert {"book/methods.md", "book/about.md", "notebooks/water"} <= set(graded)
    assert "not run yet" in graded["notebooks/water"]["basis"]
    assert all(1 < one["grade"] < 14 for one in found.grades)
    assert not (tmp_path / "notebooks").exists()


def test_prose_is_graded_as_printed_where_the_brief_was_run(built: Path) -> None:
    done = command("check", "--json", build=built)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["faults"] == []
    assert {one["text"] for one in found["grades"]} >= {"notebooks/transit", "book/index.md"}


def test_a_run_brief_is_read_with_its_values(make_project: Make) -> None:
    project = make_project()
    madison = project.build / "notebooks" / "wi" / "madison" / "people.ipynb"
    madison.parent.mkdir(parents=True)
    cell = {"cell_type": "markdown", "source": "# Residents\n\nMadison has 280,000 residents now."}
    printed = {"cells": [cell], "metadata": {"cityresearch": {"place": "Madison, Wisconsin"}}}
    madison.write_text(json.dumps(printed))
    (grade,) = (one for one in check(project).grades if one["text"] == "notebooks/people")
    assert grade["basis"] == "as printed for Madison, Wisconsin"
    assert grade["words"] == 5


def test_every_fault_is_told_with_its_place(make_project: Make) -> None:
    cells = (
        ("markdown", "# {eval}`brief.place.(`\n\nText."),
        ("code", 'city = "madison-wi"'),
    )
    bad = {**PEOPLE, "vintages": {"census_places.towns": "2025"}}
    topics = {"people": (PEOPLE, CELLS), "broken": (PEOPLE, cells), "pinned": (bad, CELLS)}
    project = make_project(topics)
    (project.book / "about.md").write_text("# About\n\nSee [the methods](method.html) now.\n")
    (project.book / "methods.md").write_text("# Methods\n\nSee [all](sources.html#top).\n")
    faults = "\n".join(check(project).faults)
    assert "notebooks/broken/brief.ipynb, cell-0: the expression brief.place.( is not" in faults
    assert "no cell has the tag 'parameters'" in faults
    assert "census_places.towns" in faults
    assert "book/about.md: the link 'method.html' leads to no page" in faults
    assert "Did you mean 'methods.html'" in faults
    assert "book/methods.md" not in faults


def test_a_page_that_is_not_in_utf_8_is_told_with_its_line(make_project: Make) -> None:
    project = make_project({"people": (PEOPLE, CELLS)})
    (project.book / "about.md").write_bytes(
        "# About\n\nA caf\N{LATIN SMALL LETTER E WITH ACUTE}.\n".encode("latin-1")
    )
    faults = "\n".join(check(project).faults)
    assert "book/about.md: line 3 holds letters that are not in UTF-8." in faults


def broken(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], Any]:
    """Changes a notebook's JSON as a hand or a merge might."""

    def mend(path: Path) -> None:
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    return mend


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            broken(lambda content: content["metadata"].clear()),
            "brief.ipynb, metadata.kernelspec: the notebook doesn't say which kernel runs it. Open",
        ),
        (lambda path: path.write_text("<<<<<<< main\n"), "brief.ipynb: this is not a notebook: it"),
        (lambda path: path.write_text("[]"), "brief.ipynb: this is not a notebook of format 4."),
        (
            broken(lambda content: content["cells"][0].pop("source")),
            "brief.ipynb: this is not a whole notebook: 'source' is a required property.",
        ),
    ],
)
def test_a_notebook_that_is_none_is_named(make_project: Make, spoil: Any, told: str) -> None:
    """By `check` and before a run alike."""
    project = make_project()
    spoil(project.notebooks / "people" / "brief.ipynb")
    assert f"notebooks/people/{told}" in "\n".join(check(project).faults)
    with pytest.raises(ResearchError) as caught:
        make_plan(project, load_collection(project))
    assert str(caught.value).startswith(f"notebooks/people/{told}")


def test_an_older_notebook_without_names_of_cells_is_read(make_project: Make) -> None:
    cells = (("markdown", "# {eval}`brief.place.(`\n\nText."), *CELLS[1:])
    project = make_project({"people": (PEOPLE, cells)})

    def age(content: dict[str, Any]) -> None:
        content["nbformat_minor"] = 4
        for cell in content["cells"]:
            del cell["id"]

    broken(age)(project.notebooks / "people" / "brief.ipynb")
    (fault,) = check(project).faults
    assert fault.startswith("notebooks/people/brief.ipynb, cell 1: the expression")


def test_another_collection_is_checked_like_the_project_s_own(make_project: Make) -> None:
    project = make_project()
    other = project.root / "other.yml"
    text = (project.book / "collection.yml").read_text()
    for was, now, told in (
        ("- people", "- watr", "there is no topic 'watr'"),
        ("population", "populaton", "other.yml, places.city: there is no column 'populaton'"),
    ):
        other.write_text(text.replace(was, now))
        load_collection.cache_clear()
        (fault,) = check(project, other).faults
        assert told in fault


def test_what_an_indicator_reads_is_checked(make_project: Make) -> None:
    residents = PEOPLE["indicators"]["residents"]
    address = "census_places.cities.poplation"
    bad = {**PEOPLE, "indicators": {"residents": {**residents, "inputs": [address]}}}
    (fault,) = check(make_project({"people": (bad, CELLS)})).faults
    assert fault == (
        "notebooks/people/topic.yml, indicators.residents.inputs: table census_places.cities has "
        "no column 'poplation'. Did you mean 'population'?"
    )


def test_one_thing_is_counted_as_one() -> None:
    checked = Checked({"collections": 1, "tables": 2})
    assert list(checked.lines()) == ["Checked: 1 collection, 2 tables"]


def test_the_grade_is_the_published_formula() -> None:
    """One sentence of six words with one syllable each: 0.39 * 6 + 11.8 - 15.59 = -1.45."""
    found = reading.grade(["The cat sat on the mat."])
    assert found is not None
    assert (found.words, found.sentences) == (6, 1)
    assert found.grade == pytest.approx(-1.4, abs=0.06)
    hard = reading.grade(["Municipal affordability determinations necessitate documentation."])
    assert hard is not None and hard.grade > 20


def test_sentences_end_where_readers_see_them_end() -> None:
    assert reading.split("It is 4.6% of $28,500. The rest, in D.C. too, stays.") == [
        "It is 4.6% of $28,500.",
        "The rest, in D.C. too, stays.",
    ]
    assert len(reading.split("He said “no.” Then 12 left.")) == 2


def test_prose_is_what_readers_read() -> None:
    markdown = "# It has 4 trips\n\nText of [a link](x.html) and `code`.\n\n## Limits\n\n- One **is** not 2\n"
    assert list(reading.paragraphs(markdown)) == [
        "It has 4 trips",
        "Text of a link and code.",
        "One is not 2",
    ]
    assert reading.grade([]) is None


def test_the_hardest_sentence_comes_first() -> None:
    easy = "The bus comes at ten and it goes on to the lake."
    hard = "Intergovernmental cooperation notwithstanding, appropriations remain insufficient every year."
    found = reading.grade([f"{easy} {hard}"])
    assert found is not None and found.hardest == [hard, easy]
