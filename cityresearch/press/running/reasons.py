"""Why a brief must run: what differs between its row of the ledger and what a run would use now."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cityresearch.briefs.prepared import Prepared
from cityresearch.press.running import stamps
from cityresearch.press.running.job import Job
from cityresearch.press.running.keys import differences
from cityresearch.press.running.ledger import (
    Past,
    Row,
    contents_hash,
    outputs_text,
    parameters_text,
    place_hash,
)
from cityresearch.project import Project

FileHash = Callable[[str], str]
INSERT = re.compile(r"notebooks/\w+/(inserts/[^/]+\.md)")


class Damaged(Exception):
    """What the ledger holds of a brief can't be read."""


@dataclass(frozen=True)
class Verdict:
    """Why a brief must run, most telling first (empty: it is up to date); and, for one whose tables
    changed in rows that it did not read, what it read with the new fingerprints."""

    reasons: list[str]
    confirmed: dict[str, Any] | None = None


def judge(
    project: Project,
    past: Past,
    recipe: dict[str, Any],
    job: Job,
    prepared: Prepared,
    file_hash: FileHash,
) -> Verdict:
    """Compares one brief with its row; `recipe` are the parts of its topic's recipe now."""
    row = past.rows.get((job.topic, job.place.geoid))
    if row is None:
        return Verdict(["new"])
    found = list(_of_row(row))
    if row.recipe != job.recipe:
        found += differences(past.recipes.get(row.recipe, {}), recipe)
    if row.parameters != parameters_text(job.parameters):
        found.append("parameters")
    if row.place != place_hash(job.place):
        found.append("place")
    try:
        data, confirmed = _data(prepared, past, row)
        read = _parsed(row.files)
    except Damaged:
        return Verdict(["new"])
    files = (_told(name) for name, was in read.items() if file_hash(name) != was)
    found += [*data, *files]
    if row.state == "done":
        found += _outputs(project, job, row)
    return Verdict(found, None if found else confirmed)


def _told(name: str) -> str:
    """A file that changed; an insert as its author knows it, by its path in the topic's folder."""
    insert = INSERT.fullmatch(name)
    return f"insert: {insert[1]}" if insert else f"file: {name}"


def file_hashes(project: Project) -> FileHash:
    """SHA-256 of files by their path from the project's root, each read once: briefs share them."""

    @functools.cache
    def file_hash(name: str) -> str:
        return stamps.file_hash(f"{project.root}/{name}")

    return file_hash


def _of_row(row: Row) -> Iterator[str]:
    if row.state == "failed":
        yield "failed last time"
    elif row.state != "done":
        yield "stopped before it was finished"


def _outputs(project: Project, job: Job, row: Row) -> Iterator[str]:
    now = outputs_text(project, job)
    if not now:
        yield "outputs are missing"
    elif now != row.outputs and contents_hash(project, job) != row.contents:
        yield "outputs were changed"


def _data(prepared: Prepared, past: Past, row: Row) -> tuple[list[str], dict[str, Any] | None]:
    """The rows read that changed, and what was read with the fingerprints of now where tables did."""
    now = prepared.fingerprints
    moved = [table for table, was in _parsed(row.prints).items() if now.get(table) != was]
    if not moved:
        return [], None
    from cityresearch.briefs import reads  # loads pandas, which a plan without changes spares

    text = past.reads.get((row.topic, row.geoid))
    if text is None:  # the ledger is damaged there
        return [f"data: {moved[0]}"], None
    read = _object(text)
    if told := reads.changed(prepared, read):
        return told, None
    return [], {table: {**said, "print": now[table]} for table, said in read.items()}


@functools.lru_cache(maxsize=4096)
def _parsed(text: str) -> dict[str, str]:
    """JSON of the ledger, once for each text: the briefs of a run have a few in common."""
    return _object(text)


def _object(text: str) -> dict[str, Any]:
    try:
        return dict(**json.loads(text))
    except (ValueError, TypeError):
        raise Damaged from None
