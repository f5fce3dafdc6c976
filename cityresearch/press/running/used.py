"""Which of the sources that a topic pins one brief used, and whose schedules it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cityresearch.briefs import plain
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.reads import ABSENT, Hashed
from cityresearch.briefs.topic import Topic

TABLE = re.compile(r"\b([a-z]\w*\.[a-z]\w*)\[")  # in a fact's rows, as in sum(ntd.areas[…].upt)


def used_sources(
    prepared: Prepared, topic: Topic, facts: Iterable[Mapping[str, Any]], read: Hashed
) -> list[str]:
    """Names of the sources that figures of the brief come from, or in which it found rows.

    What it looked for in vain is no source of it, nor is a list of places read for their names.

    Args:
        read: what it read, from `reads.hashed`.
    """
    of_facts = {name for fact in facts for row in fact["rows"] for name in TABLE.findall(row)}
    looked_up = {
        name
        for name in read.keys() & topic.vintages.keys()
        if _found(read[name]) and not prepared.declared(name).geography
    }
    used = {name.split(".")[0] for name in of_facts | looked_up}
    pinned = dict.fromkeys(table.split(".")[0] for table in topic.vintages)
    return [source for source in pinned if source in used]


def cited_rows(
    prepared: Prepared, sources: Sequence[str], read: Hashed
) -> dict[str, list[dict[str, str]]]:
    """For sources whose rows name their own publishers: citation and address of each row found."""
    return {
        source: list(_cited(prepared, source, read))
        for source in sources
        if not prepared.source(source).homepage
    }


def _cited(prepared: Prepared, source: str, read: Hashed) -> Iterator[dict[str, str]]:
    for name, table in prepared.source(source).tables.items():
        if "source_url" in table.columns:
            for row in _rows_found(prepared, f"{source}.{name}", read):
                yield {"citation": row["source"], "address": row["source_url"]}


def _rows_found(prepared: Prepared, table: str, read: Hashed) -> Iterator[Mapping[str, Any]]:
    for columns, rows in read.get(table, {}).get("rows", {}).items():
        index, frame = prepared.positions(table, tuple(columns.split(","))), prepared.frame(table)
        for key in rows:
            yield from plain.rows(frame.iloc[list(index.get(key, []))])


def _found(read: Mapping[str, Any]) -> bool:
    """Whether any row that was looked for is there; a table read as a whole has some."""
    if "rows" not in read:
        return True
    return any(found != ABSENT for rows in read["rows"].values() for found in rows.values())
