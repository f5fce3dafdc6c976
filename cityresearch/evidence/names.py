"""Names: what a row is about in readers' words, by its own name or by that of a code in its key."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from cityresearch.evidence import tables
from cityresearch.evidence.corrected import NAMES
from cityresearch.evidence.sources import Table, list_sources
from cityresearch.project import Project


def name_of(project: Project, table: Table, row: Mapping[Any, Any]) -> str:
    """The name of a row, given as its values by column; empty where no table has one."""
    for name in NAMES:
        if name in table.columns:
            return _text(row.get(name))
    found = (_named(project, code).get(str(row[code]), "") for code in table.key)
    return next(filter(None, found), "")


@functools.lru_cache(maxsize=16)
def _named(project: Project, code: str) -> dict[str, str]:
    """The names of what has this code, by the first table whose rows it is the key of."""
    for source, declared in list_sources(project).items():
        for name, table in declared.tables.items():
            for column in ("full_name", *NAMES):
                if table.key == [code] and column in table.columns:
                    rows = tables.load(project, f"{source}.{name}")
                    return dict(
                        zip(rows[code].astype("str"), map(_text, rows[column]), strict=True)
                    )
    return {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
