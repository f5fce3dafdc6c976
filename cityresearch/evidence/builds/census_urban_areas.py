"""Urban areas of the 2020 census: names, populations and land."""

from __future__ import annotations

import pandas as pd

from cityresearch.evidence.mirror import Mirror


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The table `areas`: one row an urban area."""
    listed = mirror.csv("identity/2020_ua_list_all.csv")
    header, *rows = mirror.json("identity/urban_area_2023.json")
    estimates = pd.DataFrame(rows, columns=header).set_index("urban area")["B01003_001E"]
    points = mirror.csv("identity/2025_Gaz_ua_national.txt", sep="|").set_index("GEOID")
    frame = pd.DataFrame(
        {
            "uace": listed["UACE"],
            "name": listed["NAME"].str.replace("--", "–"),
            "states": listed["NAME"].str.rpartition(", ")[2].str.replace("--", " "),
            "population_2020": plain(listed["POP"]),
            "population_acs2023": listed["UACE"].map(estimates).astype("Int64"),
            "land_sqmi": plain(listed["AREALANDSQMI"]),
        }
    )
    frame["lat"] = frame["uace"].map(points["INTPTLAT"]).astype(float)
    frame["lon"] = frame["uace"].map(points["INTPTLONG"]).astype(float)
    return {"areas": frame}


def plain(texts: pd.Series) -> pd.Series:
    """Numbers out of texts like ' 18,078 '."""
    return pd.to_numeric(texts.str.replace(",", "").str.strip())
