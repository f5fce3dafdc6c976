"""Figures and tables as CSV: numbers as numbers, units in the header, texts that no program obeys."""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cityresearch.evidence.estimates import reliability
from cityresearch.press.figure_list import REPEATED, estimate_of, exact

Json = Mapping[str, Any]
NUMBER = re.compile(r"[−-]?\$?\d[\d,]*(?:\.\d+)?%?")  # as tables print one
RANGE = re.compile(f"{NUMBER.pattern} to {NUMBER.pattern}|± ?{NUMBER.pattern}")  # below a value
SCALE = re.compile(r", (?:thousands|millions|billions)(?: of (.+))?$")  # ends a label
ENDS = ("Chart", "Source of the data")
# What makes a spreadsheet take a text for a formula, in the wide forms of East Asian keyboards too.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
PLAIN = re.compile(r"[+-]?[$]?\d[\d,]*(?:\.\d+)?%?")  # a number with its sign is only a number


def figures_csv(facts: Sequence[Json]) -> str:
    """The figures of a brief, a row each. `rows` are the source rows, joined by spaces; `reliability`
    is that of `estimates.reliability`: "suppressed" is what is too uncertain for prose."""
    head = ["id", "label", "value", "unit", "margin_of_error_90", "low", "high", "reliability"]
    head += ["printed", "about", "about_kind", "about_id", "source", "vintage", "rows", "method"]
    head += ["reason", "correction"]
    return _csv([head, *map(_fact, facts)])


def _fact(fact: Json) -> list[str]:
    about = fact["about"]
    numbers = [exact(fact[name]) for name in ("moe", "low", "high")]
    sure = _reliability(estimate_of(fact))
    ours = [sure, fact["text"], about["name"], about["kind"], about["id"], fact["source"]]
    ends = [fact["vintage"], " ".join(fact["rows"]), fact["method"], fact["reason"]]
    ends.append(fact.get("correction", ""))
    start = [text(fact["id"]), text(fact["label"]), exact(fact["value"]), text(fact["unit"])]
    return start + numbers + [text(each) for each in (*ours, *ends)]


_reliability = functools.lru_cache(maxsize=REPEATED)(reliability)


def table_csv(table: Json, figures: Iterable[Sequence[Any]], facts: Sequence[Json]) -> str:
    """The table of a chart. Cells that are figures give the exact value, others the one printed.

    A column with bounds or margins has two more, with the lower and the upper bound;
    what else stands below its values is in a column of notes. The last two columns tell of which chart
    the row is, and the chart's source.

    Args:
        table: the table's block.
        figures: where in the chart's block figures are (see `marks.of_block`).
        facts: of the brief.
    """
    known = {_cell_at(place): facts[spans[0][2]] for place, spans in figures if _is_cell(place)}
    columns = [
        _column(column, [(row[at], known.get((number, at))) for number, row in enumerate(rows)])
        for rows in [table["rows"]]
        for at, column in enumerate(table["columns"])
    ]
    told = [text(table.get("caption", "")), text(table.get("source", ""))]
    ends = ([name, *[said] * len(table["rows"])] for name, said in zip(ENDS, told, strict=True))
    parts = [part for column in columns for part in column]
    return _csv(zip(*parts, *ends, strict=True))


def _column(column: Json, cells: Sequence[tuple[str | Json, Json | None]]) -> Iterator[list[str]]:
    """A column of a table as columns of a file, each with its head: values, bounds, notes."""
    units = {fact["unit"] for _, fact in cells if fact}
    unit = column.get("unit") or (units.pop() if len(units) == 1 else "")
    end = f" ({unit})" if unit else ""
    # Figures are given in single units, not in the millions that a page prints.
    label = SCALE.sub(lambda found: f", {found[1]}" if found[1] else "", column["label"])
    yield [text(label + end), *(_value(cell, fact) for cell, fact in cells)]
    bounds = [_bounds(cell, fact) for cell, fact in cells]
    if any(filter(None, bounds)):
        for at, name in enumerate(("low", "high")):
            head = text(f"{label}, {name}{end}")
            yield [head, *(found[at] if found else "" for found in bounds)]
    notes = ["" if RANGE.fullmatch(_sub(cell)) else _sub(cell) for cell, _ in cells]
    if any(notes):
        yield [text(f"{label}, note"), *map(text, notes)]


def _bounds(cell: str | Json, fact: Json | None) -> tuple[str, str] | None:
    """The bounds of a figure, or as they are printed below a value; None for a value without."""
    if fact is None:
        printed = [found for found in map(_number, NUMBER.findall(_sub(cell))) if found]
        if not RANGE.fullmatch(_sub(cell)):
            return None
        if len(printed) == 2:
            return printed[0], printed[1]
        value = _number(cell if isinstance(cell, str) else cell["text"])
        return _around(Decimal(value), Decimal(printed[0])) if value else None
    if fact["low"] is not None and fact["high"] is not None:
        return exact(fact["low"]), exact(fact["high"])
    if fact["value"] is not None and fact["moe"]:
        return exact(fact["value"] - fact["moe"]), exact(fact["value"] + fact["moe"])
    return None


def _around(value: Decimal, margin: Decimal) -> tuple[str, str]:
    return str(value - margin), str(value + margin)


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
    return _number(printed) or text(printed)


def _number(printed: str) -> str:
    """A printed number as a number; empty for other texts."""
    if not NUMBER.fullmatch(printed):
        return ""
    return re.sub("[$,%]", "", printed).replace("−", "-")


@functools.lru_cache(maxsize=REPEATED, typed=True)
def text(words: str | float | None) -> str:
    """A text for a cell, on one line, with an apostrophe where a spreadsheet would take it for a formula."""
    # A mark of byte order is dropped by a spreadsheet, and what stands after it is obeyed.
    plain = "" if words is None else " ".join(str(words).replace("\ufeff", "").split())
    return f"'{plain}" if plain.startswith(FORMULA) and not PLAIN.fullmatch(plain) else plain


def _csv(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()
