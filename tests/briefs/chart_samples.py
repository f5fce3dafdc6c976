"""Charts of every kind from made-up numbers, for tests of layout only: no figure here is a fact."""

from __future__ import annotations

from collections.abc import Callable

from cityresearch.briefs import charts
from cityresearch.briefs.blocks import Chart
from cityresearch.briefs.charts import Caption
from cityresearch.briefs.charts.statemap import PLACES

LONG = "Los Angeles–Long Beach–Anaheim, CA"
STATES = [state for state in sorted(PLACES) if state != "DC"]
STATUSES = ("preempted", "limited", "none", "unknown", "formerly")


def caption(name: str) -> Caption:
    return Caption(
        name, "Made-up measure, 2023", charts.alt("Chart", "a made-up measure", "nothing is true")
    )


def line() -> Chart:
    drop = {2020: 0.4, 2021: 0.5, 2022: 0.7, 2023: 0.7}
    rows = [
        {"year": year, "series": series, "value": base * drop.get(year, 1.0) + (year % 3)}
        for series, base in (("Sample area", 60), ("Median of eight peers", 33), ("Nation", 30))
        for year in range(2002, 2024)
    ]
    roles = {"Sample area": "city", "Median of eight peers": "peers", "Nation": "benchmark"}
    return charts.line(rows, caption("line"), roles=roles, number="{:,.1f}")


def line_with_gaps() -> Chart:
    own = {2014: 23100, 2015: 24000, 2016: None, 2017: 26100, 2019: 29200, 2021: 31400, 2022: 33000}
    rows: list[dict[str, object]] = [
        {"year": year, "series": "Sample", "value": value}
        | ({"low": value - 900, "high": value + 1900} if value else {})
        for year, value in own.items()
    ]
    rows += [{"year": 2022, "series": "Nation", "value": 36100}]
    roles = {"Sample": "city", "Nation": "second"}
    return charts.line(rows, caption("gaps"), roles=roles, number="${:,.0f}", from_zero=False)


def crowded_line() -> Chart:
    names = (f"{LONG} area", "Median of eight peer areas", "All areas of the nation", "Prices")
    rows = [
        {"year": year, "series": name, "value": 2 + at / 50 + (year - 2002) * 0.3}
        for at, name in enumerate(names)
        for year in range(2002, 2024)
    ]
    roles = dict(zip(names, ("city", "peers", "benchmark", "second"), strict=True))
    return charts.line(rows, caption("crowded"), roles=roles, number="${:,.2f}")


def bars() -> Chart:
    rows: list[dict[str, object]] = [
        {"name": name, "value": value}
        for name, value in (("Own", 22.2), ("Fargo", 11.0), (LONG, 61.0), ("Boise", 14.4))
    ]
    rows.append({"name": "Provo", "value": None, "reason": "not reported"})
    return charts.bars(
        rows, caption("bars"), own="Own", number="{:,.1f}", reference=("Median of peers", 15.6)
    )


def bars_below_zero() -> Chart:
    rows = [
        {"name": name, "value": value, "low": value - 3, "high": value + 4}
        for name, value in (("Own", 12.1), ("Lincoln", -8.2), ("Durham", -1.1), ("St. Paul", 4.0))
    ]
    return charts.bars(
        rows, caption("below"), own="Own", number="{:,.1f}%", reference=("Nation", 16)
    )


def shares() -> Chart:
    rows = [
        {"name": "Local", "value": 44.1, "other": 31.2},
        {"name": "Federal", "value": 19.4, "other": 38.0},
        {"name": "Fares and other directly generated revenue", "value": 13.5, "other": 18.8},
        {"name": "Nothing", "value": 0.0, "other": None},
    ]
    return charts.shares(rows, caption("shares"), others="peers")


def columns() -> Chart:
    uses = [
        {"name": f"{use} gallons", "value": bill}
        for use, bill in (("4,000", 108.7), ("6,000", 154.6), ("12,000", 292.1))
    ]
    lines = [
        {"name": "4.6% of 20th-percentile income", "value": 102.0, "low": 94.0, "high": 112.0},
        {"name": "7% of 20th-percentile income", "value": 156.0, "low": 143.0, "high": 170.0},
        {"name": "8 hours at the minimum wage", "value": 104.0},
    ]
    return charts.columns(uses, lines, caption("columns"), number="${:,.2f}")


def statuses(shift: int) -> dict[str, str]:
    return {state: STATUSES[(at + shift) % 5] for at, state in enumerate(STATES)}


def tile_map(count: int = 1) -> Chart:
    areas = {f"Area number {at}": statuses(at) for at in range(count)}
    names = {"MA": "Massachusetts"}
    return charts.tile_map(areas, caption(f"map{count}"), own="MA", names=names)


def timeline() -> Chart:
    laws: list[dict[str, object]] = [
        {"date": date, "name": name}
        for date, name in (
            ("2018-04", "Labor agreements"),
            ("2005-06-16", "Minimum wage"),
            ("2018-04", "Wage rules"),
            ("2013", "Large soft drinks and portion sizes in restaurants and shops"),
            ("2023-06-20", "Advisory referendums, public health orders and commissions"),
        )
    ]
    return charts.timeline([*laws, {"date": "2011", "name": "Old", "over": True}], caption("time"))


def small_multiples() -> Chart:
    panels = {
        "Trips, millions": "{:,.1f}",
        "Hours, thousands": "{:,.0f}",
        "Cost, $ millions": "${:.1f}",
    }
    rows = [
        {"year": year, "series": name, "value": (at + 1) * 11 + (year % 4)}
        for at, name in enumerate(panels)
        for year in range(2002, 2024)
    ]
    return charts.small_multiples(rows, caption("panels"), panels=panels)


SAMPLES: dict[str, Callable[[], Chart]] = {
    "line": line,
    "gaps": line_with_gaps,
    "crowded": crowded_line,
    "bars": bars,
    "below": bars_below_zero,
    "shares": shares,
    "columns": columns,
    "map1": lambda: tile_map(1),
    "map2": lambda: tile_map(2),
    "map3": lambda: tile_map(3),
    "timeline": timeline,
    "panels": small_multiples,
}
