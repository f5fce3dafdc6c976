"""Corrections of preemption records: what is changed, why, and on what ground."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

Row = dict[Any, Any]  # a row of a frame, by column


class Correction(NamedTuple):
    """New values for cells of one record, with the reason and an address or citation for it."""

    record: str
    change: dict[str, Any]
    reason: str
    reference: str


_NO_STATUTE = Correction(
    "",
    {"status": "unknown"},
    "A table of 2026 finds no statute, and the association whose list of 2019 has the state says that "
    "for some states on it no law was found.",
    "https://federalstatelaw.com/tables/rent-control",
)
_AMENDS = "The law of this date changes a bar that was there before; it doesn’t begin one."

CORRECTIONS = (
    Correction(
        "CO.firearms.b1",
        {"status": "formerly", "confidence": "unverified"},
        "The bar was repealed in 2021, after the version that the RAND database codes. Press and "
        "legislators say so; the amended statute was not read.",
        "https://leg.colorado.gov/bills/sb21-256",
    ),
    Correction(
        "NM.firearms.a1",
        {"status": "preempted", "mechanism": "constitution", "confidence": "medium"},
        "The database codes the clause as superseded in 2019 without giving what replaced it; the "
        "constitution still has it.",
        "https://giffords.org/lawcenter/state-laws/state-right-to-bear-arms-in-new-mexico/",
    ),
    _NO_STATUTE._replace(record="LA.rent_control.b1"),
    _NO_STATUTE._replace(record="MS.rent_control.b1"),
    Correction(
        "CT.rent_control.a1",
        {"status": "unknown"},
        "Sources class the state differently, and no statute is cited.",
        "https://federalstatelaw.com/tables/rent-control",
    ),
    Correction(
        "CO.rent_control.b1",
        {"statute": None},
        "The bill cited is a failed attempt to repeal the ban, not the law that has it.",
        "https://leg.colorado.gov/bills/HB23-1115",
    ),
    Correction(
        "IA.fair_scheduling.a1",
        {"effective": "2017-03-30", "statute": "HF 295 (2017)"},
        "The act was signed and took effect on March 30, 2017, two months before the date recorded.",
        "https://www.legiscan.com/IA/text/HF295/2017",
    ),
    *(
        Correction(record, {"amends": True}, _AMENDS, "the record’s own source")
        for record in (
            "FL.minimum_wage.b1",
            "FL.rent_control.b1",
            "FL.sanctuary_policies.b1",
            "GA.sanctuary_policies.b1",
            "MO.paid_sick_leave.b1",
            "MO.rent_control.b1",
            "TN.sanctuary_policies.b1",
            "TX.sanctuary_policies.b1",
            "WA.rent_control.b2",
        )
    ),
)


def corrected(rows: list[Row]) -> list[Row]:
    """The records with the corrections applied; a corrected one is flagged.

    Raises:
        ValueError: a correction of a record that isn't there.
    """
    records = {row["record"]: row for row in rows}
    for correction in CORRECTIONS:
        if correction.record not in records:
            raise ValueError(f"no record {correction.record} to correct")
        row = records[correction.record]
        row |= correction.change | {"corrected": True}
        if row["amends"]:
            row["changed"] = row["effective"]
    return rows


def table() -> pd.DataFrame:
    """The corrections as they are published: a row per record."""
    return pd.DataFrame(
        {
            "record": entry.record,
            "columns": " ".join(sorted(entry.change)),
            "reason": entry.reason,
            "reference": entry.reference,
        }
        for entry in CORRECTIONS
    )
