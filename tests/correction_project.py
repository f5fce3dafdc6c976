"""Corrections for tests: entries about made-up figures of `small_project`, and where they are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from small_project import make_small

from cityresearch.project import Project

ADA, BELL, FERN = "5500001", "5500002", "1700003"  # with sales of 3,000, 6,000 and 36,000 USD


def entry(**changed: Any) -> dict[str, Any]:
    """An entry that fits: the sales of a town in 2021. A key that is changed to None is left out."""
    said = {
        "table": "counts",
        "vintage": "1",
        "key": {"geoid": ADA, "year": 2021},
        "column": "sales",
        "action": "override",
        "expect": 3000,
        "value": 3300,
        "reason": "The publisher says so in a note of its own.",
        "reference": "https://example.org/errata",
        "reported": "2026-11-22",
        **changed,
    }
    return {key: value for key, value in said.items() if value is not None}


def write(project: Project, source: str, *entries: dict[str, Any]) -> Path:
    """Writes the corrections of a source."""
    path = project.data / source / "corrections.yml"
    path.write_text(yaml.safe_dump({"corrections": list(entries)}, allow_unicode=True))
    return path


def shops(folder: Path, *entries: dict[str, Any]) -> Project:
    """A small project with corrections of its source `shops`."""
    folder.mkdir(parents=True, exist_ok=True)
    project = make_small(folder)
    write(project, "shops", *entries)
    return project
