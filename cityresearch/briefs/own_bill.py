"""What a reader's own bill takes: the calculator of the water brief, with the city's wage and cut-offs."""

from __future__ import annotations

from dataclasses import replace

from cityresearch.briefs.bill_views import WAGES, close, share
from cityresearch.briefs.blocks import BillCalculator
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.facts import Figure
from cityresearch.evidence.estimates import reliability
from cityresearch.methods import water

CUTS = ("one_day_share", "two_days_share")
POVERTY = ("some_poverty", "much_poverty")


def calculator(brief: Brief) -> BillCalculator:
    """The form with the minimum wage that binds here and the declared cut-offs, and a worked case."""
    return BillCalculator(
        title="Hold your own bill against your income",
        worked=_worked(brief),
        wage=brief["wage"].value,
        burden=_limits(brief, CUTS),
        poverty=_limits(brief, POVERTY),
        classes=water.BURDENS,
        method=_method(brief),
    )


def _limits(brief: Brief, names: tuple[str, str]) -> tuple[float, float]:
    low, high = (brief.constant(name).value or 0.0 for name in names)
    return low, high


def _worked(brief: Brief) -> str:
    took = f"{share(brief, 'one_day_share')} of its income"
    how = "Your own share is the bills of a year divided by its income"
    hours = _hours(brief)
    if hours.exists:
        # The bill is printed in whole dollars: who divides it by the wage finds nearly these hours.
        near = "" if reliability(hours.estimate) == "estimated" else "about "
        took += f", or {near}{hours} hours of work a month at the minimum wage of {brief['wage'].cell()}"
        how += "; your hours of work are one bill divided by the wage"
    return (
        f"A home that has {close(brief['income_p20'])} a year and pays {close(brief['affordable_day'])} "
        f"a month for water and sewer spends {took}. {how}."
    )


def _hours(brief: Brief) -> Figure:
    line, wage = brief["affordable_day"], brief["wage"]
    estimate = water.hours_at_minimum_wage(line.estimate, wage.estimate)
    method = "water.hours_at_minimum_wage: bill divided by wage"
    label = "Hours at the minimum wage that pay the one-day line"
    found = brief.derived("calculator:hours", label, estimate, table=WAGES, rows=[], method=method)
    return replace(found, rows=line.rows + wage.rows)


def _method(brief: Brief) -> str:
    burden = " and ".join(share(brief, name) for name in CUTS)
    poverty = " and ".join(share(brief, name) for name in POVERTY)
    return (
        f"The class weighs this share, cut at {burden} by Duke University, with how many residents are "
        f"below twice the poverty line, cut at {poverty} by the utilities’ associations. It was made to "
        "grade a utility by what its bill takes of a low income. For one home it is a hint, not a verdict."
    )
