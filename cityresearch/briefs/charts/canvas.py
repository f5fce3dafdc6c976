"""What all charts share: room at two widths, records, and the step from marks to a `Chart` block.

A chart is drawn once. What differs between the wide and the narrow form stands in its specification
as an expression on the parameter `narrow`; `usermeta.rooms` holds the two sizes (see `svg.fit`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from cityresearch.briefs import look
from cityresearch.briefs.blocks import Cell, Chart, Column, Table
from cityresearch.briefs.charts import typeset
from cityresearch.briefs.charts.records import Record

WIDE, NARROW = 700, 350
# Places that are given, not read from data. `alt.value` says the same with much searching.
x_value: Any = alt.XValue  # these four are without types
x2_value: Any = alt.X2Value
y_value: Any = alt.YValue
y2_value: Any = alt.Y2Value


@dataclass(frozen=True)
class Room:
    """The space of a chart at one width, px: the plot's height and what is kept free around it.

    `size` is the size of labels; axis words are one px smaller.
    """

    width: int
    height: float
    left: float = 0
    right: float = 0
    top: float = 8
    bottom: float = 0
    size: int = 14

    @property
    def inner(self) -> float:
        """The width of the plot itself."""
        return self.width - self.left - self.right

    def to_json(self) -> Record:
        """The room as `svg.fit` reads it."""
        padding = {side: getattr(self, side) for side in ("left", "right", "top", "bottom")}
        return {"height": self.height, "padding": padding}


@dataclass(frozen=True)
class Caption:
    """What every chart says of itself: name in the page, title with unit, alternative text, source.

    `notes` go under the chart's table, for instance why a value is missing.
    """

    id: str
    title: str
    alt: str
    source: str = ""
    notes: Sequence[str] = ()


def both(wide: object, narrow: object) -> Any:
    """An expression that is one constant in the wide form and another in the narrow one."""
    return expression(f"narrow ? {json.dumps(narrow)} : {json.dumps(wide)}")


def either(field: str) -> Any:
    """An expression for a field that is computed twice: `field_w` is for wide, `field_n` for narrow."""
    return expression(f"narrow ? datum.{field}_n : datum.{field}_w")


def expression(text: str) -> Any:
    """A Vega expression; marks read their own row as `datum`, the plot's width as `width`."""
    return {"expr": text}  # `alt.ExprRef` says the same, which Altair takes long to turn into this


def lettering(wide: Room, narrow: Room, *, less: int = 0) -> Record:
    """Size and line height of labels, `less` px smaller than the room's own size."""
    sizes = wide.size - less, narrow.size - less
    return {"fontSize": both(*sizes), "lineHeight": both(*(leading(size) for size in sizes))}


def leading(size: float) -> float:
    """The height of a line of labels, px."""
    return round(size * 1.2)


def first_baseline(centre: float, lines: int, size: float) -> float:
    """Where the first of several lines stands, so that the block is centred at `centre`."""
    return round(centre - (lines - 1) * leading(size) / 2 + 0.34 * size, 1)


def value_axis(ticks: Sequence[float], pattern: str, *, grid: bool = True) -> alt.Axis:
    """An axis with these ticks, labelled as numbers are printed elsewhere."""
    labels = typeset.tick_labels(pattern, ticks)
    find = f"{json.dumps(labels)}[indexof({json.dumps(list(ticks))}, datum.value)]"
    return alt.Axis(values=list(ticks), labelExpr=find, grid=grid, labelFontSize=both(13, 12))


Layer = Any  # what `alt.Chart.encode` returns, as Altair declares it
Datasets = Mapping[str, Sequence[Record]]


def marks(dataset: str) -> alt.Chart:
    """A chart on one of the datasets that `finish` puts into the specification.

    The dataset is kept as the chart's name until then: Altair looks long at data that it is given.
    """
    return alt.Chart(name=dataset)


def finish(
    caption: Caption,
    layers: Sequence[Layer],
    datasets: Datasets,
    rooms: tuple[Room, Room],
    table: Table,
) -> Chart:
    """The block of a chart made of these layers, drawn for the wide form."""
    wide, narrow = rooms
    forms = {"wide": wide.to_json(), "narrow": narrow.to_json()}
    spec = {
        "$schema": alt.SCHEMA_URL,
        "description": caption.alt,
        "autosize": "none",
        **forms["wide"],
        "params": [{"name": "narrow", "value": False}],
        "datasets": {name: [_short(row) for row in rows] for name, rows in datasets.items()},
        "config": look.theme(),
        "layer": [_layer(each) for each in layers],
        "width": wide.inner,
        "usermeta": {"rooms": forms},
    }
    return Chart(caption.id, caption.title, caption.alt, spec, table, caption.source)


def _layer(drawn: Layer) -> Record:
    """A layer on its dataset. Layers are joined here, since `alt.layer` copies all parts several times,
    and not checked against the schema, most of the cost of a chart: the tests check every kind. Asked
    as any part of a specification: a chart would look for data of its own, and here is none."""
    parts: Record = alt.SchemaBase.to_dict(drawn, validate=False)
    parts["data"] = {"name": parts.pop("name")}
    return parts


def _short(row: Record) -> Record:
    """A row of data without what is empty, and without the noise of binary fractions."""
    return {
        name: float(f"{value:.8g}") if isinstance(value, float) else value
        for name, value in row.items()
        if value is not None
    }


def data_table(
    caption: Caption,
    columns: Sequence[Column],
    cells: Sequence[Sequence[str | Cell]],
    highlight: Sequence[str] = (),
) -> Table:
    """The data of a chart as a table, its rows of these names highlighted."""
    own = [at for at, row in enumerate(cells) if row[0] in highlight]
    return Table(f"{caption.id}-data", caption.title, columns, cells, own, caption.notes)
