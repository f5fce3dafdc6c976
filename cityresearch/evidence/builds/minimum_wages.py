"""Minimum wages: every recorded rate of nation, states, regions, counties and cities, and the one
that binds in each city."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pandas as pd

from cityresearch.evidence.builds import wage_places
from cityresearch.evidence.builds.wage_pages import PAGES
from cityresearch.evidence.mirror import Mirror

Row = dict[Any, Any]  # a row of a frame, by column

COLUMNS = [
    *("level", "state", "locality", "geoid", "county_geoids", "effective", "usd_per_hour", "as_of"),
    *("void", "partial", "note", "source", "source_url", "check"),
]
COMPILATION = "Vaghul and Zipperer, historical state and sub-state minimum wages, to 2022"
COMPILATION_ADDRESS = "https://github.com/benzipperer/historicalminwage"
COMPILATION_END = "2022-12-31"
LIST = "prices/minimum_wages_2025_2026.csv"
LISTED_ON = "2025-07-31"  # the day for which the Department of Labor's list holds
FEDERAL_NOW = "2009-07-24"  # the list says that the federal rate of this day still applies
# Rates of these places repeat a state's own, which is recorded already.
REPEATED = ("Remainder of New York State", "Remainder of Oregon", "Washington")
# Local rates that bind only some of the place's employers, and whom.
PARTIAL = {
    "SeaTac": "Hospitality and transportation workers only.",
    "Los Angeles County": "Areas outside cities only.",
    "Santa Fe County": "Areas outside cities only.",
    "Bernalillo County": "Areas outside cities only.",
    "Cook County": "Most municipalities have opted out.",
    "Montgomery County": "Whether it holds inside cities is not recorded.",
    "Prince George's County": "Whether it holds inside cities is not recorded.",
}
CITATIONS = {
    'ADP HR Tip "Your Guide to 2026 Minimum Wages" '
    "(sbshrs.adpinfo.com/blog/your-guide-to-2026-minimum-wages); isolvedhcm.com compliance-corner "
    "8 Jan 2026; worldatwork.org": "Payroll firms’ lists of 2026 minimum wages (ADP, iSolved)",
    "cpsgo.com and blog.paymaster.com 2026 lists": (
        "Payroll firms’ lists of 2026 minimum wages (CPS, Paymaster)"
    ),
    "blog.paymaster.com/2026-state-minimum-wage": (
        "A payroll firm’s list of 2026 minimum wages (Paymaster)"
    ),
    "U.S. DOL State Minimum Wage Laws (updated July 31, 2025)": (
        "US Department of Labor, State Minimum Wage Laws, 31 July 2025"
    ),
}
CHECKS = {
    "read via admsmc/us-billing-platform @6f758737; curated by a third party, spot-checked": (
        "read in a third party’s copy, spot-checked"
    ),
    "read via admsmc/us-billing-platform @6f758737": "read in a third party’s copy",
    "paymaster only": "one page",
    "iSolved only": "one page",
    "ADP only": "one page",
    "ADP": "one page",
    "one stored page": "one page",
    "two stored pages agree": "two pages agree",
    "two or more stored pages agree": "two or more pages agree",
    "ADP, iSolved agree": "two pages agree",
    "ADP, iSolved, paymaster agree": "three pages agree",
}
NOTES = {
    ("NJ", "2026-01-01"): "Employers with six or more workers.",
    ("NY", "2026-01-01"): "Outside New York City, Long Island and Westchester.",
    ("OR", "in force 2025-07-31"): "Outside the Portland area and the nonurban counties.",
}
SEEN = {("DC", "2025-07-01"): "2026-01-01"}  # the page says that it was still in force on that day
# Rates that the list gives in a note to another row: that row, place, first day, USD an hour.
IN_NOTES = (
    (("FL", "in force 2025-07-31"), None, "2025-09-30", 14.00),
    (("NY", "2026-01-01"), "Long Island & Westchester", "2026-01-01", 17.00),
    (("OR", "in force 2025-07-31"), "Nonurban counties", None, 14.05),
)


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The tables `rates` and `city_wages`."""
    cities = mirror.csv("identity/cities.csv")
    every = rates(mirror, cities)
    return {"rates": every, "city_wages": wage_places.city_wages(every, cities)}


def rates(mirror: Mirror, cities: pd.DataFrame) -> pd.DataFrame:
    """A row per rate, with the place it holds in and its source."""
    listing = mirror.csv(LIST).to_dict("records")
    postal = dict(zip(cities.geoid.str[:2], cities.state, strict=True))
    rows = [
        *history(mirror, "Federal", "Fed_mw", {}),
        *history(mirror, "State", "mw", postal),
        *history(mirror, "Substate", "mw", postal),
        *map(listed_rate, listing),
        *stated_in_notes(listing),
        *from_pages(),
    ]
    frame = pd.DataFrame(wage_places.located(rows, cities), columns=COLUMNS)
    return frame.assign(rate=[rate_id(row) for row in frame.to_dict("records")])


