"""The dated laws of a state, in order: bars, changes of bars, and laws that ended one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cityresearch.briefs.blocks import Chart
from cityresearch.briefs.charts import alt
from cityresearch.briefs.charts.canvas import Caption
from cityresearch.briefs.charts.timeline import timeline
from cityresearch.briefs.law import RECORDS, Law, in_words
from cityresearch.briefs.law_entries import RESTRICTED
from cityresearch.briefs.plain import Row
from cityresearch.methods import words

DATED = ("law", "signing")  # the first year of a yearly list is no date of a law

METHOD = (
    "dated laws of the state on record in these areas, one a year for each thing that a law did"
)


@dataclass(frozen=True)
class Event:
    """A dated law: its area and the area's label, what it did where it is no bar, whether it is over."""

    date: str
    area: str
    label: str
    deed: str
    over: bool

    @property
    def name(self) -> str:
        return f"{self.label}, {self.deed}" if self.deed else self.label


def events(law: Law) -> list[Event]:
    """The dated laws of the state, oldest first.

    One a year and name; of several the first. A record that was replaced counts only where those
    that stand tell of changes alone.
    """
    groups: dict[str, list[Row]] = {}
    for row in law.records:
        groups.setdefault(row["area"], []).append(row)
    found = [event for group in groups.values() for event in _of_area(law, group)]
    found.sort(key=lambda event: (event.date, event.name))
    return list({(event.date[:4], event.name): event for event in reversed(found)}.values())[::-1]


def _of_area(law: Law, rows: list[Row]) -> Iterable[Event]:
    dated = [row for row in rows if row["effective"] and row["date_basis"] in DATED]
    begun = [row for row in dated if row["current"] and not row["amends"]]
    changes = [row for row in dated if row["current"] and row["amends"]]
    for row in begun or [row for row in dated if not row["current"]]:
        yield _event(law, row, "effective")
    for row in changes:
        yield _event(law, row, "effective", changed=True)
    for row in rows:
        if row["current"] and row["changed"] and not row["amends"]:
            yield _event(law, row, "changed", changed=True)


def _event(law: Law, row: Row, column: str, changed: bool = False) -> Event:
    """A law that lets cities act, or ended a bar, is itself in force; an ended bar is not."""
    opens = row["status"] == "allowed" or (row["status"] == "formerly" and row["allows"])
    deed = "changed" if changed else ""
    if opens:
        deed = "bar ended" if row["status"] == "formerly" else "local action allowed"
    label = law.quoted_area(row["area"], "label")
    law.brief.quoted(RECORDS, row, column, row[column][:4])
    return Event(row[column], row["area"], label, deed, row["status"] == "formerly" and not opens)


def heading(law: Law) -> str:
    """How many dated laws are on record and which is the last, as a sentence without its stop."""
    found = events(law)
    count = law.count("laws:dated", "dated laws on record", found, METHOD)
    told = words.sentence_start(in_words(count, "dated law"))
    if not found:
        return f"{told} is on record"
    middle = "is on record:" if len(found) == 1 else "are on record, the last on"
    return f"{told} {middle} {newest(found[-1])}"


def newest(event: Event) -> str:
    """An event in a sentence: "rent control in 2023", "firearms (changed) in 2015"."""
    label = event.label if event.label[1:2].isupper() else event.label[:1].lower() + event.label[1:]
    deed = f" ({event.deed})" if event.deed else ""
    return f"{label}{deed} in {event.date[:4]}"


def dated_laws(law: Law) -> Chart | None:
    """The events on a line of years; None where no law is dated."""
    found = events(law)
    if not found:
        return None
    title = f"Dated laws of {law.name}"
    finding = f"the last is on {newest(found[-1])}"
    caption = Caption("timeline", title, alt("Timeline", title, finding), law.brief.cite(RECORDS))
    rows = [{"date": event.date, "name": event.name, "over": event.over} for event in found]
    return timeline(rows, caption, label="Policy area", ended="no longer in force")


def undated(law: Law) -> str:
    """How many areas that are preempted or limited have no dated law, as a sentence."""
    dated = {event.area for event in events(law)}
    if not dated:
        return "Their sources give no date, or only the year from which a list has them."
    missing = [entry for entry in law.where(*RESTRICTED) if entry.area not in dated]
    if not missing:
        return "Each of the bars and limits has a date."
    figure = law.count("areas:undated", "policy areas preempted or limited without a date", missing)
    verb = "has" if len(missing) == 1 else "have"
    return f"Of the bars and limits, {figure} {verb} no date of a law on record."


def ended(law: Law) -> str:
    """How many bars of all states have ended, and in how many states, as a sentence."""
    rows = [
        (state, area)
        for state, held in law.statuses.items()
        for area, status in held.items()
        if status == "formerly"
    ]
    states = sorted({state for state, _ in rows})
    bars = law.national("states:formerly", "bars that have ended, all states", rows)
    where = law.states_counted("states:ended", "states where a bar has ended", states)
    return f"The records hold {bars} bars that have ended, in {in_words(where, 'state')}."
