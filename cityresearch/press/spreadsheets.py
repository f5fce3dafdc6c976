"""Figures and tables as CSV: numbers as numbers, units in the header, texts that no program obeys."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cityresearch.press.figure_list import exact

Json = Mapping[str, Any]
NUMBER = re.compile(r"[−-]?\$?\d[\d,]*(?:\.\d+)?%?")  # as tables print one
FORMULA = ("=", "+", "-", "@")  # what makes a spreadsheet take a text for a formula


def figures_csv(facts: Sequence[Json]) -> str:
    """The figures of a brief, a row each. `rows` are the source rows, joined by spaces."""
    head = ["id", "label", "value", "unit", "margin_of_error_90", "low_90", "high_90", "printed"]
    head += ["about", "about_kind", "about_id", "source", "vintage", "rows", "method", "reason"]
    return _csv([head, *map(_fact, facts)])


def _fact(fact: Json) -> list[str]:
    about = fact["about"]
    numbers = [exact(fact[name]) for name in ("moe", "low", "high")]
    ours = [fact["text"], about["name"], about["kind"], about["id"], fact["source"]]
    ends = [fact["vintage"], " ".join(fact["rows"]), fact["method"], fact["reason"]]
    start = [text(fact["id"]), text(fact["label"]), exact(fact["value"]), text(fact["unit"])]
    return start + numbers + [text(each) for each in (*ours, *ends)]


def table_csv(table: Json, figures: Iterable[Sequence[Any]], facts: Sequence[Json]) -> str:
    """The table of a chart. Cells that are figures give the exact value, others the one printed.

    Args:
        table: the table's block.
        figures: where in the chart's block figures are (see `marks.of_block`).
        facts: of the brief.
    """
    known = {_cell_at(place): facts[spans[0][2]] for place, spans in figures if _is_cell(place)}
    rows, columns = table["rows"], table["columns"]
    noted = [any(_sub(row[at]) for row in rows) for at in range(len(columns))]
    head: list[str] = []
    for column, has_notes in zip(columns, noted, strict=True):
        unit = f" ({column['unit']})" if column.get("unit") else ""
        head += [text(column["label"] + unit), *([text(f"{column['label']}, note")] * has_notes)]
    made = [[*head, "Source"]]
    for at, row in enumerate(rows):
        cells: list[str] = []
        for number, cell in enumerate(row):
            cells.append(_value(cell, known.get((at, number))))
            cells += [text(_sub(cell))] * noted[number]
        made.append([*cells, text(table.get("source", ""))])
    return _csv(made)


def _is_cell(place: Sequence[Any]) -> bool:
    """Whether the text is a cell of the chart's table, not what stands below one."""
    return list(place[:2]) == ["table", "rows"] and place[-1] != "sub"


def _cell_at(place: Sequence[Any]) -> tuple[int, int]:
    return place[2], place[3]


def _sub(cell: str | Json) -> str:
    return "" if isinstance(cell, str) else cell.get("sub", "")


def _value(cell: str | Json, fact: Json | None) -> str:
    printed = cell if isinstance(cell, str) else cell["text"]
    if fact is not None and fact["value"] is not None:
        return exact(fact["value"])
    if NUMBER.fullmatch(printed):
        return re.sub("[$,%]", "", printed).replace("−", "-")
    return text(printed)


def text(words: Any) -> str:
    """A text for a cell, on one line, with an apostrophe where a spreadsheet would take it for a formula."""
    plain = "" if words is None else " ".join(str(words).split())
    return f"'{plain}" if plain.startswith(FORMULA) else plain


def _csv(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()
