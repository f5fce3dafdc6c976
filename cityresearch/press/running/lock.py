"""One run at a time on one build folder: a lock that the system lifts when its holder is gone."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from cityresearch.errors import ResearchError
from cityresearch.press.files import write_whole
from cityresearch.project import Project

HELD = ("SQLITE_BUSY", "SQLITE_LOCKED")
NO_LOCK = ("SQLITE_NOTADB", "SQLITE_CORRUPT")  # something else was written into the file
PATIENCE = 1.0  # seconds that a run waits: one who only looks at the lock has it for a moment


@contextlib.contextmanager
def hold(project: Project) -> Iterator[None]:
    """Keeps every other command that writes to this build folder out while the block runs.

    Raises:
        ResearchError: another process is at work there; the message names it and its start. Or the
            lock's file can't be used.
    """
    path = project.build / "run.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = _take_or_mend(path)
    except sqlite3.DatabaseError as error:
        raise ResearchError(
            f"the lock can't be used ({error}).",
            where=project.relative(path),
            instead="Mend its rights or take it away, or choose another folder with --build-dir.",
        ) from None
    if connection is None:
        raise ResearchError(
            f"{_told(path)} is at work on this build folder.",
            where=project.relative(project.build),
            instead="Wait for its end, or give this one a folder of its own with --build-dir.",
        )
    try:
        now = datetime.datetime.now().astimezone().isoformat(" ", "seconds")
        write_whole(_holder(path), json.dumps({"pid": os.getpid(), "started": now}).encode())
        yield
    finally:
        _holder(path).unlink(missing_ok=True)
        connection.close()


def holder(project: Project) -> str:
    """The process at work on a build folder, as in "process 4711, started …"; empty where none is."""
    path = project.build / "run.lock"
    if not path.is_file():
        return ""
    try:
        connection = _take(path, "SELECT 1 FROM sqlite_master", 0)  # which keeps no other look out
    except sqlite3.DatabaseError:  # no run can hold what is no lock
        return ""
    if connection is None:
        return _told(path)
    connection.close()
    return ""


def _take_or_mend(path: Path) -> sqlite3.Connection | None:
    try:
        return _take(path, "BEGIN EXCLUSIVE", PATIENCE)
    except sqlite3.DatabaseError as error:
        if not error.sqlite_errorname.startswith(NO_LOCK):
            raise
        os.truncate(path, 0)  # not taken away: another process may hold it by now
        return _take(path, "BEGIN EXCLUSIVE", PATIENCE)


def _take(path: Path, how: str, patience: float) -> sqlite3.Connection | None:
    """SQLite's own lock on an empty file: the one lock of the standard library that works on every
    system and vanishes with its process, however that ends. None where another process has it."""
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
    try:
        connection.execute(how)
    except sqlite3.DatabaseError as error:
        connection.close()
        if error.sqlite_errorname.startswith(HELD):
            return None
        raise
    return connection


def _holder(path: Path) -> Path:
    return path.with_name("run.lock.json")


def _told(path: Path) -> str:
    try:
        said = json.loads(_holder(path).read_text(encoding="utf-8"))
        return f"process {said['pid']}, started {said['started']},"
    except (OSError, ValueError, KeyError):  # it holds the lock and has not written yet
        return "another process"
