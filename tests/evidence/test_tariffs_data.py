"""The tariffs entered by hand make the bills that were published for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityresearch.errors import ResearchError
from cityresearch.evidence import places, sources, tables
from cityresearch.methods.tariffs import Tariff, monthly_bill, tariff_from_rows
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")


def tariff(key: str) -> Tariff:
    """One tariff of the tables."""
    head = tables.load(REAL, "tariffs.tariffs").set_index("tariff").loc[key]
    parts = tables.load(REAL, "tariffs.components")
    rows = parts[parts.tariff == key].to_dict("records")
    return tariff_from_rows(head.to_dict(), rows)


@pytest.mark.parametrize(
    ("key", "service", "bills", "within"),
    [
        ("fresno-2018", "water", {4_000: 22.80, 6_000: 27.46, 12_000: 41.41}, 0.005),
        ("fresno-2018", "sewer", {4_000: 25.81, 12_000: 25.81}, 0.005),
        ("portland-2021", "water", {4_000: 46.97, 6_000: 61.92, 12_000: 106.78}, 0.0051),
        ("portland-2021", "sewer", {4_000: 61.76, 6_000: 92.64, 12_000: 185.28}, 0.005),
        ("portland-2021", "stormwater", {6_000: 15.02}, 0.0051),
        ("charlotte-2019", "water", {4_000: 15.32, 6_000: 20.99, 12_000: 60.06}, 0.02),
        ("charlotte-2019", "sewer", {4_000: 39.78, 6_000: 53.13, 12_000: 93.15}, 0.01),
        ("durham-2019", "water", {4_000: 21.69, 5_000: 26.10}, 0.005),
    ],
)
def test_published_bills(key: str, service: str, bills: dict[int, float], within: float) -> None:
    for gallons, usd in bills.items():
        assert monthly_bill(tariff(key), gallons)[service] == pytest.approx(usd, abs=within)


def test_durham_has_no_bill_above_what_was_recorded() -> None:
    """800 cubic feet are 5,984 gallons: a bill at 6,000 would need a price that nobody recorded."""
    with pytest.raises(ResearchError, match="ends at 5,984 gallons"):
        monthly_bill(tariff("durham-2019"), 6_000)


@pytest.mark.parametrize(
    ("slug", "bill", "wage", "hours"),
    [("san-francisco-ca", 208.67, 16.07, 12.99), ("pittsburgh-pa", 127.88, 7.25, 17.64)],
)
def test_hours_of_published_bills(slug: str, bill: float, wage: float, hours: float) -> None:
    bills = tables.load(REAL, "tariffs.bills").set_index("geoid")
    row = bills.loc[places.find(REAL, "city", slug).geoid]
    assert (row.gallons, row.bill_usd, row.wage_usd_per_hour) == (6_000, bill, wage)
    assert row.hours == pytest.approx(bill / wage, abs=0.0001)
    assert row.hours == pytest.approx(hours, abs=0.005)


def test_the_wage_dates_the_bill_of_san_francisco() -> None:
    rates = tables.load(REAL, "minimum_wages.rates").set_index("rate")
    assert rates.loc["ca-san-francisco:2020-07-01", "usd_per_hour"] == 16.07
    assert rates.loc["ca-san-francisco:2021-07-01", "usd_per_hour"] > 16.07


def test_every_component_belongs_to_a_tariff_of_a_known_city() -> None:
    heads, parts = tables.load(REAL, "tariffs.tariffs"), tables.load(REAL, "tariffs.components")
    assert set(parts.tariff) == set(heads.tariff)
    named = {places.find(REAL, "city", geoid).name for geoid in heads.geoid}
    assert named == {"Charlotte", "Durham", "Fresno", "Portland"}
    assert sources.load_source(REAL, "tariffs").inputs == []
