"""Lines over years: one to four of them, each named at its end."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

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
    both,
    data_table,
    either,
    expression,
    finish,
    first_baseline,
    leading,
    lettering,
    marks,
    value_axis,
)
from cityresearch.briefs.charts.records import Record, Records, readings
from cityresearch.errors import ResearchError

SHORT = 12  # a line of so few years shows each as a dot
GAP = 9  # px between the end of a line and its name
DRAWN = ("peers", "benchmark", "second", "city")  # the city last, on top
DASHES = {"benchmark": [6, 4]}


@schemapi.debug_mode(False)  # the parts are checked by the tests, not one by one in each brief
def line(
    data: Records,
    caption: Caption,
    *,
    roles: Mapping[str, str],
    number: str = "{:,.0f}",
    from_zero: bool = True,
) -> Chart:
    """One to four series over years, each named at its end; bands where bounds are known.

    Args:
        data: rows with `year`, `series`, `value` (a number, None or an Estimate), and where known
            `low` and `high`. A year without a value breaks the line.
        caption: name, title with unit, alternative text, source.
        roles: role of each series, in reading order: city, peers, second, or benchmark (dashed).
        number: how values are printed, as in `"${:,.2f}"`.
        from_zero: whether the axis starts at zero.

    Raises:
        ResearchError: no value, a missing field, a series without role, more than four series.
    """
    rows = _checked(
        readings(data, f"chart '{caption.id}'", "year", "series", "value"), roles, caption.id
    )
    order = sorted(roles, key=lambda name: DRAWN.index(roles[name]))
    known = segmented(rows, order, number)
    low, high, ticks = scale(known, from_zero=from_zero)
    ends = _ends(known, roles)
    rooms = _rooms(ends, typeset.tick_labels(number, ticks))
    for form, room in zip("wn", rooms, strict=True):
        _place(ends, form, room, low, high)
    x = _years(known, rooms)
    y = alt.Y(
        field="value", type="quantitative", scale=_fixed(low, high), axis=value_axis(ticks, number)
    )
    layers = [*_drawn(known, {name: roles[name] for name in order}, x, y), _names(rooms)]
    table = data_table(caption, *tables.by_year(rows, list(roles), number))
    return finish(caption, layers, {"lines": known, "names": ends}, rooms, table)


def _checked(rows: list[Record], roles: Mapping[str, str], name: str) -> list[Record]:
    where = f"chart '{name}'"
    strange = sorted({str(row["series"]) for row in rows} - set(roles))
    if strange:
        raise ResearchError(
            f"the series {', '.join(strange)} has no role.",
            where=where,
            instead="Name each in roles: city, peers, benchmark or second.",
        )
    unknown = sorted(set(roles.values()) - set(look.SERIES))
    if unknown or len(roles) > len(look.SERIES):
        raise ResearchError(
            f"there are {len(roles)} series, in the roles {', '.join(roles.values())}.",
            where=where,
            instead="Draw at most four, as city, peers, benchmark or second; or small multiples.",
        )
    if all(row["value"] is None for row in rows):
        raise ResearchError("no year has a value.", where=where)
    return rows


def segmented(rows: Sequence[Record], order: Sequence[str], number: str) -> list[Record]:
    """Rows with a value by series and year; `segment` counts up where years are missing between them.

    `seen` marks the points that are drawn as dots: all of a short line, else its end and what stands
    alone; the others only carry their values on a screen.
    """
    return [point for name in order for point in _series(rows, name, number)]


def _series(rows: Sequence[Record], name: str, number: str) -> list[Record]:
    own = sorted((row for row in rows if row["series"] == name), key=lambda row: row["year"])
    years = [row["year"] for row in own if row["value"] is not None]
    step = min((b - a for a, b in pairwise(years)), default=1)
    points: list[Record] = []
    broken = True
    for row in own:
        if row["value"] is None:
            broken = True
            continue
        broken = broken or row["year"] - points[-1]["year"] > 1.5 * step
        segment = points[-1]["segment"] + broken if points else 1
        points.append(_point(row, segment, number))
        broken = False
    alone = [s for s, count in Counter(point["segment"] for point in points).items() if count == 1]
    for point in points:
        lone = point["segment"] in alone
        point["alone"] = 1 if lone else None
        point["seen"] = 1 if lone or len(points) <= SHORT or point is points[-1] else None
    return points


def _point(row: Record, segment: int, number: str) -> Record:
    text = row.get("text") or typeset.number(row["value"], number)
    kept = {name: row[name] for name in ("year", "series", "value", "low", "high")}
    return {**kept, "text": text, "segment": segment}


def scale(known: Sequence[Record], *, from_zero: bool) -> tuple[float, float, list[float]]:
    """Lowest and highest value of the axis, and its ticks."""
    found = [row[name] for row in known for name in ("value", "low", "high")]
    values = [value for value in found if value is not None]
    low, high = min(values), max(values)
    room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    bottom = min(0.0, low - room if low < 0 else 0.0) if from_zero else low - room
    top = high + room if not from_zero or high > 0 else 0.0
    return bottom, top, typeset.ticks(bottom, top)


def _ends(known: Sequence[Record], roles: Mapping[str, str]) -> list[Record]:
    latest = max(row["year"] for row in known)
    ends = []
    for name, role in roles.items():
        own = [row for row in known if row["series"] == name]
        if own:
            year = "" if own[-1]["year"] == latest else f" ({own[-1]['year']})"
            text = f"{name} {own[-1]['text']}{year}"
            weight = 600 if role == "city" else 400
            ends.append({"text": text, "value": own[-1]["value"], "series": name, "weight": weight})
    return ends


def _rooms(ends: list[Record], labels: Sequence[str]) -> tuple[Room, Room]:
    forms = (("w", WIDE, 280, 14, 160), ("n", NARROW, 230, 13, 104))
    return tuple(_room(ends, labels, *form) for form in forms)  # type: ignore[return-value]


def _room(
    ends: list[Record],
    labels: Sequence[str],
    form: str,
    width: int,
    height: int,
    size: int,
    most: int,
) -> Room:
    for end in ends:
        end[f"text_{form}"] = typeset.wrap(end["text"], size, most, bold=True)
    names = max(typeset.widest(end[f"text_{form}"], size, bold=True) for end in ends)
    left = math.ceil(typeset.widest(labels, size - 1) + 8)
    return Room(width, height, left, math.ceil(names) + GAP + 3, top=10, bottom=26, size=size)


def _place(ends: list[Record], form: str, room: Room, low: float, high: float) -> None:
    """Where each name stands: at the height of its line's end, or moved so that none overlap."""
    centres = [room.height * (high - end["value"]) / (high - low) for end in ends]
    counts = [len(end[f"text_{form}"]) for end in ends]
    heights = [count * leading(room.size) + 2.0 for count in counts]
    placed = typeset.spread(centres, heights, -room.top, room.height + 4)
    for end, centre, count in zip(ends, placed, counts, strict=True):
        end[f"y_{form}"] = first_baseline(centre, count, room.size)


