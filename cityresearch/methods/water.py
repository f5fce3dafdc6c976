"""Water affordability: bills against incomes, wages and the benchmarks that others have set.

Bills are USD a month, incomes USD a year, wages USD an hour, volumes gallons a month.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from cityresearch.errors import ResearchError
from cityresearch.evidence.estimates import Estimate, counted, missing, ratio, scaled
from cityresearch.methods.tariffs import (
    Component,
    Tariff,
    beyond,
    convert,
    monthly_bill,
    tariff_for,
    tariff_from_rows,
)

__all__ = [
    "AWWA",
    "BURDENS",
    "CUTOFFS",
    "DUKE",
    "HOURS_A_MONTH",
    "Benchmark",
    "Component",
    "Cutoffs",
    "Tariff",
    "affordable_bill",
    "affordable_bill_by_hours",
    "bill_estimates",
    "burden_category",
    "burden_of_median_rule",
    "convert",
    "hours_at_minimum_wage",
    "household_burden",
    "monthly_bill",
    "percentile_from_brackets",
    "share_of_income",
    "share_paying_more_than",
    "tariff_for",
    "tariff_from_rows",
]


@dataclass(frozen=True)
class Benchmark:
    """A number that somebody set, and who: `verified` is false where the text was not checked."""

    value: float
    unit: str
    meaning: str
    source: str
    year: int
    verified: bool = True


@dataclass(frozen=True)
class Cutoffs:
    """Lower bounds, inclusive, of the middle and upper class of HBI and of PPI, in percent."""

    label: str
    hbi: tuple[float, float]
    ppi: tuple[float, float]
    source: str
    year: int


DUKE = Cutoffs(
    "Duke University",
    (4.6, 9.2),  # one and two days of labor in a month of about 22 working days
    (20.0, 35.0),
    "Patterson and Doyle, Exploring the affordability of water services",
    2021,
)
AWWA = Cutoffs(
    "the water utilities’ associations (AWWA, NACWA, WEF)",
    (7.0, 10.0),
    (20.0, 35.0),
    "Raucher and others, Developing a New Framework for Household Affordability",
    2019,
)
CUTOFFS = {"duke": DUKE, "awwa": AWWA}
BURDENS = ("Low", "Low-Moderate", "Moderate-High", "High", "Very High")
UNKNOWN_BURDEN = "Unknown"

HOURS_A_MONTH = Benchmark(
    value=8.0,
    unit="hours a month",
    meaning="work at the minimum wage that pays for basic water and sewer service",
    source="Teodoro, Measuring Household Affordability for Water and Sewer Utilities",
    year=2018,
    verified=False,
)


def bill_estimates(tariff: Tariff, gallons: float) -> dict[str, Estimate]:
    """`monthly_bill` as estimates in "USD a month"; missing, with why, beyond the tariff's end."""
    unit = "USD a month"
    ended = [s for s in tariff.services if gallons > tariff.highest_gallons(s)]
    if ended:
        return {s: missing(beyond(tariff, ended[0]), unit) for s in (*tariff.services, "total")}
    return {name: counted(usd, unit) for name, usd in monthly_bill(tariff, gallons).items()}


def share_of_income(bill: Estimate | float, income: Estimate | float) -> Estimate:
    """A year of bills in percent of a year's income: 100 · 12 · bill / income."""
    return scaled(ratio(counted(bill), counted(income)), 1_200, "%")


def household_burden(bill: Estimate | float, income_p20: Estimate | float) -> Estimate:
    """Household Burden Indicator, in percent: the bill against the limit of the lowest fifth.

    Source: Raucher and others, 2019 (AWWA, NACWA, WEF).
    """
    return share_of_income(bill, income_p20)


def hours_at_minimum_wage(bill: Estimate | float, wage: Estimate | float) -> Estimate:
    """Hours of work a month, at `wage` USD an hour, that pay the monthly bill (Teodoro, 2018)."""
    return ratio(counted(bill), counted(wage), "hours a month")


def affordable_bill(income: Estimate | float, percent: float) -> Estimate:
    """The monthly bill, USD, that takes `percent` of a year's income; bounds stay bounds."""
    return scaled(counted(income), percent / 100 / 12, "USD a month")


def affordable_bill_by_hours(
    wage: Estimate | float, hours: float = HOURS_A_MONTH.value
) -> Estimate:
    """The monthly bill, USD, that `hours` of work at `wage` USD an hour pay."""
    return scaled(counted(wage), hours, "USD a month")


def burden_of_median_rule(income_p20: Estimate, income_p50: Estimate, percent: float) -> Estimate:
    """What a bill at `percent` of median income takes of low income, in percent.

    It shows how little the conventional benchmark says about homes with low incomes.
    """
    return household_burden(affordable_bill(income_p50, percent), income_p20)


