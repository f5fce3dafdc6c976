"""Fixtures of the planted faults."""

from __future__ import annotations

from pathlib import Path

import edition_project
import pytest

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
