"""Published figures that the tables must reproduce, each with its arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityresearch.evidence import places, tables
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")
SIZES = [0, 50_000, 75_000, 100_000, 250_000]


@pytest.mark.parametrize(
    ("slug", "people"),
    [
        ("new-york-ny", 8_516_202),
        ("los-angeles-ca", 3_857_897),
        ("chicago-il", 2_707_648),
        ("houston-tx", 2_300_419),
        ("philadelphia-pa", 1_582_432),
    ],
)
def test_populations(slug: str, people: int) -> None:
    assert places.find(REAL, "city", slug).population == people


def test_how_many_cities_there_are() -> None:
    counts = [len(places.where(REAL, "city", f"population >= {size}")) for size in SIZES]
    assert counts == [19_468, 798, 495, 327, 91]


@pytest.mark.parametrize(
    ("address", "by", "year", "counts"),
    [
        ("ntd.areas", "uace", 2023, [3_778, 641, 418, 290, 86]),
        ("ntd.areas_2024", "uace", None, [4_567, 761, 475, 320, 91]),
        ("water_systems.place_systems", "geoid", None, [14_015, 665, 422, 282, 89]),
    ],
)
def test_how_many_cities_a_table_serves(
    address: str, by: str, year: int | None, counts: list[int]
) -> None:
    rows, cities = tables.load(REAL, address), places.frame(REAL, "city")
    served = cities[by].isin(rows[by] if year is None else rows.loc[rows["year"] == year, by])
    large = [served & (cities["population"] >= size) for size in SIZES[1:]]
    assert [int(chosen.sum()) for chosen in (served, *large)] == counts


@pytest.mark.parametrize(
    ("slug", "trips", "recovery", "cost"),
    [
        ("new-york-ny", 167, 30, None),
        ("chicago-il", 38, 17, 9.42),
        ("houston-tx", 12, 5, 11.75),
        ("philadelphia-pa", 37, 18, 7.91),
        ("seattle-wa", 43, 13, 13.32),
        ("missoula-mt", 14.5, 0, None),
    ],
)
def test_transit_in_2023(slug: str, trips: float, recovery: int, cost: float | None) -> None:
    """Trips per resident of the urban area in the 2020 census; fares over operating expenses.

    New York: 3,245,231,841 trips / 19,426,449 residents = 167.
    """
    uace = places.find(REAL, "city", slug).ids["uace"]
    areas = tables.load(REAL, "census_urban_areas.areas").set_index("uace")
    years = tables.load(REAL, "ntd.areas").set_index(["uace", "year"])
    row = years.loc[(uace, 2023)]
    digits = 1 if isinstance(trips, float) else 0
    assert round(row["upt"] / areas.loc[uace, "population_2020"], digits) == trips
    assert round(100 * row["fares_usd"] / row["opex_usd"]) == recovery
    assert cost is None or round(row["opex_usd"] / row["upt"], 2) == cost


def test_one_agency_against_its_published_ratios() -> None:
    """Pittsburgh Regional Transit, 2019: 100.8 M / 433.5 M = 23.25 % of cost from fares."""
    years = tables.load(REAL, "ntd.agency_years").set_index(["ntd_id", "year"])
    row = years.loc[("30022", 2019)]
    assert round(100 * row["fares_usd"] / row["opex_usd"], 2) == 23.25


def test_areas_are_the_sums_of_their_agencies() -> None:
    years, areas = tables.load(REAL, "ntd.agency_years"), tables.load(REAL, "ntd.areas")
    year = years[years["year"] == 2023]
    sums = year.groupby("uace")["upt"].sum()
    assert len(sums) == 263
    assert (areas[areas["year"] == 2023].set_index("uace")["upt"] == sums).all()


def test_funding_sources_add_up() -> None:
    rows = tables.load(REAL, "ntd.funding")
    parts = rows[["federal_usd", "state_usd", "local_usd", "other_usd"]].sum(axis=1)
    assert (parts == rows["total_usd"]).all()


def test_areas_that_jump_between_2023_and_2024_are_marked() -> None:
    rows = tables.load(REAL, "ntd.areas_2024")
    names = tables.load(REAL, "census_urban_areas.areas").set_index("uace")["name"]
    jumps = rows.loc[rows["comparable"].eq(False).fillna(False), "uace"].map(names)
    assert sorted(name.split(",")[0].split("–")[0] for name in jumps) == [
        "Boise City",
        "Charlottesville",
        "Dover",
        "Galveston",
        "Johnson City",
        "Las Cruces",
        "Lewiston",
        "McAllen",
        "Norwich",
        "Owensboro",
        "Spartanburg",
        "Visalia",
    ]


def test_service_in_2024_keeps_its_quality_note() -> None:
    counts = tables.load(REAL, "ntd.service_2024")["qa"].value_counts().to_dict()
    assert counts == {"unchecked": 2_436, "ok": 1_062, "suspect": 4}


def test_only_sure_enough_water_systems_are_main_ones() -> None:
    rows = tables.load(REAL, "water_systems.place_systems")
    counts = rows.loc[rows["rank"] == 1, "confidence"].value_counts().to_dict()
    assert counts == {"high": 12_386, "medium": 1_608, "by hand": 21}


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("phoenix-az", "City of Phoenix"),
        ("oakland-ca", "East Bay Municipal Utility District"),
        ("mckinney-tx", "City of McKinney"),
        ("chicago-il", "Chicago water system"),
        ("greensboro-nc", "City of Greensboro"),
        ("madison-wi", "Madison Water Utility"),
        ("san-francisco-ca", "San Francisco Public Utilities Commission"),
    ],
)
def test_water_systems_have_names_that_can_be_read(slug: str, name: str) -> None:
    rows = tables.load(REAL, "water_systems.place_systems").set_index(["geoid", "rank"])
    assert rows.loc[(places.find(REAL, "city", slug).geoid, 1), "name"] == name
