"""Places are found by slug, code or condition; names and addresses are fit to print."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from cityresearch.errors import ResearchError
from cityresearch.evidence import places, tables
from cityresearch.evidence.builds import census_places
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")


def test_a_city_is_found_by_slug_or_code() -> None:
    madison = places.find(REAL, "city", "madison-wi")
    assert madison == places.find(REAL, "city", "5548000")
    assert (madison.name, madison.possessive, madison.path) == (
        "Madison",
        "Madison’s",
        "wi/madison",
    )
    assert madison.full_name == "Madison, Wisconsin"
    assert madison.ids == {
        "geoid": "5548000",
        "state": "WI",
        "uace": "53200",
        "cbsa": "31540",
        "county_geoid": "55025",
    }
    assert pickle.loads(pickle.dumps(madison)) == madison
    assert len({madison, madison}) == 1


@pytest.mark.parametrize(
    ("slug", "name", "possessive", "full_name"),
    [
        ("washington-dc", "Washington", "Washington’s", "Washington, D.C."),
        ("des-moines-ia", "Des Moines", "Des Moines’", "Des Moines, Iowa"),
        ("st-paul-mn", "St. Paul", "St. Paul’s", "St. Paul, Minnesota"),
        ("nashville-tn", "Nashville", "Nashville’s", "Nashville, Tennessee"),
        ("louisville-ky", "Louisville", "Louisville’s", "Louisville, Kentucky"),
        ("augusta-ga", "Augusta", "Augusta’s", "Augusta, Georgia"),
        ("honolulu-hi", "Honolulu", "Honolulu’s", "Honolulu, Hawaii"),
        ("boise-id", "Boise", "Boise’s", "Boise, Idaho"),
        ("weymouth-ma", "Weymouth", "Weymouth’s", "Weymouth, Massachusetts"),
        ("coeur-dalene-id", "Coeur d’Alene", "Coeur d’Alene’s", "Coeur d’Alene, Idaho"),
        (
            "coaldale-schuylkill-pa",
            "Coaldale",
            "Coaldale’s",
            "Coaldale (Schuylkill County), Pennsylvania",
        ),
        (
            "pewaukee-waukesha-village-wi",
            "Pewaukee",
            "Pewaukee’s",
            "Pewaukee (village, Waukesha County), Wisconsin",
        ),
    ],
)
def test_names_are_fit_to_print(slug: str, name: str, possessive: str, full_name: str) -> None:
    place = places.find(REAL, "city", slug)
    assert (place.name, place.possessive, place.full_name) == (name, possessive, full_name)


def test_states_are_places_too() -> None:
    wisconsin = places.find(REAL, "state", "wisconsin")
    assert (wisconsin.geoid, wisconsin.path, wisconsin.full_name) == ("55", "wi", "Wisconsin")
    district = places.find(REAL, "state", "11")
    assert district.name == "the District of Columbia"
    assert district.full_name == district.state_name == "District of Columbia"
    assert len(places.where(REAL, "state", "")) == 51


def test_every_slug_and_path_is_unique_and_agrees() -> None:
    rows = places.frame(REAL, "city")
    assert len(rows) == 19_483
    assert rows["slug"].is_unique
    assert rows["path"].is_unique
    assert (rows["path"].str[3:] + "-" + rows["path"].str[:2] == rows["slug"]).all()
    assert rows["full_name"].is_unique


def test_tiles_are_one_a_state() -> None:
    states = tables.load(REAL, "census_places.states")
    assert not states.duplicated(["tile_row", "tile_col"]).any()
    assert len(census_places.tile_positions()) == len(states) == 51


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("madisn-wi", "Did you mean 'madison-wi'"),
        ("madison", "Did you mean 'madison-wi' or"),
        ("waukesha-wi", "'waukesha-waukesha-city-wi' or 'waukesha-waukesha-village-wi'"),
        ("12", "Write a slug, like"),
    ],
)
def test_an_unknown_city_is_answered_with_the_nearest(word: str, hint: str) -> None:
    with pytest.raises(ResearchError) as caught:
        places.find(REAL, "city", word)
    assert hint in str(caught.value)
    assert "data/census_places/cities.parquet" in caught.value.where


def test_an_unknown_geography_is_refused() -> None:
    with pytest.raises(ResearchError, match=r"no geography 'planet'.*city, state"):
        places.frame(REAL, "planet")


def test_conditions_are_comparisons_joined_by_and() -> None:
    chosen = places.where(REAL, "city", "population >= 200_000 and state == 'WI'")
    assert [place.slug for place in chosen] == ["madison-wi", "milwaukee-wi"]
    everything = places.where(REAL, "city", "")
    assert len(everything) == 19_483
    assert [p.state for p in everything] == sorted(p.state for p in everything)
    named = places.where(REAL, "city", "name = 'Truth or Consequences'")
    assert [place.state for place in named] == ["NM"]


def test_a_place_without_a_value_meets_no_comparison() -> None:
    both = "population < 1000000000", "population != -1"
    counted = [len(places.where(REAL, "city", condition)) for condition in both]
    assert counted == [19_468, 19_468]


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("people >= 5", "no column 'people'"),
        ("population >= many", "compared with a number"),
        ("state >= 'WI'", "is text"),
        ("population >= 5 or state == 'WI'", "is not a comparison"),
        ("population", "is not a comparison"),
        ("5 <= population", "no column '5'"),
        ("population >= 5 and ", "is not a comparison"),
        ("__import__('os').getcwd() == 'x'", "is not a comparison"),
    ],
)
def test_any_other_condition_is_refused_and_the_columns_named(condition: str, message: str) -> None:
    with pytest.raises(ResearchError) as caught:
        places.where(REAL, "city", condition)
    assert message in str(caught.value)
    assert "Columns are: geoid, name" in caught.value.instead
