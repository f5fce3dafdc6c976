"""The data of charts as tables: values by year, named values, states of the law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cityresearch.briefs import look
from cityresearch.briefs.blocks import Cell, Column
from cityresearch.briefs.charts import typeset
from cityresearch.briefs.charts.records import Record
from cityresearch.briefs.charts.typeset import NOT_AVAILABLE
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.estimates import Estimate

Cells = list[list[str | Cell]]


def cell(value: Any, number: str) -> str | Cell:
    """What a cell prints of a number, an Estimate or None; text and cells stay as they are."""
    if isinstance(value, (str, Cell)):
        return value
    estimate = value if isinstance(value, Estimate) else None
    plain = estimate.value if estimate else value
    if plain is None:
        return NOT_AVAILABLE
    text = typeset.number(plain, number)
    if estimate and estimate.moe:
        return Cell(text, sub=f"±{typeset.number(estimate.moe, number)}")
    if estimate and estimate.low is not None and estimate.high is not None:
        return Cell(text, sub=_range(estimate.low, estimate.high, number))
    return text


def _range(low: float, high: float, number: str) -> str:
    return f"{typeset.number(low, number)} to {typeset.number(high, number)}"


def status(name: str, where: str) -> Cell:
    """A cell with the words, tone and mark of a state of the law."""
    if name not in look.STATUSES:
        hint = did_you_mean(name, look.STATUSES) or f"Known are: {', '.join(look.STATUSES)}."
        raise ResearchError(f"'{name}' is not a state of the law.", where=where, instead=hint)
    shown = look.STATUSES[name]
    return Cell(shown.words, state=name, mark=shown.mark)


def by_year(
    rows: Sequence[Record], names: Sequence[str], number: str
) -> tuple[list[Column], Cells]:
    """Columns and rows of a table of values by year, a column a series."""
    found = {(row["year"], row["series"]): row for row in rows}
    years = sorted({row["year"] for row in rows})
    columns = [Column("Year"), *(Column(name, align="right") for name in names)]
    cells = [[str(y), *(_value(found.get((y, name)), number) for name in names)] for y in years]
    return columns, cells


def listed(
    rows: Sequence[Record], label: str, number: str, references: Sequence[Record] = ()
) -> tuple[list[Column], Cells]:
    """Columns and rows of a table of named values, with bounds where known and reasons where not."""
    columns = [Column(label), Column("Value", align="right")]
    return columns, [[row["name"], _value(row, number)] for row in (*rows, *references)]


def _value(row: Mapping[str, Any] | None, number: str) -> str | Cell:
    if row is None or row["value"] is None:
        return Cell(NOT_AVAILABLE, sub=row.get("reason", "") if row else "")
    text = row.get("text") or typeset.number(row["value"], number)
    if row.get("low") is None:
        return str(text)
    return Cell(text, sub=row.get("bounds") or _range(row["low"], row["high"], number))
