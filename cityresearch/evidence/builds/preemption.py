"""State preemption of local law: records of two collections, areas, a status for every state and
area, and the structure of local authority."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from cityresearch.evidence.builds.preemption_areas import DOCTRINE, areas
from cityresearch.evidence.builds.preemption_corrections import table as corrections
from cityresearch.evidence.builds.preemption_records import STRENGTH, leading, records
from cityresearch.evidence.mirror import Mirror

Row = dict[Any, Any]  # a row of a frame, by column

STATES = 50
# A law that allows local action is no bar: the area's status is then that none is recorded.
SHOWN = {"allowed": "none_recorded"}
SILENT = {"none_recorded": "none_recorded", "complete": "none_recorded", "unknown": "unknown"}
DOCTRINE_2003 = {
    "Dillon's Rule applies to all municipalities": "all",
    "Dillon's Rule applies to some municipalities": "some",
    "Dillon's Rule not followed": "none",
    "conflicting authority": "conflicting",
}
HOME_RULE = {
    "home rule, Dillon's Rule does not apply": "home rule",
    "home rule for some units, Dillon's Rule for others": "mixed",
    "no home rule, Dillon's Rule applies": "no home rule",
}


def build(mirror: Mirror) -> dict[str, pd.DataFrame]:
    """The tables `records`, `areas`, `statuses`, `structure` and `corrections`."""
    older = mirror.csv("preemption/preemption_facts.csv")
    every = records(older, mirror.csv("preemption/records_2026.csv"))
    named = areas(
        mirror.csv("preemption/preemption_topics.csv"),
        mirror.csv("preemption/areas_2026.csv"),
        every,
    )
    lists = structure(older, mirror.csv("preemption/home_rule.csv"))
    return {
        "records": every,
        "areas": named,
        "statuses": statuses(every, named, sorted(lists.state)),
        "structure": lists,
        "corrections": corrections(),
    }


def statuses(records: pd.DataFrame, areas: pd.DataFrame, states: list[str]) -> pd.DataFrame:
    """A row per state and area, whether there is a record or not."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in records.astype(object).where(records.notna(), None).to_dict("records"):
        groups.setdefault((row["state"], row["area"]), []).append(row)
    rows = []
    for area in areas.to_dict("records"):
        for state in states:
            found = groups.get((state, area["area"]), [])
            cells = recorded(found) if found else unrecorded(area)
            rows.append({"state": state, "area": area["area"], **cells})
    return pd.DataFrame(rows)


def recorded(rows: list[Row]) -> Row:
    """The cells of an area with records: the leading one speaks, the others are cited too."""
    current = [row for row in rows if row["current"]]
    lead = leading(current)
    rest = [row for row in rows if row is not lead]
    rest.sort(key=lambda row: (not row["current"], STRENGTH.index(row["status"]), row["record"]))
    agreeing = [lead, *(row for row in rest if row["status"] == lead["status"])]
    begun = [row for row in agreeing if not row["amends"]]
    return {
        "status": SHOWN.get(lead["status"], lead["status"]),
        "allows": any(row["allows"] for row in current),
        "statute": _first(agreeing, "statute"),
        "effective": _first(begun, "effective"),
        "date_basis": next((row["date_basis"] for row in begun if row["effective"]), None),
        "changed": max((row["changed"] for row in agreeing if row["changed"]), default=None),
        "note": lead["note"],
        "only": lead["only"],
        "source": lead["source"],
        "source_url": lead["source_url"],
        "as_of": max((row["as_of"] for row in agreeing if row["as_of"]), default=None),
        "confidence": lead["confidence"],
        "verified": lead["verified"],
        "record": lead["record"],
        "also_cites": " ".join(row["record"] for row in rest) or None,
    }


def _first(rows: list[Row], column: str) -> Any:
    return next((row[column] for row in rows if row[column]), None)


def unrecorded(area: Row) -> Row:
    """The cells of an area without a record: what silence means there."""
    return {
        "status": SILENT[area["silence"]],
        "allows": False,
        "statute": None,
        "effective": None,
        "date_basis": None,
        "changed": None,
        "note": None,
        "only": None,
        "source": None,
        "source_url": None,
        "as_of": area["as_of"],
        "confidence": None,
        "verified": True,
        "record": None,
        "also_cites": None,
    }


def structure(older: pd.DataFrame, home_rule: pd.DataFrame) -> pd.DataFrame:
    """A row per state: what two lists say of local authority, neither checked against the law.

    Raises:
        ValueError: a list that lacks a state.
    """
    first = older[older.topic == DOCTRINE].set_index("state")
    second = home_rule[home_rule.state != "DC"].set_index("state")
    if len(first) != STATES or set(first.index) != set(second.index):
        raise ValueError("a list of local authority lacks a state")
    second = second.loc[first.index]
    return pd.DataFrame(
        {
            "state": first.index,
            "doctrine_2003": first.status.map(DOCTRINE_2003).to_numpy(),
            "home_rule": second.classification.map(HOME_RULE).to_numpy(),
            "lists_disagree": second.clash.eq("yes").to_numpy(),
            "doctrine_source": first.source.to_numpy(),
            "doctrine_source_url": first.source_url.to_numpy(),
            "doctrine_as_of": [re.sub(r"\D", "", as_of) for as_of in first.as_of],
            "verified": False,
        }
    )
