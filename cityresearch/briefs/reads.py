"""Reads: which rows of which tables a brief read, and whether any of them is another one now.

A brief notes the rows that it looks up while it runs, also those that it looked for in vain. The
next plan compares the rows noted then with the rows of today, so that a changed row runs again the
briefs that read it and no others. A table that is the same as a whole is not even opened.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityresearch.briefs.prepared import Held, Prepared
from cityresearch.evidence.tables import row_key

ABSENT = "absent"  # stands for the hash of a row that was looked for and is not there
Noted = dict[str, dict[str, list[list[Any]]] | None]  # table: key columns: values; None: whole
Hashed = dict[str, dict[str, Any]]

_rows: set[tuple[str, tuple[str, ...], tuple[Any, ...]]] = set()
_whole: set[str] = set()


def note(table: str, columns: tuple[str, ...], values: tuple[Any, ...]) -> None:
    """This process's brief looked for the rows of a table whose key columns have these values."""
    _rows.add((table, columns, values))


def note_whole(table: str) -> None:
    """This process's brief read a table without saying which rows."""
    _whole.add(table)


def forget() -> None:
    """A new brief begins: nothing has been read yet."""
    _rows.clear()
    _whole.clear()


def taken() -> Noted:
    """What was read since the brief began, sorted and fit for JSON."""
    found: Noted = dict.fromkeys(sorted(_whole))
    for table, columns, values in sorted(_rows, key=lambda row: (row[:2], row_key(row[2]))):
        if table not in _whole:
            rows = found.setdefault(table, {})
            plain = [value.item() if isinstance(value, np.generic) else value for value in values]
            rows.setdefault(",".join(columns), []).append(plain)  # type: ignore[union-attr]
    return found


def hashed(prepared: Prepared, noted: Mapping[str, Any]) -> Hashed:
    """What was read (as `taken` tells) with the fingerprint of each table and the hash of each row.

    Fit for JSON: `{"ntd.areas": {"print": …, "rows": {"uace,year": {"53200|2019": …}}}}`, without
    "rows" where the table was read as a whole.
    """
    found: Hashed = {}
    for table, rows in noted.items():
        found[table] = {"print": prepared.fingerprints[table]}
        if rows is not None:
            found[table]["rows"] = {
                columns: _hashes(prepared, table, columns, map(row_key, values))
                for columns, values in rows.items()
            }
    return found


def changed(prepared: Prepared, before: Mapping[str, Any]) -> list[str]:
    """What differs now from what a brief read (as `hashed` told), in words; [] where nothing does.

    As in "data: ntd.areas, row uace 53200, year 2019".
    """
    told: list[str] = []
    prints = prepared.fingerprints
    for table, was in before.items():
        if prints.get(table) == was["print"]:
            continue
        if table not in prints or "rows" not in was:
            told.append(f"data: {table}")
            continue
        for columns, rows in was["rows"].items():
            now = _hashes(prepared, table, columns, rows)
            told += [
                _told(table, columns, key) + _corrected(prepared, table, columns, key)
                for key in rows
                if now[key] != rows[key]
            ]
    return told


def _corrected(prepared: Prepared, table: str, columns: str, key: str) -> str:
    """Whether a correction is about these rows now."""
    known = prepared.corrections(table)
    at = prepared.positions(table, tuple(columns.split(","))).get(key, []) if known else []
    found = {one.table.partition(".")[0] for one in known if not set(one.rows).isdisjoint(at)}
    return f" (data/{found.pop()}/corrections.yml)" if found else ""


def _told(table: str, columns: str, key: str) -> str:
    names = columns.split(",")
    pairs = zip(
        names, key.split("|", len(names) - 1), strict=True
    )  # the last may hold a bar itself
    return f"data: {table}, row " + ", ".join(f"{column} {value}" for column, value in pairs)


def _hashes(prepared: Prepared, table: str, columns: str, keys: Iterable[str]) -> dict[str, str]:
    names = tuple(columns.split(","))
    if not set(names) <= set(prepared.frame(table).columns):  # a key column is no longer there
        return dict.fromkeys(keys, ABSENT)
    index, rows = prepared.positions(table, names), row_hashes(prepared.held(table))
    return {
        key: hashlib.sha256(rows[index[key]].tobytes()).hexdigest()[:16] if key in index else ABSENT
        for key in keys
    }


@functools.lru_cache(maxsize=256)
def row_hashes(held: Held) -> npt.NDArray[np.uint64]:
    """A number for each row of a table that changes with any of its cells, and with its corrections.

    It is kept beside the table: the plan makes it, and then each process that runs briefs needs it.
    """
    path = held.folder.folder / f"{held.name}.rows.npy"
    with contextlib.suppress(OSError, ValueError):
        return np.asarray(np.load(path), dtype=np.uint64)
    hashes = pd.util.hash_pandas_object(held.folder.frame(held.name), index=False)
    found = np.array(hashes, dtype=np.uint64)
    for each in held.folder.corrections(held.name):
        # What is printed of a correction changes its rows too, where their values stay as they are.
        said = json.dumps({**each._asdict(), "rows": []}, sort_keys=True)
        mark = hashlib.sha256(said.encode()).digest()[:8]
        found[list(each.rows)] ^= np.frombuffer(mark, dtype=np.uint64)
    with contextlib.suppress(OSError):  # a folder that can't be written to is as good
        aside = path.with_name(f".{path.stem}-{os.getpid()}.npy")
        np.save(aside, found)
        aside.replace(path)
    return found
