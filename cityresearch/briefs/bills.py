"""The bill that a city's homes were sent, where a rate sheet or a published bill is on record.

Rates on record are years old, so a bill is held against the incomes and the wage of its own year,
never against today's.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cityresearch.briefs import columns
from cityresearch.briefs.bill_views import INCOMES, WAGES, wage_row
from cityresearch.briefs.blocks import Cell, Chart, Column, Number, Table
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.canvas import Caption
from cityresearch.briefs.facts import Figure
from cityresearch.evidence.estimates import Estimate, missing
from cityresearch.methods import wages, water, words
from cityresearch.methods.tariffs import Tariff

TARIFFS, COMPONENTS, PUBLISHED = "tariffs.tariffs", "tariffs.components", "tariffs.bills"
RATES = "minimum_wages.rates"
USES = ("low_use", "usual_use", "high_use")  # gallons a month, constants of the topic
LINES = {
    "affordable_hours": "Minimum wage",
    "affordable_day": "One day of work",
    "affordable_utilities": "Utilities’ share",
}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class CityBill:
    """The newest rates, or the one published bill, on record for a city.

    `year` is None where it was not recorded; `tariff` is None for a bill published as a sum.
    """

    brief: Brief
    row: Row
    tariff: Tariff | None

    @property
    def year(self) -> int | None:
        return None if self.row["year"] is None else int(self.row["year"])

    @property
    def utility(self) -> str:
        return str(self.row["utility"])

    @property
    def when(self) -> str:
        """The year in a sentence: "in 2018"."""
        return f"in {self.year}" if self.year else "in a year that was not recorded"

    @property
    def services(self) -> str:
        """What the bill is for: "water, sewer and stormwater"."""
        return words.join(list(self.tariff.services)) if self.tariff else "water and sewer"

    @property
    def whole(self) -> bool:
        """Whether it covers water and sewer, as the lines do."""
        return self.tariff is None or {"water", "sewer"} <= set(self.tariff.services)

    @functools.cached_property
    def income_year(self) -> int | None:
        """The year of the incomes it is held against: its own, else the nearest year after it."""
        known = sorted(int(year) for year in self.brief.rows(INCOMES)["year"])
        return next((year for year in known if self.year and year >= self.year), None)

    # Figures -------------------------------------------------------------------------------------

    def bill(self, use: str, service: str = "total") -> Figure:
        """USD a month at a declared use, for one service or in total."""
        gallons = self.brief.constant(use)
        if self.tariff is None:
            known = gallons.value == self.row["gallons"] and service == "total"
            absent = missing("only the published sum is on record", "USD a month")
            estimate = Estimate(self.row["bill_usd"], 0.0, "USD a month") if known else absent
            key = f"geoid={self.row['geoid']},gallons={self.row['gallons']}"
            return self._derived(f"bill:{use}", "Bill", estimate, PUBLISHED, key, "as published")
        estimate = water.bill_estimates(self.tariff, gallons.value or 0.0)[service]
        key, named = f"tariff={self.row['tariff']}", "Bill" if service == "total" else f"{service} bill"
        method = "water.monthly_bill: fixed charges and tiers, a month"
        return self._derived(
            f"bill:{service}:{use}", f"{named} at {gallons} gallons", estimate, COMPONENTS, key, method
        )

    def burden(self, use: str) -> Figure:
        """The bill at a use in percent of the low income of `income_year`."""
        income = Estimate(None, reason="the year of the bill was not recorded")
        if self.income_year:
            income = self.brief["income_p20", self.income_year].estimate
        estimate = water.household_burden(self.bill(use).estimate, income)
        key = f"geoid={self.brief.place.geoid},year={self.income_year}"
        return self._derived(
            f"burden:{use}", "Bill as a share of low income", estimate, INCOMES, key, "water.household_burden"
        )

    def hours(self, use: str) -> Figure:
        """Hours at the minimum wage of the bill's year that pay it."""
        estimate = water.hours_at_minimum_wage(self.bill(use).estimate, self.wage.estimate)
        rows = self.wage.rows[0].split("[")[-1].rstrip("]")
        return self._derived(
            f"hours:{use}", "Hours at the minimum wage for the bill", estimate, RATES, rows,
            "water.hours_at_minimum_wage",
        )  # fmt: skip

    @functools.cached_property
    def wage(self) -> Figure:
        """The minimum wage in the middle of the bill's year, or the one published beside the bill."""
        unit, label = "USD an hour", "Minimum wage of the bill’s year"
        if self.tariff is None:
            key = f"geoid={self.row['geoid']},gallons={self.row['gallons']}"
            paid = Estimate(self.row["wage_usd_per_hour"], 0.0, unit)
            return self._derived("bill:wage", label, paid, PUBLISHED, key, "as published")
        rate = self._rate(f"{self.year}-07-01")
        if rate is None:
            absent = missing(f"the minimum wage of {self.year} is not on record", unit)
            return self._derived("bill:wage", label, absent, RATES, "", "wages.binding_rate")
        paid = Estimate(float(rate["usd_per_hour"]), 0.0, unit)
        return self._derived("bill:wage", label, paid, RATES, f"rate={rate['rate']}", "wages.binding_rate")

    def _rate(self, day: str) -> Row | None:
        now = wage_row(self.brief)
        if str(now["effective"] or now["as_of"]) <= day:
            return now
        place = self.brief.place
        region = str(now["locality"]) if now["level"] == "region" else ""
        rates = _records(self.brief.table(RATES))
        return wages.binding_rate(rates, day, geoid=place.geoid, state=place.state, region=region)

    def line(self, name: str) -> Figure:
        """An affordable bill in the bill's year, by one of the measures."""
        if name != "affordable_hours":
            return self.brief[name, self.income_year] if self.income_year else self._no_line(name)
        hours = self.brief.constant("minimum_wage_hours").value or 0.0
        estimate = water.affordable_bill_by_hours(self.wage.estimate, hours)
        rows = self.wage.rows[0].split("[")[-1].rstrip("]")
        label = "Affordable bill, minimum-wage measure, in the bill’s year"
        return self._derived("bill:line", label, estimate, RATES, rows, "water.affordable_bill_by_hours")

    def _no_line(self, name: str) -> Figure:
        absent = missing("the year of the bill was not recorded", "USD a month")
        return replace(self.brief[name], id=f"bill:{name}", estimate=absent)

    def _derived(
        self, name: str, label: str, estimate: Estimate, table: str, row: str, method: str
    ) -> Figure:
        year = f", {self.year}" if self.year else ""
        return self.brief.derived(
            name, f"{label}{year}", estimate, table=table, rows=[row], method=method
        )

    # Words ---------------------------------------------------------------------------------------

    @property
    def use(self) -> str:
        """The use that is spoken of: the usual one, or the low one where rates end below it."""
        return next(use for use in ("usual_use", "low_use", "high_use") if self.bill(use).exists)

    def stand(self) -> str:
        """The bill against the lines of its year: "lower than all three of the lines"."""
        lines = [line.estimate for line in map(self.line, LINES) if line.exists]
        return words.position(self.bill(self.use).estimate, lines, group="lines", whose="the")


def find_bill(brief: Brief) -> CityBill | None:
    """The newest tariff on record for the city, else a bill published as a sum, else nothing."""
    sheets = _records(brief.rows(TARIFFS))
    if sheets:
        newest = max(sheets, key=lambda row: int(row["year"]))
        parts = brief.table(COMPONENTS)
        mine = _records(parts[parts["tariff"] == newest["tariff"]])
        return CityBill(brief, newest, water.tariff_from_rows(newest, mine))
    published = _records(brief.rows(PUBLISHED))
    return CityBill(brief, published[0], None) if published else None


def _records(frame: Any) -> list[dict[str, Any]]:
    """Rows as dictionaries with None where a cell is empty."""
    found: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return found
