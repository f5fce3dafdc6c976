"""Views: a brief's figures as key numbers, charts and tables. Whatever is shown is recorded as a fact."""

from __future__ import annotations

import statistics
from collections.abc import Hashable, Mapping, Sequence
from typing import Literal, NamedTuple

import pandas as pd

from cityresearch.briefs import charts, plain
from cityresearch.briefs.blocks import Cell, Chart, Column, Number, Numbers, Table
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.facts import About, Figure
from cityresearch.evidence.sources import Column as DeclaredColumn
from cityresearch.methods import words

SCALES = {
    1e3: " thousand",
    1e6: " million",
    1e9: " billion",
}  # what a chart's title says of its values


def key_numbers(brief: Brief, *names: str) -> Numbers:
    """Three to five key numbers with year, margin and the place among its peers."""
    return Numbers([key_number(brief, name) for name in names if brief[name].exists])


def key_number(brief: Brief, name: str, comparison: str = "") -> Number:
    """One key number; `comparison` replaces the words about peers."""
    figure, year = brief[name], brief.topic.indicators[name].year
    told = comparison or (brief.stand(name) if brief.topic.peers else "")
    label = _dated(figure.label, year)
    return Number(figure.cell(), label, margin=figure.margin(), comparison=told)


def _dated(label: str, year: int | None) -> str:
    """A label with its year, unless it names the year itself."""
    return label if not year or str(year) in label else f"{label}, {year}"


def peer_bars(brief: Brief, name: str, finding: str) -> Chart:
    """Sorted bars of the place and its peers, with the median of the peers as a dashed line.

    Args:
        finding: what the chart shows, for the alternative text, without a full stop.
    """
    own, peers = brief[name], brief.among_peers(name)
    indicator = brief.topic.indicators[name]
    rows = [_bar(figure) for figure in (own, *peers)]
    title = _dated(indicator.label, indicator.year)
    caption = charts.Caption(
        name.replace("_", "-"),
        title,
        charts.alt("Bar chart", indicator.label, finding),
        brief.source_of(name),
    )
    mark = median_mark(brief, name)
    return charts.bars(rows, caption, own=own.about.name, reference=mark, label=_of(own.about))


def median_mark(brief: Brief, name: str) -> tuple[str, float, str] | None:
    """The median of the peers as a mark of a chart, printed no finer than a peer's usual margin."""
    middle = brief.median_peer(name)
    if middle is None or middle.value is None:
        return None
    reaches = [peer.estimate.interval or (0.0, 0.0) for peer in brief.among_peers(name)]
    usual = statistics.median((high - low) / 2 for low, high in reaches)
    text = words.number(middle.value, middle.estimate.unit, precise=True, margin=usual)
    return "Median peer", middle.value, middle.ledger.record(middle, text)


def _bar(figure: Figure) -> dict[str, object]:
    row: dict[str, object] = {"name": figure.about.name, "value": figure.estimate}
    row |= {"text": figure.cell(), "reason": figure.why()}
    if figure.estimate.interval and figure.estimate.moe != 0:
        row["bounds"] = figure.margin()
    return row


def _of(about: About) -> str:
    return {"uace": "Urban area", "geoid": "City", "state": "State"}.get(about.kind, "Place")


class Panel(NamedTuple):
    """One panel of `over_years`: its title with unit, what values are divided by, how they print."""

    title: str
    scale: float = 1.0
    number: str = "{:,.0f}"


def over_years(brief: Brief, panels: Mapping[str, Panel], title: str, finding: str) -> Chart:
    """Two to six indicators of the place over their years, a panel each.

    Args:
        panels: how each indicator is shown, by its name.
        finding: what the chart shows, for the alternative text.
    """
    rows = [
        {"year": year, "series": panel.title, **_scaled(figure, panel)}
        for name, panel in panels.items()
        for year, figure in _by_year(brief, name)
    ]
    identity = "-".join(panels).replace("_", "-")
    alt = charts.alt("Line charts", title, finding)
    caption = charts.Caption(identity, title, alt, brief.source_of(*panels))
    return charts.small_multiples(
        rows, caption, panels={panel.title: panel.number for panel in panels.values()}
    )


def _by_year(brief: Brief, name: str) -> list[tuple[int, Figure]]:
    first, last = brief.topic.indicators[name].years or [0, -1]
    return [(year, brief[name, year]) for year in range(first, last + 1)]


def _scaled(figure: Figure, panel: Panel) -> dict[str, object]:
    if figure.value is None:
        return {"value": None, "reason": figure.why()}
    text = panel.number.format(figure.value / panel.scale)
    figure.ledger.record(figure, text + SCALES.get(panel.scale, ""))
    low, high = figure.estimate.interval or (None, None)
    bounds = {
        "low": None if low is None else low / panel.scale,
        "high": None if high is None else high / panel.scale,
    }
    shown = figure.ledger.marked(figure, text)
    return {"value": figure.value / panel.scale, "text": shown, **bounds}


def shares(brief: Brief, parts: Mapping[str, str], title: str, finding: str) -> Chart:
    """The parts of a whole as bars, each beside the national share.

    Args:
        parts: label of each part, by indicator.
    """
    rows = [
        {
            "name": label,
            "value": brief[name].estimate,
            "text": brief[name].cell(),
            "other": brief.nation(name).value,
            "other_text": brief.nation(name).cell(),
        }
        for name, label in parts.items()
    ]
    first = next(iter(parts))
    caption = charts.Caption(
        first.replace("_", "-"),
        title,
        charts.alt("Bar chart", title, finding),
        brief.source_of(first),
    )
    return charts.shares(rows, caption, others="all areas", number="{:.1f}%", label="Source")


