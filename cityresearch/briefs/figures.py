"""Figures that no indicator makes: a cell of a table, a declared constant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cityresearch.briefs.facts import About, Figure, Ledger
from cityresearch.briefs.indicators import hashed
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.topic import Topic
from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.sources import Column


def of_cell(
    prepared: Prepared,
    ledger: Ledger,
    at: tuple[str, str],
    row: Mapping[str, Any],
    name: str,
    vintage: str,
) -> Figure:
    """One number of a row as a figure.

    Args:
        at: table and column.
        row: the row's values by column.
        name: what the row is about, as readers know it; empty for its key.
    """
    table, column = at
    declared = prepared.declared(table)
    keys = {key: str(row[key]) for key in declared.key}
    told = ",".join(f"{key}={value}" for key, value in keys.items())
    return Figure(
        id=f"{table}.{column}[{told}]",
        label=declared.columns[column].meaning,
        estimate=_estimate(
            row[column], declared.columns[column], prepared.missing(table, column, told)
        ),
        about=About(declared.key[0], keys[declared.key[0]], name or ", ".join(keys.values())),
        year=int(row["year"]) if "year" in row else None,
        source=table.split(".")[0],
        vintage=vintage,
        rows=(f"{table}[{told}].{column}",),
        method="value: as published",
        method_hash=hashed("value"),
        data_hash=hashed(str(row[column])),
        ledger=ledger,
    )


def _estimate(value: Any, column: Column, missing: str | None) -> Estimate:
    unit = column.unit or ""
    if pd.isna(value):
        return Estimate(None, unit=unit, reason=missing)
    return Estimate(float(value), 0.0 if column.error == "counted" else None, unit)


def of_constant(topic: Topic, ledger: Ledger, name: str) -> Figure:
    """A declared constant as a figure, with its own source and date."""
    constant = topic.constants[name]
    return Figure(
        id=f"constant:{name}",
        label=name.replace("_", " "),
        estimate=Estimate(constant.value, 0.0, constant.unit),
        about=About("method", name, "the method"),
        year=None,
        source=constant.source,
        vintage=constant.as_of,
        rows=(f"topic.yml[constants.{name}]",),
        method="constant",
        method_hash=hashed(constant.model_dump()),
        data_hash=hashed(constant.value),
        ledger=ledger,
    )
