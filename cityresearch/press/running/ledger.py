"""The ledger: what became of every brief, in one SQLite file of the build folder.

Only the process that holds the lock of the build folder writes. A brief is marked `running` before its
files can be replaced, so that a run killed at any moment leaves no row that speaks of other files.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch.errors import ResearchError
from cityresearch.project import Project

if TYPE_CHECKING:
    from cityresearch.evidence.places import Place
    from cityresearch.press.running.job import Job, Outcome

OUT_OF_REACH = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")
VERSION = 2  # of the tables below; a ledger of another version is begun anew
SCHEMA = """
CREATE TABLE recipes (hash TEXT PRIMARY KEY, parts TEXT NOT NULL);
CREATE TABLE briefs (
    topic TEXT, geoid TEXT, path TEXT, state TEXT, recipe TEXT, parameters TEXT, place TEXT,
    prints TEXT DEFAULT '{}', files TEXT DEFAULT '{}',
    seconds REAL, cpu REAL, memory REAL, reason TEXT DEFAULT '',
    started REAL, ended REAL, note TEXT DEFAULT '', outputs TEXT DEFAULT '',
    contents TEXT DEFAULT '', reads TEXT DEFAULT '{}',
    PRIMARY KEY (topic, geoid)
);
"""
OUTPUTS = (("notebooks", "ipynb"), ("facts", "json"))
Key = tuple[str, str]  # topic, geoid


@dataclass(frozen=True)
class Row:
    """One brief as its last run left it; `state` is running, done or failed.

    `prints` (fingerprints of the tables that it read) and `files` (other files that it read, with
    hashes) are JSON as text: the rows of a run share few texts, and each is parsed once.
    `outputs` and `contents` tell its files as they were left (see `outputs_text` and
    `contents_hash`). Times are in seconds (`started` and `ended` since 1970), memory in megabytes.
    """

    topic: str
    geoid: str
    path: str
    state: str
    recipe: str
    parameters: str
    place: str
    prints: str
    files: str
    seconds: float | None
    cpu: float | None
    memory: float | None
    reason: str
    started: float
    ended: float | None
    note: str
    outputs: str
    contents: str


@dataclass(frozen=True)
class Past:
    """All that a ledger holds; `trouble` says, in a sentence, why it holds less than it should."""

    rows: dict[Key, Row] = field(default_factory=dict)
    recipes: dict[str, dict[str, Any]] = field(default_factory=dict)
    trouble: str = ""
    file: Path | None = None

    @functools.cached_property
    def reads(self) -> dict[Key, str]:
        """The rows of tables that each brief read, with hashes, as JSON; fetched when first asked for,
        since it is most of the ledger and a plan needs it only where a table changed."""
        try:
            with contextlib.closing(_connect(self.file, "rw")) as connection:  # type: ignore[arg-type]
                found = connection.execute("SELECT topic, geoid, reads FROM briefs")
                return {(topic, geoid): text for topic, geoid, text in found}
        except sqlite3.DatabaseError:
            return {}


def ledger_file(project: Project) -> Path:
    """Where the ledger lies."""
    return project.build / "ledger.sqlite"


def read_past(project: Project) -> Past:
    """What the ledger says, for a plan; nothing where there is none, or none that can be read.

    Raises:
        ResearchError: another program holds it, or it may not be opened: it is not lost.
    """
    path = ledger_file(project)
    if not path.exists():
        return Past()
    try:
        with contextlib.closing(_connect(path, "rw")) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                fault = "was written by another version of cityresearch"
                return Past(trouble=_told(project, fault))
            columns = ", ".join(each.name for each in fields(Row))
            found = (Row(*row) for row in connection.execute(f"SELECT {columns} FROM briefs"))
            recipes = dict(connection.execute("SELECT hash, parts FROM recipes"))
            return Past(
                {(row.topic, row.geoid): row for row in found},
                {key: json.loads(parts) for key, parts in recipes.items()},
                file=path,
            )
    except (sqlite3.DatabaseError, ValueError) as error:
        if _is_out_of_reach(error):
            raise _refused(project, error) from None
        return Past(trouble=_told(project, "is damaged"))


def _is_out_of_reach(error: BaseException | None) -> bool:
    """Whether the file may be well and only can't be used now."""
    return getattr(error, "sqlite_errorname", "").startswith(OUT_OF_REACH)


def _refused(project: Project, error: BaseException) -> ResearchError:
    return ResearchError(
        f"the ledger can't be used now ({error}).",
        where=project.relative(ledger_file(project)),
        instead="Close the program that has it open, mend the file's rights, or choose another "
        "folder with --build-dir.",
    )


