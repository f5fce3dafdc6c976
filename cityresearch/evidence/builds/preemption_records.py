"""Preemption records: two collections brought into one form, and which record goes before which."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from cityresearch.evidence.builds.preemption_areas import DOCTRINE
from cityresearch.evidence.builds.preemption_corrections import corrected
from cityresearch.evidence.builds.preemption_notes import NOTES, ONLY

Row = dict[Any, Any]  # a row of a frame, by column

COLUMNS = [
    *("record", "state", "area", "status", "allows", "amends", "kinds", "mechanism", "statute"),
    *("law_url", "effective", "date_basis", "changed", "note", "only", "source", "source_url"),
    *("as_of", "confidence", "verified", "collection", "corrected", "current", "replaced_by"),
]
STATUSES = {
    "preempted": "preempted",
    "comprehensive": "preempted",
    "comprehensive - punitive": "preempted",
    "preempted (statewide cap with local preemption)": "preempted",
    "mandatory IZ preempted": "preempted",
    "limited": "limited",
    "partial": "limited",
    "restricted": "limited",
    "restricted - severe": "limited",
    "restricted - significant": "limited",
    "restricted - moderate": "limited",
    "enjoined": "limited",
    "formerly": "formerly",
    "formerly restricted": "formerly",
    "repealed": "formerly",
    "expired": "formerly",
    "allowed_explicitly": "allowed",
    "preempted at some point": "unknown",
    "superseded (RAND codes supersession 2019)": "unknown",
}
STRENGTH = ("preempted", "limited", "formerly", "allowed", "unknown")
CONFIDENCE = ("high", "medium", "dated", "low", "unverified")
UNCHECKED = ("low", "unverified")
PUNITIVE = "Officials or governments that break the bar can be penalized."
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
ADDRESS = re.compile(r"https?://[^\s,;]+")
SEVERITY = re.compile(r"restricted - (\w+)")
SIGNED = (
    "The date is that of"  # so a note begins the sentence that tells a signing from a first day
)
# Copies that were read on other sites, and the site of the publisher, to which readers are sent.
COPIES = {
    "pdfslide.us": "https://www.nmhc.org/",
    "phtn.lemmy.blahaj.zone": "https://news.ballotpedia.org/",
    "daytimeunfiredizotope.pages.dev": "https://www.naahq.org/",
    "cousinjimmys.com": "https://thefederalist.com/",
    "slevine@naahq.org": "https://www.naahq.org/",
}
# Sources as readers see them, by how their names begin in the collections.
SOURCES = {
    "American Lung Association SLATI": "American Lung Association, SLATI appendix E, about 2012",
    "Ballotpedia trend note, 30 Apr 2025": "Ballotpedia, 30 April 2025",
    "Economic Policy Institute preemption map": "Economic Policy Institute, preemption map, 2025",
    "FastDemocracy bill record; Florida": "FastDemocracy bill record; Florida Phoenix; Fox 13",
    "Federalist copy, 19 Mar 2026": "The Federalist, 19 March 2026",
    "Florida HB 433 enrolled; Stateline": "Florida HB 433 enrolled; Stateline, April 2024",
    "Florida HB 433 enrolled; Florida League of Cities; Stateline": (
        "Florida HB 433 enrolled; Florida League of Cities; Stateline, April 2024"
    ),
    "Harknett, Schneider, Wolfe": "Shift Project State and Local Policy Database, 2023",
    "Local Solutions Support Center / ILSR": (
        "Local Solutions Support Center and Institute for Local Self-Reliance, October 2024"
    ),
    "National Apartment Association, Indiana": "National Apartment Association, September 2022",
    "National League of Cities, preemption_": "National League of Cities, preemption data, 2020",
    "RAND State Firearm Law Database": "RAND State Firearm Law Database 5.0, March 2025",
    "VRMA, State Preemption Bills": "VRMA, State Preemption Bills Introduced, January 2019",
    "press report Dec 2016": "Press report, December 2016",
    "Press report 2 May 2021": "Press report, 2 May 2021",
    "StopRCV; Federalist copy": "StopRCV; The Federalist, 19 March 2026",
}


def records(older: pd.DataFrame, newer: pd.DataFrame) -> pd.DataFrame:
    """A row per record of both collections, corrected, with its place in the order.

    Raises:
        ValueError: a note or a correction for a record that isn't there.
    """
    rows = [older_record(row) for row in older[older.topic != DOCTRINE].to_dict("records")]
    rows += [newer_record(row) for row in newer.to_dict("records")]
    rows = corrected(with_notes(numbered(rows)))
    for row in rows:
        row["verified"] = row["confidence"] not in UNCHECKED
    return pd.DataFrame(ordered(rows), columns=COLUMNS)


def older_record(row: Row) -> Row:
    """A record of the first collection."""
    status, addresses = row["status"], ADDRESS.findall(row["statute_or_bill"])
    statute = ADDRESS.sub("", row["statute_or_bill"]).strip(" ,;")
    panel = row["note"].startswith("year = first panel year")
    later = re.search(r"latest change (\S+)", row["note"])
    changed = later.group(1) if later else None
    punitive, severity = status.endswith("punitive"), SEVERITY.match(status)
    source, address = cited(row["source"], row["source_url"])
    note = PUNITIVE if punitive else None
    if severity:
        note = f"The source grades the limit as {severity.group(1)}."
    return {
        "state": row["state"],
        "area": row["topic"],
        "status": STATUSES[status],
        "allows": False,
        "kinds": "punitive" if punitive else None,
        "mechanism": mechanism(statute),
        "statute": statute or None,
        "law_url": addresses[0] if addresses else None,
        "effective": date(row["effective"]),
        "date_basis": date_basis(row["effective"], "panel" if panel else "law"),
        "changed": changed if changed != row["effective"] else None,
        "note": note,
        "source": source,
        "source_url": address,
        "as_of": date(row["as_of"]),
        "confidence": row["confidence"],
        "collection": "older",
        "replaces": False,
    }


def newer_record(row: Row) -> Row:
    """A record of the collection of November 2026."""
    kinds = row["kind"].replace(";", " ")
    source, address = cited(row["source_title"], row["source_url"])
    return {
        "state": row["state"],
        "area": row["area"],
        "status": STATUSES[row["status"]],
        "allows": "floor" in kinds.split(),
        "kinds": kinds,
        "mechanism": mechanism(row["statute_or_bill"]),
        "statute": row["statute_or_bill"] or None,
        "law_url": None,
        "effective": date(row["effective"]),
        "date_basis": date_basis(row["effective"], "law"),
        "changed": None,
        "note": None,
        "source": source,
        "source_url": address,
        "as_of": date(row["as_of"]),
        "confidence": row["confidence"],
        "collection": "2026",
        "replaces": row["replaces"].startswith("yes"),
    }


def cited(source: str, address: str) -> tuple[str, str]:
    """Source and address as readers see them; for a copy on another site those of the publisher."""
    home = next((home for site, home in COPIES.items() if site in address), None)
    name = next((name for start, name in SOURCES.items() if source.startswith(start)), source)
    return (f"{name} (read in a copy)" if home else name), home or address.split(" ; ")[0]


def date(text: str) -> str | None:
    """The first date in a cell: 2016, 2017-10 or 2016-02-25."""
    found = DATE.search(text)
    return found.group(0) if found else None


def date_basis(text: str, basis: str) -> str | None:
    """What a date stands on; None where there is none."""
    return basis if date(text) else None


def mechanism(statute: str) -> str | None:
    """What kind of law a citation names; None without one."""
    if not statute:
        return None
    if "Const." in statute or statute.startswith("Amendment"):
        return "constitution"
    return "court" if " v. " in statute and ";" not in statute else "statute"


def numbered(rows: list[Row]) -> list[Row]:
    """The records with their keys: state, area, collection (a older, b 2026) and number in it."""
    count: dict[str, int] = {}
    for row in rows:
        stem = f"{row['state']}.{row['area']}.{'b' if row['collection'] == '2026' else 'a'}"
        count[stem] = count.get(stem, 0) + 1
        row |= {"record": f"{stem}{count[stem]}", "amends": False, "corrected": False}
    return rows


def with_notes(rows: list[Row]) -> list[Row]:
    """The records with what `preemption_notes` says of them; its notes go before generated ones."""
    known = {row["record"] for row in rows}
    if unknown := sorted({*NOTES, *ONLY} - known):
        raise ValueError(f"notes for records that aren't there: {unknown}")
    rows = [
        row | {"note": NOTES.get(row["record"], row["note"]), "only": ONLY.get(row["record"])}
        for row in rows
    ]
    return [
        row | {"date_basis": "signing"} if SIGNED in (row["note"] or "") else row for row in rows
    ]


def ordered(rows: list[Row]) -> list[Row]:
    """The records with `current`, and for the others the record that replaces them."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["state"], row["area"]), []).append(row)
    for group in groups.values():
        _order(group)
    return rows


