"""Fixtures of the planted faults."""

from __future__ import annotations

import shutil
from pathlib import Path

import edition_project
import pytest
from fixture_project import ROOT

from cityresearch.briefs.collection import Collection, load_collection
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.project import Project


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that has been run; not to be changed."""
    made = edition_project.make(tmp_path_factory.mktemp("people") / "project")
    edition_project.run(made)
    return made


@pytest.fixture
def project(people: Project, tmp_path: Path) -> Project:
    """A copy of it to plant a fault in."""
    return edition_project.copied(people, tmp_path / "project")


@pytest.fixture(scope="module")
def copied(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The build folder of the miniature, copied to plant faults in its finished briefs."""
    folder = tmp_path_factory.mktemp("planted") / "build"
    shutil.copytree(built, folder)
    return Project(ROOT, folder)


@pytest.fixture(scope="module")
def issue(copied: Project) -> Collection:
    return load_collection(copied, ROOT / "tests/collection/collection.yml")


@pytest.fixture(scope="module")
def charlotte(copied: Project) -> Place:
    return places.find(copied, "city", "charlotte-nc")
