"""The whole topic that the guide prints is one: checked, run and shown as printed there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
import yaml
from fixture_project import ROOT

from cityresearch.briefs.collection import load_collection
from cityresearch.evidence import places
from cityresearch.press.check import check
from cityresearch.press.manuscripts import entry_of, read_manuscript
from cityresearch.project import Project
from cityresearch.work import unlisted

GUIDE = ROOT / "docs/how-to/write-a-topic.md"
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """The blocks of the guide, as (language, content)."""
    return BLOCK.findall(GUIDE.read_text(encoding="utf-8"))


def whole_topic() -> list[tuple[str, str]]:
    """The first blocks: a declaration, cells, and then the commands, which have no language."""
    end = [language for language, _ in blocks()].index("")
    return blocks()[: end + 1]


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    """A project with the topic as the guide prints it."""
    (_, declared), *cells, _ = whole_topic()
    kinds = {"markdown": "markdown", "python": "code"}
    named = [(kinds[language], content.rstrip("\n")) for language, content in cells]
    named[1] = ("parameters", named[1][1])
    made = make_project({"people": (yaml.safe_load(declared), named)})
    (made.notebooks / "people" / "topic.yml").write_text(declared, encoding="utf-8")
    return made


def brief_of(project: Project, city: str) -> tuple[Any, list[str]]:
    """The brief's entry on index pages, and all texts that its notebook shows."""
    manuscript = read_manuscript(project, "people", places.find(project, "city", city))
    shown = [json.dumps(cell, ensure_ascii=False) for cell in manuscript.notebook["cells"]]
    return entry_of(manuscript, has_pdf=False), shown


def test_the_whole_topic_of_the_guide_is_one(project: Project) -> None:
    assert check(project).faults == []
    _, commands = whole_topic()[-1]
    for line in commands.splitlines():
        words = [sys.executable, "-m", "cityresearch.cli", *line.split()[1:]]
        done = subprocess.run(words, cwd=project.root, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    entry, shown = brief_of(project, "madison-wi")
    numbers = {item["label"]: item for item in entry.numbers["items"]}
    residents = numbers["Residents"]["value"]
    assert entry.headline == f"Madison has {residents} residents"  # in one rounding
    assert re.fullmatch(r"\d{3},\d{3}", residents)
    text = "\n".join(shown)
    assert 'Peers are nearest on residents."' in text.replace("\\", "")
    prose, table = re.findall(r"\((\$[\d,]+)\)", GUIDE.read_text(encoding="utf-8"))  # it says both
    assert f"The middle household has {prose} a year" in text
    assert numbers["Median household income, 2023"]["value"] == table
    assert re.search(r"The median income is [^.]*of its eight peers", text)
    assert "chart" in text and "Residents and incomes of cities" in text
    assert set(entry.overview.figures) == {"income", "residents"}
    assert brief_of(project, "milwaukee-wi")[0].headline.startswith("Milwaukee has 5")


def test_the_insert_of_its_guide_is_one(project: Project) -> None:
    guide = (ROOT / "docs/how-to/write-an-insert.md").read_text(encoding="utf-8")
    (_, cell), (_, text), *rest = BLOCK.findall(guide)
    path = project.notebooks / "people/brief.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(cell.strip(), id="insert"))
    nbformat.write(notebook, path)
    (project.notebooks / "people/inserts").mkdir()
    assert "notebooks/people/inserts/madison-wi.md" in guide
    (project.notebooks / "people/inserts/madison-wi.md").write_text(text, encoding="utf-8")
    told = ""
    for line in "".join(commands for _, commands in rest).splitlines():
        words = [sys.executable, "-m", *line.replace("cityresearch", "cityresearch.cli", 1).split()]
        done = subprocess.run(words, cwd=project.root, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        told += done.stdout
    by = "people madison-wi: the insert by R. Diaz of 2026-11-20"
    assert f"{by}: new" in told and f"{by}: current" in told
    assert (project.notebooks / "people/inserts/seen.yml").is_file()
    shown = brief_of(project, "madison-wi")[1][-1]
    assert "Written by hand by R. Diaz, November 20, 2026" in shown and "first Tuesday" in shown
    for said in (
        "Words and numbers here are the author’s; they were not computed for this brief.",
    ):
        assert said in shown and said in " ".join(guide.split())


def test_a_topic_that_the_collection_lacks_is_told(project: Project) -> None:
    """As the guide says of `run` and `plan`."""
    declared = [content for language, content in blocks() if language == "yaml"]
    assert "people" in yaml.safe_load(declared[-1])["topics"]
    file = project.book / "collection.yml"
    file.write_text(file.read_text().replace("topics:\n- people", "topics: []"))
    words = [sys.executable, "-m", "cityresearch.cli", "plan", "--topic", "people"]
    done = subprocess.run(words, cwd=project.root, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "Nothing to run.\n")
    assert done.stderr.startswith("book/collection.yml does not list the topic 'people'")
    collection = load_collection(project).model_copy(update={"topics": ["people"]})
    assert list(unlisted(collection, ["people"])) == []
    without = collection.model_copy(update={"topics": ["water"]})
    assert list(unlisted(without, ["people"])) == [
        "book/collection.yml does not list the topic 'people', so the book will not have it. Add "
        "'- people' under topics; without that, run it with --city."
    ]
