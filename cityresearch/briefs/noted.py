"""Corrections in a brief: which of them its figures and texts rest on, and what readers are told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.reads import Hashed
from cityresearch.evidence.corrected import PART, Corrected, Value, parts_of, shown
from cityresearch.methods.words import join, long_date

CELL = re.compile(r"\b([a-z]\w*\.[a-z]\w*)\[([^\]]*)\](?:\.(\w+))?")  # in the rows of a fact
NAMED = 3  # values of a key that are told one by one, and names
Json = dict[str, Any]


def sentence(one: Corrected) -> str:
    """What was done, in words for readers, without the reference."""
    where = f"{one.meaning} ({_rows(one)})"
    published, used = in_words(one.published, one.unit), in_words(one.used, one.unit)
    if one.action == "drop":
        done = f"Left out: {where}, {published} in the publisher’s table"
    elif one.action == "flag":
        done = f"In doubt, but printed as published: {where}, {published}"
    else:
        done = f"Corrected: {where}, {used} where the publisher has {published}"
        done += f" (multiplied by {one.factor:g})" if one.factor else ""
    return f"{done}. {one.reason.rstrip('.')}. Reported {long_date(one.reported)}."


def in_words(value: Value | None, unit: str) -> str:
    """A value of a table in full, with its sign where its unit has one."""
    if value is None or isinstance(value, str | bool):
        return shown(value)
    if unit.startswith("USD"):
        return f"${shown(value)}{unit.removeprefix('USD')}"
    return f"{shown(value)}%" if unit == "%" else shown(value)


def _rows(one: Corrected) -> str:
    """The rows by name and key, as in "Madison, WI: uace 53200, year 2019 and 2020"."""
    rows = [parts_of(key) for key in one.keys]
    told = []
    for column in rows[0]:
        values = list(dict.fromkeys(row[column] for row in rows))
        few = join(values) if len(values) <= NAMED else f"{len(values)} values"
        span = f"{values[0]} to {values[-1]}"
        told.append(f"{column} {span if column == 'year' and len(values) > NAMED else few}")
    names = join(list(one.names)) if 0 < len(one.names) <= NAMED else ""
    keys = ", ".join(told)
    return f"{names}: {keys}" if names else keys


def note_corrections(prepared: Prepared, record: Json, notebook: Any, read: Hashed) -> list[Json]:
    """The corrections that a brief rests on, for its facts file; each fact and quoted text that does gets
    a `correction`, the same in words.

    Args:
        record: what the brief told of itself: its "facts" and "quotes".
        notebook: the executed one, in which corrected texts are looked for.
        read: what the brief read, from `reads.hashed`.
    """
    candidates, found = list(_candidates(prepared, read)), []
    text = json.dumps(notebook, ensure_ascii=False) if candidates else ""
    for name, one in candidates:
        columns = prepared.frame(name).iloc[list(one.rows)].to_dict("records")
        rows = [{f"{column}={value}" for column, value in row.items()} for row in columns]
        entries = [*record["facts"], *record["quotes"]]
        resting = [entry for entry in entries if _rests_on(entry["rows"], one, rows)]
        for entry in resting:
            entry["correction"] = " ".join(filter(None, (entry.get("correction"), sentence(one))))
        if resting or _is_printed(one, text):
            found.append(_told(one))
    return found


def _candidates(prepared: Prepared, read: Hashed) -> Iterator[tuple[str, Corrected]]:
    """The corrections of rows that the brief looked up, each with the name of the table that has them."""
    seen = set()
    for name, said in read.items():
        for one in prepared.corrections(name):
            whole = "rows" not in said
            if one not in seen and (
                whole or not _looked_up(prepared, name, said).isdisjoint(one.rows)
            ):
                seen.add(one)  # a list of places may be a pinned table too
                yield name, one


def _looked_up(prepared: Prepared, name: str, said: Mapping[str, Any]) -> set[int]:
    found: set[int] = set()
    for columns, keys in said["rows"].items():
        at = prepared.positions(name, tuple(columns.split(",")))
        found.update(*(at.get(key, ()) for key in keys))
    return found


def _rests_on(told: Iterable[str], one: Corrected, rows: Sequence[set[str]]) -> bool:
    """Whether the rows of a fact name a corrected cell: its column, or its whole row."""
    for text in told:
        if f"{one.table}[" not in text:
            continue
        for table, label, column in CELL.findall(text):
            pairs = set(PART.split(label))
            whole = not column and _names(pairs) >= parts_of(one.keys[0]).keys()
            ours = table == one.table and (whole or column == one.column)
            if ours and any(pairs <= row for row in rows):
                return True
    return False


def _names(pairs: Iterable[str]) -> set[str]:
    return {pair.partition("=")[0] for pair in pairs}


def _is_printed(one: Corrected, notebook: str) -> bool:
    """Whether the brief, as JSON, prints a corrected text, or why a value was left out: these may be no
    facts."""
    text = one.reason.rstrip(".") if one.action == "drop" else one.used
    return isinstance(text, str) and json.dumps(text, ensure_ascii=False)[1:-1] in notebook


def _told(one: Corrected) -> Json:
    """A correction for programs, and in words."""
    return {
        "cells": one.cells,
        "vintage": one.vintage,
        "action": one.action,
        "published": one.published,
        "used": one.used,
        "reason": one.reason,
        "reference": one.reference,
        "reported": one.reported,
        "text": sentence(one),
    }
