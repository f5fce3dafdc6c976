"""Transit indicators against the published figures of Pittsburgh Regional Transit."""

from __future__ import annotations

import pandas as pd
import pytest

from cityresearch.evidence.estimates import ZERO_DENOMINATOR, Estimate, counted, missing
from cityresearch.methods.transit import (
    INDICATORS,
    SUBSIDY,
    TERMS,
    costly,
    indicator,
    recovery,
    summed,
)


def test_fare_recovery_of_pittsburgh_2019() -> None:
    totals = {"fares_usd": counted(100.8e6, "USD"), "opex_usd": counted(433.5e6, "USD")}
    result = indicator("fare_recovery", totals)
    assert result.value == pytest.approx(23.25, abs=0.005)
    assert (result.unit, result.moe) == ("%", 0)


def test_service_of_pittsburgh_2024() -> None:
    totals = {name: counted(n) for name, n in {"upt": 37.9e6, "vrh": 2.07e6}.items()}
    totals["population"] = counted(1_231_809)
    assert indicator("trips_per_hour", totals).value == pytest.approx(18.3, abs=0.05)
    assert indicator("trips_per_resident", totals).value == pytest.approx(30.8, abs=0.05)


def test_every_indicator_is_made_of_known_quantities() -> None:
    amounts = {name: counted(2.0) for name in [*TERMS, "population"]}
    amounts["fares_usd"] = counted(0.5)
    for name, which in INDICATORS.items():
        assert {which.numerator, which.denominator} <= {*amounts, SUBSIDY}
        assert indicator(name, amounts).unit == which.unit
    assert indicator("subsidy_per_trip", amounts).value == 0.75


def test_an_agency_is_costly_where_its_part_of_the_cost_is_far_above_that_of_the_trips() -> None:
    costs, trips = pd.Series([80.0, 20.0]), pd.Series([50.0, 50.0])
    assert list(costly(costs, trips, 0.25)) == [True, False]
    assert list(costly(costs, trips, 0.35)) == [False, False]


def test_sums_come_before_ratios() -> None:
    bus = {"opex_usd": counted(900), "upt": counted(300)}
    on_demand = {"opex_usd": counted(100), "upt": counted(2)}
    cost = indicator("cost_per_trip", summed([bus, on_demand]))
    assert cost.value == pytest.approx(1000 / 302)  # and not the mean of 3 and 50


def test_a_sum_with_a_gap_is_missing() -> None:
    full, partial = {"upt": counted(3), "vrh": counted(1)}, {"upt": counted(4)}
    totals = summed([full, partial])
    assert totals["upt"].value == 7
    assert totals["vrh"].reason == "not reported by every agency"
    fare_free = {"upt": counted(1), "fares_usd": missing("fares are free")}
    assert indicator("fare_per_trip", summed([fare_free])).reason == "fares are free"


def test_nothing_is_divided_by_nothing() -> None:
    totals = {"opex_usd": counted(5), "upt": counted(0)}
    assert indicator("cost_per_trip", totals).reason == ZERO_DENOMINATOR
    assert indicator("cost_per_hour", totals).reason == "vehicle revenue hours: not reported"


def test_recovery_is_in_percent_of_2019() -> None:
    assert recovery(counted(84), counted(100)).value == pytest.approx(84)
    assert recovery(Estimate(84, 2), counted(100)).moe == pytest.approx(2)
