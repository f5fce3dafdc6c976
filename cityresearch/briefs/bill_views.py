"""What a home can afford to pay for water: the lines, the wage and the incomes behind them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cityresearch.briefs.blocks import Cell, Column, Number, Numbers, Table
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.facts import Figure
from cityresearch.evidence import places
from cityresearch.evidence.estimates import reliability
from cityresearch.methods import words

SYSTEMS = "water_systems.place_systems"
INCOMES = "urban_institute.incomes"
WAGES = "minimum_wages.city_wages"
CONFIDENCE = {
    "high": "The match with the city is of high confidence.",
    "medium": "The match with the city is of medium confidence, so check it before you rely on it.",
    "by hand": "The match with the city was made by hand.",
}
SET_BY_LAW = "set by law, no sampling error"


def close(figure: Figure) -> str:
    """A figure in prose with the precision of tables: "$98.20", or "an estimated $98"."""
    kind = reliability(figure.estimate)
    if kind in ("missing", "suppressed"):
        return str(figure)
    return f"an estimated {figure.cell()}" if kind == "estimated" else figure.cell()


def share(brief: Brief, constant: str) -> str:
    """A declared share as its authors write it: "4.6%", "7%"."""
    figure = brief.constant(constant)
    return figure.ledger.record(figure, f"{figure.value:g}%")


def long_date(iso: str) -> str:
    """2026-11-22 as November 22, 2026; 2026-11 and 2026 with as much as they say."""
    parts = iso.split("-")
    day = datetime.date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    return [f"{day:%Y}", f"{day:%B %Y}", f"{day:%B} {day.day}, {day.year}"][len(parts) - 1]


def unchecked(brief: Brief) -> str:
    """Names the declared constants whose first source nobody has read for this project."""
    names = [name.replace("_", " ") for name, c in brief.topic.constants.items() if not c.verified]
    if not names:
        return ""
    noun = "constant was" if len(names) == 1 else "constants were"
    return f"The {noun} not checked against the first source: {words.join(names)}."


# The lines ---------------------------------------------------------------------------------------


def line_numbers(brief: Brief, *more: Number) -> Numbers:
    """The affordable bill by each measure, with its bounds and its place among the peers."""
    hours = brief.constant("minimum_wage_hours")
    labels = {
        "affordable_day": f"a month at {share(brief, 'one_day_share')} of a low income",
        "affordable_utilities": f"a month at {share(brief, 'utilities_share')} of a low income",
        "affordable_hours": f"a month for {hours} hours at the minimum wage",
    }
    return Numbers([*(_line(brief, *item) for item in labels.items() if brief[item[0]].exists), *more])


def _line(brief: Brief, name: str, label: str) -> Number:
    figure, wage = brief[name], name == "affordable_hours"
    year = long_date(str(wage_row(brief)["as_of"])) if wage else str(figure.year)
    margin = SET_BY_LAW if wage else figure.margin()
    return Number(figure.cell(), f"{label}, {year}", margin=margin, comparison=brief.stand(name))


def line_table(brief: Brief) -> Table:
    """The three measures: what each allows, what it rests on and who set it."""
    columns = [
        Column("Measure"),
        Column("Affordable bill", "a month", "right"),
        Column("Rests on"),
        Column("Named by"),
    ]
    income = f"low income of {brief['income_p20'].cell()}, {brief['income_p20'].year}"
    wage = f"minimum wage of {brief['wage'].cell()}, {whose_rate(brief)}"
    rows = [
        _measure(brief, "Minimum wage", "affordable_hours", "minimum_wage_hours", wage),
        _measure(brief, "One day of work", "affordable_day", "one_day_share", income),
        _measure(brief, "Utilities’ share", "affordable_utilities", "utilities_share", income),
    ]
    source = brief.cite(INCOMES, WAGES)
    return Table("lines", f"Affordable water and sewer bills in {brief.place.name}", columns, rows,
                 notes=[unchecked(brief)], source=source)  # fmt: skip


def _measure(
    brief: Brief, name: str, line: str, constant: str, rests_on: str
) -> list[str | Cell]:
    figure, declared = brief[line], brief.topic.constants[constant]
    hours = declared.unit.startswith("hours")
    how_much = f"{brief.constant(constant)} hours a month" if hours else share(brief, constant)
    doubt = "" if declared.verified else "not checked against the first source"
    margin = SET_BY_LAW if hours else figure.margin()
    value = Cell(figure.cell(), margin if figure.exists else figure.reason)
    return [Cell(name, how_much), value, rests_on, Cell(declared.source, doubt)]


# The wage ----------------------------------------------------------------------------------------


def wage_row(brief: Brief) -> Mapping[str, Any]:
    """The row of the minimum wage that binds in the city; empty cells are None."""
    frame = brief.rows(WAGES)
    found: Mapping[str, Any] = frame.astype(object).where(frame.notna(), None).iloc[0].to_dict()
    return found


def whose_rate(brief: Brief) -> str:
    """Who sets the wage that binds: "the federal rate", "the rate of Illinois"."""
    row = wage_row(brief)
    state = places.find(brief.project, "state", brief.place.geoid[:2]).name
    return {
        "federal": "the federal rate",
        "state": f"the rate of {state}",
        "region": f"the rate that {state} sets for one region ({row['locality']})",
        "city": "the city’s own rate",
    }[row["level"]]


def wage_told(brief: Brief) -> str:
    """The wage that binds with its level and date, and why it may be higher by now."""
    row = wage_row(brief)
    as_of = long_date(row["as_of"])
    since = f"in force since {long_date(row['effective'])}" if row["effective"] else f"in force on {as_of}"
    known = f", as last recorded on {as_of}" if row["effective"] and row["effective"] < row["as_of"] else ""
    told = f"The minimum wage here is {brief['wage'].cell()} an hour: {whose_rate(brief)}, {since}{known}."
    return f"{told} {row['caution'] or ''}".strip()


# Systems -----------------------------------------------------------------------------------------


def system_names(brief: Brief) -> str:
    """The water systems on record for the city, the main one first, in a list."""
    return words.join([str(name) for name in brief.rows(SYSTEMS).sort_values("rank")["name"]])


def system_heading(brief: Brief) -> str:
    """Which systems are on record for the city, or that none could be matched."""
    count = len(brief.rows(SYSTEMS))
    if count == 0:
        return f"The system that serves {brief.place.name} is not on record here"
    number = words.sentence_start(words.plural(count, "water system is", "water systems are"))
    return f"{number} on record for {brief.place.name}: {system_names(brief)}"


def system_match(brief: Brief) -> str:
    """How sure the match between city and system is."""
    rows = brief.rows(SYSTEMS)
    if len(rows) == 0:
        return ""
    weakest = max(rows["confidence"], key=list(CONFIDENCE).index)
    return CONFIDENCE[weakest] if len(rows) == 1 else CONFIDENCE[weakest].replace("match with", "weaker match with")


def system_table(brief: Brief) -> Table:
    """The systems with their EPA number, the people they report to serve, and the match."""
    rows = brief.rows(SYSTEMS).sort_values("rank").to_dict("records")
    columns = [
        Column("System"),
        Column("EPA number"),
        Column("People served", "as reported", "right"),
        Column("Match with the city"),
    ]
    cells: list[list[str | Cell]] = [
        [row["name"], row["pwsid"], _served(brief, row), row["confidence"]] for row in rows
    ]
    caption = f"Water systems on record for {brief.place.name}"
    return Table("systems", caption, columns, cells, source=brief.cite(SYSTEMS))


def _served(brief: Brief, row: Mapping[Any, Any]) -> str:
    plain = {str(name): value for name, value in row.items()}
    figure = brief.cell(SYSTEMS, plain, "population_served")
    return replace(figure, about=brief.area("geoid"), label=f"People served, {row['name']}").cell()
