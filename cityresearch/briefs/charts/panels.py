"""Small multiples: one line each in a panel of its own, for measures that share only the years."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils import schemapi

from cityresearch.briefs import look
from cityresearch.briefs.blocks import Cell, Chart, Column
from cityresearch.briefs.charts import tables, typeset
from cityresearch.briefs.charts.canvas import (
    NARROW,
    WIDE,
    Caption,
    Layer,
    Room,
    both,
    data_table,
    expression,
    finish,
    leading,
    marks,
    x2_value,
    x_value,
    y_value,
)
from cityresearch.briefs.charts.lines import scale, segmented
from cityresearch.briefs.charts.records import Record, Records, readings
from cityresearch.errors import ResearchError

BETWEEN, FOOT, END = 26, 40, 8  # px: beside and beneath a panel; from a line's end to its value
KINDS = (("w", WIDE, 3, 150, 14), ("n", NARROW, 1, 110, 13))


@dataclass(frozen=True)
class Form:
    """One form: panels side by side; a plot's size; room at its left, above and at its right, px."""

    beside: int
    width: float
    height: float
    left: float
    head: float
    right: float
    size: int

    @property
    def step(self) -> tuple[float, float]:
        """From one panel to the next, across and down."""
        across = self.left + self.width + self.right + BETWEEN
        return across, self.head + self.height + FOOT

    def x(self, inner: str) -> str:
        """The expression for a place across, from the left of the row's own plot."""
        return f"datum.panel % {self.beside} * {self.step[0]} + {self.left} + {self._fill(inner)}"

    def y(self, inner: str) -> str:
        """The expression for a place down, from the top of the row's own plot."""
        row = f"floor(datum.panel / {self.beside}) * {self.step[1]}"
        return f"{row} + {self.head} + {self._fill(inner)}"

    def _fill(self, inner: str) -> str:
        sizes = {"width": self.width, "height": self.height, "left": self.left, "head": self.head}
        return inner.format(**sizes)


@schemapi.debug_mode(False)  # the parts are checked by the tests, not one by one in each brief
def small_multiples(data: Records, caption: Caption, *, panels: Mapping[str, str]) -> Chart:
    """Two to six lines over the same years, each in a panel from zero with its last value printed.

    Args:
        data: rows with `year`, `series` (a panel's name) and `value` (a number, None or an Estimate).
            Bounds stand in the data table; they are not drawn.
        caption: name, title, alternative text, source.
        panels: name of each panel, with its unit, to the way its values are printed.

    Raises:
        ResearchError: no value, a missing field, or not two to six panels.
    """
    found = readings(data, f"chart '{caption.id}'", "year", "series", "value")
    _check(found, panels, caption.id)
    lines = [segmented(found, [name], number) for name, number in panels.items()]
    first = min(point["year"] for line in lines for point in line)
    last = max(point["year"] for line in lines for point in line)
    ticks: list[Record] = []
    for panel, (name, line) in enumerate(zip(panels, lines, strict=True)):
        low, high, _ = scale(line, from_zero=True)
        ticks += _ticks(panel, panels[name], low, high)
        for point in line:
            across = (point["year"] - first) / max(last - first, 1)
            point |= {
                "panel": panel,
                "across": across,
                "down": (high - point["value"]) / (high - low),
            }
        line[-1]["last"] = 1
    points = [point for line in lines for point in line]
    years = [
        {"panel": at, "year": y} for at in range(len(lines)) for y in dict.fromkeys((first, last))
    ]
    heads: list[Record] = [{"panel": panel, "name": name} for panel, name in enumerate(panels)]
    texts = [point["text"] for point in points], [tick["text"] for tick in ticks]
    forms = [_form(*kind, heads, *texts) for kind in KINDS]
    rooms = [_room(form, len(lines)) for form in forms]
    draw = _Pen(forms[0], forms[1])
    layers = [*draw.ticks(), *draw.years(first, last), *draw.lines(), draw.heads()]
    datasets = {"points": points, "ticks": ticks, "years": years, "heads": heads}
    table = data_table(caption, *_table(found, panels))
    return finish(caption, layers, datasets, (rooms[0], rooms[1]), table)


def _check(found: Sequence[Record], panels: Mapping[str, str], name: str) -> None:
    where = f"chart '{name}'"
    if not 2 <= len(panels) <= 6:
        raise ResearchError(f"there are {len(panels)} panels.", where=where, instead="Draw 2 to 6.")
    known = {row["series"] for row in found if row["value"] is not None}
    for panel in panels:
        if panel not in known:
            raise ResearchError(f"'{panel}' has no value.", where=where, instead="Leave it out.")


def _ticks(panel: int, number: str, low: float, high: float) -> list[Record]:
    values = typeset.ticks(low, high, 4)
    labels = typeset.tick_labels(number, values)
    return [
        {
            "panel": panel,
            "text": label,
            "down": (high - value) / (high - low),
            "zero": 1 if value == 0 else None,
        }
        for value, label in zip(values, labels, strict=True)
    ]


