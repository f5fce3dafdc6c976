"""The bill that a city's homes were sent, where a rate sheet or a published bill is on record.

Rates on record are years old, so a bill is held against the incomes and the wage of its own year,
never against today's.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cityresearch.briefs import counts, plain
from cityresearch.briefs.bill_views import wage_row
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.facts import Figure
from cityresearch.briefs.income_views import INCOMES
from cityresearch.evidence.estimates import Estimate, counted, missing
from cityresearch.methods import wages, water, words
from cityresearch.methods.tariffs import Tariff

TARIFFS, COMPONENTS, PUBLISHED = "tariffs.tariffs", "tariffs.components", "tariffs.bills"
RATES = "minimum_wages.rates"
USES = ("low_use", "usual_use", "high_use")  # gallons a month, constants of the topic
LINES = ("affordable_hours", "affordable_day", "affordable_utilities")
UNDATED = "the year of the bill was not recorded"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class CityBill:
    """The newest rates, or else the one published bill, on record for a city.

    `row` is that of the rate sheet or the bill, empty cells None; `tariff` is None for a bill that
    was published as a sum.
    """

    brief: Brief
    row: Row
    tariff: Tariff | None

    @property
    def year(self) -> int | None:
        """The year of the rates; None where it was not recorded."""
        return None if self.row["year"] is None else int(self.row["year"])

    @property
    def services(self) -> tuple[str, ...]:
        """The services that the bill can be split into; none for a published sum."""
        return self.tariff.services if self.tariff else ()

    @property
    def whole(self) -> bool:
        """Whether it covers water and sewer, as the lines do."""
        return self.tariff is None or {"water", "sewer"} <= set(self.services)

    def quoted(self, column: str, printed: str = "") -> str:
        """A text of the row as it stands there, or as it is printed."""
        return self.brief.quoted(TARIFFS if self.tariff else PUBLISHED, self.row, column, printed)

    @functools.cached_property
    def income_year(self) -> int | None:
        """The year of the incomes it is held against: its own, else the nearest one after it."""
        known = sorted(int(year) for year in self.brief.rows(INCOMES)["year"])
        return next((year for year in known if self.year and year >= self.year), None)

    @functools.cached_property
    def use(self) -> str:
        """The use that is spoken of: the usual one, or another where the rates do not reach it."""
        order = ("usual_use", "low_use", "high_use")
        return next((use for use in order if self.bill(use).exists), "usual_use")

    def bill(self, use: str, service: str = "total") -> Figure:
        """USD a month at a declared use, for one service or in total."""
        gallons = self.brief.constant(use)
        name = "Bill" if service == "total" else f"{service.capitalize()} bill"
        label = f"{name} at {gallons} gallons a month"
        if self.tariff is None:
            estimate = self._published(gallons.value or 0.0)
            return self._figure(f"bill:{use}", label, estimate, self._rows, "value: as published")
        estimate = water.bill_estimates(self.tariff, gallons.value or 0.0)[service]
        method = "water.monthly_bill: fixed charges and charges by volume, a month"
        return self._figure(f"bill:{service}:{use}", label, estimate, self._rows, method)

    def _published(self, gallons: float) -> Estimate:
        if gallons == self.row["gallons"]:
            return counted(self.row["bill_usd"], "USD a month")
        return missing("no bill is on record for this use", "USD a month")

    @property
    def _rows(self) -> tuple[str, ...]:
        if self.tariff:
            return (f"{COMPONENTS}[tariff={self.row['tariff']}]",)
        return (f"{PUBLISHED}[geoid={self.row['geoid']},gallons={self.row['gallons']}]",)

    def burden(self, use: str) -> Figure:
        """The bill at a use in percent of low income in `income_year`."""
        income = self.line_income
        estimate = water.household_burden(self.bill(use).estimate, income.estimate)
        rows = self._rows + income.rows
        method = "water.household_burden: the bills of a year in percent of low income"
        return self._figure(
            f"burden:{use}", "Bill as a share of low income", estimate, rows, method
        )

    def hours(self, use: str) -> Figure:
        """Hours at the minimum wage of the bill's year that pay it."""
        estimate = water.hours_at_minimum_wage(self.bill(use).estimate, self.wage.estimate)
        rows = self._rows + self.wage.rows
        method = "water.hours_at_minimum_wage: bill divided by wage"
        return self._figure(f"hours:{use}", "Hours at the minimum wage", estimate, rows, method)

    @property
    def line_income(self) -> Figure:
        """The low income that the bill is held against."""
        if self.income_year:
            return self.brief["income_p20", self.income_year]
        absent = missing(self._no_income, "USD a year")
        return replace(self.brief["income_p20"], id="bill:income", estimate=absent, rows=())

    @property
    def _no_income(self) -> str:
        return f"no income of {self.year} is out yet" if self.year else UNDATED

    @functools.cached_property
    def wage(self) -> Figure:
        """The minimum wage in the middle of the bill's year, or the one published with the bill."""
        label, unit = "Minimum wage of the bill’s year", "USD an hour"
        if self.tariff is None:
            paid = counted(self.row["wage_usd_per_hour"], unit)
            return self._figure("bill:wage", label, paid, self._rows, "value: as published")
        rate = self._rate(f"{self.year}-07-01")
        absent = missing(f"the minimum wage of {self.year} is not on record", unit)
        paid = counted(float(rate["usd_per_hour"]), unit) if rate else absent
        rows = (f"{RATES}[rate={rate['rate']}].usd_per_hour",) if rate else ()
        method = "wages.binding_rate: the highest rate in force in the middle of the year"
        return self._figure("bill:wage", label, paid, rows, method)

    def _rate(self, day: str) -> Row | None:
        now, place = wage_row(self.brief), self.brief.place
        if str(now["effective"] or now["as_of"]) <= day:
            return now
        region = str(now["locality"]) if now["level"] == "region" else ""
        wider = {"level": "region", "locality": region} if region else {"level": "state"}
        wanted = (
            {"level": "federal"},
            {**wider, "state": place.state},
            {"level": "city", "geoid": place.geoid},
        )
        rates = [row for keys in wanted for row in plain.rows(self.brief.table(RATES, **keys))]
        return wages.binding_rate(rates, day, geoid=place.geoid, state=place.state, region=region)

    def line(self, name: str) -> Figure:
        """The affordable bill by one of the measures, at the incomes or the wage of the bill's time."""
        if name == "affordable_hours":
            hours = self.brief.constant("minimum_wage_hours").value or 0.0
            estimate = water.affordable_bill_by_hours(self.wage.estimate, hours)
            label = "Affordable bill, minimum wage, at the bill’s time"
            method = "water.affordable_bill_by_hours"
            return self._figure("bill:line", label, estimate, self.wage.rows, method)
        if self.income_year:
            return self.brief[name, self.income_year]
        absent = missing(self._no_income, "USD a month")
        return replace(self.brief[name], id=f"bill:{name}", estimate=absent, rows=())

    def _figure(
        self, name: str, label: str, estimate: Estimate, rows: tuple[str, ...], method: str
    ) -> Figure:
        dated = f"{label}, {self.year}" if self.year else label
        table = COMPONENTS if self.tariff else PUBLISHED
        figure = self.brief.derived(
            name, dated, estimate, table=table, rows=list(rows), method=method
        )
        return replace(figure, rows=rows)

    def stand(self) -> str:
        """The bill against the lines of its time: "lower than all three of the lines"."""
        bill, group = self.bill(self.use), "affordability lines of that time"
        lines = [line for line in map(self.line, LINES) if line.exists]
        if len(lines) == 1:
            return words.compare(bill.estimate, lines[0].estimate, "the minimum-wage line")
        rows = [*bill.rows, *counts.rows_of(lines)]
        others = [line.estimate for line in lines]
        return counts.position(bill, others, rows, group, words.HIGHER, whose="the")


def find_bill(brief: Brief) -> CityBill | None:
    """The newest rates on record for the city, else a bill published as a sum, else nothing.

    Raises:
        ResearchError: components that make no tariff.
    """
    sheets = plain.rows(brief.rows(TARIFFS))
    if sheets:
        newest = max(sheets, key=lambda row: int(row["year"]))
        mine = plain.rows(brief.table(COMPONENTS, tariff=newest["tariff"]))
        return CityBill(brief, newest, water.tariff_from_rows(newest, mine))
    published = plain.rows(brief.rows(PUBLISHED))
    return CityBill(brief, published[0], None) if published else None
