"""Bills against published ones, and tariffs that are refused."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityresearch.errors import ResearchError
from cityresearch.evidence.tables import load
from cityresearch.methods.tariffs import (
    MONTHS,
    Component,
    Tariff,
    convert,
    monthly_bill,
    tariff_for,
    tariff_from_rows,
)
from cityresearch.project import Project


def fixed(service: str, usd: float, **more: object) -> Component:
    return Component(service, "monthly", "fixed", usd, **more)  # type: ignore[arg-type]


def tiers(service: str, unit: str, *steps: tuple[float, float | None, float]) -> list[Component]:
    return [
        Component(service, "monthly", "tier", usd, low, high, unit)  # type: ignore[arg-type]
        for low, high, usd in steps
    ]


def tariff(*parts: Component) -> Tariff:
    return Tariff("0000000", "Test Water", 2020, parts)


FRESNO = tariff(
    fixed("water", 13.50),
    *tiers("water", "ccf", (0, None, 1.74)),
    fixed("sewer", 25.75),
    fixed("sewer", 0.06),
)
PORTLAND = tariff(
    fixed("water", 0.5639 * 30.25),
    *tiers("water", "ccf", (0, None, 5.593)),
    *tiers("sewer", "ccf", (0, None, 11.55)),
    Component("stormwater", "monthly", "flat_area", (19.54 + 10.51) / 2),
)
# Published per 748 gallons, the utility's rounding of 1 ccf: hence the wider limits below.
CHARLOTTE = tariff(
    fixed("water", 1.24 + 4.73),
    *tiers("water", "ccf", (0, 4, 1.63), (4, 8, 2.10), (8, 16, 4.85), (16, None, 9.18)),
    fixed("sewer", 8.37 + 4.73),
    *tiers("sewer", "ccf", (0, None, 4.99)),
)
DURHAM = tariff(
    fixed("water", 7.51),
    *tiers("water", "cf", (0, 200, 0.0200), (200, 500, 0.0301), (500, 800, 0.0330)),
)


@pytest.mark.parametrize(
    ("which", "service", "bills", "within"),
    [
        (FRESNO, "water", {4_000: 22.80, 5_000: 25.13, 6_000: 27.46, 12_000: 41.41}, 0.005),
        (FRESNO, "sewer", {4_000: 25.81, 12_000: 25.81}, 0.005),
        (PORTLAND, "water", {4_000: 46.97, 6_000: 61.92, 12_000: 106.78}, 0.0051),
        (PORTLAND, "sewer", {4_000: 61.76, 6_000: 92.64, 12_000: 185.28}, 0.005),
        (PORTLAND, "stormwater", {4_000: 15.02, 12_000: 15.02}, 0.0051),
        (CHARLOTTE, "water", {4_000: 15.32, 6_000: 20.99, 12_000: 60.06}, 0.02),
        (CHARLOTTE, "sewer", {4_000: 39.78, 6_000: 53.13, 12_000: 93.15}, 0.01),
        (DURHAM, "water", {4_000: 21.69, 5_000: 26.10}, 0.005),
    ],
)
def test_published_bills(
    which: Tariff, service: str, bills: dict[int, float], within: float
) -> None:
    for gallons, usd in bills.items():
        assert monthly_bill(which, gallons)[service] == pytest.approx(usd, abs=within)


def test_the_total_is_the_sum_of_the_services() -> None:
    bill = monthly_bill(PORTLAND, 6_000)
    assert list(bill) == ["water", "sewer", "stormwater", "total"]
    assert bill["total"] == pytest.approx(61.92 + 92.64 + 15.02, abs=0.01)


def test_units_of_water() -> None:
    assert convert(1, "cf", "gallons") == 7.48052
    assert convert(1, "ccf", "gallons") == pytest.approx(748.052)
    assert convert(6, "kgal", "gallons") == 6_000
    assert convert(convert(5, "ccf", "kgal"), "kgal", "ccf") == pytest.approx(5)


def test_billing_periods_become_months() -> None:
    # 10 ccf in two months: 4 at 1 USD, 6 at 2 USD, and 8 USD fixed: 24 USD, so 12 a month.
    bimonthly = tariff(
        Component("water", "bi-monthly", "fixed", 8.0),
        Component("water", "bi-monthly", "tier", 1.0, 0, 4, "ccf"),
        Component("water", "bi-monthly", "tier", 2.0, 4, None, "ccf"),
    )
    assert monthly_bill(bimonthly, convert(5, "ccf", "gallons"))["water"] == pytest.approx(12)


def test_sewer_bills_part_of_the_water() -> None:
    sewer = tariff(Component("sewer", "monthly", "tier", 1.0, unit="kgal", share_billed=0.9))
    assert monthly_bill(sewer, 10_000)["sewer"] == pytest.approx(9)


def test_a_band_costs_one_amount_and_tiers_above_add_to_the_last() -> None:
    banded = tariff(
        Component("water", "monthly", "band", 10, 0, 2, "kgal"),
        Component("water", "monthly", "band", 15, 2, 4, "kgal"),
        Component("water", "monthly", "tier", 3, 4, None, "kgal"),
    )
    bills = [monthly_bill(banded, gallons)["water"] for gallons in (0, 2_000, 2_001, 4_000, 6_000)]
    assert bills == pytest.approx([10, 10, 15, 15, 21])


def test_surcharges_come_on_top() -> None:
    surcharge = Component("water", "monthly", "surcharge", 0.5, unit="kgal")
    assert monthly_bill(tariff(fixed("water", 5), surcharge), 4_000)["water"] == 7


def test_no_bill_above_the_last_step_of_a_tariff() -> None:
    with pytest.raises(ResearchError, match=r"Test Water, 2020: the water tariff .* 5,984 gallons"):
        monthly_bill(DURHAM, 6_000)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (tiers("water", "ccf", (0, 4, 1), (5, None, 2)), r"Test Water, 2020: .*a gap after"),
        (tiers("water", "ccf", (0, 4, 1), (3, None, 2)), "an overlap after"),
        (tiers("water", "ccf", (0, None, 1), (3, None, 2)), "an overlap after"),
        (tiers("water", "ccf", (2, None, 1)), "as a tier at 0 USD"),
        (
            [
                Component("water", "monthly", "band", 10, 0, 2, "kgal"),
                Component("water", "monthly", "band", 8, 2, None, "kgal"),
            ],
            "costs less than",
        ),
        (
            [
                *tiers("water", "kgal", (0, 2, 1)),
                Component("water", "monthly", "band", 8, 2, None, "kgal"),
            ],
            "a table of bands comes first",
        ),
        (
            [
                *tiers("water", "kgal", (0, 2, 1)),
                Component("water", "quarterly", "tier", 8, 6, None, "kgal"),
            ],
            "differ in billing period",
        ),
        ([], "has no components"),
    ],
)
def test_broken_tariffs_are_refused_by_name(parts: list[Component], message: str) -> None:
    with pytest.raises(ResearchError, match=message):
        tariff(*parts)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"from_volume": 4.0, "to_volume": 3.0}, "ends at or below its start"),
        ({"price_usd": -1.0}, "negative"),
        ({"share_billed": 1.2}, "billed share"),
        ({"share_billed": 0.0}, "billed share"),
        ({"unit": "litres"}, "'litres' is no unit of a tariff. Write one of: gallons, kgal"),
        ({"kind": "tiers"}, "Write one of: fixed, tier"),
    ],
)
def test_broken_components_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ResearchError, match=message):
        replace(Component("water", "monthly", "tier", 1.0), **change)  # type: ignore[arg-type]


def test_a_tariff_is_built_from_rows_of_the_tables() -> None:
    nothing = math.nan
    rows = [
        {"service": "water", "frequency": "monthly", "kind": "fixed", "price_usd": 7.51}
        | {"from_volume": nothing, "to_volume": nothing, "unit": None, "share_billed": nothing},
        {"service": "water", "frequency": "monthly", "kind": "tier", "price_usd": 2.0}
        | {"from_volume": 0, "to_volume": 2, "unit": "ccf", "share_billed": 1.0},
        {"service": "water", "frequency": "monthly", "kind": "tier", "price_usd": 3.01}
        | {"from_volume": 2, "to_volume": nothing, "unit": "ccf", "share_billed": 1.0},
    ]
    head = {"geoid": "3719000", "utility": "Durham", "year": 2019}
    built = tariff_from_rows(head, rows)
    assert built.name == "Durham, 2019"
    assert monthly_bill(built, convert(3, "ccf", "gallons"))["water"] == pytest.approx(14.52)
    with pytest.raises(ResearchError, match=r"Durham, 2019: .*ends at or below"):
        tariff_from_rows(head, [*rows[:2], rows[2] | {"to_volume": 1}])


@pytest.mark.parametrize(
    ("geoid", "city"),
    [("0627000", FRESNO), ("4159000", PORTLAND), ("3712000", CHARLOTTE), ("3719000", DURHAM)],
)
def test_the_tariffs_on_record_make_the_published_bills(
    geoid: str, city: Tariff, real: Project
) -> None:
    tables = (load(real, f"tariffs.{name}") for name in ("tariffs", "components"))
    recorded = tariff_for(geoid, *tables)
    assert recorded is not None
    for gallons in (0, 4_000, 5_000):
        assert monthly_bill(recorded, gallons) == pytest.approx(monthly_bill(city, gallons))


def test_the_newest_tariff_of_a_city_counts_and_most_cities_have_none() -> None:
    head = {"tariff": ["a-2019", "a-2021"], "geoid": ["1", "1"], "utility": "A"}
    tariffs = pd.DataFrame(head | {"year": [2019, 2021]})
    line = {"service": "water", "frequency": "monthly", "kind": "fixed", "price_usd": [5, 6]}
    components = pd.DataFrame(line | {"tariff": ["a-2019", "a-2021"]})
    newest = tariff_for("1", tariffs, components)
    assert newest is not None and newest.year == 2021
    assert monthly_bill(newest, 0)["water"] == 6
    assert tariff_for("2", tariffs, components) is None


@st.composite
def any_tariff(draw: st.DrawFn) -> Tariff:
    """Any tariff that is allowed: bands, then tiers, in any unit, period and billed share."""
    bands, steps = draw(st.integers(0, 3)), draw(st.integers(1, 4))
    widths = draw(st.lists(st.integers(1, 40), min_size=bands + steps, max_size=bands + steps))
    edges = [sum(widths[:i]) for i in range(bands + steps)] + [None]
    fees = sorted(draw(st.lists(st.integers(0, 90), min_size=bands, max_size=bands)))
    prices = draw(st.lists(st.floats(0, 20), min_size=steps, max_size=steps))
    frequency = draw(st.sampled_from(list(MONTHS)))
    unit = draw(st.sampled_from(["gallons", "kgal", "cf", "ccf"]))
    share = draw(st.floats(0.5, 1))
    kinds = ["band"] * bands + ["tier"] * steps
    return tariff(
        Component("water", "monthly", "fixed", draw(st.floats(0, 50))),
        Component("water", "monthly", "surcharge", draw(st.floats(0, 1)), unit="kgal"),
        *(
            Component("water", frequency, kind, usd, low, high, unit, share)  # type: ignore[arg-type]
            for kind, usd, low, high in zip(kinds, [*fees, *prices], edges, edges[1:], strict=False)
        ),
    )


@settings(deadline=None)
@given(any_tariff(), st.floats(0, 30_000), st.floats(0, 30_000))
def test_bills_never_fall_with_volume(which: Tariff, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert monthly_bill(which, less)["total"] <= monthly_bill(which, more)["total"] + 1e-9
