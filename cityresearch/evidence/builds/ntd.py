"""The National Transit Database: service, cost and funding by agency and urbanized area."""

from __future__ import annotations

import re

import pandas as pd

from cityresearch.evidence.mirror import Mirror

FIRST_YEAR = 2002
BEFORE = 2019  # the last year before the pandemic
MEASURES = ["upt", "vrm", "vrh", "voms", "fares_usd", "opex_usd"]
# A sum is left empty where agencies with more than this part of the area's cost didn't report it.
UNREPORTED_PART = 0.02
# The publisher's later year is comparable where the ratio of trips lies between these.
COMPARABLE = (0.7, 1.6)
QUALITY = {
    "ok": "ok",
    "suspect": "suspect",
    "unchecked (agency not in 2023 series)": "unchecked",
}


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The tables `areas`, `agencies`, `agency_years`, `funding`, `service_2024`, `areas_2024`."""
    years = agency_years(mirror.csv("transit/ntd_agency_year_1991_2023.csv"))
    areas = area_years(years)
    service = service_2024(mirror.csv("transit/ntd_service_2024_by_agency_mode.csv"))
    return {
        "areas": areas,
        "agencies": agencies(mirror.csv("transit/ntd_agency_information_2024.csv")),
        "agency_years": years,
        "funding": funding(mirror.csv("transit/ntd_funding_2010_2023.csv")),
        "service_2024": service,
        "areas_2024": areas_2024(service, areas),
    }


def agency_years(rows: pd.DataFrame) -> pd.DataFrame:
    """One row an agency and year that has a report; zeros that stand for no report become empty."""
    frame = rows[["ntd_id", "agency", "state", "uace"]].copy()
    frame["agency"] = spaced(frame["agency"])
    frame["year"] = rows["year"].astype(int)
    for name in MEASURES:
        frame[name] = pd.to_numeric(rows[name]).astype("Int64")
    ran = frame["vrm"].fillna(0) > 0
    frame["upt"] = frame["upt"].mask((frame["upt"] == 0) & ran)
    frame["vrh"] = frame["vrh"].mask((frame["vrh"] == 0) & ran)
    frame["opex_usd"] = frame["opex_usd"].mask(frame["opex_usd"] == 0)
    reported = frame[["upt", "vrm", "vrh", "opex_usd"]].notna().any(axis=1)
    return frame[reported & (frame["year"] >= FIRST_YEAR)]


def area_years(years: pd.DataFrame) -> pd.DataFrame:
    """Sums over the agencies whose primary area it is, by year."""
    groups = years.groupby(["uace", "year"])
    frame = groups.size().rename("agencies").to_frame()
    cost, miles = groups["opex_usd"].sum(), groups["vrm"].sum()
    for name in MEASURES:
        # Agencies without a cost are weighed by the miles they ran.
        weight, whole = ("vrm", miles) if name == "opex_usd" else ("opex_usd", cost)
        absent = years[name].isna()
        lost = years[weight].where(absent, 0).groupby([years["uace"], years["year"]]).sum()
        part = (lost / whole.where(whole > 0)).fillna(0)
        nobody = groups[name].count() == 0
        frame[name] = groups[name].sum().mask(nobody | (part > UNREPORTED_PART))
    return frame.join(_same_agencies(years)).reset_index()


def _same_agencies(years: pd.DataFrame) -> pd.DataFrame:
    """Trips of the agencies that reported both in the year and in 2019, in either year."""
    before = years[years["year"] == BEFORE].set_index("ntd_id")["upt"]
    then = years["ntd_id"].map(before).astype("Int64")
    both = years["upt"].notna() & then.notna()
    pairs = years[["uace", "year"]].assign(
        upt_same_agencies=years["upt"].where(both), upt_2019_same_agencies=then.where(both)
    )
    return pairs.groupby(["uace", "year"]).sum(min_count=1)


def agencies(rows: pd.DataFrame) -> pd.DataFrame:
    """One row an agency; those that report to several states are put together."""
    frame = pd.DataFrame(
        {
            "ntd_id": rows["ntd_id"],
            "name": spaced(rows["dba"].where(rows["dba"] != "", rows["agency"])),
            "agency": spaced(rows["agency"]),
            "reporter_type": rows["reporter_type"].str.removesuffix(" Reporter"),
            "organization": spaced(rows["org_type"]),
            "city": spaced(rows["hq_city"]),
            "state": rows["hq_state"],
            "website": rows["url"].map(website),
            "uace": rows["uace"],
        }
    ).replace({"organization": "", "uace": ""}, None)
    frame["vehicles"] = pd.to_numeric(rows["voms"]).astype("Int64")
    vehicles = frame.groupby("ntd_id")["vehicles"].sum(min_count=1)
    frame = frame.drop_duplicates("ntd_id")
    return frame.assign(vehicles=frame["ntd_id"].map(vehicles))


def website(text: str) -> str | None:
    """The first address of a cell, which may hold several or leave out the scheme."""
    found = re.search(r"(https?://)?((?:[\w-]+\.)+[a-z]{2,}[^\s,;]*)", text, re.IGNORECASE)
    return f"{found[1] or 'http://'}{found[2]}" if found else None


def funding(rows: pd.DataFrame) -> pd.DataFrame:
    """One row an agency and year, by source of funds; an empty source was nothing."""
    frame = rows[["ntd_id", "agency", "state", "uace"]].replace({"uace": ""}, None)
    frame["agency"] = spaced(frame["agency"])
    frame["year"] = rows["year"].astype(int)
    for source in ("federal", "state", "local", "other", "total"):
        dollars = pd.to_numeric(rows[f"{source}_funding_usd"]).fillna(0)
        frame[f"{source}_usd"] = dollars.astype("int64")
    return frame


def service_2024(rows: pd.DataFrame) -> pd.DataFrame:
    """One row an agency and mode in 2024."""
    frame = pd.DataFrame(
        {
            "agency": rows["agency"].str.strip(),
            "mode": rows["mode"],
            "name": spaced(rows["agency"].str.split(", dba: ").str[-1]),
            "ntd_id": rows["ntd_id"],
            "reporter_type": rows["reporter_type"].str.removesuffix(" Reporter"),
            "state": rows["hq_state"],
            "uace": rows["uace"],
        }
    ).replace({"ntd_id": "", "reporter_type": "", "state": "", "uace": ""}, None)
    for name in ("upt", "vrm", "vrh"):
        frame[name] = pd.to_numeric(rows[name]).astype("int64")
    frame["upt_ratio_2023"] = pd.to_numeric(rows["agency_upt_2024_over_2023"])
    frame["qa"] = rows["qa"].map(QUALITY)
    return frame


def areas_2024(service: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Sums of 2024 service by urbanized area, and whether they can be compared with 2023."""
    groups = service.groupby("uace")
    frame = groups[["upt", "vrm", "vrh"]].sum()
    frame["agencies"] = groups["agency"].nunique()
    demand = service[service["mode"] == "Demand Response"].groupby("uace")
    for name in ("upt", "vrh"):
        frame[f"demand_response_{name}"] = demand[name].sum().reindex(frame.index).fillna(0)
    checked = service["upt"].where(service["qa"] == "ok", 0).groupby(service["uace"]).sum()
    frame["checked_part"] = (checked / frame["upt"].where(frame["upt"] > 0)).fillna(0).round(4)
    before = areas[areas["year"] == 2023].set_index("uace")["upt"].astype(float)
    ratio = frame["upt"] / before.where(before > 0)
    frame["upt_ratio_2023"] = ratio.reindex(frame.index).round(3)
    known = frame["upt_ratio_2023"].between(*COMPARABLE).astype("boolean")
    frame["comparable"] = known.mask(frame["upt_ratio_2023"].isna())
    return frame.reset_index()


def spaced(texts: pd.Series) -> pd.Series:
    """Single spaces, none at the ends or before a comma; typographic apostrophes."""
    words = texts.str.replace(r"\s+", " ", regex=True).str.replace(" ,", ",").str.strip()
    return words.str.replace("'", "’")
