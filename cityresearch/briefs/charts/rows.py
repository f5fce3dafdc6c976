"""Charts of named rows: where names, bars and printed values stand, wide and narrow.

Wide, a name stands left of its bar; narrow, above it, so that bars keep the width of the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from cityresearch.briefs import look
from cityresearch.briefs.charts import typeset
from cityresearch.briefs.charts.canvas import (
    NARROW,
    WIDE,
    Layer,
    Room,
    both,
    either,
    expression,
    first_baseline,
    leading,
    lettering,
    marks,
)
from cityresearch.briefs.charts.records import Record

BAR = 17  # px, the thickness of a bar
GAP = 7  # px between the end of a bar and its value
NAMES = 210  # px at most for names left of the bars
DASHES = [6, 4]
SIZES = {"w": 14, "n": 13}


@dataclass(frozen=True)
class Rows:
    """The grid of a chart of rows: its rooms, the height of a row and the top of its bar in each."""

    rooms: tuple[Room, Room]
    pitch: tuple[float, float]
    start: tuple[float, float]
    names: tuple[float, float]  # where names begin or, left of the bars, end

    def y(self, offset: float = 0) -> Any:
        """`offset` px below the top of a row's bar."""
        wide, narrow = (
            f"datum.row * {pitch} + {start + offset}"
            for pitch, start in zip(self.pitch, self.start, strict=True)
        )
        return expression(f"narrow ? {narrow} : {wide}")

    def edge(self, *, lower: bool) -> Any:
        """The upper or lower end of a row's part of an upright line, which names must not meet."""
        narrow = self.start[1] + (BAR + 2 if lower else -2)
        return expression(
            f"narrow ? datum.row * {self.pitch[1]} + {narrow} : (datum.row + {int(lower)}) * {self.pitch[0]}"
        )


def lay_out(
    rows: Sequence[Record], texts: Sequence[str], above: tuple[float, float], *, negative: bool
) -> Rows:
    """The grid for rows with a `name`. Adds to each row its number and its name set in lines.

    Args:
        rows: in the order in which they are drawn.
        texts: what is printed at the ends of bars, to keep room for the longest.
        above: px to keep free above the rows, wide and narrow.
        negative: whether bars go to the left of zero too.
    """
    for at, row in enumerate(rows):
        row["row"] = at
        row["name_w"] = typeset.wrap(row["name"], SIZES["w"], NAMES, bold=True)
        row["name_n"] = typeset.wrap(row["name"], SIZES["n"], NARROW - 4, bold=True)
    lines = [max(len(row[f"name_{form}"]) for row in rows) for form in "wn"]
    pitch = max(30.0, lines[0] * leading(14) + 6), lines[1] * leading(13) + BAR + 12
    start = (pitch[0] - BAR) / 2, lines[1] * leading(13) + 4
    ends = [math.ceil(typeset.widest(texts, size, bold=True)) + GAP + 3 for size in SIZES.values()]
    beside = math.ceil(max(typeset.widest(row["name_w"], 14, bold=True) for row in rows)) + 10
    left = [ends[0] * negative + beside, ends[1] * negative]
    rooms = [
        Room(width, round(tall * len(rows)), gap, end, round(top) + 2, 4, size)
        for width, tall, gap, end, top, size in zip(
            (WIDE, NARROW), pitch, left, ends, above, SIZES.values(), strict=True
        )
    ]
    for row in rows:
        _stand(row, pitch, start)
    return Rows((rooms[0], rooms[1]), pitch, start, (beside - 10 - left[0], -left[1]))


def _stand(row: Record, pitch: tuple[float, float], start: tuple[float, float]) -> None:
    """The first line of the name: beside the middle of the bar, or right above the bar."""
    wide, narrow = len(row["name_w"]), len(row["name_n"])
    row["y_w"] = first_baseline((row["row"] + 0.5) * pitch[0], wide, 14)
    row["y_n"] = row["row"] * pitch[1] + start[1] - 5 - (narrow - 1) * leading(13)


def scale(low: float, high: float) -> alt.X:
    """The value axis: no ticks, since each bar carries its value."""
    domain = alt.Scale(domain=[low, high], nice=False, zero=False)
    return alt.X(field="value", type="quantitative", axis=None, scale=domain)


def names(rows: Rows, strong: str = "datum.own") -> Layer:
    """The names of the rows, our own in strong letters (`strong` is an expression on the row)."""
    return marks("rows").mark_text(
        align=both("right", "left"),
        baseline="alphabetic",
        fontWeight=expression(f"{strong} ? 600 : 400"),
        text=either("name"),
        x=both(*rows.names),
        y=either("y"),
        **lettering(*rows.rooms),
    )


def shapes(rows: Rows, x: alt.X) -> Layer:
    """The bars, from zero, and the line that they stand on."""
    fill = expression(f"datum.own ? '{look.light('city')}' : '{look.light('bar')}'")
    shown = marks("rows").transform_filter("isValid(datum.value)")
    return shown.mark_rect(y=rows.y(), y2=rows.y(BAR), color=fill).encode(
        x=x,
        x2=alt.X2Datum(0),
        tooltip=[
            alt.Tooltip(field=name, type="nominal", title=name.title()) for name in ("name", "text")
        ],
    )


def upright(rows: Rows, at: float, role: str, **style: Any) -> Layer:
    """An upright line through all rows at one value."""
    drawn = marks("rows").mark_rule(
        color=look.light(role), y=rows.edge(lower=False), y2=rows.edge(lower=True), **style
    )
    return drawn.encode(x=alt.XDatum(at))


def values(rows: Rows) -> Layer:
    """The printed value after the end of a bar or whisker."""
    ink, quiet = look.light("ink"), look.light("quiet")
    return (
        marks("rows")
        .mark_text(
            align=expression("datum.end < 0 ? 'right' : 'left'"),
            baseline="middle",
            dx=expression(f"datum.end < 0 ? {-GAP} : {GAP}"),
            fontWeight=expression("datum.own ? 600 : 400"),
            y=rows.y(BAR / 2 + 0.5),
            color=expression(f"isValid(datum.value) ? '{ink}' : '{quiet}'"),
            **lettering(*rows.rooms),
        )
        .encode(
            x=alt.X(field="end", type="quantitative"), text=alt.Text(field="text", type="nominal")
        )
    )
