"""What a city can do about state law: its structure, where room may be left, and cities in like case."""

from __future__ import annotations

from cityresearch.briefs import plain
from cityresearch.briefs.blocks import Cell, Column, Table
from cityresearch.briefs.law import STATUSES, Law
from cityresearch.briefs.law_entries import RESTRICTED
from cityresearch.briefs.law_views import comparable
from cityresearch.evidence.places import Place
from cityresearch.methods import words
from cityresearch.methods.legal_room import FLOORS, ROOMS, worth_asking

STRUCTURE = "preemption.structure"
UNCHECKED = "Not checked against the statute"
DOCTRINE = {
    "all": "Dillon’s Rule for all municipalities",
    "some": "Dillon’s Rule for some municipalities",
    "none": "Dillon’s Rule was not followed",
    "conflicting": "Authorities that contradict each other",
}
HOME_RULE = {
    "home rule": "Home rule",
    "mixed": "Home rule for some local governments, Dillon’s Rule for others",
    "no home rule": "No home rule; Dillon’s Rule applies",
}


def structure(law: Law, caption: str) -> Table:
    """What two lists say of local authority in the state, neither of them checked."""
    row = plain.rows(law.brief.rows(STRUCTURE))[0]
    named = law.brief.quoted(STRUCTURE, row, "doctrine_source")
    columns = [Column("List"), Column(f"What it says of {law.name}")]
    said = [
        (
            named,
            DOCTRINE[row["doctrine_2003"]],
            row["doctrine_source_url"],
        ),
        ("An undated public list that cites Wikipedia", HOME_RULE[row["home_rule"]], ""),
    ]
    rows = [[Cell(name, href=address), Cell(what, UNCHECKED)] for name, what, address in said]
    return Table("structure", caption, columns, rows, source=law.brief.cite(STRUCTURE))


def agreement(law: Law) -> str:
    """Whether the two lists agree, as the end of a sentence: "contradict each other"."""
    disagree = bool(law.brief.rows(STRUCTURE).iloc[0]["lists_disagree"])
    return "contradict each other" if disagree else "don’t contradict each other"


def legal_room(law: Law, caption: str) -> Table:
    """Ways of acting that a bar may not reach, each with the question to ask and where to ask it."""
    restricted = law.where(*RESTRICTED)
    named = {entry.area: entry.label for entry in restricted}
    floors = [entry.label for entry in law.entries if entry.allows]
    rows: list[list[str | Cell]] = [
        [Cell(FLOORS.title, FLOORS.meaning), FLOORS.question, _listed(floors, "None on record")]
    ]
    for room in ROOMS.values():
        found = [named[area] for area in worth_asking(room, list(named))]
        rows.append(
            [Cell(room.title, room.meaning), room.question, _listed(found, "None on record")]
        )
    columns = [Column("Room"), Column("Ask the city attorney"), Column("Areas to ask it in")]
    notes = [
        "The rooms and areas are this project’s own list of what to ask. No answer is implied."
    ]
    return Table("room", caption, columns, rows, notes=notes)


def _listed(labels: list[str], none: str) -> str:
    return " · ".join(labels) or none


def cities_like_it(law: Law, caption: str) -> Table:
    """The peer cities: what their states preempt or limit, and in how many areas both states do."""
    columns = [Column("City"), *(Column(name, align="right") for name in HEADS)]
    rows = [_city(law, geoid) for geoid in (law.brief.place.geoid, *_peers(law))]
    variables = words.join([label.lower() for label in law.brief.peers.variables])
    notes = [
        f"Cities are nearest on {variables}. Counted are the {comparable(law)} areas whose sources "
        "cover every state."
    ]
    source = law.brief.cite(STATUSES)
    return Table("peers", caption, columns, rows, highlight=[0], notes=notes, source=source)


def span(law: Law) -> str:
    """The fewest and the most areas that the peers' states bar or limit: "two to 15"."""
    states = {_place(law, geoid).state for geoid in _peers(law)} & set(law.states())
    counts = sorted(
        (law.number_of(state, *RESTRICTED) for state in sorted(states)),
        key=lambda figure: figure.value or 0.0,
    )
    ends = dict.fromkeys(str(figure) for figure in (counts[0], counts[-1]))
    return " to ".join(ends)


HEADS = ("Preempted", "Limited", "Preempted or limited in both states")


def _peers(law: Law) -> list[str]:
    return [member.id for member in law.brief.peers.members]


def _place(law: Law, geoid: str) -> Place:
    return law.brief.place_of(law.brief.topic.geography, geoid)


def _city(law: Law, geoid: str) -> list[str | Cell]:
    place = _place(law, geoid)
    if place.state not in law.states():
        return [place.full_name, *[Cell("not available", "no record")] * len(HEADS)]
    counts = [law.number_of(place.state, status).cell() for status in RESTRICTED]
    both = law.restricted if place.state == law.state else law.shared(place.state)
    return [place.full_name, *counts, both.cell()]
