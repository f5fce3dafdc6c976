"""The shares of a whole, such as funding by source, each beside the share that peers have."""

from __future__ import annotations

import altair as alt
from altair.utils import schemapi

from cityresearch.briefs import look
from cityresearch.briefs.blocks import Chart, Column
from cityresearch.briefs.charts import rows, tables, typeset
from cityresearch.briefs.charts.bars import largest_first
from cityresearch.briefs.charts.canvas import (
    Caption,
    Layer,
    data_table,
    either,
    finish,
    lettering,
    marks,
)
from cityresearch.briefs.charts.records import Record, Records, readings
from cityresearch.briefs.charts.rows import BAR, GAP, SIZES, Rows


@schemapi.debug_mode(False)  # the parts are checked by the tests, not one by one in each brief
def shares(
    data: Records,
    caption: Caption,
    *,
    others: str,
    number: str = "{:.0f}%",
    label: str = "Part",
) -> Chart:
    """The parts of a whole as bars, largest first, each with a mark where the others stand.

    Args:
        data: rows with `name`, `value` (our share) and `other` (theirs; either may be None), and where
            they are printed already `text` and `other_text`.
        caption: name, title with unit, alternative text, source.
        others: who the others are, in few words, as in "peers".
        number: how shares are printed.
        label: what the parts are, for the head of the data table.

    Raises:
        ResearchError: no value, or a missing field.
    """
    found = largest_first(
        readings(data, f"chart '{caption.id}'", "name", "value", "other"), number, caption.id
    )
    for row in found:
        _compare(row, others, number)
    texts = [f"{row['text']}  {row['said']}" for row in found]
    grid = rows.lay_out(found, texts, (0, 0), negative=False)
    x = rows.scale(0, max(row["end"] for row in found) or 1)
    layers = [rows.shapes(grid, x), *_others(grid)]
    layers += [
        rows.upright(grid, 0, "peers"),
        rows.names(grid, "false"),
        rows.values(grid),
        _said(grid),
    ]
    columns, cells = tables.listed(found, label, number)
    columns.append(Column(others[:1].upper() + others[1:], align="right"))
    # In the words that were given, which are marked as a figure's.
    theirs = (row.get("other_text") or tables.cell(row["other"], number) for row in found)
    table = data_table(
        caption, columns, [[*row, cell] for row, cell in zip(cells, theirs, strict=True)]
    )
    return finish(caption, layers, {"rows": found}, grid.rooms, table)


def _compare(row: Record, others: str, number: str) -> None:
    """What is printed of the others, and where: after our own share, beyond bar and mark."""
    row["own"] = 1
    row["end"] = max(row["end"], row["other"] or 0.0)
    row["said"] = "" if row["other"] is None else f"{others} {typeset.number(row['other'], number)}"
    for form, size in SIZES.items():
        row[f"dx_{form}"] = round(GAP + typeset.width(row["text"], size, bold=True) + 8)


def _others(grid: Rows) -> list[Layer]:
    """A bold mark on a clear ground, so that it shows on a bar as well as beside it."""
    found = marks("rows").transform_filter("isValid(datum.other)")
    at = alt.X(field="other", type="quantitative")
    return [
        found.mark_rule(
            color=look.light(role), strokeWidth=width, y=grid.y(-edge), y2=grid.y(BAR + edge)
        ).encode(x=at)
        for role, width, edge in (("paper", 6, 2), ("benchmark", 3, 3))
    ]


def _said(grid: Rows) -> Layer:
    return (
        marks("rows")
        .mark_text(
            align="left",
            baseline="middle",
            dx=either("dx"),
            color=look.light("benchmark"),
            y=grid.y(BAR / 2 + 0.5),
            **lettering(*grid.rooms),
        )
        .encode(
            x=alt.X(field="end", type="quantitative"), text=alt.Text(field="said", type="nominal")
        )
    )