def _form(
    name: str,
    width: int,
    beside: int,
    height: int,
    size: int,
    heads: list[Record],
    texts: Sequence[str],
    labels: Sequence[str],
) -> Form:
    across = min(len(heads), beside)
    left = math.ceil(typeset.widest(labels, size - 1)) + 8
    right = math.ceil(typeset.widest(texts, size, bold=True)) + END + 2
    panel = (width - (across - 1) * BETWEEN) / across
    for head in heads:
        head[f"text_{name}"] = typeset.wrap(head["name"], size, panel - 4, bold=True)
    lines = max(len(head[f"text_{name}"]) for head in heads)
    return Form(across, panel - left - right, height, left, lines * leading(size) + 14, right, size)


def _room(form: Form, count: int) -> Room:
    width = WIDE if form.size == 14 else NARROW
    height = math.ceil(count / form.beside) * form.step[1] - FOOT + 20
    return Room(width, height, top=2, bottom=4, size=form.size)


def _table(
    found: Sequence[Record], panels: Mapping[str, str]
) -> tuple[list[Column], list[list[str | Cell]]]:
    tables_by_panel = [tables.by_year(found, [name], number) for name, number in panels.items()]
    columns = [Column("Year"), *(columns[1] for columns, _ in tables_by_panel)]
    cells = [
        [row[0], *(own[at][1] for _, own in tables_by_panel)]
        for at, row in enumerate(tables_by_panel[0][1])
    ]
    return columns, cells


@dataclass(frozen=True)
class _Pen:
    """Marks placed within panels, in both forms."""

    wide: Form
    narrow: Form

    def _x(self, inner: str) -> Any:
        forms = (form.x(inner) for form in (self.narrow, self.wide))
        return expression("narrow ? {} : {}".format(*forms))

    def _y(self, inner: str) -> Any:
        forms = (form.y(inner) for form in (self.narrow, self.wide))
        return expression("narrow ? {} : {}".format(*forms))

    def ticks(self) -> list[Layer]:
        """The grid and its labels."""
        zero, other = look.light("peers"), look.light("grid")
        grid = marks("ticks").mark_rule(color=expression(f"datum.zero ? '{zero}' : '{other}'"))
        words = marks("ticks").mark_text(
            align="right", baseline="middle", color=look.light("quiet"), fontSize=both(13, 12)
        )
        y = y_value(self._y("datum.down * {height}"))
        return [
            grid.encode(x=x_value(self._x("0")), x2=x2_value(self._x("{width}")), y=y),
            words.encode(
                x=x_value(self._x("-6")), y=y, text=alt.Text(field="text", type="nominal")
            ),
        ]

    def years(self, first: int, last: int) -> list[Layer]:
        """The first and the last year beneath each panel."""
        ends = f"datum.year == {last} ? {{width}} : 0"
        words = marks("years").mark_text(
            align=expression(f"datum.year == {first} ? 'left' : 'right'"),
            baseline="alphabetic",
            color=look.light("quiet"),
            fontSize=both(13, 12),
        )
        at = x_value(self._x(f"({ends})"))
        down = y_value(self._y("{height} + 18"))
        return [words.encode(x=at, y=down, text=alt.Text(field="year", type="nominal"))]

    def lines(self) -> list[Layer]:
        """The lines, a dot at each end, and the last value."""
        city = look.light("city")
        place = {
            "x": x_value(self._x("datum.across * {width}")),
            "y": y_value(self._y("datum.down * {height}")),
        }
        path = marks("points").mark_line(color=city)
        dots = marks("points").mark_point(
            filled=True, color=city, size=36, opacity=expression("datum.seen ? 1 : 0")
        )
        last = (
            marks("points")
            .transform_filter("isValid(datum.last)")
            .mark_text(
                align="left",
                baseline="middle",
                dx=END,
                color=city,
                fontWeight=600,
                fontSize=both(14, 13),
            )
        )
        said = [
            alt.Tooltip(field=name, type="nominal", title=name.title()) for name in ("year", "text")
        ]
        return [
            path.encode(
                **place,
                detail=[
                    alt.Detail(field="panel", type="nominal"),
                    alt.Detail(field="segment", type="nominal"),
                ],
                order=alt.Order(field="year", type="quantitative"),
            ),
            dots.encode(**place, tooltip=said),
            last.encode(**place, text=alt.Text(field="text", type="nominal")),
        ]

    def heads(self) -> Layer:
        """The name of each panel, with its unit."""
        sizes = self.wide.size, self.narrow.size
        return marks("heads").mark_text(
            align="left",
            baseline="alphabetic",
            fontWeight=600,
            fontSize=both(*sizes),
            lineHeight=both(*(leading(size) for size in sizes)),
            text=expression("narrow ? datum.text_n : datum.text_w"),
            x=self._x("0 - {left}"),
            y=self._y("14 - {head}"),
        )
