"""A timeline of dated laws: a row each, oldest first, named beside its date."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import altair as alt
from altair.utils import schemapi

from cityresearch.briefs import look
from cityresearch.briefs.blocks import Chart, Column
from cityresearch.briefs.charts import typeset
from cityresearch.briefs.charts.canvas import (
    NARROW,
    WIDE,
    Caption,
    Layer,
    Room,
    both,
    data_table,
    either,
    expression,
    finish,
    first_baseline,
    leading,
    lettering,
    marks,
)
from cityresearch.briefs.charts.records import Record, Records, records
from cityresearch.errors import ResearchError
from cityresearch.methods import words

DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
GAP = 11  # px between a dot and its name
EDGE = 18  # px beside the axis, for half a year's label
MINIMUM = 24.0  # px, the height of a row
SHORTEST = 4  # years that the axis spans at least
FORMS = (("w", WIDE, 14), ("n", NARROW, 13))


@schemapi.debug_mode(False)  # the parts are checked by the tests, not one by one in each brief
def timeline(data: Records, caption: Caption, *, label: str = "Law", ended: str = "ended") -> Chart:
    """Dated events in rows, oldest first, so that names never meet however close the dates are.

    Args:
        data: rows with `date` (YYYY, YYYY-MM or YYYY-MM-DD), `name`, and `over` (true where the law
            is no longer in force: its dot is hollow).
        caption: name, title, alternative text, source.
        label: what the rows are, for the head of the data table.
        ended: the words printed beside a law that is over.

    Raises:
        ResearchError: no row, a missing field, or a date of another form.
    """
    found = records(data, f"chart '{caption.id}'", "date", "name")
    for row in found:
        row["value"] = _years(str(row["date"]), caption.id)
        over = f" ({ended})" if row.get("over") else ""
        row["text"] = f"{row['name']}, {str(row['date'])[:4]}{over}"
    found.sort(key=lambda row: (row["value"], row["name"]))
    low, high = math.floor(found[0]["value"]), math.floor(found[-1]["value"]) + 1
    low = min(low, high - SHORTEST)
    rooms = [_place(found, form, low, high) for form in FORMS]
    shown = [{**row, "over": 1 if row.get("over") else None} for row in found]
    layers = [_dots(_axis(low, high)), _names((rooms[0], rooms[1]))]
    columns = [Column("Date"), Column(label), Column("On record as")]
    cells = [
        [words.long_date(str(row["date"])), row["name"], ended if row.get("over") else "in force"]
        for row in found
    ]
    table = data_table(caption, columns, cells)
    return finish(caption, layers, {"events": shown}, (rooms[0], rooms[1]), table)


def _years(date: str, name: str) -> float:
    """A date as years and fractions; without a month, the middle of the year."""
    found = DATE.match(date)
    if found is None:
        raise ResearchError(
            f"'{date}' is no date.",
            where=f"chart '{name}'",
            instead="Write YYYY, YYYY-MM or YYYY-MM-DD.",
        )
    year, month, day = found.groups()
    if month is None:
        return int(year) + 0.5
    return int(year) + (int(month) - 1) / 12 + (int(day or 15) - 1) / 365


def _place(found: Sequence[Record], form: tuple[str, int, int], low: float, high: float) -> Room:
    """Stands each name at the side of its dot that has room, in lines where neither side has."""
    name, width, size = form
    inner, down = width - 2 * EDGE, 0.0
    for row in found:
        x = inner * (row["value"] - low) / (high - low)
        right, left = width - EDGE - x - GAP, EDGE + x - GAP
        long = typeset.width(row["text"], size)
        after = long <= right or (long > left and right >= left)
        lines = typeset.wrap(row["text"], size, right if after else left)
        tall = max(MINIMUM, len(lines) * leading(size) + 6)
        row[f"y_{name}"] = down + tall / 2
        row[f"base_{name}"] = first_baseline(down + tall / 2, len(lines), size)
        row[f"lines_{name}"], row[f"dx_{name}"] = lines, GAP if after else -GAP
        down += tall
    return Room(width, round(down) + 6, EDGE, EDGE, 2, 26, size)


def _axis(low: int, high: int) -> alt.X:
    few, more = ([int(year) for year in typeset.ticks(low, high, most)] for most in (4, 5))
    axis = alt.Axis(
        values=both(more, few), format="d", grid=True, domain=True, labelFontSize=both(13, 12)
    )
    domain = alt.Scale(domain=[low, high], nice=False, zero=False)
    return alt.X(field="value", type="quantitative", scale=domain, axis=axis)


def _dots(x: alt.X) -> Layer:
    city, paper = look.light("city"), look.light("paper")
    said = [
        alt.Tooltip(field=name, type="nominal", title=name.title()) for name in ("name", "date")
    ]
    return (
        marks("events")
        .mark_point(
            filled=True,
            opacity=1,
            size=80,
            stroke=city,
            strokeWidth=2,
            fill=expression(f"datum.over ? '{paper}' : '{city}'"),
            y=either("y"),
        )
        .encode(x=x, tooltip=said)
    )


def _names(rooms: tuple[Room, Room]) -> Layer:
    return (
        marks("events")
        .mark_text(
            align=expression("(narrow ? datum.dx_n : datum.dx_w) > 0 ? 'left' : 'right'"),
            baseline="alphabetic",
            dx=either("dx"),
            text=either("lines"),
            y=either("base"),
            **lettering(*rooms),
        )
        .encode(x=alt.X(field="value", type="quantitative"))
    )
