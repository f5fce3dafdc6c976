"""Tables that briefs need: a city among its peers, the state of the law, values by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cityresearch.briefs import look, typeset
from cityresearch.briefs.blocks import Cell, Column, Table
from cityresearch.briefs.records import Record, Records, readings, records
from cityresearch.briefs.typeset import NOT_AVAILABLE
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.estimates import Estimate
from cityresearch.methods import words

Cells = list[list[str | Cell]]


@dataclass(frozen=True)
class Field:
    """A column of a comparison: the rows' field, its label and unit, and how its numbers are printed."""

    name: str
    label: str
    unit: str = ""
    number: str = "{:,.1f}"


def comparison(
    data: Records,
    fields: Sequence[Field],
    *,
    id: str,
    caption: str,
    own: str,
    label: str = "City",
    source: str = "",
    notes: Sequence[str] = (),
) -> Table:
    """Places beside each other, in the order given, our own marked.

    Args:
        data: rows with `name` and the fields (a number, an Estimate, None, or a printed text or Cell).
            Rows with `rank` get a rank column; `tied` (true or false) marks shared ranks.
        fields: the columns after the name.
        id: name of the table within the page.
        caption: what is compared, with place and year.
        own: the name of our row.
        label: what the names are.
        source: the source line.
        notes: sentences beneath; the reasons of missing values are added.

    Raises:
        ResearchError: no row, a missing field, or no row called `own`.
    """
    where = f"table '{id}'"
    found = records(data, where, "name", *(field.name for field in fields))
    if own not in {row["name"] for row in found}:
        raise ResearchError(f"no row is called '{own}'.", where=where, instead="Name our own row.")
    ranked = any("rank" in row for row in found)
    head = [Column(label), *([Column("Rank", align="right")] if ranked else [])]
    cells: Cells = [
        [
            row["name"],
            *([_rank(row)] if ranked else []),
            *(cell(row[field.name], field.number) for field in fields),
        ]
        for row in found
    ]
    return Table(
        id,
        caption,
        [*head, *(Column(field.label, field.unit, "right") for field in fields)],
        cells,
        [at for at, row in enumerate(found) if row["name"] == own],
        [*notes, *_reasons(found, fields)],
        source,
    )


def cell(value: Any, number: str) -> str | Cell:
    """What a cell prints of a number, an Estimate or None; text and cells stay as they are."""
    if isinstance(value, (str, Cell)):
        return value
    estimate = value if isinstance(value, Estimate) else None
    plain = estimate.value if estimate else value
    if plain is None:
        return NOT_AVAILABLE
    text = typeset.number(plain, number)
    if estimate and estimate.moe:
        return Cell(text, sub=f"±{typeset.number(estimate.moe, number)}")
    if estimate and estimate.low is not None and estimate.high is not None:
        return Cell(text, sub=_range(estimate.low, estimate.high, number))
    return text


def _range(low: float, high: float, number: str) -> str:
    return f"{typeset.number(low, number)} to {typeset.number(high, number)}"


def _rank(row: Record) -> str | Cell:
    if row.get("rank") is None:
        return NOT_AVAILABLE
    return Cell(str(row["rank"]), sub="tied") if row.get("tied") else str(row["rank"])


def _reasons(found: Sequence[Record], fields: Sequence[Field]) -> list[str]:
    """A note for each reason why values are missing, with the places that it holds for."""
    reasons: dict[str, list[str]] = {}
    for field in fields:
        for row in found:
            value = row[field.name]
            if isinstance(value, Estimate) and value.value is None:
                reasons.setdefault(f"{field.label}: {value.reason}", []).append(row["name"])
    return [f"Not available. {reason} ({'; '.join(names)})." for reason, names in reasons.items()]


def status_grid(
    data: Records, *, id: str, caption: str, source: str = "", notes: Sequence[str] = ()
) -> Table:
    """The state of the law by policy area, each row with its statute, date and source.

    Args:
        data: rows with `area`, `status` (preempted, limited, none, unknown, formerly) and, where
            known, `law` (the statute), `effective` (a date), `note`, `source`, `href`, `as_of`.
        id: name of the table within the page.
        caption: what the table says, with place and date.
        source: the source line.
        notes: sentences beneath.

    Raises:
        ResearchError: no row, a missing field, or an unknown status.
    """
    where = f"table '{id}'"
    rows: Cells = [
        [
            str(row["area"]),
            status(row["status"], where),
            Cell(_text(row, "law") or "not recorded", sub=_details(row)),
            Cell(_text(row, "source") or "not recorded", _as_of(row), _text(row, "href")),
        ]
        for row in records(data, where, "area", "status")
    ]
    columns = [Column(name) for name in ("Policy area", "Status", "Law and date", "Source")]
    return Table(id, caption, columns, rows, notes=notes, source=source)


def status(name: str, where: str) -> Cell:
    """A cell with the words, tone and mark of a state of the law."""
    if name not in look.STATUSES:
        hint = did_you_mean(name, look.STATUSES) or f"Known are: {', '.join(look.STATUSES)}."
        raise ResearchError(f"'{name}' is not a state of the law.", where=where, instead=hint)
    shown = look.STATUSES[name]
    return Cell(shown.words, state=name, mark=shown.mark)


def _text(row: Record, name: str) -> str:
    return "" if row.get(name) is None else str(row[name])


def _details(row: Record) -> str:
    effective = _text(row, "effective")
    since = f"effective {words.long_date(effective)}" if effective else ""
    return "; ".join(part for part in (since, _text(row, "note")) if part)


def _as_of(row: Record) -> str:
    as_of = _text(row, "as_of")
    return f"as of {words.long_date(as_of)}" if as_of else ""


def series(
    data: Records,
    *,
    id: str,
    caption: str,
    names: Sequence[str],
    number: str = "{:,.0f}",
    source: str = "",
    notes: Sequence[str] = (),
) -> Table:
    """Values by year, a column for each of `names`; rows as for `charts.line`.

    Raises:
        ResearchError: no row, or a missing field.
    """
    found = readings(data, f"table '{id}'", "year", "series", "value")
    columns, cells = by_year(found, names, number)
    return Table(id, caption, columns, cells, notes=notes, source=source)


def by_year(
    rows: Sequence[Record], names: Sequence[str], number: str
) -> tuple[list[Column], Cells]:
    """Columns and rows of a table of values by year, a column a series."""
    found = {(row["year"], row["series"]): row for row in rows}
    years = sorted({row["year"] for row in rows})
    columns = [Column("Year"), *(Column(name, align="right") for name in names)]
    cells = [[str(y), *(_value(found.get((y, name)), number) for name in names)] for y in years]
    return columns, cells


def listed(
    rows: Sequence[Record], label: str, number: str, references: Sequence[Record] = ()
) -> tuple[list[Column], Cells]:
    """Columns and rows of a table of named values, with bounds where known and reasons where not."""
    columns = [Column(label), Column("Value", align="right")]
    return columns, [[row["name"], _value(row, number)] for row in (*rows, *references)]


def _value(row: Mapping[str, Any] | None, number: str) -> str | Cell:
    if row is None or row["value"] is None:
        return Cell(NOT_AVAILABLE, sub=row.get("reason", "") if row else "")
    text = row.get("text") or typeset.number(row["value"], number)
    if row.get("low") is None:
        return str(text)
    return Cell(text, sub=_range(row["low"], row["high"], number))
