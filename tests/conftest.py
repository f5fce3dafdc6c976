"""Shared fixtures. Towns and figures made here are fixtures; real data is read from data/."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from browser_checks import chromium
from fixture_project import CELLS, PEOPLE, ROOT, notebook
from hypothesis import settings
from miniature import command
from playwright.sync_api import Browser

from cityresearch.briefs import current
from cityresearch.project import Project

# No test is timed: the machines that run them are shared.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def own_process() -> None:
    """Each test begins as a brief's own process does: nothing has been read yet."""
    current.none_yet()


@pytest.fixture(scope="session")
def real() -> Project:
    """This repository's project, with outputs where they always go."""
    return Project(ROOT, ROOT / "_build")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build folder of the miniature collection: real briefs, pages and PDFs."""
    build = tmp_path_factory.mktemp("first")
    done = command("build", build=build)
    assert done.returncode == 0, done.stdout + done.stderr
    return build


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser that looks at the pages of the miniature."""
    with chromium() as started:
        yield started


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """Makes a project with the real evidence and the given topics and cities."""

    def make(
        topics: Mapping[str, tuple[Mapping[str, Any], Sequence[tuple[str, str]]]] | None = None,
        places: Mapping[str, str] | None = None,
    ) -> Project:
        root = tmp_path / "project"
        (root / "book").mkdir(parents=True)
        (root / "_config.yml").write_text((ROOT / "_config.yml").read_text())
        (root / "data").symlink_to(ROOT / "data")
        for name, (declaration, cells) in (topics or {"people": (PEOPLE, CELLS)}).items():
            folder = root / "notebooks" / name
            folder.mkdir(parents=True)
            (folder / "topic.yml").write_text(yaml.safe_dump(dict(declaration)))
            nbformat.write(notebook(cells), folder / "brief.ipynb")
        collection = {
            "title": "Fixture collection",
            "subtitle": "A collection made by a test",
            "publisher": "cityresearch tests",
            "edition": "2026-11",
            "date": "2026-11-22",
            "topics": list(topics or {"people": 0}),
            "places": dict(places or {"city": "population >= 2500000"}),
        }
        (root / "book" / "collection.yml").write_text(yaml.safe_dump(collection))
        return Project(root, root / "_build")

    return make
