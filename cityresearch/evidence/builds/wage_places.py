"""Where a minimum wage holds: rates joined to places, and the one that binds in each city."""

from __future__ import annotations

from typing import Any

import pandas as pd

Row = dict[Any, Any]  # a row of a frame, by column

ON = "2026-11-22"  # the day of the first edition: rates that begin later don't bind yet
RECENT = "2026-01-01"  # a local rate last recorded before this has had a January to rise in
LAST_JULY = "2026-07-01"
JULY_STATES = ("OR", "DC")  # their rates rise each July; July 2026 is not in the list
WAGE_COLUMNS = ("usd_per_hour", "level", "locality", "effective", "as_of", "rate")
REGIONS = {
    ("NY", "New York City"): "New York City",
    ("NY", "New York"): "New York City",
    ("NY", "Long Island & Westchester"): "Long Island and Westchester",
    ("OR", "Portland"): "Portland area",
    ("OR", "Portland metro area"): "Portland area",
    ("OR", "Nonurban counties"): "Nonurban counties",
}
# Oregon's nonurban counties are those that ORS 653.026 names.
REGION_COUNTIES = {
    "Long Island and Westchester": ("NY", "Nassau Suffolk Westchester"),
    "Nonurban counties": (
        "OR",
        "Baker Coos Crook Curry Douglas Gilliam Grant Harney Jefferson Klamath Lake Malheur Morrow "
        "Sherman Umatilla Union Wallowa Wheeler",
    ),
}
# The cities of the regional government Metro, whose growth boundary bounds the rate.
PORTLAND_AREA = [
    *("Beaverton", "Cornelius", "Durham", "Fairview", "Forest Grove", "Gladstone", "Gresham"),
    *("Happy Valley", "Hillsboro", "Johnson City", "King City", "Lake Oswego", "Maywood Park"),
    *("Milwaukie", "Oregon City", "Portland", "Rivergrove", "Sherwood", "Tigard", "Troutdale"),
    *("Tualatin", "West Linn", "Wilsonville", "Wood Village"),
]
CENSUS_NAMES = {
    ("KY", "Lexington"): "Lexington-Fayette urban county",
    ("KY", "Louisville"): "Louisville/Jefferson County metro government (balance)",
}
NEW_YORK_CITY = "3651000"
MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]


def located(rates: list[Row], cities: pd.DataFrame) -> list[Row]:
    """The rates with their level and the Census codes of the place they hold in.

    Raises:
        ValueError: a locality that is no region, no county and not exactly one city.
    """
    alone = cities.drop_duplicates(["state", "census_name"], keep=False)
    city = dict(zip(alone.state + " " + alone.census_name, alone.geoid, strict=True))
    county = dict(
        zip(cities.state + " " + cities.county_name, cities.county_geoid_primary, strict=True)
    )
    return [row | _place(row, city, county) for row in rates]


def _place(row: Row, city: dict[str, str], county: dict[str, str]) -> Row:
    state, locality = row["state"], row["locality"]
    if not locality:
        return {"level": "state" if state else "federal"}
    if region := REGIONS.get((state, locality)):
        return _region(region, county)
    if locality.endswith(" County"):
        return {"level": "county", "county_geoids": county[f"{state} {locality}"]}
    name = row.get("census_name") or CENSUS_NAMES.get((state, locality), f"{locality} city")
    geoid = city.get(f"{state} {name}")
    if geoid is None:
        raise ValueError(f"no city, or several, for the rate of {locality}, {state}")
    if row.get("geoid") not in (None, geoid):
        raise ValueError(f"the code of {locality}, {state} is {geoid}, not {row['geoid']}")
    return {"level": "city", "geoid": geoid}


def _region(name: str, county: dict[str, str]) -> Row:
    state, counties = REGION_COUNTIES.get(name, ("", ""))
    codes = sorted(county[f"{state} {part} County"] for part in counties.split())
    return {
        "level": "region",
        "locality": name,
        "geoid": NEW_YORK_CITY if name == "New York City" else None,
        "county_geoids": " ".join(codes) or None,
    }


