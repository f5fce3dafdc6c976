"""The rules by which build steps clean what publishers send, on made-up rows."""

from __future__ import annotations

import pandas as pd
import pytest

from cityresearch.evidence.builds import census_places, ntd, water_systems


def agency_years(rows: list[tuple[str, str, str, str, str, str, str]]) -> pd.DataFrame:
    """Made-up agency-years of one area in 2023: number, then the six measures as text."""
    columns = ["ntd_id", *ntd.MEASURES]
    frame = pd.DataFrame(rows, columns=columns, dtype="str")
    return ntd.agency_years(frame.assign(agency="Examplia", state="WI", uace="00001", year="2023"))


def test_zeros_that_stand_for_no_report_become_empty() -> None:
    ran = ("00001", "0", "500", "0", "3", "10", "0")
    closed = ("00002", "0", "0", "0", "0", "0", "900")
    silent = ("00003", "", "", "", "", "", "0")
    frame = agency_years([ran, closed, silent]).set_index("ntd_id")
    assert list(frame.index) == ["00001", "00002"]
    assert frame.loc["00001", ["upt", "vrh", "opex_usd"]].isna().all()
    assert frame.loc["00002", ["upt", "vrh"]].tolist() == [0, 0]


@pytest.mark.parametrize(("cost", "fares"), [("20", 100), ("30", None)])
def test_a_sum_is_empty_where_more_than_2_percent_of_the_cost_is_silent(
    cost: str, fares: int | None
) -> None:
    """20 / (20 + 1000) = 1.96 %; 30 / (30 + 1000) = 2.91 %."""
    reports = ("00001", "700", "500", "50", "3", "100", "1000")
    is_silent = ("00002", "30", "40", "5", "1", "", cost)
    row = ntd.area_years(agency_years([reports, is_silent])).iloc[0]
    assert (row["agencies"], row["upt"], row["opex_usd"]) == (2, 730, 1000 + int(cost))
    assert row["fares_usd"] == fares if fares else pd.isna(row["fares_usd"])


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("http://example.org/bus", "http://example.org/bus"),
        ("www.example.org", "http://www.example.org"),
        ("example.org,other.org", "http://example.org"),
        ("none", None),
        ("", None),
    ],
)
def test_an_agency_has_one_address_or_none(cell: str, address: str | None) -> None:
    assert ntd.website(cell) == address


@pytest.mark.parametrize(
    ("epa_name", "place", "name"),
    [
        ("PHOENIX CITY OF", "Phoenix", "City of Phoenix"),
        ("BAKERSFIELD, CITY OF", "Bakersfield", "City of Bakersfield"),
        ("PROVIDENCE-CITY OF", "Providence", "City of Providence"),
        ("GLENDALE-CITY, WATER DEPT.", "Glendale", "Glendale Water Department"),
        ("CITY OF MCKINNEY", "McKinney", "City of McKinney"),
        ("O'FALLON WATER DEPT", "O'Fallon", "O’Fallon Water Department"),
        ("EAST BAY MUD", "Oakland", "East Bay Municipal Utility District"),
        ("CHARLESTON WATER SYSTEM (XX0000001)", "Charleston", "Charleston Water System"),
        ("YONKERS CITY", "Yonkers", "City of Yonkers"),
        ("TULSA", "Tulsa", "Tulsa water system"),
        ("Minneapolis", "Minneapolis", "Minneapolis water system"),
        ("ORLANDO UTILITIES COMMISSION (7 WPS)", "Orlando", "Orlando Utilities Commission"),
        ("RIO RANCHO WATER & WW SERVICES", "Rio Rancho", "Rio Rancho Water & Wastewater Services"),
        ("BROOMFIELD CITY AND COUNTY OF", "Broomfield", "City and County of Broomfield"),
    ],
)
def test_capitals_become_names(epa_name: str, place: str, name: str) -> None:
    assert water_systems.readable(epa_name, "XX0000001", place) == name


@pytest.mark.parametrize(
    ("census_name", "lsad", "name"),
    [
        ("Madison city", "25", "Madison"),
        ("Carson City", "00", "Carson City"),
        ("Oklahoma City city", "25", "Oklahoma City"),
        ("Juneau city and borough", "53", "Juneau"),
        ("Athens-Clarke County unified government (balance)", "00", "Athens"),
        ("Lynchburg, Moore County metropolitan government", "MG", "Lynchburg"),
        ("Winston-Salem city", "25", "Winston-Salem"),
        ("Centerville (Thurman) village", "47", "Centerville"),
        ("Coeur d'Alene city", "25", "Coeur d’Alene"),
    ],
)
def test_legal_types_leave_the_name(census_name: str, lsad: str, name: str) -> None:
    assert census_places.city_name("9999999", census_name, lsad) == name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("St. Paul", "st-paul"),
        ("Coeur d’Alene", "coeur-dalene"),
        ("Cañon City", "canon-city"),
        ("Utqiaġvik", "utqiagvik"),
        ("S.N.P.J.", "snpj"),
    ],
)
def test_slugs_are_plain_letters(name: str, slug: str) -> None:
    assert census_places.slug_of(name) == slug


def test_namesakes_take_their_county_then_their_legal_type() -> None:
    frame = pd.DataFrame(
        {
            "name": ["Examplia", "Examplia", "Examplia", "Sampleton"],
            "census_name": ["Examplia city", "Examplia village", "Examplia town", "Sampleton city"],
            "state": ["WI"] * 4,
            "county_name": ["Oak County", "Oak County", "Elm County", "Oak County"],
        }
    )
    slugs = census_places.with_slugs(frame)
    assert slugs["slug"].tolist() == [
        "examplia-oak-city-wi",
        "examplia-oak-village-wi",
        "examplia-elm-wi",
        "sampleton-wi",
    ]
    assert slugs["distinction"].iloc[0] == "city, Oak County"
    assert pd.isna(slugs["distinction"].iloc[3])
