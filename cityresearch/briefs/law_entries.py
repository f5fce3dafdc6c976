"""Policy areas of one state as entries: status, law, date and source of each, from the rows on record."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from cityresearch.briefs.plain import Row
from cityresearch.methods import words

RESTRICTED = ("preempted", "limited")
ORDER = ("preempted", "limited", "formerly", "none_recorded", "unknown")


@dataclass(frozen=True)
class Entry:
    """One policy area in one state. Dates are text; what is not recorded is None.

    `listed` says whether the sources of the area cover every state, `kinds` are words of
    `preemption.KINDS`, `others` are further laws that stand, `older` are sources that newer ones
    replaced, with their dates; the rest is as the tables declare.
    """

    area: str
    label: str
    group: str
    action: str
    basis: str
    listed: bool
    status: str
    allows: bool
    statute: str | None
    effective: str | None
    date_basis: str | None
    changed: str | None
    note: str | None
    only: str | None
    source: str | None
    source_url: str | None
    as_of: str | None
    verified: bool
    kinds: frozenset[str] = frozenset()
    others: tuple[Entry, ...] = ()
    older: tuple[str, ...] = ()

    @property
    def has_law(self) -> bool:
        """Whether there is a law to show: a bar, a limit, a former bar, or leave to act."""
        return self.status in (*RESTRICTED, "formerly") or self.allows


GIVEN = {"kinds", "others", "older"}  # made from records; all other fields are cells of a row
NAMES = [field.name for field in dataclasses.fields(Entry) if field.name not in GIVEN]


def entry_of(row: Row, records: dict[str, Row]) -> Entry:
    """The entry of a status, with the records that it cites; its as-of is that of its own source."""
    lead = records.get(row["record"] or "", {"as_of": row["as_of"]})
    cited = [records[name] for name in (row["also_cites"] or "").split()]
    standing = [record for record in cited if record["current"] and record["status"] in ORDER]
    kinds = " ".join(record.get("kinds") or "" for record in (lead, *standing))
    return Entry(
        **{name: row[name] for name in NAMES} | {"as_of": lead["as_of"]},
        kinds=frozenset(kinds.split()),
        others=tuple(_further(row, record) for record in standing),
        older=tuple(_dated(record) for record in cited if not record["current"]),
    )


def _further(row: Row, record: Row) -> Entry:
    """A further law of an area; one that changes a bar does not begin it."""
    begun = None if record["amends"] else record["effective"]
    cells = {**row, **record, "effective": begun}
    return Entry(**{name: cells[name] for name in NAMES})


def _dated(record: Row) -> str:
    when = words.long_date(record["as_of"]) if record["as_of"] else "no date"
    return f"{record['source']} ({when})"
