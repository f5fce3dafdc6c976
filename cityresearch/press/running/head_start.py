"""A head start: what a run is likely to need begins to load before the run's plan is made.

It is guessed from the times of files. A wrong guess costs time and nothing else: whatever a plan or a
brief uses of tables, it finds by content. Of our own modules it does not, so that `confirm` must find
them as they were.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import cityresearch
from cityresearch.errors import ResearchError
from cityresearch.press.running import server
from cityresearch.project import Project, find_project, python_files

PACKAGE = Path(cityresearch.__file__).parent
_loaded: set[tuple[str, int, int]] = set()  # our files as they were when they began to load


def begin(arguments: list[str]) -> None:
    """Starts what runs briefs where the words of the command line and the files look like a run."""
    elsewhere = any(word.startswith(("--cluster", "--help")) for word in arguments)
    if arguments[:1] not in (["run"], ["build"]) or elsewhere:
        return
    with contextlib.suppress(ResearchError):  # the command itself will tell
        project = find_project(_named(arguments, "--project"), _named(arguments, "--build-dir"))
        if is_behind(project):
            _loaded.update(_modules())
            get_ready(project)


def confirm() -> None:
    """For a run whose plan is made: refuses one whose briefs may be run by modules that are older than
    those the plan knows.

    Raises:
        ResearchError: a module of this package was saved since `begin`.
    """
    if _loaded and _loaded != _modules():
        raise ResearchError(
            "a module was saved while the run began.",
            where="cityresearch/",
            instead="Give the command once more.",
        )


def get_ready(project: Project) -> None:
    """Starts the process that workers are forked from, which loads the tables that changed least."""
    server.start(outdated(project))


def is_behind(project: Project) -> bool:
    """Whether anything that shapes briefs was written after the last run."""
    ledger = project.build / "ledger.sqlite"
    inputs = (project.data, project.notebooks, project.book / "collection.yml", PACKAGE)
    return not ledger.is_file() or max(map(_newest, inputs)) > ledger.stat().st_mtime


def outdated(project: Project) -> list[Path]:
    """The prepared folders whose topic or data were written after them. What takes their place will
    hold most of the same tables."""
    return [
        folder
        for folder in sorted((project.build / "prepared").glob("[!.]*"))
        if any(_newest(path) > folder.stat().st_mtime for path in _made_of(project, folder))
    ]


def _made_of(project: Project, folder: Path) -> Iterator[Path]:
    yield project.notebooks / folder.name.rpartition("-")[0]
    with contextlib.suppress(OSError, ValueError, KeyError):
        for source in json.loads((folder / "declared.json").read_bytes())["sources"]:
            yield project.data / source


def _newest(path: Path) -> float:
    """When the newest file in a folder was written, or the file itself; 0 where there is none."""
    times = [path.stat().st_mtime] if path.is_file() else []
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name[0] not in "._"]
        with contextlib.suppress(OSError):  # it went while we looked
            times += [Path(folder, name).stat().st_mtime for name in files if name[0] != "."]
    return max(times, default=0.0)


def _modules() -> set[tuple[str, int, int]]:
    """Our files, each with when it was last replaced or written (no program can choose that) and size."""
    found = ((path, path.stat()) for path in python_files(PACKAGE))
    return {(str(path), said.st_ctime_ns, said.st_size) for path, said in found}


def _named(arguments: list[str], option: str) -> Path | None:
    """The folder that an option names, as in `--project here` and `--project=here`."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, sign, value = word.partition("=")
        if name == option:
            return Path(value if sign else following)
    return None
