"""Columns against lines: a bill at several volumes against what people can afford."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
from altair.utils import schemapi

from cityresearch.briefs import look
from cityresearch.briefs.blocks import Chart
from cityresearch.briefs.charts import tables, typeset
from cityresearch.briefs.charts.canvas import (
    NARROW,
    WIDE,
    Caption,
    Layer,
    Room,
    data_table,
    either,
    expression,
    finish,
    first_baseline,
    leading,
    lettering,
    marks,
    value_axis,
    x2_value,
    x_value,
    y2_value,
    y_value,
)
from cityresearch.briefs.charts.records import Record, Records, readings
from cityresearch.briefs.charts.typeset import NOT_AVAILABLE
from cityresearch.errors import ResearchError

GAP = 14  # px between a line and its name, room for the stroke that joins them
FORMS = (("w", WIDE, 290, 14, 185), ("n", NARROW, 270, 13, 128))
COLUMNS, LINES = 4, 3  # at most: more do not fit a phone
SHORT = 84  # px at least for the names of lines, so that values beneath columns have room


@schemapi.debug_mode(False)  # the parts are checked by the tests, not one by one in each brief
def columns(
    data: Records,
    lines: Records,
    caption: Caption,
    *,
    number: str = "${:,.0f}",
    label: str = "Use",
) -> Chart:
    """One to four columns from zero, such as a bill at three volumes, against one to three named levels.

    Args:
        data: rows with `name` and `value`, in the order in which they are drawn.
        lines: rows with `name`, `value` and, where known, `low` and `high`: dashed lines with the
            band of their bounds behind, each named at its end.
        caption: name, title with unit, alternative text, source.
        number: how values are printed where a row has no `text`.
        label: what the columns are, for the head of the data table.

    Raises:
        ResearchError: no value, one below zero, a missing field, or more columns or lines than fit.
    """
    found = _printed(readings(data, f"chart '{caption.id}'", "name", "value"), number)
    levels = _printed(readings(lines, f"chart '{caption.id}'", "name", "value"), number)
    _check(found, levels, caption.id)
    drawn = [level for level in levels if level["value"] is not None]
    high = _top([*found, *drawn])
    ticks = typeset.ticks(0, high)
    rooms = _rooms(found, drawn, typeset.tick_labels(number, ticks))
    for form, room in zip("wn", rooms, strict=True):
        _place(drawn, form, room, high)
    y = alt.Y(
        field="value",
        type="quantitative",
        scale=alt.Scale(domain=[0, high], nice=False, zero=False),
        axis=value_axis(ticks, number),
    )
    layers = [_bands(), _shapes(len(found), y), *_lines(), *_feet(len(found), rooms), _names(rooms)]
    table = data_table(caption, *tables.listed([*found, *levels], label, number))
    return finish(caption, layers, {"columns": found, "lines": drawn}, rooms, table)


def _printed(found: list[Record], number: str) -> list[Record]:
    for at, row in enumerate(found):
        value, row["at"] = row["value"], at
        row["text"] = (
            NOT_AVAILABLE if value is None else row.get("text") or typeset.number(value, number)
        )
    return found


def _check(found: Sequence[Record], levels: Sequence[Record], name: str) -> None:
    where = f"chart '{name}'"
    if all(row["value"] is None for row in found):
        raise ResearchError("no column has a value.", where=where)
    if any((row["value"] or 0) < 0 for row in [*found, *levels]):
        raise ResearchError("a value is below zero.", where=where, instead="Draw it with bars.")
    if len(found) > COLUMNS or len(levels) > LINES:
        raise ResearchError(
            f"there are {len(found)} columns and {len(levels)} lines.",
            where=where,
            instead=f"Draw at most {COLUMNS} and {LINES}.",
        )


def _top(drawn: Sequence[Record]) -> float:
    found = [row[side] for row in drawn for side in ("value", "high")]
    return max(value for value in found if value is not None) * 1.05 or 1.0


def _rooms(
    found: Sequence[Record], drawn: Sequence[Record], labels: Sequence[str]
) -> tuple[Room, Room]:
    wide, narrow = (_room(found, drawn, labels, *form) for form in FORMS)
    return wide, narrow


def _room(
    found: Sequence[Record],
    drawn: Sequence[Record],
    labels: Sequence[str],
    form: str,
    width: int,
    height: int,
    size: int,
    most: int,
) -> Room:
    left = math.ceil(typeset.widest(labels, size - 1)) + 8
    values = max(typeset.width(row["text"], size, bold=True) for row in found) + 8
    beside = max(SHORT, min(most, width - left - GAP - 3 - len(found) * values))
    for row in drawn:
        row[f"name_{form}"] = typeset.wrap(f"{row['name']} {row['text']}", size, beside)
    names = [typeset.widest(row[f"name_{form}"], size) for row in drawn]
    right = math.ceil(max(names)) + GAP + 3 if names else 4
    for row in found:
        row[f"foot_{form}"] = typeset.wrap(
            row["name"], size - 1, (width - left - right) / len(found)
        )
    lines = max(len(row[f"foot_{form}"]) for row in found)
    return Room(width, height, left, right, 8, 26 + lines * leading(size - 1), size)


def _place(drawn: Sequence[Record], form: str, room: Room, high: float) -> None:
    """Where each line's name stands: at the height of the line, or moved so that none overlap."""
    centres = [room.height * (1 - row["value"] / high) for row in drawn]
    counts = [len(row[f"name_{form}"]) for row in drawn]
    heights = [count * leading(room.size) + 6.0 for count in counts]
    placed = typeset.spread(centres, heights, -room.top, room.height + 4)
    for row, centre, count in zip(drawn, placed, counts, strict=True):
        row[f"y_{form}"] = first_baseline(centre, count, room.size)
        row[f"centre_{form}"] = round(centre, 1)


