"""Transit: the terms of the National Transit Database and the indicators made of them.

Sums come before ratios: numerators and denominators are added over agencies and modes first, and
ratios are never averaged. Terms: Federal Transit Administration, National Transit Database
Glossary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from cityresearch.evidence.estimates import Estimate, difference, missing, ratio, scaled, total

TERMS = {
    "upt": "unlinked passenger trips: each boarding counts, so a transfer counts again",
    "pmt": "passenger miles traveled",
    "vrm": "vehicle revenue miles: with layover and recovery, without trips to and from the garage",
    "vrh": "vehicle revenue hours: with layover and recovery, without trips to and from the garage",
    "opex_usd": "operating expenses",
    "fares_usd": "fares that passengers paid",
    "voms": "vehicles operated in maximum service",
}


@dataclass(frozen=True)
class Indicator:
    """A ratio of two sums, times `scale`, in `unit`."""

    label: str
    numerator: str
    denominator: str
    unit: str
    scale: float = 1.0


SUBSIDY = "subsidy_usd"  # operating expenses that fares do not pay

INDICATORS = {
    "trips_per_resident": Indicator("trips per resident", "upt", "population", "trips"),
    "service_per_resident": Indicator("service hours per resident", "vrh", "population", "hours"),
    "cost_per_trip": Indicator("operating cost per trip", "opex_usd", "upt", "USD"),
    "cost_per_hour": Indicator("operating cost per hour of service", "opex_usd", "vrh", "USD"),
    "cost_per_mile": Indicator("operating cost per passenger mile", "opex_usd", "pmt", "USD"),
    "trips_per_hour": Indicator("trips per hour of service", "upt", "vrh", "trips"),
    "fare_recovery": Indicator(
        "fares as part of operating cost", "fares_usd", "opex_usd", "%", 100
    ),
    "fare_per_trip": Indicator("fare paid per trip", "fares_usd", "upt", "USD"),
    "subsidy_per_trip": Indicator("operating subsidy per trip", SUBSIDY, "upt", "USD"),
    "load": Indicator("passengers on board, on average", "pmt", "vrm", "passengers"),
    "trip_length": Indicator("length of a trip", "pmt", "upt", "miles"),
    "speed": Indicator("speed in service", "vrm", "vrh", "miles an hour"),
}


def summed(rows: Iterable[Mapping[str, Estimate]]) -> dict[str, Estimate]:
    """Agencies or modes added up, quantity by quantity, before any ratio is taken.

    A quantity that one row lacks is missing in the sum, with that row's reason: part of a sum
    would look like a decline.
    """
    rows = list(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    absent = missing("not reported by every agency")
    return {name: total([row.get(name, absent) for row in rows]) for name in names}


def indicator(name: str, totals: Mapping[str, Estimate]) -> Estimate:
    """One of INDICATORS from summed quantities ("upt", "opex_usd", "population" …).

    A zero denominator, or a quantity that is not there, gives a missing value with its reason.

    Raises:
        KeyError: an unknown indicator.
    """
    which = INDICATORS[name]
    quotient = ratio(_quantity(which.numerator, totals), _quantity(which.denominator, totals))
    return scaled(quotient, which.scale, which.unit)


def recovery(trips: Estimate, trips_2019: Estimate) -> Estimate:
    """Trips of a year in percent of those of 2019, the last year before the pandemic."""
    return scaled(ratio(trips, trips_2019), 100, "%")


def costly(costs: pd.Series, trips: pd.Series, gap: float) -> pd.Series:
    """Which agencies of an area have a part of its costs that is above their part of its trips by more
    than `gap` (0 to 1). Reports are full counts, so nothing is tested."""
    return costs / costs.sum() - trips / trips.sum() > gap


def _quantity(name: str, totals: Mapping[str, Estimate]) -> Estimate:
    if name == SUBSIDY:
        return difference(_quantity("opex_usd", totals), _quantity("fares_usd", totals))
    return totals.get(name, missing(f"{TERMS.get(name, name).split(':')[0]}: not reported"))
