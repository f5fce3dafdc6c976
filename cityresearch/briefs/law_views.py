"""The law on record as key numbers, tables and a map of the states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cityresearch.briefs import charts
from cityresearch.briefs.blocks import Cell, Chart, Column, Number, Numbers, Table
from cityresearch.briefs.charts.canvas import Caption
from cityresearch.briefs.facts import About, Figure
from cityresearch.briefs.law import (
    AREAS,
    STATUSES,
    Law,
    in_words,
    is_stale,
    part,
)
from cityresearch.briefs.law_entries import RESTRICTED, Entry
from cityresearch.evidence.estimates import counted
from cityresearch.methods import preemption, words

UNCHECKED = "Not checked against the statute."
BASES = {"signing": "Signed {}", "panel": "In a yearly list from {} on"}
# Kinds that a mayor must know of, each with a word that says that the note tells of it already.
SHARP = {"punitive": "penal", "nullifying": "void"}


def key_numbers(law: Law) -> Numbers:
    """Areas preempted, limited and unknown, and how the state compares where states can be compared."""
    every = law.number().cell()
    compared = Number(
        law.restricted.cell(),
        f"Preempted or limited, of the {comparable(law)} areas that can be compared",
        comparison=f"the median state: {law.median.cell()}",
    )
    return Numbers(
        [
            Number(
                law.number("preempted").cell(),
                "Policy areas preempted",
                note=f"of {every} followed",
            ),
            Number(
                law.number("limited").cell(), "Policy areas limited", note=f"of {every} followed"
            ),
            Number(
                law.number("unknown").cell(),
                "Policy areas unknown",
                note="no source read covers them for this state",
            ),
            compared,
        ]
    )


def limits(law: Law) -> str:
    """How many areas are limited, after those preempted: "three", or "no other"."""
    count = law.number("limited")
    other = count.value == 0 and law.number("preempted").value
    return count.ledger.record(count, "no other") if other else in_words(count)


def elsewhere(law: Law) -> str:
    """A sentence on laws that are not counted since they are about another city; or nothing."""
    named = words.join(sorted({str(row["only"]) for row in law.elsewhere}))
    return f" What is on record about {named} alone is not counted." if named else ""


def comparable(law: Law) -> str:
    """How many areas' sources cover every state: there alone states can be compared."""
    rows = [f"area={area}" for area in law.listed]
    figure = law.brief.derived(
        "areas:listed",
        "policy areas whose sources cover every state",
        counted(len(rows), "areas"),
        table=AREAS,
        rows=rows,
        method="policy areas that are followed, each counted once",
    )
    return replace(figure, about=About("nation", "US", "the United States")).cell()


def overview(law: Law, caption: str) -> Table:
    """All policy areas in a grid: a row per group, a column per status that occurs."""
    shown = [status for status in preemption.STATUSES if law.where(status)]
    columns = [Column("Field"), *(Column(preemption.STATUSES[status].label) for status in shown)]
    groups = list(dict.fromkeys(entry.group for entry in law.entries))
    rows = [[group, *(_named(law, group, status) for status in shown)] for group in groups]
    return Table("overview", caption, columns, rows, source=law.brief.cite(STATUSES))


def spread(law: Law) -> str:
    """How the bars and limits lie over the fields, as a heading."""
    restricted = law.where(*RESTRICTED)
    whole = law.count("areas:restricted", "policy areas preempted or limited", restricted)
    groups = [entry.group for entry in restricted]
    sizes = sorted(
        {group: groups.count(group) for group in groups}.items(), key=lambda pair: -pair[1]
    )
    if len(sizes) > 1 and sizes[0][1] == sizes[1][1]:
        names = [f"group={group}" for group, _ in sizes]
        fields = law.brief.count("fields", "fields with areas preempted or limited", AREAS, names)
        return f"The {whole} areas barred or limited lie in {in_words(fields, 'field')}"
    most = [entry for entry in restricted if entry.group == sizes[0][0]]
    label = f"policy areas preempted or limited in the field {sizes[0][0]}"
    some = law.count("areas:most", label, most)
    return f"{sizes[0][0]} holds {part(some, whole, 'area barred or limited', 'areas barred or limited')}"


def _named(law: Law, group: str, status: str) -> str | Cell:
    found = [entry for entry in law.where(status) if entry.group == group]
    labels = [law.quoted_area(entry.area, "label") for entry in found]
    style = preemption.STATUSES[status]
    return Cell(" · ".join(labels), state=style.state, mark=style.mark) if labels else ""


def cited(law: Law) -> str:
    """For how many of the bars and limits a law is cited, as a heading."""
    restricted = law.where(*RESTRICTED)
    whole = law.count("areas:restricted", "policy areas preempted or limited", restricted)
    with_law = [entry for entry in restricted if entry.statute]
    some = law.count("areas:cited", "bars and limits with a law cited", with_law)
    if not with_law:
        any_ = (
            f"any of the {whole} bars and limits" if len(restricted) > 1 else "the one bar or limit"
        )
        return f"The records cite no law for {any_}"
    return f"The records cite a law for {part(some, whole, 'bar or limit', 'bars and limits')}"


