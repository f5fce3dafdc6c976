"""Where things are: the folders of a project, found from any folder inside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cityresearch.errors import ResearchError

ROOT_VARIABLE = "CITYRESEARCH_PROJECT"
BUILD_VARIABLE = "CITYRESEARCH_BUILD"


@dataclass(frozen=True)
class Project:
    """The rooms of one project. `build` is the only folder that commands write to, but for the tables
    that `data build` makes and the records for git that `publish` and `approve` keep."""

    root: Path
    build: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def book(self) -> Path:
        return self.root / "book"

    @property
    def config(self) -> Path:
        return self.root / "_config.yml"

    def relative(self, path: Path) -> str:
        """A path as messages print it: from the root of the project."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
        )


def python_files(folder: Path) -> Iterator[Path]:
    """The Python files in a folder and in those below it, sorted; not what editors leave for a while,
    such as a link `.#name.py` to nothing."""
    for path in sorted(folder.rglob("*.py")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file():
            yield path


def find_project(start: Path | None = None, build: Path | None = None) -> Project:
    """The project that `start` (default: the variable CITYRESEARCH_PROJECT, or the working folder) lies in.

    Raises:
        ResearchError: no folder above it holds `_config.yml` and `notebooks/`.
    """
    origin = (start or Path(os.environ.get(ROOT_VARIABLE) or Path.cwd())).resolve()
    for folder in (origin, *origin.parents):
        if (folder / "_config.yml").is_file() and (folder / "notebooks").is_dir():
            outputs = build or Path(os.environ.get(BUILD_VARIABLE) or folder / "_build")
            return Project(folder, outputs.resolve())
    raise ResearchError(
        "this is not a cityresearch project: no folder from here upward holds _config.yml and notebooks/.",
        where=str(origin.name),
        instead="Change to the project's folder, or name it with --project.",
    )