def largest(brief: Brief, parts: Mapping[str, str], one: str, whole: str) -> str:
    """Which part is the largest, ties called ties: "The largest source is local funds, with 62% of
    all money", "Tied as the largest source are local funds and state funds, with …".

    Args:
        parts: label of each part, by indicator.
        one: what a part is called ("source").
        whole: what the shares are of ("of all money").
    """
    estimates = {name: brief[name].estimate for name in parts}
    shares = words.join([str(brief[name]) for name in words.leaders(estimates)])
    labels = {label[:1].lower() + label[1:]: estimates[name] for name, label in parts.items()}
    return f"{words.largest(labels, one)}, with {shares} {whole}"


def peer_table(brief: Brief, names: Sequence[str], caption: str) -> Table:
    """The place, its peers and, where declared, the nation: a row each, a column an indicator."""
    topic = brief.topic
    abouts = [brief.about(names[0]), *brief.peers.members]
    columns = [Column(_of(abouts[0]))]
    columns += [_head(topic.indicators[name].label, topic.indicators[name].year) for name in names]
    rows: list[list[str | Cell]] = [
        [about.name, *(_cell(brief.figure(name, about)) for name in names)] for about in abouts
    ]
    if any(topic.indicators[name].nation == "sum" for name in names):
        rows.append(["All areas with figures", *(_nation(brief, name) for name in names)])
    notes = [_how_chosen(brief)]
    source = brief.source_of(*names)
    return Table("peers", caption, columns, rows, highlight=[0], notes=notes, source=source)


def _head(label: str, year: int | None) -> Column:
    return Column(label, "" if str(year) in label else str(year or ""), "right")


def rows_table(
    brief: Brief,
    table: str,
    columns: Mapping[str, str],
    caption: str,
    *,
    where: Mapping[str, object] | None = None,
    largest: str = "",
    most: int = 12,
    said: Mapping[str, Mapping[str, str]] | None = None,
) -> Table:
    """Rows of a pinned table that are about the place.

    Args:
        columns: label of each column shown, by its name in the table; the first names the row.
        where: values that rows must have, such as {"year": 2023}.
        largest: column to sort by, largest first.
        most: rows shown; a note says how many more there are.
        said: by column, what to print for its codes, such as {"qa": {"ok": "agrees"}}.
    """
    frame = brief.rows(table)
    for name, value in (where or {}).items():
        frame = frame[frame[name] == value]
    if largest:
        frame = frame.sort_values(largest, ascending=False, kind="stable", na_position="last")
    shown = frame.head(most).replace(said) if said else frame.head(most)
    declared = brief.declared(table).columns
    heads = [Column(label, align=_side(declared[name])) for name, label in columns.items()]
    rows = [
        [_row_cell(brief, table, row, name, next(iter(columns))) for name in columns]
        for row in shown.to_dict("records")
    ]
    notes = [_not_shown(brief, table, frame[most:])] if len(frame) > most else []
    identity = table.replace(".", "-").replace("_", "-")
    return Table(identity, caption, heads, rows, notes=notes, source=brief.cite(table))


def _not_shown(brief: Brief, table: str, rest: pd.DataFrame) -> str:
    told = [brief.key_of(table, row) for row in plain.rows(rest)]
    count = brief.count(f"{table}:more", "rows that are not shown", table, told)
    return f"{words.sentence_start(str(count))} more row{'s' if len(told) > 1 else ''} not shown."


def _side(declared: DeclaredColumn) -> Literal["left", "right"]:
    return "right" if declared.type in ("integer", "number") else "left"


def _row_cell(
    brief: Brief, table: str, row: Mapping[Hashable, object], name: str, named: str
) -> str | Cell:
    declared = brief.declared(table).columns[name]
    values = {str(key): value for key, value in row.items()}
    if declared.type in ("integer", "number"):
        return _cell(brief.cell(table, values, name, str(row[named])))
    if plain.empty(row[name]):
        return Cell("not available", brief.why_missing(table, values, name))
    return brief.quoted(table, values, name)


def _how_chosen(brief: Brief) -> str:
    """Which variables chose the peers, and how many would stay if one of them were left out."""
    group = brief.peers
    variables = words.join([label.lower() for label in group.variables])
    chosen = f"Peers are nearest on {variables}."
    kept = sorted({round(share * len(group)) for share in group.stability.dropped.values()})
    if not kept:  # chosen by one variable alone, which can't be left out
        return chosen
    ends = {"fewest": kept[0], "most": kept[-1]}
    stay = " to ".join(dict.fromkeys(str(brief.peer_count(*end)) for end in ends.items()))
    return f"{chosen} With one of these left out, {stay} of the {brief.peer_count()} would stay."


def _cell(figure: Figure) -> Cell:
    if not figure.exists:
        return Cell("not available", figure.why())
    shown = figure.estimate.moe != 0  # a count says so once, in the source line
    return Cell(figure.cell(), figure.margin() if shown else "")


def _nation(brief: Brief, name: str) -> str:
    return brief.nation(name).cell() if brief.topic.indicators[name].nation == "sum" else "–"
