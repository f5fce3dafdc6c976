"""The geometry of tile maps: squares in panels, their letters, and the key, wide and narrow."""

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
    marks,
    x_value,
    y_value,
)
from cityresearch.briefs.charts.records import Record

ACROSS, DOWN = 11, 8  # tiles
BETWEEN = 24  # px between panels
SWATCH = 22  # px, the squares of the key
HATCH = "M-1,-.3L-.3,-1M-1,-.65L-.65,-1M1,.3L.3,1M1,.65L.65,1"  # at corners: letters stay clear


@dataclass(frozen=True)
class Form:
    """One form of the map, px: side of a tile, panels side by side, room for a panel's heading."""

    tile: float
    beside: int
    head: float

    @property
    def across(self) -> float:
        """From one panel to the next at its right."""
        return self.tile * ACROSS + BETWEEN

    @property
    def down(self) -> float:
        """From one panel to the next beneath."""
        return self.tile * DOWN + self.head + BETWEEN / 2

    def x(self, column: str) -> str:
        """The expression for a place across, counted in tiles."""
        return f"datum.panel % {self.beside} * {self.across} + {column} * {self.tile}"

    def y(self, row: str) -> str:
        """The expression for a place down, counted in tiles below the heading."""
        return (
            f"floor(datum.panel / {self.beside}) * {self.down} + {self.head} + {row} * {self.tile}"
        )


@dataclass(frozen=True)
class Grid:
    """The map in both forms."""

    count: int
    wide: Form
    narrow: Form

    def rooms(self, key: list[Record]) -> tuple[Room, Room]:
        """The rooms of the chart; gives each item of the key its place."""
        deep = math.ceil(self.count / self.wide.beside) * self.wide.down
        if self.count == 2:
            deep = _flow(key, "w", (0, deep), WIDE)
        else:  # the key fills the empty corner: beside one map, or where a fourth panel would be
            left = self.wide.across
            room = 0 if self.count == 1 else WIDE - left
            _flow(key, "w", (left, deep - self.wide.down + self.wide.head), room)
        below = _flow(key, "n", (0, self.count * self.narrow.down), NARROW)
        return Room(WIDE, deep, top=2), Room(NARROW, below, top=2, size=13)

    def _x(self, column: str) -> Any:
        return expression(f"narrow ? {self.narrow.x(column)} : {self.wide.x(column)}")

    def _y(self, row: str, shift: tuple[float, float] = (0, 0)) -> Any:
        wide, narrow = shift
        return expression(f"narrow ? {self.narrow.y(row)} + {narrow} : {self.wide.y(row)} + {wide}")

    def squares(self) -> list[Layer]:
        """The tiles of all panels."""
        place = {"x": self._x("(datum.col + 0.5)"), "y": self._y("(datum.row + 0.5)")}
        return _squares("tiles", (self.wide.tile - 2, self.narrow.tile - 2), place)

    def letters(self) -> list[Layer]:
        """In each tile the postal code, and the mark of its status beneath."""
        sizes = [14 if form.tile > 40 else 12 for form in (self.wide, self.narrow)]
        code = _letters("tiles", "state", fontWeight=600, fontSize=both(*sizes))
        mark = _letters("tiles", "mark", fontSize=both(*(size - 1 for size in sizes)))
        x = self._x("(datum.col + 0.5)")
        shifts = (-2.0, -2.0), (sizes[0] - 2.5, sizes[1] - 2.5)
        return [
            letters.encode(x=x_value(x), y=y_value(self._y("(datum.row + 0.5)", shift)))
            for letters, shift in zip((code, mark), shifts, strict=True)
        ]

    def heads(self, heads: Sequence[Record]) -> list[Layer]:
        """The name of each panel, where there are several."""
        if not heads:
            return []
        drawn = marks("heads").mark_text(
            align="left",
            baseline="alphabetic",
            fontWeight=600,
            fontSize=both(14, 13),
            x=self._x("0"),
            y=self._y("0", (-9, -9)),
        )
        return [drawn.encode(text=alt.Text(field="text", type="nominal"))]


def lay_out(count: int) -> Grid:
    """The grid for one to three panels: one large map, or two panels side by side."""
    head = 24 if count > 1 else 0
    wide = 44 if count == 1 else math.floor((WIDE - BETWEEN) / 2 / ACROSS)
    return Grid(count, Form(wide, min(count, 2), head), Form(math.floor(NARROW / ACROSS), 1, head))


def _flow(key: list[Record], form: str, corner: tuple[float, float], room: float) -> float:
    """Sets the key in lines from this corner; returns where it ends, px from the top."""
    (x, y), size = corner, 14 if form == "w" else 13
    for item in key:
        long = SWATCH + 8 + typeset.width(item["words"], size)
        if x > corner[0] and x + long > corner[0] + room:
            x, y = corner[0], y + SWATCH + 8
        item[f"x_{form}"], item[f"y_{form}"] = round(x + SWATCH / 2 + 1, 1), y + SWATCH / 2 + 1
        x += long + 18
    return y + SWATCH + 4


def key_marks() -> list[Layer]:
    """The key: a square with its mark for each status, and what it means."""
    place = {"x": either("x"), "y": either("y")}
    words = marks("key").mark_text(
        align="left", baseline="middle", dx=SWATCH / 2 + 8, dy=1, fontSize=both(14, 13), **place
    )
    mark = _letters("key", "mark", baseline="middle", dy=1, fontSize=both(13, 12), **place)
    return [
        *_squares("key", (SWATCH, SWATCH), place),
        mark,
        words.encode(text=alt.Text(field="words", type="nominal")),
    ]


def _letters(dataset: str, field: str, **style: Any) -> Layer:
    drawn = marks(dataset).mark_text(align="center", color=expression("datum.ink"), **style)
    return drawn.encode(text=alt.Text(field=field, type="nominal"))


def _squares(dataset: str, sides: tuple[float, float], place: dict[str, Any]) -> list[Layer]:
    """Tiles with a thin outline, the hatch of what is unknown, and a strong outline of our own."""
    edge, ink = look.light("peers"), look.light("ink")
    found, area = marks(dataset), both(*(side**2 for side in sides))
    said = [
        alt.Tooltip(field=name, type="nominal", title=name.title()) for name in ("state", "words")
    ]
    return [
        found.mark_point(
            shape="square",
            filled=True,
            opacity=1,
            size=area,
            fill=expression("datum.fill"),
            stroke=edge,
            strokeWidth=0.75,
            **place,
        ).encode(tooltip=said),
        _only(found, "hatched").mark_point(
            shape=HATCH, filled=False, opacity=1, size=area, stroke=edge, strokeWidth=1, **place
        ),
        _only(found, "own").mark_point(
            shape="square", filled=False, opacity=1, size=area, stroke=ink, strokeWidth=3, **place
        ),
    ]


def _only(found: alt.Chart, field: str) -> Layer:
    return found.transform_filter(f"isValid(datum.{field})")
