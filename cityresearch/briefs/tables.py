"""Tables that briefs need: a city among its peers, the state of the law, values by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cityresearch.briefs import typeset
from cityresearch.briefs.blocks import Cell, Column

NOT_AVAILABLE = "not available"
Row = Mapping[str, Any]


def by_year(
    rows: Sequence[Row], series: Sequence[str], number: str
) -> tuple[list[Column], list[list[str | Cell]]]:
    """Columns and rows of a table of values by year, a column a series."""
    found = {(row["year"], row["series"]): row for row in rows}
    years = sorted({row["year"] for row in rows})
    columns = [Column("Year"), *(Column(name, align="right") for name in series)]
    cells = [[str(y), *(_value(found.get((y, name)), number) for name in series)] for y in years]
    return columns, cells


def listed(
    rows: Sequence[Row], label: str, number: str, references: Sequence[Row] = ()
) -> tuple[list[Column], list[list[str | Cell]]]:
    """Columns and rows of a table of named values, with bounds where known and reasons where not."""
    columns = [Column(label), Column("Value", align="right")]
    return columns, [[row["name"], _value(row, number)] for row in (*rows, *references)]


def _value(row: Row | None, number: str) -> str | Cell:
    if row is None or row["value"] is None:
        reason = row.get("reason", "") if row else ""
        return Cell(NOT_AVAILABLE, sub=reason) if reason else NOT_AVAILABLE
    text = row.get("text") or typeset.number(row["value"], number)
    if row.get("low") is None:
        return text
    low, high = (typeset.number(row[side], number) for side in ("low", "high"))
    return Cell(text, sub=f"{low} to {high}")


def shown(value: float | None, number: str) -> str:
    """A number as printed, or that there is none."""
    return NOT_AVAILABLE if value is None else typeset.number(value, number)
