"""What a home can afford to pay for water: the lines, the wage and the incomes behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cityresearch.briefs import charts, plain
from cityresearch.briefs.blocks import Cell, Chart, Column, Number, Numbers, Table
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.charts.canvas import Caption
from cityresearch.briefs.facts import Figure
from cityresearch.briefs.views import median_mark
from cityresearch.evidence.estimates import reliability
from cityresearch.methods import words

SYSTEMS = "water_systems.place_systems"
INCOMES = "urban_institute.incomes"
WAGES = "minimum_wages.city_wages"
CONFIDENCE = {
    "high": "The match is of high confidence.",
    "by hand": "The match was made by hand.",
    "medium": "The match is of medium confidence, so check it before you rely on it.",
}
SET_BY_LAW = "set by law"
TEN_DOLLARS = 10.0  # numbers with a margin of this size are printed in whole dollars


def close(figure: Figure) -> str:
    """A figure in prose with the precision of tables, dollars whole: "$98", "an estimated $98"."""
    kind, estimate = reliability(figure.estimate), figure.estimate
    if estimate.value is None or kind == "suppressed":
        return str(figure)
    reach = estimate.interval or (estimate.value, estimate.value)
    margin = max(estimate.value - reach[0], reach[1] - estimate.value)
    least = TEN_DOLLARS if estimate.unit.startswith("USD") else 0.0
    text = words.number(estimate.value, estimate.unit, precise=True, margin=max(margin, least))
    return figure.ledger.record(figure, f"an estimated {text}" if kind == "estimated" else text)


def share(brief: Brief, constant: str) -> str:
    """A declared share as its authors write it: "4.6%", "7%"."""
    figure = brief.constant(constant)
    return figure.ledger.record(figure, f"{figure.value:g}%")


def stand(brief: Brief, name: str) -> str:
    """Where the city's line stands: "higher than in all eight of its peers"."""
    return brief.position(name, words.HIGHER_IN)


def unchecked(brief: Brief) -> str:
    """Names the declared constants whose first source nobody has read for this project."""
    named = brief.topic.constants.items()
    names = [name.replace("_", " ") for name, declared in named if not declared.verified]
    return f"Not checked against their first sources: {words.join(names)}." if names else ""


# The lines ---------------------------------------------------------------------------------------


def line_numbers(brief: Brief, *more: Number) -> Numbers:
    """The affordable bill by each measure, with its bounds and its place among the peers."""
    hours = brief.constant("minimum_wage_hours")
    labels = {
        "affordable_day": f"a month at {share(brief, 'one_day_share')} of a low income",
        "affordable_utilities": f"a month at {share(brief, 'utilities_share')} of a low income",
        "affordable_hours": f"a month for {hours} hours at the minimum wage",
    }
    return Numbers(
        [*(_line(brief, *item) for item in labels.items() if brief[item[0]].exists), *more]
    )


def _line(brief: Brief, name: str, label: str) -> Number:
    figure, wage = brief[name], name == "affordable_hours"
    when = f"as of {dated_wage(brief, 'as_of')}" if wage else str(figure.year)
    margin = SET_BY_LAW if wage else figure.margin()
    return Number(figure.cell(), f"{label}, {when}", margin, stand(brief, name))


def line_heading(brief: Brief) -> str:
    """The finding of the lines: "An affordable bill is $58, $98 or $149 a month, …"."""
    lines = [brief[name] for name in ("affordable_hours", "affordable_day", "affordable_utilities")]
    found = sorted((line for line in lines if line.exists), key=lambda line: line.value or 0.0)
    *most, last = [close(line) for line in found]
    return f"An affordable bill is {', '.join(most)} or {last} a month, by the measure chosen"


def line_table(brief: Brief) -> Table:
    """The three measures: what each allows, what it rests on and who set it."""
    columns = [Column("Measure"), Column("Affordable bill", "a month", "right")]
    columns += [Column("Rests on"), Column("Named by")]
    income = f"low income of {brief['income_p20'].cell()}, {brief['income_p20'].year}"
    wage = f"minimum wage of {brief['wage'].cell()}, {whose_rate(brief)}"
    rows = [
        _measure(brief, "Minimum wage", "affordable_hours", "minimum_wage_hours", wage),
        _measure(brief, "One day of work", "affordable_day", "one_day_share", income),
        _measure(brief, "Utilities’ share", "affordable_utilities", "utilities_share", income),
    ]
    source = brief.cite(INCOMES, WAGES)
    caption = f"Affordable water and sewer bills in {brief.place.name}"
    return Table("lines", caption, columns, rows, source=source)


def line_bars(brief: Brief) -> Chart:
    """The one-day line of the city and its peers, with bounds and the median peer."""
    own, peers = brief["affordable_day"], brief.among_peers("affordable_day")
    rows = [
        {"name": f.about.name, "value": f.estimate, "text": f.cell(), "bounds": f.margin()}
        for f in (own, *peers)
    ]
    title = f"Affordable bill a month, one day of work, {own.year}"
    finding = f"the bill in {brief.place.name} is {stand(brief, 'affordable_day')}"
    caption = Caption(
        "one-day-line",
        title,
        f"Bar chart of affordable bills where {finding}.",
        brief.cite(INCOMES),
    )
    return charts.bars(
        rows,
        caption,
        own=own.about.name,
        number="${:,.0f}",
        reference=median_mark(brief, "affordable_day"),
        label="City",
    )