def burden_category(
    hbi: Estimate | float | None, ppi: Estimate | float | None, cutoffs: str = "duke"
) -> str:
    """The burden of a utility's customers, "Low" to "Very High"; "Unknown" where one is missing.

    Args:
        hbi: Household Burden Indicator, percent of lowest-fifth income.
        ppi: Poverty Prevalence Indicator, percent below twice the poverty line.
        cutoffs: "duke" (4.6, 9.2) or "awwa" (7, 10).

    Source: the 3 × 3 matrix of Raucher and others, 2019.

    Raises:
        KeyError: unknown cut-offs.
    """
    limits = CUTOFFS[cutoffs]
    burden, poverty = (side.value if isinstance(side, Estimate) else side for side in (hbi, ppi))
    if burden is None or poverty is None:
        return UNKNOWN_BURDEN
    return BURDENS[_class(burden, limits.hbi) + _class(poverty, limits.ppi)]


def percentile_from_brackets(
    counts: Sequence[float], bounds: Sequence[float | None], q: float
) -> float:
    """The income below which the share `q` of households lies (0.2: the 20th percentile).

    Linear interpolation inside brackets.

    Args:
        counts: households per bracket.
        bounds: lower bound of each bracket, USD a year; the top one is open, and its upper end
            (None or infinity) may be given or left out.

    Raises:
        ValueError: `q` outside 0 to 1, or counts and bounds that do not belong together.
        ResearchError: the percentile lies in the open bracket, or there are no households.
    """
    if not 0 <= q <= 1:
        raise ValueError(f"a share of 0 to 1, not {q}: the 20th percentile is 0.2")
    edges, below = _brackets(counts, bounds)
    target = q * below[-1]
    top = next(i for i in range(1, len(below)) if below[i] >= target)
    if math.isinf(edges[top]):
        raise ResearchError("the percentile lies in the open top bracket of incomes.")
    part = (target - below[top - 1]) / (below[top] - below[top - 1] or 1.0)
    return edges[top - 1] + part * (edges[top] - edges[top - 1])


def share_paying_more_than(
    counts: Sequence[float], bounds: Sequence[float | None], annual_bill: float, percent: float
) -> float:
    """Percent of households whose yearly bill, USD, exceeds `percent` of their income (IDWS).

    Linear interpolation inside brackets; in the open top bracket a Pareto curve through its lower
    end and the end before, as the Census Bureau uses for open brackets. 100 at 0 percent.

    Raises:
        ValueError, ResearchError: as `percentile_from_brackets`.
    """
    edges, below = _brackets(counts, bounds)
    income = 100 * annual_bill / percent if percent > 0 else math.inf
    return 100 * _below(income, edges, below) / below[-1]


def _class(value: float, limits: tuple[float, float]) -> int:
    """0, 1 or 2: how many of the lower bounds, inclusive, the value reaches."""
    return sum(value >= limit for limit in limits)


def _brackets(
    counts: Sequence[float], bounds: Sequence[float | None]
) -> tuple[list[float], list[float]]:
    """Edges of the brackets, and the households below each edge."""
    edges = [math.inf if bound is None else float(bound) for bound in bounds]
    edges += [math.inf] if len(edges) == len(counts) else []
    if len(edges) != len(counts) + 1 or edges != sorted(set(edges)) or min(counts, default=-1) < 0:
        raise ValueError("brackets: rising bounds, and as many counts, none below zero")
    below = list(accumulate(counts, initial=0.0))
    if below[-1] == 0:
        raise ResearchError("the brackets hold no households.")
    return edges, below


def _below(income: float, edges: list[float], below: list[float]) -> float:
    """Households with less than `income`."""
    if income >= edges[-1]:
        return below[-1]
    top = next(i for i in range(1, len(edges)) if edges[i] > income)
    if math.isinf(edges[top]):
        return below[-1] - _above_open(income, edges, [below[-1] - lower for lower in below])
    part = max(0.0, income - edges[top - 1]) / (edges[top] - edges[top - 1])
    return below[top - 1] + part * (below[top] - below[top - 1])


def _above_open(income: float, edges: list[float], above: list[float]) -> float:
    """Households above an income in the open bracket: S · (edge / income)^α."""
    if above[-2] == 0:
        return 0.0
    if len(edges) < 3 or edges[-3] <= 0:
        raise ValueError("a Pareto curve needs a closed bracket, above 0, beneath the open one")
    alpha = math.log(above[-3] / above[-2]) / math.log(edges[-2] / edges[-3])
    return above[-2] * math.pow(edges[-2] / income, alpha)
