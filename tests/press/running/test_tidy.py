"""What is kept of tables, notebooks and collections goes when they change, and no sooner."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from small_project import make_small

from cityresearch.briefs.prepare import prepare
from cityresearch.evidence import tables
from cityresearch.press.running.parameters import kept_parameters
from cityresearch.press.running.tidy import COLLECTIONS, forget_unused
from cityresearch.project import Project


def names(project: Project) -> set[str]:
    return {path.name for path in (project.build / "checked").iterdir()}


def test_what_no_table_and_no_notebook_uses_is_removed(tmp_path: Path) -> None:
    project = make_small(tmp_path)
    notebook = project.notebooks / "small" / "brief.ipynb"
    notebook.write_text("{}")
    prepare(project, "small")
    kept_parameters(project, "small").touch()
    known = names(project)
    assert len(known) == 6
    forget_unused(project)
    assert names(project) == known
    changed, old = project.data / "shops" / "trips.csv", tables.kept_table(project, "shops.trips")
    changed.write_text(changed.read_text().replace("500", "501"))
    notebook.write_text("{ }")
    shutil.rmtree(project.data / "census_urban_areas")
    # As a new process sees it.
    again = Project(project.root, project.build / ".." / project.build.name)
    forget_unused(again)
    left = {
        tables.kept_table(again, each).name for each in ("shops.counts", "census_places.cities")
    }
    assert left < names(project) < known
    assert old.name not in names(project) and len(names(project)) == 3


def test_what_a_killed_process_left_half_made_is_removed(tmp_path: Path) -> None:
    project = make_small(tmp_path)
    whole = prepare(project, "small").folder
    old, young = (whole.parent / f".making-{name}" for name in ("old", "young"))
    for folder in (old, young):
        (folder / "tables").mkdir(parents=True)
    for folder in (old, whole):
        os.utime(folder, (1, 1))
    forget_unused(project)
    assert sorted(whole.parent.iterdir()) == [young, whole]


def test_the_newest_lists_of_briefs_are_kept(tmp_path: Path) -> None:
    project = make_small(tmp_path)
    folder = project.build / "checked"
    folder.mkdir(parents=True)
    for number in range(COLLECTIONS + 2):
        (folder / f"briefs-{number}.json").touch()
        os.utime(folder / f"briefs-{number}.json", (number, number))
    (folder / ".part-x").touch()  # another process is about to write a list
    forget_unused(project)
    assert names(project) == {".part-x", *(f"briefs-{number}.json" for number in range(2, 10))}
