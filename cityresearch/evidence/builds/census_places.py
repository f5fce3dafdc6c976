"""Cities and states: Census places with the names that a reader uses and an address for each."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from cityresearch.evidence.mirror import Mirror

LEGAL_TYPE = re.compile(
    r" (city and borough|city|town|village|borough|municipality|corporation|CDP|urban county"
    r"|unified government|consolidated government|metropolitan government|metro government)"
    r"(?: \(balance\))?$"
)
CONSOLIDATED = {"00", "UG", "CG", "UC", "MG"}
CITY_OF_COUNTY = re.compile(r"^([^-/,]+)(?:-|/|, ).+ County$")
COUNTY_WORD = re.compile(r" (County|Parish|Borough|Census Area|Municipality|Planning Region)$")
# The rule below would give names that nobody uses for these places.
COMMON_NAMES = {
    "0622300": "Paso Robles",
    "0665042": "Ventura",
    "0814765": "Creede",
    "1234132": "Islamorada",
    "1571550": "Honolulu",
    "1608830": "Boise",
    "2146027": "Lexington",
    "2682450": "Clarkston",
    "2682453": "Grosse Pointe Shores",
    "2767130": "Minnetonka Beach",
    "3011397": "Butte",
    "3976582": "Indian Hill",
    "4752006": "Nashville",
    "4873493": "Pecos",
}
# Our own layout: one tile a state, neighbours near each other, rows and columns counted from 0.
TILE_MAP = """
AK .. .. .. .. .. .. .. .. .. ME
.. .. .. .. .. .. .. .. .. VT NH
WA MT ND MN WI .. MI .. NY MA RI
OR ID WY SD IA IL IN OH PA CT ..
CA NV UT NE MO KY WV VA MD NJ ..
.. AZ CO KS AR TN NC SC DC DE ..
.. .. NM OK LA MS AL GA .. .. ..
HI .. .. TX .. .. .. .. FL .. ..
"""
ARTICLES = {"DC": "the "}
ADJECTIVES = {"DC": "D.C."}


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The tables `cities` and `states`."""
    places = mirror.csv("identity/cities.csv")
    delineation = mirror.csv("identity/list1_Jul_2023.csv")
    people = mirror.csv("vmt/state_vmt_2020.csv")
    return {
        "cities": cities(places, county_names(delineation)),
        "states": states(places, delineation, people),
    }


def cities(places: pd.DataFrame, counties: dict[str, str]) -> pd.DataFrame:
    """One row a municipality, with name, slug and identifiers."""
    county = list(map(county_of, places.county_geoid_primary, places.county_geoids))
    frame = pd.DataFrame(
        {
            "geoid": places.geoid,
            "name": list(map(city_name, places.geoid, places.census_name, places.lsad)),
            "census_name": places.census_name,
            "state": places.state,
            "lsad": places.lsad,
            "funcstat": places.funcstat,
            "lat": places.lat.astype(float),
            "lon": places.lon.astype(float),
            "land_sqmi": places.land_sqmi.astype(float),
            "population": pd.to_numeric(places.pop_acs2023).astype("Int64"),
            "county_geoid": county,
            "county_name": [
                given or counties.get(code)
                for code, given in zip(county, places.county_name, strict=True)
            ],
            "county_geoids": places.county_geoids.str.replace("|", " "),
            "cbsa": places.cbsa_2023,
            "uace": places.uace_2020,
        }
    )
    frame = frame.replace({"county_geoid": "", "county_geoids": "", "cbsa": "", "uace": ""}, None)
    frame["possessive"] = frame["name"].map(possessive)
    return with_slugs(frame)


def county_names(delineation: pd.DataFrame) -> dict[str, str]:
    """County names by GEOID; the only list here that has Connecticut's planning regions."""
    geoids = delineation["FIPS State Code"] + delineation["FIPS County Code"]
    return dict(zip(geoids, delineation["County/County Equivalent"], strict=True))


def county_of(primary: str, every: str) -> str:
    """The main county; in Connecticut the planning region that replaced it."""
    listed = every.split("|")
    return primary if primary in listed or not every else listed[0]


def city_name(geoid: str, census_name: str, lsad: str) -> str:
    """The name in running text: without legal type, second name in brackets or merged county."""
    if geoid in COMMON_NAMES:
        return COMMON_NAMES[geoid]
    name = LEGAL_TYPE.sub("", census_name)
    name = re.sub(r" \(.*\)$", "", name)
    if census_name.endswith(" Town city") and geoid.startswith("25"):
        name = name.removesuffix(" Town")  # a city government that kept "Town" in its legal name
    if lsad in CONSOLIDATED:
        name = CITY_OF_COUNTY.sub(r"\1", name)
    return name.replace("'", "’")


def possessive(name: str) -> str:
    """Madison’s, Des Moines’."""
    return name + ("’" if name.endswith("s") else "’s")


def slug_of(name: str) -> str:
    """A name as a part of an address: plain lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['.]", "", plain)).strip("-")


def with_slugs(frame: pd.DataFrame) -> pd.DataFrame:
    """Adds slug, path and distinction: namesakes in a state take their county, then legal type."""
    frame = frame.copy()
    county = frame["county_name"].fillna("").str.replace(COUNTY_WORD, "", regex=True)
    legal = frame["census_name"].str.extract(LEGAL_TYPE, expand=True)[0].fillna("")
    stem, told = frame["name"].map(slug_of), pd.Series("", index=frame.index)
    for part, words in ((county, frame["county_name"].fillna("")), (legal, legal + ", ")):
        same = pd.DataFrame({"state": frame["state"], "stem": stem}).duplicated(keep=False)
        stem = stem.where(~same, stem + "-" + part.map(slug_of))
        told = told.where(~same, words + told)
    frame["distinction"] = told.replace("", None)
    frame["slug"] = stem + "-" + frame["state"].str.lower()
    frame["path"] = frame["state"].str.lower() + "/" + stem
    return frame


def states(places: pd.DataFrame, delineation: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """One row a state and the District of Columbia."""
    fips = dict(zip(places.state, places.geoid.str[:2], strict=True))
    names = dict(zip(delineation["FIPS State Code"], delineation["State Name"], strict=True))
    counted = people.set_index("state")["census2020_pop"].astype(float).astype(int)
    tiles = tile_positions()
    rows = []
    for state, geoid in sorted(fips.items()):
        official = names[geoid]
        name = ARTICLES.get(state, "") + official
        rows.append(
            {
                "geoid": geoid,
                "state": state,
                "name": name,
                "possessive": possessive(name),
                "state_name": official,
                "full_name": official,
                "adjective": ADJECTIVES.get(state, official),
                "slug": slug_of(official),
                "path": state.lower(),
                "population": counted[official],
                "tile_row": tiles[state][0],
                "tile_col": tiles[state][1],
            }
        )
    return pd.DataFrame(rows)


def tile_positions() -> dict[str, tuple[int, int]]:
    """Row and column of each state in the tile map."""
    return {
        state: (row, col)
        for row, line in enumerate(TILE_MAP.split("\n")[1:-1])
        for col, state in enumerate(line.split())
        if state != ".."
    }
