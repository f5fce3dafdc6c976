"""Incomes of a city's households: low and median, their bounds, change and quality."""

from __future__ import annotations

from dataclasses import replace

from cityresearch.briefs.blocks import Cell, Column, Table
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.facts import Figure
from cityresearch.evidence.estimates import percent_change

INCOMES = "urban_institute.incomes"
FLAGS = {1: "the best of three", 2: "the middle of three", 3: "the poorest of three"}



def income_table(brief: Brief) -> Table:
    """Low and median income in the first and the last year, with bounds, change and quality flag."""
    first, last = _ends(brief)
    flags = "1 best, 3 poorest"
    columns = [
        Column("Household income"),
        *(Column(str(year), "dollars of 2023", "right") for year in (first, last)),
        Column("Change", "", "right"),
        *(Column(f"Quality flag {year}", flags, "right") for year in (first, last)),
    ]
    rows = [_incomes(brief, "p20", "Low, 20th percentile", first, last)]
    rows.append(_incomes(brief, "p50", "Median", first, last))
    notes = [
        "The lighter figures are bounds. The widest change that they allow is given.",
        "The flag tells how well the survey’s areas fit the city.",
    ]
    caption = f"Household incomes in {brief.place.name} at the prices of {last}"
    return Table("incomes", caption, columns, rows, notes=notes, source=brief.cite(INCOMES, "cpi.annual"))


def _ends(brief: Brief) -> tuple[int, int]:
    years = [figure.year or 0 for figure in brief.history("income_p20_real")]
    return years[0], years[-1]


def _incomes(brief: Brief, level: str, name: str, first: int, last: int) -> list[str | Cell]:
    figures = [brief[f"income_{level}_real", year] for year in (first, last)]
    shown = [Cell(figure.cell(), figure.margin()) for figure in figures]
    change = income_change(brief, level)
    flags = [_flag(brief, level, year).cell() for year in (first, last)]
    return [name, *shown, Cell(change.cell(), change.margin()), *flags]


def income_change(brief: Brief, level: str) -> Figure:
    """The change of an income, at constant prices, from its first year to its last, in percent."""
    first, last = _ends(brief)
    old, new = (brief[f"income_{level}_real", year] for year in (first, last))
    return brief.derived(
        f"income_{level}_change",
        f"Change of {new.label.split(',')[0]}, {first} to {last}",
        percent_change(old.estimate, new.estimate),
        table=INCOMES,
        rows=[f"geoid={brief.place.geoid},year={year}" for year in (first, last)],
        method="estimates.percent_change at constant prices; bounds span all that both years allow",
    )


def _flag(brief: Brief, level: str, year: int) -> Figure:
    rows = brief.rows(INCOMES)
    row = {str(name): value for name, value in rows[rows["year"] == year].iloc[0].items()}
    figure = brief.cell(INCOMES, row, f"income_{level}_quality")
    return replace(figure, about=brief.area("geoid"))


def quality_told(brief: Brief) -> str:
    """The publisher's quality flag of low income in the last year, in words."""
    flag = _flag(brief, "p20", _ends(brief)[1])
    return f"The publisher’s quality flag for it is {flag.cell()}, {FLAGS[int(flag.value or 0)]}."


def median_check(brief: Brief) -> str:
    """The Census Bureau's own median beside the modelled one, or that there is none."""
    published, modelled = brief["census_median"], brief["income_p50"]
    reach = modelled.estimate.interval
    if published.value is None or reach is None:
        return "The Census Bureau’s own median is not on record here to check it against."
    within = "within" if reach[0] <= published.value <= reach[1] else "outside"
    return (
        f"The Census Bureau’s own median for the city in {modelled.year} is {published.cell()}, "
        f"{within} the bounds of the estimate used here ({modelled.margin()})."
    )
