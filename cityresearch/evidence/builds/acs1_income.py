"""Median household incomes of the American Community Survey's one-year files, joined to places."""

from __future__ import annotations

import pandas as pd

from cityresearch.evidence.mirror import Mirror


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The table `median_income`."""
    series = mirror.csv("income/acs1y_s1901_median_income_2010_2023.csv")
    newest = mirror.csv("income/city_median_income_acs1_2023.csv")
    places = mirror.csv("identity/cities.csv")
    return {
        "median_income": median_income(
            series, newest, places, mirror.csv("identity/list1_Jul_2023.csv")
        )
    }


def median_income(
    series: pd.DataFrame, newest: pd.DataFrame, places: pd.DataFrame, delineation: pd.DataFrame
) -> pd.DataFrame:
    """A row per city and year: the median in USD of that year.

    Raises:
        ValueError: the two files differ on a city's median in 2023.
    """
    frame = pd.DataFrame(
        {
            "geoid": geoids(series, places, delineation),
            "year": series.Year.astype(int),
            "median_income_usd": series.Median_Income.astype(int),
        }
    ).dropna(subset=["geoid"])
    _check_against(newest, frame)
    return frame


def geoids(series: pd.DataFrame, places: pd.DataFrame, delineation: pd.DataFrame) -> pd.Series:
    """The place whose full Census name, legal type included, is the row's, if there is exactly one."""
    postal = dict(zip(places.geoid.str[:2], places.state, strict=True))
    states = {
        name: postal[code]
        for code, name in zip(
            delineation["FIPS State Code"], delineation["State Name"], strict=True
        )
        if code in postal
    }
    alone = places.drop_duplicates(["state", "census_name"], keep=False)
    known = dict(zip(alone.state + " " + alone.census_name, alone.geoid, strict=True))
    return (series.State.map(states) + " " + series.City).map(known)


def _check_against(newest: pd.DataFrame, frame: pd.DataFrame) -> None:
    """The other file, joined by somebody else, must say the same of the same cities."""
    ours = frame[frame.year == 2023].set_index("geoid").median_income_usd
    theirs = newest.set_index("geoid").acs1_2023_median_hh_income.astype(float).astype(int)
    if ours.sort_index().to_dict() != theirs.sort_index().to_dict():
        raise ValueError("the two files of medians for 2023 differ")