def rate_id(row: Row) -> str:
    """A rate's key: place and first day, or the day on which it was found in force."""
    place = "-".join(row[part] for part in ("state", "locality") if isinstance(row[part], str))
    slug = re.sub(r"[^A-Za-z0-9]+", "-", (place or "US").replace("'", "")).strip("-").lower()
    since = row["effective"] if isinstance(row["effective"], str) else f"found-{row['as_of']}"
    return f"{slug}:{since}"


def history(mirror: Mirror, kind: str, amount: str, postal: dict[str, str]) -> list[Row]:
    """Changes of rates to 2022. Rates that were only scheduled then are left out: some never came."""
    path = mirror.path(f"preemption/{kind}MinimumWage_Changes.xlsx")
    with warnings.catch_warnings():
        # The workbooks name no style, which is harmless.
        warnings.simplefilter("ignore", UserWarning)
        frame = pd.read_excel(path)
    frame = frame.assign(
        state=[postal[f"{fips:02d}"] for fips in frame.statefips] if postal else None,
        locality=frame.locality if kind == "Substate" else None,
        usd=frame[amount],
        effective=[
            f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in frame[["year", "month", "day"]].values
        ],
    )
    frame = frame[frame.usd.notna() & ~frame.locality.isin(REPEATED)]
    frame = frame[(frame.effective <= COMPILATION_END) & ~_ends_the_series(frame)]
    frame = frame.sort_values(["state", "locality", "effective"], kind="stable")
    before = frame.groupby(["state", "locality"], dropna=False).usd.shift()
    frame = frame.assign(before=before)[frame.usd != before]
    return [_past_rate(row) for row in frame.to_dict("records")]


def _ends_the_series(frame: pd.DataFrame) -> pd.Series:
    """Rows that repeat the last rate on the compilation's last day. In New York that day is one on
    which rates do change."""
    unsourced = frame.source.isna() | frame.source.eq("CURRENT")
    new_york = frame.state.eq("NY") & frame.locality.isna()
    return (frame.effective == COMPILATION_END) & unsourced & ~new_york


def _past_rate(row: Row) -> Row:
    source, federal = str(row["source"]), not isinstance(row["state"], str)
    locality = row["locality"] if isinstance(row["locality"], str) else None
    void, note = source.startswith("nullification"), PARTIAL.get(locality or "")
    if void:
        note = "The local rate was struck down or overridden by state law."
    elif row["usd"] < row["before"]:
        note = "Lower than the rate before it, as the source has it."
    return {
        "state": None if federal else row["state"],
        "locality": locality,
        "effective": row["effective"],
        "usd_per_hour": row["usd"],
        "as_of": LISTED_ON if federal and row["effective"] == FEDERAL_NOW else COMPILATION_END,
        "void": void,
        "partial": locality in PARTIAL,
        "note": note,
        "source": COMPILATION,
        "source_url": source if source.startswith("http") else COMPILATION_ADDRESS,
        "check": None,
    }


def listed_rate(row: Row) -> Row:
    """A rate of 2025 or 2026; a state without a rate of its own has an empty one."""
    began, key = row["effective_date"], (row["state"], row["effective_date"])
    held_on = LISTED_ON if began.startswith("in force") else max(began, LISTED_ON)
    return {
        "state": row["state"],
        "locality": row["locality"] or None,
        "geoid": row["geoid"] or None,
        "effective": _first_day(row),
        "usd_per_hour": float(row["stated_min_wage_usd_per_hour"] or "nan"),
        "as_of": SEEN.get(key, held_on),
        "void": False,
        "partial": False,
        "note": NOTES.get(key),
        "source": CITATIONS.get(row["citation"], row["citation"]),
        "source_url": row["source_url"],
        "check": CHECKS[row["check"]],
    }


def _first_day(row: Row) -> str | None:
    """The first day of the rate: the date given, or one that the row's note gives for it."""
    if not row["effective_date"].startswith("in force"):
        return str(row["effective_date"])
    began = re.match(r"from (\d{4}-\d{2}-\d{2})", row["note"])
    return began.group(1) if began else None


def stated_in_notes(listing: list[Row]) -> list[Row]:
    """The rates of `IN_NOTES`.

    Raises:
        ValueError: a note that doesn't name its rate any more.
    """
    rows = {(row["state"], row["effective_date"]): row for row in listing if not row["locality"]}
    found = []
    for key, place, day, usd in IN_NOTES:
        if f"{usd:.2f}" not in rows[key]["note"]:
            raise ValueError(f"the note to {key} doesn't name {usd}")
        rate = listed_rate(rows[key]) | {"locality": place, "effective": day, "usd_per_hour": usd}
        found.append(rate | {"note": None, "as_of": day or rate["as_of"]})
    return found


def from_pages() -> list[Row]:
    """The rates entered by hand from pages that name them."""
    return [
        {
            "state": page.state,
            "census_name": name,
            "locality": name.removesuffix(" city"),
            "effective": page.effective,
            "usd_per_hour": usd,
            "as_of": max(page.effective, LISTED_ON),
            "void": False,
            "partial": False,
            "note": page.notes.get(name),
            "source": page.source,
            "source_url": page.address,
            "check": page.check,
        }
        for page in PAGES
        for name, usd in page.rates.items()
    ]
