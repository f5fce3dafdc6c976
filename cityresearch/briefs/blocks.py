"""What a code cell shows: key numbers, a chart, a table or a callout, as plain data.

The block's JSON is the truth; pages and PDFs are made from it. HTML, SVG and plain text stand beside
it so that JupyterLab and exported notebooks show the same thing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cityresearch.briefs import html, look, marks, stamp
from cityresearch.errors import ResearchError, did_you_mean

MIME = "application/vnd.cityresearch.block+json"
DEFER_SVG = "CITYRESEARCH_DEFER_SVG"  # "1": the press draws charts later, see press/drawings.py
WIDE = 700

Json = dict[str, Any]
Shown = Json | tuple[Json, Json]  # what IPython shows of a block: by format, and with metadata


@dataclass(frozen=True)
class Number:
    """One key number as printed: "14.5", its label with the year, its margin, a comparison in words."""

    value: str
    label: str
    margin: str = ""
    comparison: str = ""
    note: str = ""

    def to_json(self) -> Json:
        """The item of the block."""
        return {
            "value": self.value,
            "label": self.label,
            "margin": self.margin,
            "comparison": self.comparison,
            "note": self.note,
        }


@dataclass(frozen=True)
class Numbers:
    """The key numbers of a brief, three to five.

    Raises:
        ResearchError: no number, or one without value or label.
    """

    items: Sequence[Number]

    def __post_init__(self) -> None:
        put_stamp(self)
        if not self.items or not all(item.value and item.label for item in self.items):
            raise ResearchError(
                "key numbers need a value and a label each.",
                where="Numbers",
                instead='Write Numbers([Number("14.5", "Trips per resident, 2023")]).',
            )

    def to_json(self) -> Json:
        """The block, kind `numbers`."""
        return {"kind": "numbers", "items": [item.to_json() for item in self.items]}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Shown:  # noqa: ARG002
        return shown(self, self.to_json(), "; ".join(f"{n.value} {n.label}" for n in self.items))


@dataclass(frozen=True)
class Column:
    """A column of a table. Numbers go to the right; the unit is printed under the label."""

    label: str
    unit: str = ""
    align: Literal["left", "right"] = "left"

    def to_json(self) -> Json:
        """The column as the block holds it: what is empty is left out."""
        column: Json = {"label": self.label}
        if self.unit:
            column["unit"] = self.unit
        return {**column, "align": "right"} if self.align == "right" else column


@dataclass(frozen=True)
class Cell:
    """A cell with more than text: a lighter second line, a link, or a state of the law with its mark."""

    text: str
    sub: str = ""
    href: str = ""
    state: str = ""
    mark: str = ""

    def to_json(self) -> Json | str:
        """Plain text where the cell holds nothing else."""
        extras = {"sub": self.sub, "href": self.href, "state": self.state, "mark": self.mark}
        found = {name: value for name, value in extras.items() if value}
        return {"text": self.text, **found} if found else self.text


@dataclass(frozen=True)
class Table:
    """A table of printed cells. The first column names the rows; `highlight` holds our own rows.

    Raises:
        ResearchError: no caption, a column without label, a row of another length, an unknown state,
            a link that is not http(s) or within the site, or a highlighted row that is not there.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Cell]]
    highlight: Sequence[int] = ()
    notes: Sequence[str] = ()
    source: str = ""

    def __post_init__(self) -> None:
        put_stamp(self)
        where = f"table '{self.id}'"
        if not self.caption or not all(column.label for column in self.columns):
            raise ResearchError("a table needs a caption, and each column a label.", where=where)
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ResearchError(
                    f"row {number} has {len(row)} cells, but there are {len(self.columns)} columns.",
                    where=where,
                )
            for cell in row:
                _check(cell, where)
        if any(not 0 <= row < len(self.rows) for row in self.highlight):
            raise ResearchError("a highlighted row is not in the table.", where=where)

    def to_json(self) -> Json:
        """The block, kind `table`."""
        return {
            "kind": "table",
            "id": self.id,
            "caption": self.caption,
            "columns": [column.to_json() for column in self.columns],
            "rows": [[_cell(cell) for cell in row] for row in self.rows],
            "highlight": list(self.highlight),
            "notes": list(self.notes),
            "source": self.source,
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Shown:  # noqa: ARG002
        lines = [self.caption, " | ".join(column.label for column in self.columns)]
        lines += [" | ".join(c if isinstance(c, str) else c.text for c in row) for row in self.rows]
        return shown(self, self.to_json(), "\n".join(lines))


@dataclass(frozen=True)
class Chart:
    """A chart: a Vega-Lite spec for both widths, its alternative text, and its data as a table.

    Raises:
        ResearchError: no title, or no alternative text.
    """

    id: str
    title: str
    alt: str
    spec: Json
    table: Table
    source: str = ""

    def __post_init__(self) -> None:
        put_stamp(self)
        if not self.title or not self.alt:
            raise ResearchError(
                "a chart needs a title and an alternative text.",
                where=f"chart '{self.id}'",
                instead="Write the text with charts.alt(kind, what, finding).",
            )

    def to_json(self) -> Json:
        """The block, kind `chart`."""
        return {
            "kind": "chart",
            "id": self.id,
            "title": self.title,
            "alt": self.alt,
            "spec": self.spec,
            "table": self.table.to_json(),
            "source": self.source,
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Shown:  # noqa: ARG002
        bundle: Json = {MIME: self.to_json(), "text/plain": self.alt}
        if os.environ.get(DEFER_SVG) != "1":
            # Imported here: the drawing engine takes half a second to start, a notebook may not need it.
            from cityresearch.briefs import svg

            bundle["image/svg+xml"] = svg.render(self.spec, WIDE)
        return _stamped(self, bundle)


@dataclass(frozen=True)
class Callout:
    """A short text set apart: a definition, or a caution (tone `warning`).

    Raises:
        ResearchError: no text, or another tone.
    """

    text: str
    title: str = ""
    tone: Literal["note", "warning"] = "note"

    def __post_init__(self) -> None:
        put_stamp(self)
        if not self.text or self.tone not in ("note", "warning"):
            raise ResearchError(
                f"a callout needs a text and a tone, not tone '{self.tone}'.",
                where="Callout",
                instead="The tones are 'note' and 'warning'.",
            )

    def to_json(self) -> Json:
        """The block, kind `callout`."""
        return {"kind": "callout", "tone": self.tone, "title": self.title, "text": self.text}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Shown:  # noqa: ARG002
        return shown(
            self, self.to_json(), f"{self.title}: {self.text}" if self.title else self.text
        )


@dataclass(frozen=True)
class BillCalculator:
    """A form in which a reader holds an own water bill against an income; see `calculator.py`.

    `wage` is in USD an hour, or None where it is not known; `burden` and `poverty` are the cut-offs
    of `methods.water.Cutoffs`, in percent, `classes` its five names. `worked` is one case in words,
    for readers without scripts; `method` says whose cut-offs they are.
    """

    title: str
    worked: str
    wage: float | None
    burden: tuple[float, float]
    poverty: tuple[float, float]
    classes: Sequence[str]
    method: str

    def __post_init__(self) -> None:
        put_stamp(self)

    def to_json(self) -> Json:
        """The block, kind `bill_calculator`."""
        return {
            "kind": "bill_calculator",
            "title": self.title,
            "worked": self.worked,
            "wage": self.wage,
            "burden": list(self.burden),
            "poverty": list(self.poverty),
            "classes": list(self.classes),
            "method": self.method,
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Shown:  # noqa: ARG002
        return shown(self, self.to_json(), f"{self.title}: {self.worked}")


Block = Numbers | Table | Chart | Callout | BillCalculator


def put_stamp(block: object) -> None:
    """Notes whose brief a block was made for, which a copy or a cache keeps with it."""
    object.__setattr__(block, "_stamp", stamp.now())


def shown(block: object, told: Json, plain: str) -> Shown:
    """What a cell shows of a block: its JSON, HTML and plain text."""
    page = f"<style>{look.NOTEBOOK_CSS}</style>{html.block_html(told)}"
    return _stamped(block, {MIME: told, "text/html": page, "text/plain": plain})


def _stamped(block: object, bundle: Json) -> Shown:
    """What is shown, with the block's stamp as metadata where the press runs the notebook."""
    if not marks.switched_on():
        return bundle
    return bundle, {stamp.KEY: getattr(block, "_stamp", "")}


def _cell(cell: str | Cell) -> Json | str:
    return cell if isinstance(cell, str) else cell.to_json()


def _check(cell: str | Cell, where: str) -> None:
    if isinstance(cell, str):
        return
    if cell.state and cell.state not in look.STATUSES:
        hint = did_you_mean(cell.state, look.STATUSES) or f"Known are: {', '.join(look.STATUSES)}."
        raise ResearchError(f"'{cell.state}' is not a state of the law.", where=where, instead=hint)
    if cell.href and not html.safe_link(cell.href):
        raise ResearchError(
            f"the link '{cell.href}' is neither http(s) nor within the site.", where=where
        )
