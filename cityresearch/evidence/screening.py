"""Screening: what the screens list of the tables of `data/`, without what a person has looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import pandas as pd

from cityresearch.evidence import corrections, screens, tables
from cityresearch.evidence.corrected import FILE, holds, rows_of
from cityresearch.evidence.corrections import Correction
from cityresearch.evidence.names import name_of
from cityresearch.evidence.sources import load_source
from cityresearch.project import Project


@dataclass(frozen=True)
class Listed:
    """A candidate as a person reads it: `name` is what the row is about, where a table names it."""

    source: str
    table: str
    vintage: str
    key: str
    name: str
    column: str
    before: str
    value: str
    after: str
    screen: str
    why: str


def listed(project: Project, source: str) -> list[Listed]:
    """The candidates of all tables of a source, table by table, the farthest off first.

    Raises:
        ResearchError: a table or the corrections of the source break a rule.
    """
    found: list[Listed] = []
    for name, table in load_source(project, source).tables.items():
        address = f"{source}.{name}"
        frame = tables.load(project, address)
        seen = _looked_at(project, address, frame)
        for one in screens.candidates(frame, table):
            if (one.row, one.column) not in seen:
                told = {part: text for part, text in asdict(one).items() if part not in NOT_TOLD}
                who = name_of(project, table, frame.iloc[one.row].to_dict())
                found.append(Listed(source, name, table.vintage, name=who, **told))
    return found


NOT_TOLD = ("row", "size")


def _looked_at(project: Project, address: str, frame: pd.DataFrame) -> set[tuple[int, str]]:
    """The cells that somebody looked at: those corrected, and those kept as long as they stay the same."""
    done = tables.corrected(project, address)
    cells = {(row, one.column) for one in done for row in one.rows}
    for _, entry in _kept(project, address.partition(".")[0]):
        if entry.table == address.partition(".")[2]:
            cells |= {(row, entry.column) for row in _holding(project, address, frame, entry)}
    return cells


def _kept(project: Project, source: str) -> Iterator[tuple[int, Correction]]:
    """The entries that keep a value, each with its number in the file."""
    for number, entry in enumerate(corrections.load_corrections(project, source), 1):
        if not entry.corrects:
            yield number, entry


def _holding(project: Project, address: str, frame: pd.DataFrame, entry: Correction) -> list[int]:
    """The rows of an entry whose value is still the one that it expects."""
    if entry.vintage != tables.declaration(project, address).vintage:
        return []
    return [row for row in rows_of(frame, entry) if holds(frame, entry, row)]


def outdated(project: Project, source: str) -> list[str]:
    """The entries that keep a value which is no longer there, in words.

    Raises:
        ResearchError: as `listed`.
    """
    told = []
    for number, entry in _kept(project, source):
        address = f"{source}.{entry.table}"
        if not _holding(project, address, tables.load(project, address), entry):
            where = f"data/{source}/{FILE}, entry {number}"
            told.append(f"{where}: the value it keeps is no longer there. Delete the entry.")
    return told


def lines(found: Iterable[Listed], most: int | None) -> Iterator[str]:
    """Candidates in words, of each table the first `most`."""
    counts: dict[str, int] = {}
    for one in found:
        address = f"{one.source}.{one.table}"
        counts[address] = counts.get(address, 0) + 1
        if counts[address] == 1:
            yield f"{address}, {one.vintage}:"
        if most is None or counts[address] <= most:
            yield f"  {_row(one)}"
    for address, count in counts.items():
        if most is not None and count > most:
            yield f"{address}: {count - most} more (--all)"


def _row(one: Listed) -> str:
    years = " → ".join(text or "–" for text in (one.before, one.value, one.after))
    values = years if one.before or one.after else one.value
    who = f"{one.name} ({one.key})" if one.name else one.key
    return f"{one.screen}: {who} {one.column}: {values}; {one.why}"
