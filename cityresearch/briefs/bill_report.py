"""What a brief says and shows of the bill on record: heading, text, key number, table and chart."""

from __future__ import annotations

from cityresearch.briefs import charts
from cityresearch.briefs.bill_views import close
from cityresearch.briefs.bills import LINES, USES, CityBill
from cityresearch.briefs.blocks import Callout, Cell, Chart, Column, Number, Table
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.charts.canvas import Caption
from cityresearch.briefs.facts import Figure
from cityresearch.methods import words

NAMES = {
    "affordable_hours": "Minimum wage",
    "affordable_day": "One day of work",
    "affordable_utilities": "Utilities’ share",
}


def sentence(bill: CityBill) -> str:
    """The finding: the bill at a usual use in its year, against the lines of that time."""
    amount, gallons = bill.bill(bill.use).cell(), bill.brief.constant(bill.use)
    if not bill.whole:
        return f"In {bill.year} {_known(bill)} alone cost {amount} a month for {gallons} gallons"
    if not bill.year:
        return (
            f"A published bill for {gallons} gallons, its year not recorded, was {amount} a month, "
            f"{bill.stand()}"
        )
    return f"In {bill.year} a bill for {gallons} gallons was {amount} a month, {bill.stand()}"


def _known(bill: CityBill) -> str:
    return words.join(list(bill.services))


def in_short(bill: CityBill | None) -> str:
    """The bill in one sentence, or that none is on record."""
    if bill:
        return f"{sentence(bill)}."
    return (
        "No open table tells what homes here are billed, so hold your own bill against this line."
    )


def heading(bill: CityBill | None, name: str) -> str:
    """The heading of the section on the bill."""
    return sentence(bill) if bill else f"No open table tells what homes in {name} are billed"


def told(bill: CityBill | None) -> str:
    """What the bill is, how old, and what it took of a low income and of a month's work."""
    if bill is None:
        return (
            "There is no open national table of water rates, and no rates of this city have been "
            "entered here."
        )
    what = "The rates are those" if bill.tariff else "The bill is that"
    dated = f"{what} of {bill.year}, not today’s" if bill.year else "It is not today’s bill"
    note = f" {bill.quoted('note')}" if bill.row["note"] else ""
    start = f"{dated}. Source: {source(bill)}.{note}"
    if not bill.whole:
        return f"{start} Without the rest of the bill it cannot be held against the lines."
    return f"{start} {_took(bill)} {_lines_told(bill)}"


def source(bill: CityBill) -> str:
    """Where the rates or the bill come from; a published sum does not name its utility."""
    if bill.tariff:
        return bill.quoted("source")
    told = str(bill.row["source"])
    printed = f"{told[:1].lower()}{told[1:]}"
    return f"{bill.quoted('utility')}, {bill.quoted('source', printed)}"


def numbers(bill: CityBill | None) -> list[Number]:
    """The bill as a key number, where one is on record."""
    if bill is None:
        return []
    amount, gallons = bill.bill(bill.use), bill.brief.constant(bill.use)
    dated = f"rates of {bill.year}" if bill.year else "year not recorded"
    what = _known(bill) if bill.tariff else "water and sewer"
    how = "worked out from the rate sheet" if bill.tariff else "as published"
    label = f"a month for {gallons} gallons: {what}, {dated}"
    return [Number(amount.cell(), label, how, bill.stand() if bill.whole else "")]


def how_to_add(brief: Brief, bill: CityBill | None) -> Callout | None:
    """What a reader can do where no rates of the city are on record."""
    if bill and bill.tariff:
        return None
    *most, last = [str(brief.constant(use)) for use in USES]
    return Callout(
        "The utility’s rate sheet has all that is needed: its year, its fixed charges and its prices by "
        "volume. Send it to the publisher, named under “How to cite”. Once its rates are entered, this "
        f"brief shows the bill at {', '.join(most)} and {last} gallons against the lines.",
        title="Do you have your city’s rates?",
    )


def _took(bill: CityBill) -> str:
    hours = f"{bill.hours(bill.use).close()} hours of work at a minimum wage of {bill.wage.cell()}"
    burden = bill.burden(bill.use)
    if not burden.exists:
        return f"The bill took {hours}. What it took of a low income is not known: {burden.reason}."
    return f"The bill took {close(burden)} of a low income ({burden.margin()}), or {hours}."


def _lines_told(bill: CityBill) -> str:
    lines = [(bill.line(name), NAMES[name].lower()) for name in LINES]
    drawn = [f"{close(line)} ({name})" for line, name in lines if line.exists]
    were = "lines at that time were" if len(drawn) > 1 else "line was"
    rest = f"The {were} {words.join(drawn)}."
    if bill.income_year and bill.income_year != bill.year:
        rest += f" No income is on record for {bill.year}, so that of {bill.income_year} is used."
    return rest


def table(bill: CityBill | None) -> Table | None:
    """A row for each use that is on record: the bill by service, its burden and its hours."""
    if bill is None:
        return None
    uses = [use for use in USES if bill.tariff or bill.bill(use).exists]
    heads = [Column("Use", "gallons a month")]
    heads += [Column(service.capitalize(), "a month", "right") for service in _parts(bill)]
    heads += [Column("Bill" if bill.whole else _known(bill).capitalize(), "a month", "right")]
    if bill.whole and bill.income_year:
        heads.append(Column("Share of low income", str(bill.income_year), "right"))
    if bill.whole and bill.wage.exists:
        heads.append(Column("Hours at minimum wage", f"of {bill.wage.cell()}", "right"))
    rows = [_row(bill, use) for use in uses]
    dated = f", {bill.year}" if bill.year else ", year not recorded"
    caption = f"Monthly bill of a home in {bill.brief.place.name}{dated}"
    return Table("bill", caption, heads, rows, source=source(bill))


def _parts(bill: CityBill) -> tuple[str, ...]:
    """The services with a column of their own: none where the bill is for one service alone."""
    return bill.services if len(bill.services) > 1 else ()


def _row(bill: CityBill, use: str) -> list[str | Cell]:
    cells: list[str | Cell] = [bill.brief.constant(use).cell()]
    cells += [_cell(bill.bill(use, service)) for service in (*_parts(bill), "total")]
    if bill.whole and bill.income_year:
        cells.append(_cell(bill.burden(use)))
    if bill.whole and bill.wage.exists:
        cells.append(_cell(bill.hours(use)))
    return cells


def _cell(figure: Figure) -> Cell:
    if not figure.exists:
        return Cell(figure.cell(), figure.why())
    return Cell(figure.cell(), figure.margin() if figure.estimate.bounded else "")


def chart(bill: CityBill | None) -> Chart | None:
    """The bill at each use as columns, with the lines of its time and their bounds."""
    if bill is None or not bill.tariff or not bill.whole:
        return None
    gallons = {use: f"{bill.brief.constant(use)} gallons" for use in USES}
    drawn = [
        {"name": gallons[use], "value": bill.bill(use).estimate, "text": bill.bill(use).cell()}
        for use in USES
    ]
    lines = [
        {
            "name": NAMES[name],
            "value": bill.line(name).estimate,
            "text": bill.line(name).cell(),
            "bounds": bill.line(name).margin(),
        }
        for name in LINES
    ]
    title = f"Monthly bill by use, {bill.year}, against affordable bills of that time, USD"
    alt = f"Column chart of the monthly bill by use: {sentence(bill)[:1].lower()}{sentence(bill)[1:]}."
    caption = Caption("bill-by-use", title, alt, source(bill))
    return charts.columns(drawn, lines, caption)
