"""Fixtures of the press: a small project with briefs that were never run (made-up figures), and its book."""

from __future__ import annotations

from pathlib import Path

import pytest
import sample_brief as sample
from sample_project import empty_project, put_all, sample_briefs

from cityresearch.press.web.book import Book, make_book
from cityresearch.project import Project


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that every project of these tests shares."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture
def press_project(tmp_path: Path, shared: Path) -> Project:
    """An empty project: put briefs in it with `put_brief`."""
    return empty_project(tmp_path / "project", shared)


@pytest.fixture(scope="session")
def sample_project(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Project:
    """A project with all fixture briefs; read it, don't change it."""
    project = empty_project(tmp_path_factory.mktemp("press") / "project", shared)
    put_all(project)
    return project


@pytest.fixture(scope="session")
def sample_book(sample_project: Project) -> Book:
    """The compiled book of the fixture briefs."""
    return make_book(sample_project, sample.COLLECTION, sample_briefs(sample_project), workers=1)
