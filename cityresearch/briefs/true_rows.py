"""Rows that a notebook took from tables, held against the tables: whom they are about, what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cityresearch.briefs import derive
from cityresearch.briefs.circle import Circle
from cityresearch.briefs.plain import empty
from cityresearch.briefs.prepared import Prepared
from cityresearch.errors import ResearchError

Columns = dict[str, list[Any]]


class TrueRows:
    """The rows of pinned tables that are about members of the circle, as they stand in the tables."""

    def __init__(self, circle: Circle, prepared: Prepared) -> None:
        self._circle, self._prepared = circle, prepared
        self._kinds: dict[str, str] = {}
        self._known: dict[tuple[str, str], tuple[Columns, dict[tuple[str, ...], int]]] = {}

    def admit(self, table: str, row: Mapping[str, Any], column: str) -> None:
        """Refuses a row that is about a stranger, and a value that is not the one in that row.

        Raises:
            ResearchError: naming the row.
        """
        declared, kind = self._prepared.declared(table), self._kind(table)
        if not kind:
            return
        keys = {name: row[name] for name in declared.key}
        key = tuple(map(str, self._prepared.cells(table, keys).values()))
        told = f"{table}[{','.join(map('='.join, zip(declared.key, key, strict=True)))}]"
        code = self._circle.place.ids.get(kind, "") if empty(row.get(kind)) else str(row[kind])
        self._circle.admit_codes({kind: code}, f"the row {told}")
        columns, places = self._rows(table, kind, code)
        if key not in places:
            raise self._circle.stranger(f"the row {told} is not about {kind} {code} but another")
        held = columns[column][places[key]]
        if not _same(held, row[column]):
            raise ResearchError(
                f"{told} holds {held} in '{column}', and here it is to print {row[column]}.",
                instead="Take key and number from one row: a column was moved, sorted or changed alone.",
            )

    def admit_text(self, table: str, row: Mapping[str, Any], told: Iterable[str]) -> None:
        """Refuses a text of a row that is about a stranger, by its key and by the codes that it has.

        Raises:
            ResearchError: naming the row.
        """
        kind = self._kind(table)
        if kind in row and not empty(row[kind]):
            self._circle.admit_codes({kind: row[kind]}, f"a row of {table} that is quoted")
        self._circle.admit_rows(told, "a text")

    def _kind(self, table: str) -> str:
        """The most local code of a place that the table has a column of; empty where it has none."""
        if table not in self._kinds:
            self._kinds[table] = derive.place_key(self._prepared.declared(table).columns)
        return self._kinds[table]

    def _rows(self, table: str, kind: str, code: str) -> tuple[Columns, dict[tuple[str, ...], int]]:
        """The rows of a place by column, and where each is by its key. That they were read is noted where
        they are taken."""
        if (table, code) not in self._known:
            frame = self._prepared.rows(table, (kind,), (code,))
            key = self._prepared.declared(table).key
            columns = {str(name): values.tolist() for name, values in frame.items()}
            texts = zip(*(map(str, columns[name]) for name in key), strict=True)
            self._known[table, code] = columns, {text: at for at, text in enumerate(texts)}
        return self._known[table, code]


def _same(held: Any, told: Any) -> bool:
    """Whether a cell of a table holds what is told of it: whole numbers may come with decimals."""
    if empty(held) or empty(told):
        return empty(held) and empty(told)
    return bool(held == told) or str(held) == str(told)
