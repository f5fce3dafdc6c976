"""Corrected tables: the corrections of a table applied, and what was done, for readers.

The file of a table stays as it was derived. A correction is applied when the table is checked, before
anyone sees a row, and only while the publisher's value is the one that it was written for.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cityresearch.evidence.declarations import refusal
from cityresearch.evidence.sources import LARGEST_NUMBER, MOST, Column, Table

if TYPE_CHECKING:
    import pandas as pd

    from cityresearch.evidence.corrections import Correction

FILE = "corrections.yml"
Value = str | int | float | bool
ATTRIBUTE = "corrections"  # of a frame that was corrected, also in its Parquet file
PART = re.compile(r",(?=\w+=)")
NAMES = ("name", "place", "agency")  # columns by which readers know a row


class Corrected(NamedTuple):
    """A correction as it was applied.

    `rows` are the rows of the table, counted from 0, `keys` their keys, as in `uace=53200,year=2019`,
    `names` what readers call them (empty where the table has no names). `used` is what stands there now,
    None for a value that was dropped; `published` what the publisher has.
    """

    table: str
    vintage: str
    column: str
    meaning: str
    unit: str
    action: str
    published: Value | None
    used: Value | None
    factor: float | None
    reason: str
    reference: str
    reported: str
    rows: tuple[int, ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def cells(self) -> list[str]:
        """The cells as facts name them: `ntd.areas[uace=53200,year=2019].upt`."""
        return [f"{self.table}[{key}].{self.column}" for key in self.keys]


def applied(
    frame: pd.DataFrame, address: str, table: Table, entries: Sequence[tuple[int, Correction]]
) -> pd.DataFrame:
    """The rows of a table with its corrections, which `taken` tells; the frame itself where it has none.

    Args:
        frame: the publisher's values, of the declared types.

    Raises:
        ResearchError: an entry without a row, one whose publisher's value is not the one expected, or a
            second one for the same cell; the message names file, entry, what was found and expected.
    """
    if not entries:
        return frame
    where = f"data/{address.partition('.')[0]}/{FILE}"
    faults: list[str] = []
    chosen: list[tuple[Correction, list[int]]] = []
    known: dict[tuple[int, str], int] = {}
    for number, entry in entries:
        rows = rows_of(frame, entry)
        fault = _guard(frame, table, entry, rows)
        for row in rows:
            if (other := known.setdefault((row, entry.column), number)) != number:
                fault = f"entry {other} corrects {_cell(frame, table, entry, row)} already"
        faults += [f"entry {number} ({entry.action}): {fault}"] if fault else []
        chosen.append((entry, rows))
    if faults:
        raise refusal(faults, where)
    made = frame.copy()
    for entry, rows in chosen:
        values = made[entry.column].copy()
        values.iloc[rows] = used(entry, table.columns[entry.column])
        made[entry.column] = values
    done = [_corrected(made, address, table, entry, rows) for entry, rows in chosen]
    made.attrs[ATTRIBUTE] = [each._asdict() for each in done]
    return made


def rows_of(frame: pd.DataFrame, entry: Correction) -> list[int]:
    """The rows that an entry is about, counted from 0."""
    same = (
        (frame[name] == value).to_numpy(bool, na_value=False) for name, value in entry.key.items()
    )
    return [int(row) for row in functools.reduce(operator.and_, same).nonzero()[0]]


def holds(frame: pd.DataFrame, entry: Correction, row: int) -> bool:
    """Whether the cell of an entry holds the value that it expects."""
    found = _plain(frame[entry.column].iloc[row])
    return (type(found) is type(entry.expect) and found == entry.expect) or _equal(
        found, entry.expect
    )


def _equal(found: Any, expected: Any) -> bool:
    numbers = all(type(each) in (int, float) for each in (found, expected))
    return numbers and float(found) == float(expected)


def _guard(frame: pd.DataFrame, table: Table, entry: Correction, rows: Sequence[int]) -> str:
    """Why an entry can't be applied; empty where it can."""
    if not rows:
        told = ", ".join(f"{name} {value}" for name, value in entry.key.items())
        return f"{entry.table} has no row with {told}. Mend the key, or delete the entry"
    for row in rows:
        if not holds(frame, entry, row):
            found = shown(_plain(frame[entry.column].iloc[row]))
            return (
                f"{_cell(frame, table, entry, row)} holds {found}, not {shown(entry.expect)}, which "
                f"it expects. If the publisher has mended it, delete the entry; if it is wrong in "
                f"another way, write what is there now as expect"
            )
    value = used(entry, table.columns[entry.column])
    if isinstance(value, float) and abs(value) > LARGEST_NUMBER:
        return f"{shown(entry.expect)} by {entry.factor:g} is larger than a table may hold"
    if table.columns[entry.column].type == "integer" and isinstance(value, float):
        return f"{shown(entry.expect)} by {entry.factor:g} gives no whole number"
    return ""


