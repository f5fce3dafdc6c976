"""Sorted bars: a city among its peers, with a benchmark as a dashed line."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
from altair.utils import schemapi

from cityresearch.briefs import look
from cityresearch.briefs.blocks import Chart
from cityresearch.briefs.charts import rows, tables, typeset
from cityresearch.briefs.charts.canvas import (
    Caption,
    Layer,
    Room,
    data_table,
    either,
    expression,
    finish,
    leading,
    lettering,
    marks,
)
from cityresearch.briefs.charts.records import Record, Records, readings
from cityresearch.briefs.charts.rows import BAR, GAP, SIZES, Rows
from cityresearch.briefs.charts.typeset import NOT_AVAILABLE
from cityresearch.errors import ResearchError

Reference = tuple[str, float] | tuple[str, float, str]


@schemapi.debug_mode(False)  # the parts are checked by the tests, not one by one in each brief
def bars(
    data: Records,
    caption: Caption,
    *,
    own: str,
    number: str = "{:,.0f}",
    reference: Reference | None = None,
    label: str = "Place",
) -> Chart:
    """Horizontal bars from zero, largest first: our own in colour, the others grey and behind.

    Args:
        data: rows with `name`, `value` (a number, None or an Estimate); where known `low`, `high`
            (drawn as whiskers), `text` (the value as printed) and `reason` (why there is none).
        caption: name, title with unit, alternative text, source.
        own: the name of the row that is ours.
        number: how values are printed where a row has no `text`.
        reference: a benchmark's name, value and, where `number` is not how it is printed, text: drawn
            as a dashed line.
        label: what the names are, for the head of the data table.

    Raises:
        ResearchError: no value, a missing field, or no row called `own`.
    """
    found = largest_first(
        readings(data, f"chart '{caption.id}'", "name", "value"), number, caption.id
    )
    _mark(found, own, caption.id)
    marker = [_reference(reference, number)] if reference else []
    low, high = _extent(found, reference)
    above = _above(marker)
    grid = rows.lay_out(found, [row["text"] for row in found], above, negative=low < 0)
    layers = [rows.shapes(grid, rows.scale(low, high)), _whiskers(grid)]
    layers += [rows.upright(grid, 0, "peers"), rows.names(grid)]
    for row in marker:
        _centre(row, grid.rooms, low, high)
        _clear(found, row["value"], grid.rooms, low, high)
        layers += [_reference_line(grid, row["value"]), _reference_name(grid, above)]
    layers.append(rows.values(grid))
    table = data_table(caption, *tables.listed(found, label, number, marker), highlight=[own])
    return finish(caption, layers, {"rows": found, "reference": marker}, grid.rooms, table)


def largest_first(found: list[Record], number: str, name: str) -> list[Record]:
    """Largest first, what is missing last; each with its printed value and the end of its bar."""
    if all(row["value"] is None for row in found):
        raise ResearchError("no row has a value.", where=f"chart '{name}'")
    for row in found:
        value = row["value"]
        row["text"] = (
            NOT_AVAILABLE if value is None else row.get("text") or typeset.number(value, number)
        )
        reach = row["high"] if value is None or value >= 0 else row["low"]
        row["end"] = 0.0 if value is None else value if reach is None else reach
    return sorted(found, key=lambda row: (row["value"] is None, -(row["value"] or 0), row["name"]))


def _mark(found: Sequence[Record], own: str, name: str) -> None:
    if own not in {row["name"] for row in found}:
        raise ResearchError(
            f"no row is called '{own}'.", where=f"chart '{name}'", instead="Name our own."
        )
    for row in found:
        row["own"] = 1 if row["name"] == own else None


def _extent(found: Sequence[Record], reference: Reference | None) -> tuple[float, float]:
    reach = [row[side] for row in found for side in ("value", "low", "high")]
    ends = [
        0.0,
        *(value for value in reach if value is not None),
        *((reference[1],) if reference else ()),
    ]
    low, high = min(ends), max(ends)
    return (low, high) if high > low else (0.0, 1.0)


def _whiskers(grid: Rows) -> Layer:
    return (
        marks("rows")
        .transform_filter("isValid(datum.low)")
        .mark_rule(color=look.light("ink"), strokeWidth=1.25, y=grid.y(BAR / 2))
        .encode(x=alt.X(field="low", type="quantitative"), x2=alt.X2(field="high"))
    )


def _reference(reference: Reference, number: str) -> Record:
    name, value = reference[:2]
    text = reference[2] if len(reference) == 3 else typeset.number(value, number)
    said = f"{name} {text}"
    lines = {f"text_{form}": typeset.wrap(said, size, 300) for form, size in SIZES.items()}
    return {"name": name, "value": value, "text": text, **lines}


def _above(marker: Sequence[Record]) -> tuple[float, float]:
    """Room for the reference's name above the rows, px, wide and narrow."""
    wide, narrow = (
        sum(len(row[f"text_{form}"]) * leading(size) + 8 for row in marker)
        for form, size in SIZES.items()
    )
    return wide, narrow


def _centre(row: Record, rooms: tuple[Room, Room], low: float, high: float) -> None:
    """The middle of the reference's name: above its line, but within the canvas."""
    for form, room in zip("wn", rooms, strict=True):
        half = typeset.widest(row[f"text_{form}"], room.size) / 2 + 1
        wish = room.inner * (row["value"] - low) / (high - low)
        row[f"x_{form}"] = min(max(wish, half - room.left), room.inner + room.right - half)


def _clear(
    found: Sequence[Record], at: float, rooms: tuple[Room, Room], low: float, high: float
) -> None:
    """Marks the rows whose printed value stands where the reference line would cross it."""
    for row in found:
        for form, room in zip("wn", rooms, strict=True):
            away = (at - row["end"]) * room.inner / (high - low) * (-1 if row["end"] < 0 else 1)
            long = typeset.width(row["text"], room.size, bold=True)
            row[f"crossed_{form}"] = 1 if GAP - 3 < away < GAP + long + 3 else None


def _reference_line(grid: Rows, value: float) -> Layer:
    crossed = "(narrow ? datum.crossed_n : datum.crossed_w)"
    return rows.upright(
        grid,
        value,
        "benchmark",
        strokeDash=rows.DASHES,
        strokeWidth=1.75,
        opacity=expression(f"{crossed} ? 0 : 1"),
    )


def _reference_name(grid: Rows, above: tuple[float, float]) -> Layer:
    return marks("reference").mark_text(
        align="center",
        baseline="alphabetic",
        color=look.light("benchmark"),
        text=either("text"),
        x=either("x"),
        y=expression(f"{leading(13) - 4} - (narrow ? {above[1]} : {above[0]})"),
        **lettering(*grid.rooms),
    )
