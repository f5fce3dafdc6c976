"""Corrections: `data/<source>/corrections.yml`, what we take instead of a publisher's figure, and why.

They are read strictly here and applied by `corrected`. Only what opens a file of corrections that is not
known yet loads this module (see `tables`): its models are slow to make.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from cityresearch.errors import did_you_mean
from cityresearch.evidence.corrected import FILE, Value
from cityresearch.evidence.declarations import Day, Declaration, read_declaration, refusal
from cityresearch.evidence.sources import LARGEST_NUMBER, MOST, Column, Source, load_source
from cityresearch.project import Project

LONGEST = 500  # entries of one file
OTHER_LINK = re.compile(r"^(?!https?:)[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)


class Correction(Declaration):
    """One entry of the file: which cells, what is done with them, why, and on what ground.

    `key` chooses rows by some or all of the table's key columns; `expect` is the publisher's value in
    each of them when the entry was written. `keep` corrects nothing: a person has looked at a value that
    a screen lists (see `screens`), and found it right.
    """

    table: str
    vintage: Annotated[str, Field(min_length=1)]
    key: Annotated[dict[str, Value], Field(min_length=1)]
    column: str
    action: Literal["drop", "override", "scale", "flag", "keep"]
    expect: Value | None
    value: Value | None = None
    factor: Annotated[float, Field(gt=0)] | None = None
    reason: Annotated[str, Field(min_length=10, max_length=600)]
    reference: Annotated[str, Field(min_length=4, max_length=600)]
    reported: Day

    @model_validator(mode="after")
    def _keys_fit_the_action(self) -> Correction:
        wrong = [
            ((self.action == "override") != (self.value is not None), "'value' is for override"),
            ((self.action == "scale") != (self.factor is not None), "'factor' is for scale"),
            (self.factor == 1, "a factor of 1 changes nothing"),
            (self.value is not None and self.value == self.expect, "'value' is the one expected"),
            (
                self.expect is None and self.action in ("drop", "scale"),
                "where the publisher has no value, there is none to drop or to scale",
            ),
            (OTHER_LINK.match(self.reference), "a link begins with http:// or https://"),
        ]
        for is_wrong, message in wrong:
            if is_wrong:
                raise ValueError(message)
        return self

    @property
    def corrects(self) -> bool:
        """Whether readers are told of it."""
        return self.action != "keep"


class Corrections(Declaration):
    """The content of a file."""

    corrections: Annotated[list[Correction], Field(max_length=LONGEST)]


def file_of(project: Project, source: str) -> Path:
    """Where the corrections of a source are written, if there are any."""
    return project.data / source / FILE


@functools.lru_cache(maxsize=64)
def load_corrections(project: Project, source: str) -> tuple[Correction, ...]:
    """The entries of a source in the order of its file; none where there is no file.

    Raises:
        ResearchError: no YAML, an unknown or missing key, or an entry that does not fit the source:
            the message names file and entry.
    """
    path = file_of(project, source)
    if not path.is_file():
        return ()
    found = tuple(read_declaration(Corrections, path, project).corrections)
    declared = load_source(project, source)
    faults = [
        f"entry {number}: {fault}"
        for number, entry in enumerate(found, 1)
        for fault in _faults(entry, declared)
    ]
    if faults:
        raise refusal(faults, project.relative(path))
    return found


def _faults(entry: Correction, source: Source) -> Iterator[str]:
    """What of an entry does not fit the source."""
    if entry.table not in source.tables:
        hint = did_you_mean(entry.table, source.tables) or f"It has: {', '.join(source.tables)}"
        yield f"the source has no table '{entry.table}'. {hint}"
        return
    table = source.tables[entry.table]
    if entry.vintage != table.vintage and entry.corrects:
        yield (
            f"it was written for vintage {entry.vintage}, but the table is of {table.vintage}. Look "
            f"again: write vintage: '{table.vintage}' and the value of now, or delete the entry"
        )
    for name, value in entry.key.items():
        if name not in table.key:
            yield f"'{name}' is no key column of the table; these are: {', '.join(table.key)}"
        elif fault := _misfit(value, table.columns[name]):
            yield f"key.{name}: {fault}"
    if entry.column not in table.columns:
        hint = did_you_mean(entry.column, table.columns)
        yield f"the table has no column '{entry.column}'. {hint}".strip()
        return
    yield from _misfits(entry, table.columns[entry.column])


def _misfits(entry: Correction, column: Column) -> Iterator[str]:
    for name, value in (("expect", entry.expect), ("value", entry.value)):
        if value is not None and (fault := _misfit(value, column)):
            yield f"{name}: {fault}"
    if entry.action == "scale" and column.type not in ("integer", "number"):
        yield f"'{entry.column}' is no number, which scale is for"
    if entry.action == "drop" and not column.nullable:
        yield f"'{entry.column}' can't be empty by source.yml, so its values can't be dropped"


KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "text": ((str,), "a text. Write it in quotes"),
    "date": ((str,), "a date in quotes"),
    "integer": ((int,), "a whole number"),
    "number": ((int, float), "a number"),
    "flag": ((bool,), "true or false"),
}


def _misfit(value: Value, column: Column) -> str:
    kinds, told = KINDS[column.type]
    fits = isinstance(value, kinds) and (column.type == "flag") == isinstance(value, bool)
    if (
        fits
        and isinstance(value, int | float)
        and abs(value) > (MOST if column.type == "integer" else LARGEST_NUMBER)
    ):
        return "no table may hold so large a number"
    return "" if fits else f"this must be {told}"


def of_table(project: Project, address: str) -> list[tuple[int, Correction]]:
    """The corrections of `source.table`, each with its number in the file.

    Raises:
        ResearchError: as `load_corrections`.
    """
    source, _, table = address.partition(".")
    return [
        (number, entry)
        for number, entry in enumerate(load_corrections(project, source), 1)
        if entry.table == table and entry.corrects
    ]


def texts(project: Project, source: str) -> dict[str, str]:
    """The corrections of each table that has some, as a text that changes with each of them.

    Raises:
        ResearchError: as `load_corrections`.
    """
    found: dict[str, list[object]] = {}
    for entry in load_corrections(project, source):
        if entry.corrects:
            found.setdefault(entry.table, []).append(entry.model_dump())
    return {table: json.dumps(entries, sort_keys=True) for table, entries in found.items()}