def city_wages(rates: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    """The wage that binds in each city on the day `ON`, and the rate it comes from."""
    now = in_force(rates)
    federal = next(rate for rate in now if rate["level"] == "federal")
    states = {rate["state"]: rate for rate in now if rate["level"] == "state"}
    own = {rate["geoid"]: rate for rate in now if rate["level"] == "city"}
    county = {rate["county_geoids"]: rate for rate in now if rate["level"] == "county"}
    regions = region_rates([rate for rate in now if rate["level"] == "region"], cities)
    rows = []
    for geoid, state, in_county in cities[["geoid", "state", "county_geoid_primary"]].values:
        city, base = own.get(geoid), regions.get(geoid, states[state])
        # Of equal rates the wider one binds: max keeps the first.
        binding = max([federal, base, *filter(None, [city])], key=lambda rate: rate["usd_per_hour"])
        wage = {name: binding[name] for name in WAGE_COLUMNS}
        rows.append(
            {"geoid": geoid, **wage, "caution": caution(binding, city, county.get(in_county))}
        )
    return pd.DataFrame(rows)


def in_force(rates: pd.DataFrame) -> list[Row]:
    """The newest rate of each place that has begun on the day `ON`; an empty rate counts as 0.

    Places whose rate was struck down have none, nor have cities whose rate binds some employers only,
    nor counties whose rate holds outside cities only.
    """
    since = rates.effective.fillna(rates.as_of)
    begun = rates.assign(since=since)[since <= ON].sort_values("since", kind="stable")
    now = begun.groupby(["level", "state", "locality"], dropna=False).tail(1)
    outside = now.note.fillna("").str.startswith("Areas outside")
    kept = now[~(now.void | (now.partial & (now.level == "city")) | outside)]
    kept = kept.assign(usd_per_hour=kept.usd_per_hour.astype(float).fillna(0))
    records: list[Row] = kept.astype(object).where(kept.notna(), None).to_dict("records")
    return records


def region_rates(rates: list[Row], cities: pd.DataFrame) -> dict[str, Row]:
    """The rate that a state sets for a part of it, by city; it takes the place of the state's rate.

    Raises:
        ValueError: a city of the Portland area that is missing or there twice.
    """
    found: dict[str, Row] = {}
    for rate in rates:
        if rate["locality"] == "Portland area":
            names = [f"{name} city" for name in PORTLAND_AREA]
            inside = cities[(cities.state == "OR") & cities.census_name.isin(names)].geoid
            if len(inside) != len(names):
                raise ValueError("a city of the Portland area is missing or there twice")
        elif rate["geoid"]:
            inside = cities[cities.geoid == rate["geoid"]].geoid
        else:
            inside = cities[cities.county_geoid_primary.isin(rate["county_geoids"].split())].geoid
        found |= dict.fromkeys(inside, rate)
    return found


def caution(binding: Row, city: Row | None, county: Row | None) -> str | None:
    """What a reader must know of a wage that may be higher by now, in a sentence."""
    if city and city["as_of"] < RECENT:
        return (
            f"The city has its own minimum wage, last recorded as of {in_words(city['as_of'])}; "
            "it may have risen since."
        )
    if county and county["usd_per_hour"] >= binding["usd_per_hour"]:
        return (
            f"The county has its own minimum wage, last recorded as of {in_words(county['as_of'])}; "
            "it may be higher, and may hold in the city."
        )
    if binding["state"] in JULY_STATES and binding["as_of"] < LAST_JULY:
        return f"The rate is as of {in_words(binding['as_of'])}; it is adjusted each July."
    return None


def in_words(date: str) -> str:
    """2025-07-31 as July 2025, and the end of a year as the year."""
    year, month = date.split("-")[:2]
    return year if date.endswith("-12-31") else f"{MONTHS[int(month) - 1]} {year}"
