"""A project to publish in tests: one fixture topic on real data, three cities, its own copy of the data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import yaml
from fixture_project import CELLS, PEOPLE, ROOT, notebook

from cityresearch.briefs.collection import load_collection
from cityresearch.press.editions.edition import WorkingEdition
from cityresearch.press.editions.freeze import freeze
from cityresearch.press.editions.manifest import Manifest
from cityresearch.press.running.plan import make_plan
from cityresearch.project import Project

COLLECTION = {
    "title": "Fixture collection",
    "subtitle": "A collection made by a test",
    "publisher": "cityresearch tests",
    "edition": "2026-10",
    "date": "2026-10-01",
    "address": "https://example.org/cities",
    "topics": ["people"],
    "places": {"city": "population >= 2500000"},
}
CHICAGO, LOS_ANGELES = "1714000", "0644000"


def make(root: Path) -> Project:
    """The project, not run yet."""
    (root / "book").mkdir(parents=True)
    for name in ("methods", "about", "glossary"):
        (root / f"book/{name}.md").write_text(f"# {name.capitalize()}\n\nA page of a test.\n")
    shutil.copy(ROOT / "_config.yml", root)
    shutil.copytree(ROOT / "data/census_places", root / "data/census_places")
    folder = root / "notebooks/people"
    folder.mkdir(parents=True)
    (folder / "topic.yml").write_text(yaml.safe_dump(PEOPLE))
    nbformat.write(notebook(CELLS), folder / "brief.ipynb")
    (root / "book/collection.yml").write_text(yaml.safe_dump(COLLECTION))
    return Project(root, root / "_build")


def call(project: Project, *words: str, package: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command in the project's folder, by the package in `package`."""
    settings = {**os.environ, "COLUMNS": "200", "PYTHONPATH": str(package)}
    start = [sys.executable, "-m", "cityresearch.cli", *words]
    return subprocess.run(start, cwd=project.root, capture_output=True, text=True, env=settings)


def run(project: Project, package: Path = ROOT) -> None:
    """Runs the briefs that need it."""
    done = call(project, "run", package=package)
    assert done.returncode == 0, done.stdout + done.stderr


def copied(project: Project, root: Path) -> Project:
    """A copy to change."""
    shutil.copytree(project.root, root)
    return Project(root, root / "_build")


def edit(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Changes a YAML or JSON file in place."""
    is_yaml = path.suffix == ".yml"
    content = yaml.safe_load(path.read_text()) if is_yaml else json.loads(path.read_text())
    change(content)
    path.write_text(yaml.safe_dump(content) if is_yaml else json.dumps(content))


def revise(project: Project, geoid: str, population: int) -> None:
    """Gives a city another number of residents, a made-up one: a data revision."""
    path = project.data / "census_places/cities.parquet"
    frame = pd.read_parquet(path)
    frame.loc[frame.geoid == geoid, "population"] = population
    frame.to_parquet(path, index=False)


def working(project: Project) -> WorkingEdition:
    """The working build as an edition."""
    collection = load_collection(project)
    current = make_plan(project, collection).current
    return WorkingEdition(project, collection, [(job.topic, job.place) for job in current])


def pages(project: Project, of: WorkingEdition) -> Path:
    """A folder that stands for the compiled book: real facts and notebooks, pages and PDFs made up."""
    folder = project.build / "pages-of-a-test"
    for stem, (topic, place) in of.wanted.items():
        target = folder / place.path
        target.mkdir(parents=True, exist_ok=True)
        for kind, ending in (("facts", "json"), ("notebooks", "ipynb")):
            shutil.copy(project.build / kind / f"{stem}.{ending}", target)
        (target / f"{topic}.html").write_text(f"<p>{place.full_name}, {of.date}</p>\n" * 300)
        (target / f"{topic}.pdf").write_bytes(b"%PDF-1.7 of a test\0\n" + os.urandom(64))
    (folder / "index.html").write_text("<p>A book of a test</p>")
    return folder


def frozen(project: Project, name: str, **more: Any) -> Manifest:
    """Freezes the working build without compiling a book."""
    now = working(project)
    collection = load_collection(project)
    given = {"approvals": {}, **more}
    return freeze(project, collection, name, now, pages(project, now), **given)
