"""Incomes, commuting and prices: how many cities there are, what the bounds hold, whose dollars."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cityresearch.evidence import places, sources, tables
from cityresearch.evidence.builds import acs1_commuting, acs1_income
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")
SIZES = [0, 50_000, 75_000, 100_000, 250_000]
# The Census Bureau's factors that bring a survey year's incomes to the prices of that year.
PRICE_FACTORS = {2014: 1.008425, 2019: 1.010145, 2021: 1.029928, 2022: 1.042311, 2023: 1.019518}


@pytest.fixture(scope="module")
def incomes() -> pd.DataFrame:
    return tables.load(REAL, "urban_institute.incomes")


def served(frame: pd.DataFrame) -> list[int]:
    """How many cities of at least each size the rows serve."""
    known = set(frame.geoid)
    return [
        sum(place.geoid in known for place in places.where(REAL, "city", f"population >= {size}"))
        for size in SIZES
    ]


def test_cities_with_a_20th_percentile_in_2023(incomes: pd.DataFrame) -> None:
    newest = incomes[(incomes.year == 2023) & incomes.income_p20_usd.notna()]
    assert served(newest) == [486, 486, 485, 327, 91]


def test_cities_with_a_median_of_the_survey_of_2023() -> None:
    medians = tables.load(REAL, "acs1_income.median_income")
    assert served(medians[medians.year == 2023]) == [598, 598, 495, 327, 91]
    assert sorted(medians.year.unique()) == [*range(2010, 2020), 2021, 2022, 2023]


@pytest.mark.parametrize("percentile", ["p20", "p50", "p80"])
def test_estimates_lie_within_their_bounds(incomes: pd.DataFrame, percentile: str) -> None:
    known = incomes.dropna(subset=[f"income_{percentile}_usd"])
    assert len(known) == 486 * 9 - 7
    middle = known[f"income_{percentile}_usd"]
    assert (known[f"income_{percentile}_low_usd"] <= middle).all()
    assert (middle <= known[f"income_{percentile}_high_usd"]).all()
    assert known[f"income_{percentile}_quality"].isin([1, 2, 3]).all()


@pytest.mark.parametrize("year", PRICE_FACTORS)
def test_incomes_are_in_dollars_of_the_survey_year(incomes: pd.DataFrame, year: int) -> None:
    """Divided by the year's factor they are whole dollars, as people report them, to a cent."""
    amounts = incomes[incomes.year == year].income_p50_usd.dropna() / PRICE_FACTORS[year]
    assert ((amounts - amounts.round()).abs() < 0.011).mean() > 0.99


def test_only_one_city_is_ever_without_incomes(incomes: pd.DataFrame) -> None:
    empty = incomes[incomes.income_p20_usd.isna()]
    assert empty.geoid.unique().tolist() == ["1372122"]  # South Fulton, Georgia, founded in 2017
    assert empty.year.max() == 2021


def test_the_two_sources_of_medians_agree_roughly(incomes: pd.DataFrame) -> None:
    """The model's medians and the survey's own lie close; a mistaken join would not."""
    medians = tables.load(REAL, "acs1_income.median_income")
    both = incomes.merge(medians, on=["geoid", "year"])
    ratio = (both.income_p50_usd / both.median_income_usd)[both.year == 2023]
    assert ratio.median() == pytest.approx(1, abs=0.03)
    assert ratio.between(0.7, 1.4).mean() > 0.99


def test_the_licence_is_named_as_unconfirmed() -> None:
    licence = sources.load_source(REAL, "urban_institute").licence
    assert "ODC-By" in licence.name and not licence.confirmed


def test_medians_are_joined_by_whole_name_and_state() -> None:
    places_ = pd.DataFrame(
        {
            "geoid": ["5548000", "0100001", "0100002"],
            "state": ["WI", "AL", "AL"],
            "census_name": ["Madison city", "Twin city", "Twin city"],
        }
    )
    delineation = pd.DataFrame(
        {"FIPS State Code": ["55", "01"], "State Name": ["Wisconsin", "Alabama"]}
    )
    names = [("Madison city", "Wisconsin"), ("Madison city", "Alabama"), ("Twin city", "Alabama")]
    series = pd.DataFrame([*names, ("Madison town", "Wisconsin")], columns=["City", "State"])
    joined = acs1_income.geoids(series, places_, delineation)
    assert joined.fillna("").tolist() == ["5548000", "", "", ""]


def test_a_second_file_that_differs_is_refused() -> None:
    frame = pd.DataFrame({"geoid": ["5548000"], "year": [2023], "median_income_usd": [70_000]})
    newest = pd.DataFrame({"geoid": ["5548000"], "acs1_2023_median_hh_income": ["71000.0"]})
    with pytest.raises(ValueError, match="differ"):
        acs1_income._check_against(newest, frame)


def test_commuting_by_metropolitan_area() -> None:
    metros = tables.load(REAL, "acs1_commuting.metros").set_index("cbsa")
    assert len(metros) == 393
    # New York: 100 · 2,379,442 / 9,489,184; Madison: 100 · 9,888 / 377,365.
    assert metros.loc["35620", "transit_share_percent"] == pytest.approx(25.075, abs=0.001)
    assert metros.loc["31540", "transit_share_percent"] == pytest.approx(2.620, abs=0.001)


def test_an_area_without_a_code_is_refused() -> None:
    published = pd.DataFrame({"Label": ["Total:"], "Nowhere, XX Metro Area!!Estimate": ["1"]})
    with pytest.raises(ValueError, match="Nowhere, XX"):
        acs1_commuting.metros(published, pd.DataFrame({"title": ["Here, WI"], "cbsa": ["10000"]}))


def test_prices_of_whole_years() -> None:
    prices = tables.load(REAL, "cpi.annual").set_index(["item", "year"])
    assert prices.loc[("all_items", 2023), "index"] == pytest.approx(304.702, abs=0.001)
    assert prices.loc[("all_items", 1990), "index"] == 130.7
    partial = prices[~prices.complete].reset_index()
    assert set(partial.year) == {2025, 2026}
    assert (partial[partial.year == 2025].months == 11).all()
    assert prices.loc[("gasoline", 2025), "complete"]
