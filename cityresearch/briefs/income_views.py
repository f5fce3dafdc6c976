"""Incomes of a city's households: low and median, their bounds, change and quality."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

from cityresearch.briefs import charts
from cityresearch.briefs.blocks import Cell, Chart, Column, Table
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.charts.canvas import Caption
from cityresearch.briefs.facts import Figure
from cityresearch.evidence.estimates import percent_change, reliability
from cityresearch.methods import words

INCOMES = "urban_institute.incomes"
FLAGS = "a low flag is good"


def table(brief: Brief) -> Table:
    """Low and median income in the first and the last year, with bounds, change and quality flag."""
    first, last = _ends(brief)
    columns = [
        Column("Household income"),
        *(Column(str(year), f"dollars of {last}", "right") for year in (first, last)),
        Column("Change", "", "right"),
        *(Column(f"Quality flag {year}", FLAGS, "right") for year in (first, last)),
    ]
    rows = [_incomes(brief, "p20", "Low", first, last)]
    rows.append(_incomes(brief, "p50", "Median", first, last))
    notes = [
        "The lighter figures are bounds. Where a change is clear, its bounds have one sign.",
        "The flag tells how well the survey’s areas fit the city.",
    ]
    caption = f"Household incomes in {brief.place.name} at the prices of {last}"
    return Table(
        "incomes", caption, columns, rows, notes=notes, source=brief.cite(INCOMES, "cpi.annual")
    )


def heading(brief: Brief) -> str:
    """What low incomes did: "Low incomes rose from $23,000 in 2014 to $28,000 in 2023"."""
    old, new = _pair(brief, "p20")
    done = brief.change("income_p20_real")
    if done in ("rose", "fell"):
        return f"Low incomes {done} from {old.close()} in {old.year} to {new.close()} in {new.year}"
    return f"Low incomes {done} from {old.year} to {new.year}"


def told(brief: Brief) -> str:
    """Low income in the first and last year, what the median did, and what may lie behind a change."""
    old, new = _pair(brief, "p20")
    part = words.sentence_start(share(brief))
    text = (
        f"{part} of the households had less than {old.close()} in {old.year} and less than "
        f"{new.close()} in {new.year}, at the prices of {new.year}. Over the same years median income "
        f"{brief.change('income_p50_real')}."
    )
    redrawn = brief.constant("survey_areas_redrawn")
    if (old.year or 0) >= (redrawn.value or 0):
        return text
    return f"{text} The survey’s areas were redrawn in {redrawn}, and part of a change may come from that."


def share(brief: Brief) -> str:
    """The part of the households that have less than a low income, in percent."""
    return str(brief.constant("low_income_share"))


def chart(brief: Brief) -> Chart:
    """Low and median income over the years at constant prices, with their bounds as bands."""
    names = {"income_p20_real": "Low", "income_p50_real": "Median"}
    years = range(_ends(brief)[0], _ends(brief)[1] + 1)
    rows = [_point(line, brief[name, year]) for name, line in names.items() for year in years]
    low, median = (brief.change(name) for name in names)
    title = f"Household income a year, in dollars of {years[-1]}"
    alt = f"Line chart of household income where low income {low} and median income {median}."
    caption = Caption("incomes-by-year", title, alt, brief.cite(INCOMES, "cpi.annual"))
    return charts.line(rows, caption, roles={"Low": "city", "Median": "second"}, number="${:,.0f}")


def _point(line: str, figure: Figure) -> dict[str, object]:
    row: dict[str, object] = {"year": figure.year, "series": line, "value": figure.value}
    if figure.estimate.interval is None:
        return {**row, "reason": figure.why()}
    low, high = (round(end, -2) for end in figure.estimate.interval)
    return {**row, "text": figure.cell(), "low": low, "high": high, "bounds": figure.margin()}


def _ends(brief: Brief) -> tuple[int, int]:
    years = [figure.year or 0 for figure in brief.history("income_p20_real")]
    return years[0], years[-1]


def _pair(brief: Brief, level: str) -> tuple[Figure, Figure]:
    """An income at constant prices in the first and in the last year."""
    first, last = _ends(brief)
    return brief[f"income_{level}_real", first], brief[f"income_{level}_real", last]


def _incomes(brief: Brief, level: str, name: str, first: int, last: int) -> list[str | Cell]:
    figures = _pair(brief, level)
    shown = [Cell(figure.cell(), figure.margin()) for figure in figures]
    change = _change(brief, level)
    by_year = {row["year"]: row for row in brief.rows(INCOMES).to_dict("records")}
    flags = [_flag(brief, level, by_year[year]).cell() for year in (first, last)]
    return [name, *shown, Cell(change.cell(), change.margin()), *flags]


def _change(brief: Brief, level: str) -> Figure:
    """The change of an income, at constant prices, from its first year to its last, in percent."""
    first, last = _ends(brief)
    old, new = _pair(brief, level)
    return brief.derived(
        f"income_{level}_change",
        f"Change of {new.label.split(',')[0]}, {first} to {last}",
        percent_change(old.estimate, new.estimate),
        table=INCOMES,
        rows=[f"geoid={brief.place.geoid},year={year}" for year in (first, last)],
        method="estimates.percent_change at constant prices; bounds as of independent estimates",
    )


def _flag(brief: Brief, level: str, row: Mapping[Hashable, Any]) -> Figure:
    told = {str(name): value for name, value in row.items()}
    figure = brief.cell(INCOMES, told, f"income_{level}_quality")
    return replace(figure, about=brief.area("geoid"))


def median_rule_heading(brief: Brief) -> str:
    """What a bill at the rule of the median takes of a low income, where that is known well enough."""
    burden = brief["median_rule_burden"]
    if reliability(burden.estimate) == "suppressed":
        return "What a bill set by the median would take of a low income is uncertain here"
    return f"A bill set by the median would take {burden} of a low income"


def median_check(brief: Brief) -> str:
    """The Census Bureau's own median beside the modelled one, or that there is none."""
    published, modelled = brief["census_median"], brief["income_p50"]
    reach = modelled.estimate.interval
    if published.value is None or reach is None:
        return "The Census Bureau’s own median is not on record here to check it against."
    within = "within" if reach[0] <= published.value <= reach[1] else "outside"
    return (
        f"The Census Bureau’s own median for the city in {modelled.year} is {published.close()}, "
        f"{within} the bounds of the estimate used here ({modelled.margin()})."
    )