def _measure(brief: Brief, name: str, line: str, constant: str, rests_on: str) -> list[str | Cell]:
    figure, declared = brief[line], brief.topic.constants[constant]
    hours = declared.unit.startswith("hours")
    how_much = f"{brief.constant(constant)} hours a month" if hours else share(brief, constant)
    doubt = "" if declared.verified else "not checked against the first source"
    margin = SET_BY_LAW if hours else figure.margin()
    value = Cell(figure.cell(), margin if figure.exists else figure.why())
    author = f"{declared.source.split(',')[0]}, {declared.as_of}"
    return [Cell(name, how_much), value, rests_on, Cell(author, doubt)]


# The wage ----------------------------------------------------------------------------------------


def wage_row(brief: Brief) -> Mapping[str, Any]:
    """The row of the minimum wage that binds in the city; empty cells are None."""
    return plain.rows(brief.rows(WAGES))[0]


def quoted_wage(brief: Brief, column: str) -> str:
    """A text of that row as it stands there; empty where it is."""
    return brief.quoted(WAGES, wage_row(brief), column)


def dated_wage(brief: Brief, column: str) -> str:
    """A date of that row in words."""
    row = wage_row(brief)
    return brief.quoted(WAGES, row, column, words.long_date(row[column]))


def whose_rate(brief: Brief) -> str:
    """Who sets the wage that binds: "the federal rate", "the rate of Illinois"."""
    row = wage_row(brief)
    state = brief.place_of("state", brief.place.geoid[:2]).name
    return {
        "federal": "the federal rate",
        "state": f"the rate of {state}",
        "region": f"the rate that {state} sets for one region ({quoted_wage(brief, 'locality')})",
        "city": "the city’s own rate",
    }[row["level"]]


def wage_told(brief: Brief) -> str:
    """The wage that binds with its level and date, and why it may be higher by now."""
    row, as_of = wage_row(brief), dated_wage(brief, "as_of")
    began = row["effective"]
    since = f"in force since {dated_wage(brief, 'effective')}" if began else f"in force on {as_of}"
    if began and began < row["as_of"] and not row["caution"]:
        since += f", as last recorded on {as_of}"
    told = f"The minimum wage here is {brief['wage'].cell()} an hour: {whose_rate(brief)}, {since}."
    return f"{told} {quoted_wage(brief, 'caution')}".strip()


# Systems -----------------------------------------------------------------------------------------


def system_heading(brief: Brief) -> str:
    """Which systems are on record for the city, or that none could be matched."""
    rows = _systems(brief)
    if not rows:
        return f"Which water system serves {brief.place.name} is not on record here"
    keys = [brief.key_of(SYSTEMS, row) for row in rows]
    count = brief.count("systems", "water systems on record for the city", SYSTEMS, keys)
    are = "water system is" if len(rows) == 1 else "water systems are"
    names = [brief.quoted(SYSTEMS, row, "name") for row in rows]
    told = words.sentence_start(str(count))
    return f"{told} {are} on record for {brief.place.name}: {words.join(names)}"


def _systems(brief: Brief) -> list[plain.Row]:
    return plain.rows(brief.rows(SYSTEMS).sort_values("rank"))


def system_told(brief: Brief) -> str:
    """How sure the match between city and systems is, and what else may be true."""
    rows = _systems(brief)
    if not rows:
        return (
            "The city could not be matched with a system in the federal list with enough confidence. "
            "A county, a district or a company may serve it."
        )
    served = words.join([_served(brief, row) for row in rows])
    reports = "It reports" if len(rows) == 1 else "They report"
    sure = CONFIDENCE[max((row["confidence"] for row in rows), key=list(CONFIDENCE).index)]
    if len(rows) > 1:
        all_high = sure == CONFIDENCE["high"]
        sure = sure.replace(
            "The match is" if all_high else "The", "All matches are" if all_high else "A"
        )
    return (
        f"{reports} serving {served} people; the city has {brief['population']} residents. A system "
        f"can serve more cities, or a part of one. {sure} Sewer service can be another body’s."
    )


def system_table(brief: Brief) -> Table | None:
    """The systems with their EPA number, the people they report to serve, and the match."""
    rows = _systems(brief)
    columns = [
        Column("System"),
        Column("EPA number"),
        Column("People served", "as reported", "right"),
        Column("Match with the city"),
    ]
    cells: list[list[str | Cell]] = [
        [
            brief.quoted(SYSTEMS, row, "name"),
            brief.quoted(SYSTEMS, row, "pwsid"),
            _served(brief, row),
            row["confidence"],
        ]
        for row in rows
    ]
    caption = f"Water systems on record for {brief.place.name}"
    return Table("systems", caption, columns, cells, source=brief.cite(SYSTEMS)) if rows else None


def _served(brief: Brief, row: plain.Row) -> str:
    figure = brief.cell(SYSTEMS, row, "population_served")
    return replace(figure, about=brief.area("geoid"), label=f"People served, {row['name']}").cell()
