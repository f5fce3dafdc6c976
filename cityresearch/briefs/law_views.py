"""The law on record as key numbers, tables, a map of the states and a timeline."""

from __future__ import annotations

from collections.abc import Sequence

from cityresearch.briefs import statemap
from cityresearch.briefs.blocks import Cell, Chart, Column, Number, Numbers, Table
from cityresearch.briefs.canvas import Caption
from cityresearch.briefs.law import AREAS, RESTRICTED, STATUSES, Entry, Law, is_stale
from cityresearch.briefs.timeline import timeline
from cityresearch.briefs.views import alt
from cityresearch.methods import preemption, words
from cityresearch.methods.legal_room import FLOORS, ROOMS, worth_asking

STRUCTURE = "preemption.structure"
UNCHECKED = "Not checked against the statute."
PUNITIVE = "Breaking it can be punished."
CHANGED, ALLOWED, ENDED = ", changed", ", local action allowed", ", bar ended"
DOCTRINE = {
    "all": "Dillon’s Rule applied to all municipalities",
    "some": "Dillon’s Rule applied to some municipalities",
    "none": "Dillon’s Rule was not followed",
    "conflicting": "the authorities were in conflict",
}
HOME_RULE = {
    "home rule": "home rule",
    "mixed": "home rule for some local governments, Dillon’s Rule for others",
    "no home rule": "no home rule; Dillon’s Rule applies",
}


def key_numbers(law: Law) -> Numbers:
    """Areas preempted, limited and unknown, and how the state compares where states can be compared."""
    every, listed = law.number().cell(), len(law.listed)
    median = f"the median state has {law.median}"
    compared = Number(
        law.restricted.cell(),
        f"Preempted or limited, of the {listed} areas with a list of all states",
        comparison=f"{law.stand}; {median}",
    )
    return Numbers(
        [
            Number(law.number("preempted").cell(), "Policy areas preempted", note=f"of {every} followed"),
            Number(law.number("limited").cell(), "Policy areas limited", note=f"of {every} followed"),
            Number(
                law.number("unknown").cell(),
                "Policy areas unknown",
                note="no source read tells for this state",
            ),
            compared,
        ]
    )


def overview(law: Law, caption: str) -> Table:
    """All policy areas in a grid: a row per group, a column per status that occurs."""
    shown = [status for status in preemption.STATUSES if law.where(status)]
    columns = [Column("Field"), *(Column(preemption.STATUSES[status].label) for status in shown)]
    groups = list(dict.fromkeys(entry.group for entry in law.entries))
    rows = [[group, *(_named(law, group, status) for status in shown)] for group in groups]
    return Table("overview", caption, columns, rows, source=law.brief.cite(STATUSES))


def _named(law: Law, group: str, status: str) -> str | Cell:
    labels = [entry.label for entry in law.where(status) if entry.group == group]
    style = preemption.STATUSES[status]
    return Cell(" · ".join(labels), state=style.state, mark=style.mark) if labels else ""


def on_record(law: Law, caption: str) -> Table:
    """The bars, limits and former bars: statute, date, source and as-of of each."""
    entries = law.where(*RESTRICTED, "formerly")
    columns = [Column("What cities are kept from"), Column("State law"), Column("Law"), Column("Source")]
    rows = [[_what(entry), _status(entry), _statute(entry), _source(law, entry)] for entry in entries]
    notes = [
        f"* The source is more than {preemption.STALE_MONTHS} months older than this edition. "
        "Look for later changes."
    ]
    old = any(is_stale(law, entry) for entry in entries)
    return Table("laws", caption, columns, rows, notes=notes if old else [], source=law.brief.cite(STATUSES))


def _what(entry: Entry) -> Cell:
    return Cell(entry.label, words.sentence_start(entry.action))


def _status(entry: Entry) -> Cell:
    style = preemption.STATUSES[entry.status]
    told = [PUNITIVE] if "punitive" in entry.kinds and entry.status in RESTRICTED else []
    told = [entry.note or "", *told, "" if entry.verified else UNCHECKED]
    return Cell(style.label, " ".join(filter(None, told)), state=style.state, mark=style.mark)


def _statute(entry: Entry) -> Cell:
    return Cell(entry.statute or "No statute recorded", since(entry))


def since(entry: Entry) -> str:
    """From when the law is, and what that date is."""
    if not entry.effective:
        return "Date not recorded"
    day = words.long_date(entry.effective)
    told = {"signing": f"Signed {day}", "panel": f"In a yearly list from {day} on"}
    return told.get(entry.date_basis or "", f"In force from {day}")


def _source(law: Law, entry: Entry) -> Cell:
    dated = f"As of {words.long_date(entry.as_of)}" if entry.as_of else "Date not known"
    star = " *" if is_stale(law, entry) else ""
    return Cell(entry.source or entry.basis, dated + star, href=entry.source_url or "")


def not_on_record(law: Law, caption: str) -> Table:
    """The areas without a bar on record, and those unknown: what that rests on, and as of when."""
    entries = law.where("none_recorded", "unknown")
    columns = [Column("Policy area"), Column("State law"), Column("What this rests on")]
    rows = [[entry.label, _status(entry), _basis(law, entry)] for entry in entries]
    return Table("no-record", caption, columns, rows, source=law.brief.cite(AREAS))


def _basis(law: Law, entry: Entry) -> Cell:
    if entry.source:
        return _source(law, entry)
    area = law.area(entry.area)
    return Cell(words.sentence_start(entry.basis), f"As of {words.long_date(area['as_of'])}")


def state_map(law: Law, areas: Sequence[str], finding: str) -> Chart:
    """One to three policy areas in all states."""
    told = [law.area(area) for area in areas]
    shown = {
        str(area["label"]): {
            state: preemption.STATUSES[status].state
            for state, status in law.status_of(area["area"]).items()
        }
        for area in told
    }
    dates = [f"{area['label']}: states without a record as of {words.long_date(area['as_of'])}." for area in told]
    title = "What state law leaves to cities, by state"
    caption = Caption("states", title, alt("Tile map", title, finding), law.brief.cite(STATUSES), dates)
    names = {state: law.named(state) for state in law.states()}
    return statemap.tile_map(shown, caption, own=law.state, names=names)