def on_record(law: Law, caption: str) -> Table:
    """The laws on record, bars first: statute, date, source and as-of of each, a row a law."""
    entries = [law_ for entry in law.entries if entry.has_law for law_ in (entry, *entry.others)]
    columns = [Column("Policy area"), Column("State law"), Column("Law"), Column("Source")]
    rows = [
        [_what(law, entry), _status(law, entry), _statute(law, entry), _source(law, entry)]
        for entry in entries
    ]
    return Table(
        "laws",
        caption,
        columns,
        rows,
        notes=_warning(law, entries),
        source=law.brief.cite(STATUSES),
    )


def _warning(law: Law, entries: Sequence[Entry]) -> list[str]:
    if not any(is_stale(law, entry) for entry in entries):
        return []
    return [
        f"* The source is more than {stale_months(law)} months older than this edition: look for later "
        "changes."
    ]


def stale_months(law: Law) -> Figure:
    """How many months older than the edition a source may be before a warning is shown."""
    return law.brief.constant("stale_months")


def _what(law: Law, entry: Entry) -> Cell:
    action = law.quoted_area(entry.area, "action", words.sentence_start(entry.action))
    return Cell(law.quoted_area(entry.area, "label"), action)


def _status(law: Law, entry: Entry) -> Cell:
    style, note = preemption.STATUSES[entry.status], law.quoted(entry, "note")
    kinds = [kind for kind, word in SHARP.items() if kind in entry.kinds and word not in note]
    told = [f"{words.sentence_start(preemption.KINDS[kind])}." for kind in kinds]
    told = [
        note,
        *(told if entry.status in RESTRICTED else []),
        "" if entry.verified else UNCHECKED,
    ]
    return Cell(style.label, " ".join(filter(None, told)), state=style.state, mark=style.mark)


def _statute(law: Law, entry: Entry) -> Cell:
    return Cell(law.quoted(entry, "statute") or "No statute recorded", since(law, entry))


def dated(law: Law, entry: Entry, column: str) -> str:
    """A date of an entry in words; empty where it has none."""
    day = getattr(entry, column)
    return law.quoted(entry, column, words.long_date(day)) if day else ""


def since(law: Law, entry: Entry) -> str:
    """From when the law is, what that date is, and when it was last changed."""
    changed = f"last changed {dated(law, entry, 'changed')}" if entry.changed else ""
    if not entry.effective:
        return words.sentence_start(changed) or "Date not recorded"
    day = dated(law, entry, "effective")
    begun = {"preempted": f"Barred since {day}", "limited": f"Limited since {day}"}
    text = begun.get(entry.status, f"Bar ended {day}" if entry.allows else f"Law of {day}")
    if entry.status == "none_recorded":
        text = f"In force from {day}"
    if entry.date_basis in BASES:
        text = BASES[entry.date_basis].format(day)
    return f"{text}; {changed}" if changed else text


def _source(law: Law, entry: Entry) -> Cell:
    when = f"As of {dated(law, entry, 'as_of')}" if entry.as_of else "Date not known"
    star = " *" if is_stale(law, entry) else ""
    key = f"state={law.state},area={entry.area}"
    older = [
        law.brief.quoted(STATUSES, {"also_cites": each}, "also_cites", key=key)
        for each in entry.older
    ]
    also = f". Also on record: {'; '.join(older)}" if older else ""
    basis = words.sentence_start(entry.basis)
    return Cell(
        law.quoted(entry, "source") or law.quoted_area(entry.area, "basis", basis),
        when + star + also,
        href=entry.source_url or "",
    )


def not_on_record(law: Law, caption: str) -> Table:
    """The areas without a law on record, and those unknown: what that rests on, and as of when."""
    entries = [entry for entry in law.entries if not entry.has_law]
    columns = [Column("Policy area"), Column("State law"), Column("What this rests on")]
    rows: list[list[str | Cell]] = [
        [law.quoted_area(entry.area, "label"), _status(law, entry), _source(law, entry)]
        for entry in entries
    ]
    return Table(
        "no-record",
        caption,
        columns,
        rows,
        notes=_warning(law, entries),
        source=law.brief.cite(AREAS),
    )


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
    dates = [_as_of(law, area) for area in areas]
    title = "State law on local action, by state"
    what = f"state law on {words.join([area['label'].lower() for area in told])} in all states"
    caption = Caption(
        "states", title, charts.alt("Tile map", what, finding), law.brief.cite(STATUSES), dates
    )
    names = {state: law.named(state) for state in law.states()}
    return charts.tile_map(shown, caption, own=law.state, names=names)


def _as_of(law: Law, area: str) -> str:
    label = law.quoted_area(area, "label")
    day = law.quoted_area(area, "as_of", words.long_date(law.area(area)["as_of"]))
    return f"{label}: states without a record as of {day}."