class Ledger:
    """The ledger as a run writes it: `with Ledger(project) as ledger: ledger.began(job) …`.

    Made by the main process alone, under the lock. One that is damaged or of another version is set
    aside and begun anew; `trouble` then says so.

    Raises:
        ResearchError: now or while it is written, where another program holds the file, or it may not
            be written.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        path = ledger_file(project)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.trouble = read_past(project).trouble
        if not self.trouble and path.is_file() and not _is_whole(path):
            self.trouble = _told(project, "is damaged")
        if self.trouble:
            _set_aside(path)
        try:
            self._open(path)
        except sqlite3.DatabaseError as error:
            if _is_out_of_reach(error):
                raise _refused(project, error) from None
            raise

    def _open(self, path: Path) -> None:
        fresh = not path.is_file()
        self._connection = _connect(path, "rwc")
        if fresh:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; END;")
        # A process killed loses nothing; a power cut may lose the last rows, never the file.
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self._connection.close()
        if error and _is_out_of_reach(error):
            raise _refused(self._project, error) from None

    def know(self, recipes: Mapping[str, Mapping[str, Any]]) -> None:
        """Keeps what recipes are made of, so that a later plan can tell which part changed."""
        rows = [(key, json.dumps(parts, sort_keys=True)) for key, parts in recipes.items()]
        self._connection.executemany("INSERT OR IGNORE INTO recipes VALUES (?, ?)", rows)

    def began(self, job: Job) -> None:
        """Marks a brief as running: from now on its files may be replaced."""
        row = {
            "topic": job.topic,
            "geoid": job.place.geoid,
            "path": job.place.path,
            "state": "running",
            "recipe": job.recipe,
            "parameters": parameters_text(job.parameters),
            "place": place_hash(job.place),
            "started": time.time(),
        }
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        statement = f"INSERT OR REPLACE INTO briefs ({names}) VALUES ({marks})"
        self._connection.execute(statement, tuple(row.values()))

    def ended(self, outcome: Outcome) -> None:
        """Notes how a brief ended; its files are whole by now."""
        self._change(
            (outcome.job.topic, outcome.job.place.geoid),
            state=outcome.state,
            prints=_prints(outcome.reads),
            reads=json.dumps(dict(outcome.reads)),
            files=json.dumps(dict(outcome.files), sort_keys=True),
            seconds=outcome.seconds,
            cpu=outcome.cpu,
            memory=outcome.memory,
            reason=outcome.reason,
            ended=time.time(),
            note=outcome.note,
            outputs=outputs_text(self._project, outcome.job),
            contents=contents_hash(self._project, outcome.job),
        )

    def confirm(self, reads: Mapping[Key, Mapping[str, Any]]) -> None:
        """Notes that briefs read the same rows of tables that have changed elsewhere."""
        self._connection.execute("BEGIN")
        for key, read in reads.items():
            self._change(key, prints=_prints(read), reads=json.dumps(dict(read)))
        self._connection.execute("COMMIT")

    def _change(self, key: Key, **values: Any) -> None:
        named = ", ".join(f"{name} = ?" for name in values)
        statement = f"UPDATE briefs SET {named} WHERE topic = ? AND geoid = ?"
        self._connection.execute(statement, (*values.values(), *key))


def parameters_text(parameters: Mapping[str, Any]) -> str:
    """Parameters as the ledger holds them: the same text for the same values."""
    return json.dumps(dict(parameters), sort_keys=True)


def place_hash(place: Place) -> str:
    """Changes with anything that a brief may say of its place: name, codes, address, residents."""
    said = {**vars(place), "ids": dict(place.ids)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def outputs_text(project: Project, job: Job) -> str:
    """Size and time of change of each file that a run of this brief leaves; empty where one is missing.

    A look at them is all that a plan has the time for.
    """
    try:
        found = [os.stat(job.output(project, *each)) for each in OUTPUTS]  # noqa: PTH116
    except OSError:
        return ""
    return " ".join(f"{one.st_size}:{one.st_mtime_ns}" for one in found)


def contents_hash(project: Project, job: Job) -> str:
    """SHA-256 of the same files: a build folder that was copied is not made again."""
    digest = hashlib.sha256()
    for each in OUTPUTS:
        with contextlib.suppress(OSError):
            digest.update(job.output(project, *each).read_bytes())
    return digest.hexdigest()


def _prints(reads: Mapping[str, Any]) -> str:
    """The fingerprints of the tables read: one text for all briefs of a run that read the same."""
    return json.dumps({table: read["print"] for table, read in sorted(reads.items())})


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None)


def _is_whole(path: Path) -> bool:
    """Whether SQLite finds no fault in the file; read by whoever is about to write."""
    with contextlib.closing(_connect(path, "rw")) as connection:
        return bool(connection.execute("PRAGMA quick_check").fetchone()[0] == "ok")


def _told(project: Project, fault: str) -> str:
    where = project.relative(ledger_file(project))
    return f"The ledger {where} {fault}: every brief counts as new."


def _set_aside(path: Path) -> None:
    """Moves a ledger that is no use out of the way, for whoever wants to look, with what belongs to it."""
    path.replace(path.with_name("ledger.damaged.sqlite"))
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