def used(entry: Correction, column: Column) -> Value | None:
    """What stands in the cell once it is corrected."""
    if entry.action in ("drop", "override"):
        return entry.value
    if entry.factor is None:
        return entry.expect
    scaled = float(entry.expect or 0) * entry.factor
    is_small = abs(scaled) <= MOST  # `_guard` refuses others; infinity can't be rounded
    # A factor such as 0.1 is no exact number: it leaves something behind the point.
    if column.type == "integer" and is_small and abs(scaled - round(scaled)) < 1e-6:
        return round(scaled)
    return scaled


def _corrected(
    made: pd.DataFrame, address: str, table: Table, entry: Correction, rows: Sequence[int]
) -> Corrected:
    column = table.columns[entry.column]
    name = next((each for each in NAMES if each in table.columns), "")
    return Corrected(
        table=address,
        vintage=entry.vintage,
        column=entry.column,
        meaning=column.meaning,
        unit=column.unit or "",
        action=entry.action,
        published=entry.expect,
        used=used(entry, column),
        factor=entry.factor,
        reason=entry.reason,
        reference=entry.reference,
        reported=entry.reported,
        rows=tuple(rows),
        keys=tuple(row_key(made, table, row) for row in rows),
        names=tuple(dict.fromkeys(str(each) for each in made[name].iloc[list(rows)].dropna()))
        if name
        else (),
    )


def row_key(frame: pd.DataFrame, table: Table, row: int) -> str:
    """The key of a row as facts name it: `uace=53200,year=2019`."""
    return ",".join(f"{name}={frame[name].iloc[row]}" for name in table.key)


def parts_of(key: str) -> dict[str, str]:
    """The parts of such a key, by column."""
    parts = (part.partition("=") for part in PART.split(key))
    return {name: value for name, _, value in parts}


def _cell(frame: pd.DataFrame, table: Table, entry: Correction, row: int) -> str:
    return f"{entry.table}[{row_key(frame, table, row)}].{entry.column}"


def _plain(value: Any) -> Value | None:
    """A cell as a plain value, None where it is empty."""
    plain = value.item() if hasattr(value, "item") else value
    return None if plain is None or plain != plain or not isinstance(plain, Value) else plain


def shown(value: Value | None) -> str:
    """A value for people; of a text also the signs that nobody sees."""
    if value is None:
        return "no value"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        seen = re.sub("[\x80-\x9f]", lambda sign: f"‹U+{ord(sign[0]):04X}›", value)
        return f"“{seen}”"
    return f"{value:,}"


def taken(attributes: Mapping[Any, Any]) -> tuple[Corrected, ...]:
    """The corrections that a frame carries in its attributes."""
    return tuple(map(from_json, attributes.get(ATTRIBUTE, ())))


def from_json(said: Mapping[str, Any]) -> Corrected:
    """A correction as `asdict` and JSON told it."""
    given: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in said.items()
    }
    return Corrected(**given)
