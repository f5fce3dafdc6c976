"""Reasons that records give wrongly: computing the old method on new data, and the reverse, finds them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import edition_project as made
import pandas as pd
import pytest
from fixture_project import ROOT

from cityresearch.briefs.collection import load_collection
from cityresearch.press.editions.causes import BOTH_RUN
from cityresearch.press.editions.comparison import Change
from cityresearch.press.editions.difference import difference
from cityresearch.press.editions.edition import KeptEdition
from cityresearch.press.editions.manifest import Manifest, list_manifests, shelf_of
from cityresearch.project import Project


def package(folder: Path) -> Path:
    """A copy of the package to change."""
    shutil.copytree(
        ROOT / "cityresearch",
        folder / "cityresearch",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return folder


def change_method(folder: Path) -> None:
    """From now on every figure read from a table counts a thousandth more."""
    path = folder / "cityresearch/briefs/columns.py"
    old = 'return Estimate(float(value), None if self.error == "unknown" else 0.0, self.unit)'
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, old.replace("float(value)", "float(value) * 1.001")))


def publish(project: Project, name: str, date: str, folder: Path = ROOT) -> None:
    """Runs the briefs with a package and freezes them in a process that has it, as `publish` does."""
    made.edit(
        project.book / "collection.yml", lambda said: said.update(date=date, edition=date[:7])
    )
    made.run(project, folder)
    code = (
        "import sys; sys.path += ['tests', 'tests/press']; import edition_project as made; "
        "from pathlib import Path; from cityresearch.project import Project; "
        f"root = Path({str(project.root)!r}); made.frozen(Project(root, root / '_build'), {name!r})"
    )
    path = os.pathsep.join([str(folder), str(ROOT / "tests"), str(ROOT / "tests/press")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "tests",
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def changes(project: Project, *, remake: bool = True) -> dict[str, Change]:
    """The changes between the two editions of a project, by place."""
    collection = load_collection(project)
    old, new = (_opened(project, collection, one) for one in list_manifests(project))
    found = difference(project, old, new, remake=remake)
    return {each.brief.slug: each for each in found.changes if each.id == "residents"}


def _opened(project: Project, collection: Any, manifest: Manifest) -> KeptEdition:
    return KeptEdition(manifest, shelf_of(project, collection))


@pytest.fixture(scope="session")
def first(people: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with one edition; not to be changed."""
    project = made.copied(people, tmp_path_factory.mktemp("first") / "project")
    publish(project, "2026-10", "2026-10-01")
    return project


@pytest.fixture
def project(first: Project, tmp_path: Path) -> Project:
    return made.copied(first, tmp_path / "project")


@pytest.mark.fault(
    "wrong reason", "a helper changed and the data too; records say data", "recomputation"
)
def test_a_method_changed_beside_the_data_is_found(project: Project, tmp_path: Path) -> None:
    folder = package(tmp_path / "other")
    change_method(folder)
    made.revise(project, made.CHICAGO, 2_600_000)
    publish(project, "2026-11", "2026-11-01", folder)
    told = changes(project, remake=False)
    assert told["chicago-il"].claimed == ("data revised",)
    assert told["chicago-il"].proof == "not computed anew"
    proven = changes(project)
    assert proven["chicago-il"].reasons == ("data revised", "method changed")
    assert proven["los-angeles-ca"].reasons == ("method changed",)
    assert {each.proof for each in proven.values()} == {BOTH_RUN}
    assert changes(project, remake=False) == proven  # what was computed is remembered


@pytest.mark.fault("wrong reason", "a method change that looks like changed data", "recomputation")
def test_a_method_change_is_not_called_a_data_change(project: Project, tmp_path: Path) -> None:
    """The file of the data changed, in rows that shape no figure; the figures changed by the method."""
    folder = package(tmp_path / "other")
    change_method(folder)
    made.revise(project, "5548000", 1)  # Madison, which has no brief here
    publish(project, "2026-11", "2026-11-01", folder)
    assert {each.reasons for each in changes(project).values()} == {("method changed",)}


def test_a_revision_is_proven_to_be_one(project: Project) -> None:
    made.revise(project, made.CHICAGO, 2_600_000)
    made.edit(
        project.notebooks / "people/topic.yml",
        lambda said: said["indicators"]["residents"].update(definition="residents, revised"),
    )
    publish(project, "2026-11", "2026-11-01")
    found = changes(project)
    assert found["chicago-il"].reasons == ("data revised",)
    assert found["chicago-il"].proof == BOTH_RUN
    assert found["los-angeles-ca"].reasons == ("text changed",)


@pytest.mark.fault("unprovable reason", "a method that can't run on the old data", "recomputation")
def test_a_mix_that_cannot_run_is_said(project: Project) -> None:
    path = project.data / "census_places/cities.parquet"
    frame = pd.read_parquet(path)
    frame["residents"] = frame["population"] + 5
    frame.to_parquet(path, index=False)

    def declare(said: dict[str, Any]) -> None:
        columns = said["tables"]["cities"]["columns"]
        columns["residents"] = dict(columns["population"])

    made.edit(project.data / "census_places/source.yml", declare)
    made.edit(
        project.notebooks / "people/topic.yml",
        lambda said: said["indicators"]["residents"].update(
            inputs=["census_places.cities.residents"]
        ),
    )
    publish(project, "2026-11", "2026-11-01")
    change = changes(project)["chicago-il"]
    assert change.proof.startswith("old method on new data alone; the reverse can't run: ")
    assert "has no column 'residents'" in change.proof
    assert change.reasons == ("method changed",)
