"""The inputs of an edition: all files that its briefs are made from, so that they can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cityresearch
from cityresearch.briefs.collection import Collection
from cityresearch.briefs.topic import load_topic
from cityresearch.press.editions.listing import files_below
from cityresearch.project import Project

PACKAGE = Path(cityresearch.__file__).parent
BESIDE = ("_config.yml", "pyproject.toml", "requirements.lock", "LICENSE")
COLLECTION = "collection.yml"  # the collection's own file, wherever it lies in the project


def input_files(project: Project, collection: Collection, file: Path | None) -> dict[str, Path]:
    """Data, notebooks, hand-written pages, settings and this package, by their paths in a project.

    Topics that are drafts are left out.

    Args:
        file: of the collection; default: `book/collection.yml`.
    """
    found = {name: project.root / name for name in BESIDE if (project.root / name).is_file()}
    found[COLLECTION] = file or project.book / "collection.yml"
    found |= files_below(project.data, "data/") | files_below(project.book, "book/")
    found |= files_below(PACKAGE, "cityresearch/")
    for topic in collection.topics:
        if not load_topic(project, topic).draft:
            found |= files_below(project.notebooks / topic, f"notebooks/{topic}/")
    return found


def method_side(hashes: Mapping[str, str]) -> dict[str, str]:
    """The inputs that say how figures are made, but for topics' declarations: package and notebooks."""
    return {
        name: digest
        for name, digest in hashes.items()
        if name.startswith(("cityresearch/", "notebooks/"))
        and not name.endswith(("/topic.yml", "/approvals.yml", "/inserts/seen.yml"))
    }


def data_side(hashes: Mapping[str, str]) -> dict[str, str]:
    """The inputs that figures are made from."""
    return {name: digest for name, digest in hashes.items() if name.startswith("data/")}