def _years(known: Sequence[Record], rooms: tuple[Room, Room]) -> alt.X:
    first, last = min(row["year"] for row in known), max(row["year"] for row in known)
    axis = alt.Axis(
        values=both(*(year_ticks(first, last, room.inner) for room in rooms)),
        format="d",
        domain=True,
        ticks=True,
        tickSize=4,
        labelFontSize=both(13, 12),
    )
    return alt.X(
        field="year", type="quantitative", scale=_fixed(first, max(last, first + 1)), axis=axis
    )


def year_ticks(first: int, last: int, room: float) -> list[int]:
    """At most five years at an even step, the last one among them where its label has room."""
    years = [int(year) for year in typeset.ticks(first, last, 5)]
    apart = room / max(last - first, 1)
    if years[-1] != last and len(years) < 5 and (last - years[-1]) * apart >= 44:
        years.append(last)
    return years


def _fixed(low: float, high: float) -> alt.Scale:
    return alt.Scale(domain=[low, high], nice=False, zero=False)


def _drawn(known: Sequence[Record], roles: Mapping[str, str], x: alt.X, y: alt.Y) -> list[Layer]:
    names, ranks = list(roles), list(roles.values())
    colour = alt.Color(
        field="series",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=names, range=[look.light(rank) for rank in ranks]),
    )
    dash = alt.StrokeDash(
        field="series",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=names, range=[DASHES.get(rank, [1, 0]) for rank in ranks]),
    )
    base = marks("lines").encode(
        x=x, color=colour, detail=alt.Detail(field="segment", type="nominal")
    )
    path = base.mark_line().encode(
        y=y, strokeDash=dash, order=alt.Order(field="year", type="quantitative")
    )
    bounded = any(row["low"] is not None for row in known)
    return [*(_bounds(base) if bounded else []), path, _dots(base.encode(y=y))]


def _bounds(base: alt.Chart) -> list[Layer]:
    """A band where the line runs, a whisker where a year stands alone."""
    found = base.transform_filter("isValid(datum.low)")
    whisker = found.transform_filter("isValid(datum.alone)").mark_rule(strokeWidth=1.25)
    ends = {"y": alt.Y(field="low", type="quantitative"), "y2": alt.Y2(field="high")}
    return [drawn.encode(**ends) for drawn in (found.mark_area(opacity=0.16), whisker)]


def _dots(base: alt.Chart) -> Layer:
    said = [
        alt.Tooltip(field=name, type="nominal", title=name.title()) for name in ("series", "year")
    ]
    return base.mark_point(filled=True, size=36, opacity=expression("datum.seen ? 1 : 0")).encode(
        tooltip=[*said, alt.Tooltip(field="text", type="nominal", title="Value")]
    )


def _names(rooms: tuple[Room, Room]) -> Layer:
    return (
        marks("names")
        .mark_text(
            align="left",
            baseline="alphabetic",
            fontWeight=expression("datum.weight"),
            text=either("text"),
            x=expression(f"width + {GAP}"),
            y=either("y"),
            **lettering(*rooms),
        )
        .encode(color=alt.Color(field="series", type="nominal", legend=None))
    )
