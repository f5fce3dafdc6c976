"""Optional sections: cells that a brief leaves out where the section's data are missing."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
import pytest
import yaml

from cityresearch.briefs.collection import load_collection
from cityresearch.press.running.plan import make_plan
from cityresearch.press.running.pool import run_jobs
from cityresearch.project import Project

TAGGED = {
    "section-law": "Here is a law of {eval}`brief.place.state`.",
    "without-law": "There is no law of {eval}`brief.place.state`.",
}


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    """People of two cities; the section on state law has no data for Washington, D.C."""
    made = make_project()
    declaration = made.notebooks / "people" / "topic.yml"
    topic = yaml.safe_load(declaration.read_text())
    topic["vintages"]["preemption.statuses"] = "2026"
    topic["sections"]["law"] = {"needs": ["preemption.statuses"], "optional": True}
    declaration.write_text(yaml.safe_dump(topic))
    path = made.notebooks / "people" / "brief.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for tag, text in TAGGED.items():
        cell = nbformat.v4.new_markdown_cell(text, id=tag, metadata={"tags": [tag]})
        notebook.cells.append(cell)
    nbformat.write(notebook, path)
    return made


def test_each_place_has_the_cells_that_its_data_allow(project: Project) -> None:
    collection = load_collection(project)
    plan = make_plan(project, collection, cities=["madison-wi", "washington-dc"])
    assert not plan.left_out
    outcomes = run_jobs(project, collection, plan.jobs, 2)
    assert [outcome.reason for outcome in outcomes if outcome.state != "done"] == []
    assert text_of(project, "wi/madison").endswith("Here is a law of WI.")
    assert text_of(project, "dc/washington").endswith("There is no law of DC.")


def text_of(project: Project, path: str) -> str:
    notebook = nbformat.read(project.build / "notebooks" / path / "people.ipynb", as_version=4)
    assert sum(cell.cell_type == "markdown" for cell in notebook.cells) == 2  # the title, and one
    return str(notebook.cells[-1].source)
