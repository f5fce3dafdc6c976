"""The law of one state as recorded: the status of every policy area, and counts of them as figures."""

from __future__ import annotations

import dataclasses
import functools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cityresearch.briefs.brief import Brief
from cityresearch.briefs.facts import About, Figure
from cityresearch.evidence.estimates import Estimate, counted
from cityresearch.methods import preemption, words

STATUSES, AREAS, RECORDS = "preemption.statuses", "preemption.areas", "preemption.records"
STATES = "census_places.states"
RESTRICTED = ("preempted", "limited")
ORDER = ("preempted", "limited", "formerly", "none_recorded", "unknown")
METHOD = "policy areas with this status, each counted once, as recorded by the date of the edition"


@dataclass(frozen=True)
class Entry:
    """One policy area in one state. Dates are text; what is not recorded is None.

    `listed` says whether a list of all states was read for the area, `kinds` are words of
    `preemption.KINDS`, and the rest is as the tables declare.
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
    note: str | None
    source: str | None
    source_url: str | None
    as_of: str | None
    verified: bool
    kinds: frozenset[str]


class Law:
    """What is on record about the state of a brief's place; empty where its state has no record.

    `entries` are in the order of groups (those with most restricted areas first), and within a group
    from preempted to unknown.
    """

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.state = brief.place.state
        self.name = self.named(self.state)
        frame = brief.table(STATUSES)
        self.entries = self._sorted(self._entries(frame[frame["state"] == self.state]))

    # The record --------------------------------------------------------------------------------

    def where(self, *statuses: str) -> list[Entry]:
        """The entries with one of these statuses."""
        return [entry for entry in self.entries if entry.status in statuses]

    def named(self, state: str) -> str:
        """A state's name in running text, by postal code."""
        return str(self._names[state])

    def states(self) -> list[str]:
        """Postal codes of all states with a record."""
        return sorted(set(self.brief.table(STATUSES)["state"]))

    def status_of(self, area: str) -> dict[str, str]:
        """The status of an area in every state, by postal code."""
        frame = self.brief.table(STATUSES)
        rows = frame[frame["area"] == area]
        return dict(zip(rows["state"], rows["status"], strict=True))

    def area(self, area: str) -> dict[str, Any]:
        """What the tables say of a policy area: label, group, basis, as_of and so on."""
        frame = self.brief.table(AREAS)
        return {str(key): value for key, value in frame[frame["area"] == area].iloc[0].items()}

    # Counts ------------------------------------------------------------------------------------

    def number(self, *statuses: str) -> Figure:
        """How many areas have one of these statuses (all areas where none is given)."""
        wanted = statuses or ORDER
        label = "policy areas " + words.join([s.replace("_", " ") for s in wanted])
        label = label if statuses else "policy areas followed"
        return self.count("areas:" + "+".join(statuses or ("all",)), label, self.where(*wanted))

    def count(self, name: str, label: str, entries: Sequence[Entry]) -> Figure:
        """How many entries these are, as a figure about the state that names the rows counted."""
        rows = [f"state={self.state},area={entry.area}" for entry in entries]
        rows = rows or [f"state={self.state}"]
        return self._figure(name, label, counted(len(entries), "areas"), rows, self.state)

    def areas(self, *statuses: str) -> str:
        """A count in words with its noun: "10 policy areas", "one policy area", "no policy area"."""
        figure = self.number(*statuses)
        if not figure.value:
            return f"{figure}".replace("zero", "no") + " policy area"
        return f"{figure} policy area{'s' if figure.value > 1 else ''}"

    @functools.cached_property
    def listed(self) -> list[str]:
        """The areas for which a list of all states was read: only there can states be compared."""
        frame = self.brief.table(AREAS)
        return sorted(frame[frame["silence"] != "unknown"]["area"])

    def number_of(self, state: str, *statuses: str, listed: bool = True) -> Figure:
        """How many areas have one of these statuses in a state; of the listed areas, or of all."""
        frame = self.brief.table(STATUSES)
        found = frame[(frame["state"] == state) & frame["status"].isin(statuses)]
        found = found[found["area"].isin(self.listed)] if listed else found
        rows = [f"state={state},area={area}" for area in found["area"]] or [f"state={state}"]
        name = f"{'listed' if listed else 'areas'}:{'+'.join(statuses)}"
        label = f"policy areas {words.join(list(statuses))}"
        label += " among those with a list of all states" if listed else ""
        return self._figure(
            name if state == self.state else f"{name}:{state}",
            label,
            counted(len(found), "areas"),
            rows,
            state,
        )

    @property
    def restricted(self) -> Figure:
        """Areas preempted or limited in the state, of those that states can be compared in."""
        return self.number_of(self.state, *RESTRICTED)

    @functools.cached_property
    def median(self) -> Figure:
        """The median of all states of `restricted`."""
        values = [self.number_of(state, *RESTRICTED).value or 0.0 for state in self.states()]
        estimate = counted(statistics.median(values), "areas")
        label = "policy areas preempted or limited in the median state"
        rows = [f"area={area}" for area in self.listed]
        return self._figure("listed:median", label, estimate, rows, "")

    @property
    def stand(self) -> str:
        """Where the state stands: "more than 31 of the other 49 states"."""
        others = [
            self.number_of(state, *RESTRICTED).estimate
            for state in self.states()
            if state != self.state
        ]
        return words.position(
            self.restricted.estimate, others, "states", words.MORE, whose="the other"
        )

    def states_with(self, area: str, *statuses: str) -> Figure:
        """How many states have one of these statuses in an area."""
        found = [state for state, status in self.status_of(area).items() if status in statuses]
        label = f"states where it is {words.join(list(statuses))}: {self.area(area)['label']}"
        rows = [f"state={state},area={area}" for state in sorted(found)]
        return self._figure(
            f"states:{area}:{'+'.join(statuses)}", label, counted(len(found), "states"), rows, ""
        )

    # Inside ------------------------------------------------------------------------------------

    def _figure(
        self, name: str, label: str, estimate: Estimate, rows: list[str], state: str
    ) -> Figure:
        figure = self.brief.derived(name, label, estimate, table=STATUSES, rows=rows, method=METHOD)
        nation = About("nation", "US", "the United States")
        about = About("state", state, self.named(state)) if state else nation
        return dataclasses.replace(figure, about=about)

    @functools.cached_property
    def _names(self) -> dict[str, str]:
        frame = self.brief.table(STATES)
        return dict(zip(frame["state"], frame["name"], strict=True))

    def _entries(self, frame: Any) -> list[Entry]:
        records = self.brief.table(RECORDS)
        own = records[(records["state"] == self.state) & records["current"]]
        kinds: dict[str, set[str]] = {}
        for area, text in zip(own["area"], own["kinds"].fillna(""), strict=True):
            kinds.setdefault(area, set()).update(text.split())
        areas = self.brief.table(AREAS).set_index("area")
        known = {field.name for field in dataclasses.fields(Entry)}
        joined = frame.join(areas[["label", "group", "action", "basis", "silence"]], on="area")
        plain = joined.astype(object).where(joined.notna(), None)
        return [
            Entry(
                **{key: value for key, value in row.items() if key in known},
                listed=row["silence"] != "unknown",
                kinds=frozenset(kinds.get(row["area"], ())),
            )
            for row in plain.to_dict("records")
        ]

    def _sorted(self, entries: list[Entry]) -> list[Entry]:
        held = [entry.group for entry in entries if entry.status in RESTRICTED]
        return sorted(
            entries,
            key=lambda e: (-held.count(e.group), e.group, ORDER.index(e.status), e.label),
        )


def is_stale(law: Law, entry: Entry) -> bool:
    """Whether the entry's source is too old for the edition to be shown without a warning."""
    return preemption.is_stale(entry.as_of, law.brief.edition[:7])
