"""The law of one state as recorded: the status of every policy area, and counts of them as figures."""

from __future__ import annotations

import dataclasses
import functools
import statistics
from collections.abc import Sequence
from typing import Protocol

from cityresearch.briefs import counts, plain
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.facts import About, Figure
from cityresearch.briefs.law_entries import ORDER, RESTRICTED, Entry, entry_of
from cityresearch.briefs.plain import Row
from cityresearch.evidence.estimates import Estimate, counted
from cityresearch.methods import preemption, words

STATUSES, AREAS, RECORDS = "preemption.statuses", "preemption.areas", "preemption.records"
STATES = "census_places.states"
AREAS_THAN = words.Comparison(
    "more areas than", "fewer areas than", "as many areas as", "as many areas as"
)
METHOD = (
    "policy areas with this status, each counted once, as recorded by the date of the edition; a law "
    "about another city alone is not counted for this one"
)


class Recorded(Protocol):
    """Something on record about a policy area."""

    @property
    def area(self) -> str: ...


class Law:
    """What is on record about the state of a brief's place; empty where its state has no record.

    `entries` are in the order of groups (those with most restricted areas first), and within a group
    from preempted to unknown.
    """

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self.state = brief.place.state
        self.name = self.named(self.state)
        self.entries = self._sorted(self._entries())

    # The record --------------------------------------------------------------------------------

    def where(self, *statuses: str) -> list[Entry]:
        """The entries with one of these statuses."""
        return [entry for entry in self.entries if entry.status in statuses]

    def named(self, state: str) -> str:
        """A state's name in running text, by postal code."""
        return str(self._names[state])

    def states(self) -> list[str]:
        """Postal codes of all states with a record."""
        return sorted(self.statuses)

    def all_states(self) -> Figure:
        """How many states have a record."""
        return self.states_counted("states", "states with a record", self.states())

    def status_of(self, area: str) -> dict[str, str]:
        """The status of an area in every state, by postal code."""
        return {state: held[area] for state, held in self.statuses.items()}

    def quoted(self, entry: Entry, column: str, printed: str = "") -> str:
        """A text of an entry as its record has it, or as it is printed (a date in words)."""
        row = {column: getattr(entry, column)}
        key = f"state={self.state},area={entry.area}"
        return self.brief.quoted(STATUSES, row, column, printed, key=key)

    def quoted_area(self, area: str, column: str, printed: str = "") -> str:
        """A text of a policy area as the list of areas has it, or as it is printed."""
        return self.brief.quoted(AREAS, self.area(area), column, printed)

    def area(self, area: str) -> Row:
        """What the tables say of a policy area: label, group, basis, as_of and so on."""
        return self._areas[area]

    # Counts ------------------------------------------------------------------------------------

    def number(self, *statuses: str) -> Figure:
        """How many areas have one of these statuses (all areas where none is given)."""
        wanted = statuses or ORDER
        label = "policy areas " + " or ".join(wanted).replace("_", " ")
        label = label if statuses else "policy areas followed"
        return self.count("areas:" + "+".join(statuses or ("all",)), label, self.where(*wanted))

    def count(
        self, name: str, label: str, entries: Sequence[Recorded], method: str = METHOD
    ) -> Figure:
        """How many entries or laws these are, as a figure about the state that names the rows counted."""
        rows = [f"state={self.state},area={entry.area}" for entry in entries]
        rows = rows or [f"state={self.state}"]
        return self._figure(name, label, counted(len(entries), "areas"), rows, self.state, method)

    def told(self, *statuses: str, noun: str = "") -> str:
        """A count in words: "three", "none"; with the noun "policy area" "three policy areas"."""
        return in_words(self.number(*statuses), noun)

    @functools.cached_property
    def listed(self) -> list[str]:
        """The areas whose sources cover every state: only there can states be compared."""
        return sorted(area for area, row in self._areas.items() if row["silence"] != "unknown")

    def number_of(self, state: str, *statuses: str) -> Figure:
        """How many of the listed areas have one of these statuses in a state."""
        areas = self._listed_with(state, *statuses)
        rows = [f"state={state},area={area}" for area in areas] or [f"state={state}"]
        name = f"listed:{'+'.join(statuses)}:{state}"
        label = f"policy areas {' or '.join(statuses)} among those that can be compared"
        return self._figure(name, label, counted(len(areas), "areas"), rows, state)

    @functools.cached_property
    def restricted(self) -> Figure:
        """Areas preempted or limited in the state, of those that states can be compared in."""
        return self.number_of(self.state, *RESTRICTED)

    @functools.cached_property
    def median(self) -> Figure:
        """The median of all states of `restricted`."""
        counts = [len(self._listed_with(state, *RESTRICTED)) for state in self.states()]
        estimate = counted(float(statistics.median(counts)), "areas")
        label = "policy areas preempted or limited in the median state"
        rows = [f"area={area}" for area in self.listed]
        return self._figure("listed:median", label, estimate, rows, "")

    @functools.cached_property
    def stand(self) -> str:
        """Where the state stands: "more areas than 31 of the other 49 states"."""
        states = [state for state in self.states() if state != self.state]
        others = [counted(len(self._listed_with(state, *RESTRICTED)), "areas") for state in states]
        rows = [f"{STATUSES}[state={state}]" for state in (self.state, *states)]
        return counts.position(
            self.restricted, others, rows, "states", AREAS_THAN, whose="the other"
        )

    def shared(self, state: str) -> Figure:
        """How many of the listed areas are preempted or limited both here and in another state."""
        theirs = self.statuses[state]
        mine = [entry.area for entry in self.where(*RESTRICTED) if entry.listed]
        both = [area for area in mine if theirs[area] in RESTRICTED]
        rows = [f"state={code},area={area}" for code in (self.state, state) for area in both]
        label = f"policy areas preempted or limited in {self.name} and in {self.named(state)}"
        estimate = counted(len(both), "areas")
        return self._figure(f"shared:{state}", label, estimate, rows, self.state)

    def states_with(self, area: str, *statuses: str) -> Figure:
        """How many states have one of these statuses in an area."""
        found = [state for state, status in self.status_of(area).items() if status in statuses]
        label = f"states where it is {' or '.join(statuses)}: {self.area(area)['label']}"
        rows = [f"state={state},area={area}" for state in sorted(found)]
        name = f"states:{area}:{'+'.join(statuses)}"
        return self._figure(name, label, counted(len(found), "states"), rows, "")

    def states_counted(self, name: str, label: str, states: Sequence[str]) -> Figure:
        """How many states these are, as a figure about the country."""
        rows = [f"state={state}" for state in states]
        return self._figure(name, label, counted(len(states), "states"), rows, "", counts.LISTED)

    def national(self, name: str, label: str, rows: Sequence[tuple[str, str]]) -> Figure:
        """How many of `statuses` these are, by state and area, as a figure about all states."""
        told = [f"state={state},area={area}" for state, area in rows]
        return self._figure(name, label, counted(len(rows), "areas"), told, "")

    @functools.cached_property
    def statuses(self) -> dict[str, dict[str, str]]:
        """The status of every area by state and area; a law not yet in force leaves it as without it."""
        frame, on, listed = self.brief.table(STATUSES), self.brief.edition, set(self.listed)
        names = ("state", "area", "status", "effective")
        cells = [plain.column(frame[name]) for name in names]
        found: dict[str, dict[str, str]] = {}
        for state, area, status, date in zip(*cells, strict=True):
            silent = "none_recorded" if area in listed else "unknown"
            now = preemption.status_on(status, date, on, silent)
            found.setdefault(state, {})[area] = now
        return found

    @functools.cached_property
    def records(self) -> list[Row]:
        """The records of laws of the state, each from one source, without laws about another city."""
        return [row for row in self._records if self._is_here(row)]

    @functools.cached_property
    def elsewhere(self) -> list[Row]:
        """The records of laws about another city of the state, which count for that one alone."""
        return [row for row in self._records if not self._is_here(row)]

    # Inside ------------------------------------------------------------------------------------

    def _figure(
        self,
        name: str,
        label: str,
        estimate: Estimate,
        rows: list[str],
        state: str,
        method: str = METHOD,
    ) -> Figure:
        figure = self.brief.derived(name, label, estimate, table=STATUSES, rows=rows, method=method)
        nation = About("nation", "US", "the United States")
        about = About("state", state, self.named(state)) if state else nation
        return dataclasses.replace(figure, about=about)

    @functools.cached_property
    def _records(self) -> list[Row]:
        return plain.rows(self.brief.table(RECORDS, state=self.state))

    @functools.cached_property
    def _names(self) -> dict[str, str]:
        frame = self.brief.table(STATES)
        return dict(zip(*(plain.column(frame[name]) for name in ("state", "name")), strict=True))

    @functools.cached_property
    def _areas(self) -> dict[str, Row]:
        return {row["area"]: row for row in plain.rows(self.brief.table(AREAS))}

    def _listed_with(self, state: str, *statuses: str) -> list[str]:
        """The listed areas that have one of these statuses in a state."""
        held = self.statuses.get(state, {})
        return [area for area in self.listed if held.get(area) in statuses]

    def _entries(self) -> list[Entry]:
        held, listed = self.statuses.get(self.state, {}), set(self.listed)
        own = {record["record"]: record for record in self._records}
        rows = plain.rows(self.brief.table(STATUSES, state=self.state))
        told = [{"listed": row["area"] in listed, **self.area(row["area"]), **row} for row in rows]
        return [entry_of({**row, **self._here(row, held[row["area"]])}, own) for row in told]

    def _is_here(self, row: Row) -> bool:
        return row["only"] in (None, self.brief.place.name)

    def _here(self, row: Row, status: str) -> Row:
        """Status and note of a row for this city: a law about another one leaves it as without."""
        if self._is_here(row):
            return {"status": status}
        silent = "none_recorded" if row["listed"] else "unknown"
        note = f"The law on record is about {row['only']} alone. {row['note'] or ''}".strip()
        return {"status": silent, "allows": False, "note": note}

    def _sorted(self, entries: list[Entry]) -> list[Entry]:
        held = [entry.group for entry in entries if entry.status in RESTRICTED]
        return sorted(
            entries,
            key=lambda e: (-held.count(e.group), e.group, ORDER.index(e.status), e.label),
        )


def in_words(count: Figure, noun: str = "", many: str = "") -> str:
    """A count of things in prose: "none", "three"; "no bar", "one bar", "three bars"."""
    nothing = "no" if noun else "none"
    text = count.ledger.record(count, nothing) if count.value == 0 else str(count)
    return f"{text} {noun if count.value in (0, 1) else many or noun + 's'}" if noun else text


def part(some: Figure, whole: Figure, one: str, many: str) -> str:
    """Some of a whole: "six of the 13 bars", "all 13 bars", "none of the 13 bars", "the one bar"."""
    if whole.value == 1:
        return f"the {whole} {one}"
    if some.value == whole.value:
        return f"all {whole} {many}"
    return f"{in_words(some)} of the {whole} {many}"


def is_stale(law: Law, entry: Entry) -> bool:
    """Whether the entry's source is too old for the edition to be shown without a warning."""
    months = law.brief.constant("stale_months").value or 0.0
    return preemption.is_stale(entry.as_of, law.brief.edition[:7], int(months))
