"""Rows for charts and tables: plain dictionaries, with estimates opened into numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from cityresearch.errors import ResearchError
from cityresearch.evidence.estimates import Estimate

Record = dict[str, Any]
Records = pd.DataFrame | Iterable[Mapping[str, Any]]


def records(data: Records, where: str, *needed: str) -> list[Record]:
    """Rows as plain dictionaries; an `Estimate` in `value` becomes value, low, high and reason.

    Raises:
        ResearchError: there are no rows, or a row lacks one of the `needed` fields.
    """
    rows = data.to_dict("records") if isinstance(data, pd.DataFrame) else map(dict, data)
    found = [_plain({str(name): value for name, value in row.items()}) for row in rows]
    if not found:
        raise ResearchError("there are no rows.", where=where)
    for name in needed:
        if any(name not in row for row in found):
            raise ResearchError(
                f"a row has no '{name}'.",
                where=where,
                instead=f"Each row needs: {', '.join(needed)}.",
            )
    return found


def _plain(row: Record) -> Record:
    value = row.get("value")
    if isinstance(value, Estimate):
        low, high = value.interval or (None, None)
        row |= {"value": value.value, "low": low, "high": high, "reason": value.reason or ""}
    for name in ("value", "low", "high", *(["other"] if "other" in row else [])):
        row[name] = _number(row.get(name))
    if row["low"] is None or row["high"] is None or row["low"] == row["high"]:
        row["low"] = row["high"] = None  # one bound alone, or none at all, is nothing to draw
    return row


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
