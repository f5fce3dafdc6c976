"""Minimum wages: the rates as their sources have them, and the one that binds in a city."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cityresearch.evidence import places, tables
from cityresearch.evidence.builds import minimum_wages, wage_places
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")


@pytest.fixture(scope="module")
def rates() -> pd.DataFrame:
    return tables.load(REAL, "minimum_wages.rates").set_index("rate")


@pytest.fixture(scope="module")
def wages() -> pd.DataFrame:
    return tables.load(REAL, "minimum_wages.city_wages").set_index("geoid")


def wage(wages: pd.DataFrame, slug: str) -> Any:
    return wages.loc[places.find(REAL, "city", slug).geoid]


def test_every_city_has_a_wage_and_none_is_below_the_federal_one(wages: pd.DataFrame) -> None:
    cities = tables.load(REAL, "census_places.cities")
    assert set(wages.index) == set(cities.geoid)
    assert wages.usd_per_hour.min() == 7.25


@pytest.mark.parametrize(
    ("slug", "usd", "level", "rate"),
    [
        ("madison-wi", 7.25, "federal", "us:2009-07-24"),
        ("atlanta-ga", 7.25, "federal", "us:2009-07-24"),
        ("louisville-ky", 7.25, "federal", "us:2009-07-24"),  # its own was struck down in 2016
        (
            "iowa-city-ia",
            7.25,
            "federal",
            "us:2009-07-24",
        ),  # Johnson County's was overridden in 2017
        ("pittsburgh-pa", 7.25, "federal", "us:2009-07-24"),
        ("seattle-wa", 21.30, "city", "wa-seattle:2026-01-01"),
        ("seatac-wa", 17.13, "state", "wa:2026-01-01"),  # its own binds two trades only
        ("denver-co", 19.29, "city", "co-denver:2026-01-01"),
        ("chicago-il", 16.60, "city", "il-chicago:2025-07-01"),
        ("san-jose-ca", 18.45, "city", "ca-san-jose:2026-01-01"),
        ("fresno-ca", 16.90, "state", "ca:2026-01-01"),
        ("albuquerque-nm", 12.00, "state", "nm:found-2025-07-31"),  # above its own 11.50 of 2022
        ("santa-fe-nm", 12.95, "city", "nm-santa-fe:2022-03-01"),
        ("new-york-ny", 17.00, "region", "ny-new-york-city:2026-01-01"),
        ("yonkers-ny", 17.00, "region", "ny-long-island-and-westchester:2026-01-01"),
        ("buffalo-ny", 16.00, "state", "ny:2026-01-01"),
        ("portland-or", 16.30, "region", "or-portland-area:2025-07-01"),
        ("salem-or", 15.05, "state", "or:found-2025-07-31"),
        ("pendleton-or", 14.05, "region", "or-nonurban-counties:found-2025-07-31"),
        ("miami-fl", 15.00, "state", "fl:2026-09-30"),
        ("anchorage-ak", 14.00, "state", "ak:2026-07-01"),
        (
            "richmond-va",
            12.77,
            "state",
            "va:2026-01-01",
        ),  # 15.00 was scheduled in 2022, and never came
        ("washington-dc", 17.95, "state", "dc:2025-07-01"),
    ],
)
def test_binding_wages(
    wages: pd.DataFrame, rates: pd.DataFrame, slug: str, usd: float, level: str, rate: str
) -> None:
    found = wage(wages, slug)
    assert (found.usd_per_hour, found.level, found.rate) == (usd, level, rate)
    assert (rates.loc[rate, "usd_per_hour"], rates.loc[rate, "as_of"]) == (usd, found.as_of)


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("santa-fe-nm", "last recorded as of 2022"),
        ("albuquerque-nm", "last recorded as of 2022"),
        ("los-angeles-ca", "last recorded as of July 2025"),
        ("rockville-md", "The county has its own minimum wage, last recorded as of 2022"),
        ("portland-or", "as of July 2025; it is adjusted each July"),
        ("washington-dc", "as of January 2026; it is adjusted each July"),
        ("seattle-wa", None),
        ("madison-wi", None),
        ("iowa-city-ia", None),
    ],
)
def test_a_wage_that_may_have_risen_says_so(
    wages: pd.DataFrame, slug: str, said: str | None
) -> None:
    caution = wage(wages, slug).caution
    assert pd.isna(caution) if said is None else said in caution


def test_rates_have_begun_and_belong_to_the_place_named(rates: pd.DataFrame) -> None:
    assert rates.effective.dropna().max() <= wage_places.ON
    local = rates[rates.level == "city"]
    names = tables.load(REAL, "census_places.cities").set_index("geoid").name
    for row in local.itertuples():
        assert names[row.geoid] == row.locality


def test_the_federal_rate_has_stood_since_2009(rates: pd.DataFrame) -> None:
    federal = rates[rates.level == "federal"].sort_values("effective")
    assert (federal.index[-1], federal.usd_per_hour.iloc[-1]) == ("us:2009-07-24", 7.25)
    assert federal.as_of.iloc[-1] == "2025-07-31"


def test_rates_struck_down_are_kept_as_such(rates: pd.DataFrame) -> None:
    void = rates[rates.void]
    places_of = set(zip(void.state, void.locality, strict=True))
    assert places_of == {
        ("IA", "Johnson County"),
        ("IA", "Linn County"),
        ("IA", "Wapello County"),
        ("KY", "Lexington"),
        ("KY", "Louisville"),
    }


def made_up(level: str, usd: float, effective: str, **cells: Any) -> dict[str, Any]:
    """A made-up rate in Wisconsin or in the nation."""
    row = dict.fromkeys((*minimum_wages.COLUMNS, "rate"))
    row |= {"level": level, "state": None if level == "federal" else "WI", "usd_per_hour": usd}
    row |= {"effective": effective, "as_of": effective, "void": False, "partial": False}
    return row | {"rate": f"{level}:{effective}"} | cells


CITY = {"geoid": "5548000", "locality": "Madison"}


@pytest.mark.parametrize(
    ("city_rates", "binds"),
    [
        ([], "state:2026-01-01"),
        ([made_up("city", 12, "2025-01-01", **CITY)], "city:2025-01-01"),
        ([made_up("city", 10, "2025-01-01", **CITY)], "state:2026-01-01"),  # a tie: the wider one
        ([made_up("city", 12, "2027-01-01", **CITY)], "state:2026-01-01"),  # has not begun
        ([made_up("city", 12, "2025-01-01", **CITY, partial=True)], "state:2026-01-01"),
        (
            [
                made_up("city", 12, "2015-01-01", **CITY),
                made_up("city", 7.25, "2016-01-01", **CITY, void=True),
            ],
            "state:2026-01-01",
        ),
    ],
)
def test_the_highest_rate_that_has_begun_binds(
    city_rates: list[dict[str, Any]], binds: str
) -> None:
    rates = [made_up("federal", 7.25, "2009-07-24"), made_up("state", 9, "2020-01-01")]
    rates += [made_up("state", 10, "2026-01-01"), made_up("state", 30, "2026-11-23"), *city_rates]
    cities = pd.DataFrame(
        {"geoid": ["5548000"], "state": ["WI"], "county_geoid_primary": ["55025"]}
    )
    frame = pd.DataFrame(rates, columns=[*minimum_wages.COLUMNS, "rate"])
    assert wage_places.city_wages(frame, cities).rate.tolist() == [binds]


def test_a_local_rate_must_fit_exactly_one_city() -> None:
    cities = pd.DataFrame(
        {
            "geoid": ["1", "2", "3"],
            "state": ["WI", "WI", "WI"],
            "census_name": ["Twin city", "Twin city", "Madison city"],
            "county_name": ["Dane County"] * 3,
            "county_geoid_primary": ["55025"] * 3,
        }
    )
    assert wage_places.located([{"state": "WI", "locality": "Madison"}], cities)[0]["geoid"] == "3"
    for name in ("Twin", "Nowhere"):
        with pytest.raises(ValueError, match=f"no city, or several, for the rate of {name}"):
            wage_places.located([{"state": "WI", "locality": name}], cities)
