"""A topic's recipe: what it holds, found by reading the notebook and not by running it."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from fixture_project import CELLS, PEOPLE

from cityresearch.briefs.collection import load_collection
from cityresearch.press.running import head_start, task
from cityresearch.press.running.keys import differences, make_recipe, recipe_hash
from cityresearch.project import Project, python_files

TITLE, PARAMETERS, CODE = CELLS


@pytest.mark.parametrize(
    ("topic", "reached", "not_reached"),
    [
        ("water", "methods/water.py", "methods/transit.py"),
        ("transit", "methods/prices.py", "methods/water.py"),
        ("preemption", "methods/preemption.py", "methods/water.py"),
    ],
)
def test_a_topic_reaches_its_own_helpers_only(
    real: Project, topic: str, reached: str, not_reached: str
) -> None:
    helpers = make_recipe(real, load_collection(real), topic)["helpers"]
    always = {
        "briefs/brief.py",
        "evidence/estimates.py",
        "press/running/engine.py",
        "press/running/run.py",
        "press/running/whose.py",
        "press/gazetteer.py",
    }
    assert always | {reached} <= set(helpers)
    assert not_reached not in helpers
    pages = {"press/web/book.py", "press/paper/pdf.py", "cli.py"}
    pages |= {"press/running/plan.py", "press/running/ledger.py"}
    assert pages & set(helpers) == set()  # no change of these may run a brief again


def test_imports_are_found_in_functions_and_past_magics_and_other_libraries_counted(
    make_project: Callable[..., Project],
) -> None:
    code = "%matplotlib inline\n!ls\ndef late():\n    import yaml, json"
    broken = ("code", "files = !ls\nfrom cityresearch.methods import wages")
    project = make_project({"people": (PEOPLE, [TITLE, PARAMETERS, CODE, ("code", code), broken])})
    recipe = make_recipe(project, load_collection(project), "people")
    assert "methods/wages.py" in recipe["helpers"]
    assert recipe["libraries"]["yaml"] == importlib.metadata.version("pyyaml")
    assert "json" not in recipe["libraries"] and "altair" in recipe["libraries"]
    assert set(recipe["declarations"]) == {"data/census_places/source.yml"}


def test_a_module_beside_the_notebook_is_read_too(make_project: Callable[..., Project]) -> None:
    project = make_project()
    before = make_recipe(project, load_collection(project), "people")
    (project.notebooks / "people" / "own.py").write_text("import cityresearch.methods.water")
    after = make_recipe(project, load_collection(project), "people")
    assert "helper: methods/water.py" in differences(before, after)


@pytest.mark.parametrize(
    "code",
    [
        "files = !ls\nimport cityresearch.methods.water as w",
        "files = !ls\nimport json, cityresearch.methods.water",
        "files = !ls\nfrom cityresearch.methods import (  # (both)\n    wages,\n    water,\n)",
        "%time import cityresearch.methods.water",
        "%%time\nfiles = !ls\nimport cityresearch.methods.water as w",
        "files = !ls\nimport cityresearch.methods.water as w\nno Python",
    ],
)
def test_imports_are_found_in_cells_that_ipython_alone_can_read(
    make_project: Callable[..., Project], code: str
) -> None:
    project = make_project({"people": (PEOPLE, [TITLE, PARAMETERS, CODE, ("code", code)])})
    assert "methods/water.py" in make_recipe(project, load_collection(project), "people")["helpers"]


def test_what_a_module_elsewhere_in_the_notebooks_imports_is_found(
    make_project: Callable[..., Project],
) -> None:
    code = "import sys\nsys.path.insert(0, '..')\nimport common"
    project = make_project({"people": (PEOPLE, [TITLE, PARAMETERS, CODE, ("code", code)])})
    (project.notebooks / "common.py").write_text("import deeper")
    (project.notebooks / "deeper.py").write_text("import cityresearch.methods.water")
    (project.notebooks / "apart.py").write_text("import cityresearch.methods.wages")
    helpers = make_recipe(project, load_collection(project), "people")["helpers"]
    assert "methods/water.py" in helpers and "methods/wages.py" not in helpers


def test_what_editors_leave_beside_a_notebook_stops_no_plan(
    make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = make_project()
    package = tmp_path / "package"
    package.mkdir()
    for folder in (project.notebooks / "people", package):
        (folder / ".#own.py").symlink_to("somebody@somewhere.1234")
        (folder / "gone.py").symlink_to("nowhere.py")
        (folder / "own.py").write_text("")
    make_recipe(project, load_collection(project), "people")
    assert [path.name for path in python_files(project.notebooks)] == ["own.py"]
    monkeypatch.setattr(head_start, "PACKAGE", package)
    assert [Path(name).name for name, *_ in head_start._modules()] == ["own.py"]
    monkeypatch.setattr(task.cityresearch, "__file__", str(package / "__init__.py"))
    assert task._code.__wrapped__()


@pytest.mark.parametrize("first", ["# coding: latin-1", "# no word of its coding"])
def test_a_module_in_another_coding_is_read(
    make_project: Callable[..., Project], first: str
) -> None:
    project = make_project()
    text = f"{first}\nNAME = 'Ca\xf1on'\nimport cityresearch.methods.water as w\n"
    (project.notebooks / "people" / "own.py").write_bytes(text.encode("latin-1"))
    assert "methods/water.py" in make_recipe(project, load_collection(project), "people")["helpers"]


def test_differences_name_each_part_that_changed() -> None:
    old = {
        "notebook": "a",
        "helpers": {"briefs/x.py": "1", "briefs/y.py": "1"},
        "libraries": {"pandas": "3.0"},
        "python": "3.11",
        "edition": "2026-11",
    }
    new = {
        "notebook": "b",
        "helpers": {"briefs/y.py": "2", "briefs/z.py": "1"},
        "libraries": {"pandas": "3.1", "numpy": "2.4"},
        "python": "3.12",
        "edition": "2026-12",
    }
    assert differences(old, new) == [
        "notebook",
        *(f"helper: briefs/{name}.py" for name in "xyz"),
        "library: numpy none → 2.4",
        "library: pandas 3.0 → 3.1",
        "python 3.11 → 3.12",
        "edition",
    ]
    assert differences(new, new) == []
    assert recipe_hash(old) != recipe_hash(new)
    assert recipe_hash(new) == recipe_hash(dict(reversed(new.items())))


def test_executing_a_notebook_by_hand_changes_no_brief(
    make_project: Callable[..., Project],
) -> None:
    """Outputs and counts are no source: JupyterLab writes them whenever the file is saved."""
    project = make_project()
    before = make_recipe(project, load_collection(project), "people")
    path = project.notebooks / "people" / "brief.ipynb"
    made = nbformat.read(path, as_version=4)
    made.cells[-1].outputs = [nbformat.v4.new_output("stream", text="printed by hand")]
    made.cells[-1].execution_count = 7
    nbformat.write(made, path)
    assert make_recipe(project, load_collection(project), "people") == before
    made.cells[-1].metadata["tags"] = ["section-people"]
    nbformat.write(made, path)
    assert (
        make_recipe(project, load_collection(project), "people")["notebook"] != before["notebook"]
    )


def test_a_picture_in_markdown_is_source(make_project: Callable[..., Project]) -> None:
    project = make_project()
    path = project.notebooks / "people" / "brief.ipynb"
    made = nbformat.read(path, as_version=4)
    found = set()
    for picture in ("AAAA", "BBBB"):
        made.cells[0].attachments = {"map.png": {"image/png": picture}}
        nbformat.write(made, path)
        found.add(make_recipe(project, load_collection(project), "people")["notebook"])
    assert len(found) == 2