def _order(group: list[Row]) -> None:
    """The newer collection goes before the older where it says so or was made later; of the older
    collection only the newest record stands."""
    newer = [row for row in group if row["collection"] == "2026"]
    older = sorted((row for row in group if row["collection"] == "older"), key=_age)
    newest = older[0]["as_of"] or "" if older else ""
    stand = [row for row in newer if row["replaces"] or (row["as_of"] or "") >= newest]
    stand = newer if stand else older[:1]
    for row in group:
        row["current"] = any(row is other for other in stand)
        row["replaced_by"] = None if row["current"] else leading(stand)["record"]


def _age(row: Row) -> tuple[str, int, bool]:
    """Newest first; of one date the surer, then the one with a citation."""
    inverted = "".join(chr(255 - ord(letter)) for letter in (row["as_of"] or "").ljust(10, "0"))
    return inverted, CONFIDENCE.index(row["confidence"]), not row["statute"]


def leading(rows: list[Row]) -> Row:
    """The record that speaks for an area: the strongest status, laws before changes of laws, checked
    before unchecked ones, and of these the one that was read last."""
    return min(rows, key=_rank)


def _rank(row: Row) -> tuple[int, bool, bool, str, int, bool]:
    unchecked = row["confidence"] in UNCHECKED
    return (STRENGTH.index(row["status"]), row["amends"], unchecked, *_age(row))