def _bands() -> Layer:
    """What the bounds of each line allow, behind everything."""
    return (
        marks("lines")
        .transform_filter("isValid(datum.low)")
        .mark_rect(color=look.light("benchmark"), opacity=0.13, x=0, x2=expression("width"))
        .encode(y=alt.Y(field="low", type="quantitative"), y2=alt.Y2(field="high"))
    )


def _shapes(count: int, y: alt.Y) -> Layer:
    left, right = (
        expression(f"(datum.at + 0.5) * width / {count} {sign} min(36, width / {count} * 0.3)")
        for sign in "-+"
    )
    return (
        marks("columns")
        .transform_filter("isValid(datum.value)")
        .mark_rect(color=look.light("city"), x=left, x2=right)
        .encode(
            y=y,
            y2=alt.Y2Datum(0),
            tooltip=[
                alt.Tooltip(field=name, type="nominal", title=name.title())
                for name in ("name", "text")
            ],
        )
    )


def _lines() -> list[Layer]:
    """The levels, and short strokes that join them to their names."""
    found, colour = marks("lines"), look.light("benchmark")
    across = found.mark_rule(
        color=colour, strokeWidth=1.75, strokeDash=[6, 4], x=0, x2=expression("width")
    )
    return [
        found.mark_rule(color=colour).encode(
            x=x_value(expression("width")),
            x2=x2_value(expression(f"width + {GAP - 4}")),
            y=y_value(expression("scale('y', datum.value)")),
            y2=y2_value(either("centre")),
        ),
        across.encode(y=alt.Y(field="value", type="quantitative")),
    ]


def _names(rooms: tuple[Room, Room]) -> Layer:
    return marks("lines").mark_text(
        align="left",
        baseline="alphabetic",
        color=look.light("benchmark"),
        text=either("name"),
        x=expression(f"width + {GAP}"),
        y=either("y"),
        **lettering(*rooms),
    )


def _feet(count: int, rooms: tuple[Room, Room]) -> list[Layer]:
    """Beneath each column its value, where no line can cross it, and its name."""
    style = {
        "align": "center",
        "baseline": "alphabetic",
        "x": expression(f"(datum.at + 0.5) * width / {count}"),
    }
    value = marks("columns").mark_text(
        **style, **lettering(*rooms), fontWeight=600, y=expression("height + 18")
    )
    name = marks("columns").mark_text(
        **style,
        **lettering(*rooms, less=1),
        text=either("foot"),
        color=look.light("quiet"),
        y=expression("height + 18 + (narrow ? 16 : 17)"),
    )
    return [value.encode(text=alt.Text(field="text", type="nominal")), name, _ground()]


def _ground() -> Layer:
    """The line at zero."""
    drawn = marks("columns").transform_filter("datum.at == 0")
    line = drawn.mark_rule(color=look.light("peers"), x=0, x2=expression("width"))
    return line.encode(y=alt.YDatum(0))
