"""The page of coverage: which sections of the briefs each place has data for, and why others not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.coverage import Coverage, Gap
from cityresearch.briefs.indicators import hashed
from cityresearch.evidence.places import Place
from cityresearch.press.coverage import coverages
from cityresearch.press.parts import fill
from cityresearch.press.surroundings import Link, surround
from cityresearch.press.web import notebooks
from cityresearch.press.web.place_tables import MOST, Cell, Column, PlaceTable
from cityresearch.press.web.remembered import recall, remember, source_key
from cityresearch.project import Project

NAME = "coverage"
TITLE = "What the briefs cover"


@dataclass(frozen=True)
class Section:
    """A section as the page tells of it: how many places have it, and numbers of the reasons why others
    lack it, each with how many."""

    name: str
    needs: Sequence[str]
    required: bool
    present: int
    missing: int
    why: Sequence[tuple[int, int]]


def coverage_page(
    project: Project, collection: Collection, wanted: Sequence[tuple[str, Place]]
) -> str:
    """The page on the briefs that a collection wants; from memory where nothing changed that shapes it."""
    note = project.build / "cache" / f"{NAME}.pickle"
    asked = [(topic, place.geoid) for topic, place in wanted]
    key = f"{source_key(project, collection, [])} {hashed(asked)}"
    made: str | None = recall(note, key)
    if made is None:
        made = _page(collection, coverages(project, wanted))
        remember(note, key, made)
    return made


def _page(collection: Collection, found: Sequence[Coverage]) -> str:
    reasons = _reasons(found)
    lacking = sorted({p for one in found for p in one.incomplete}, key=_size)
    shown, others = lacking[:MOST], lacking[MOST:]
    body = fill(
        NAME,
        topics=[(one, list(_sections(one, reasons)), _own(one, reasons)) for one in found],
        table=_table(found, shown, reasons) if shown else None,
        others=_grouped(found, others, reasons),
        most=MOST,
    )
    metadata = surround(
        collection,
        f"{NAME}.html",
        kind="plain",
        title=TITLE,
        description="Which parts of the briefs each city has data for, and why others are missing.",
        trail=[Link(collection.title, "index.html"), Link(TITLE)],
        scripts=["tables.js"],
    )
    return notebooks.page([notebooks.text(f"# {TITLE}"), notebooks.ready(body)], metadata)


def _size(place: Place) -> tuple[int, str]:
    return -(place.population or 0), place.path


def told(name: str) -> str:
    """The name of a section as readers see it."""
    return name.replace("_", " ")


def _reasons(found: Sequence[Coverage]) -> dict[tuple[str, str], int]:
    """A number for each reason of each topic, counted through."""
    each = (
        (one.topic.name, gap.reason) for one in found for gaps in one.gaps.values() for gap in gaps
    )
    return {reason: number for number, reason in enumerate(dict.fromkeys(each), 1)}


def _own(one: Coverage, reasons: dict[tuple[str, str], int]) -> list[tuple[int, str]]:
    return [(n, reason) for (topic, reason), n in reasons.items() if topic == one.topic.name]


def _sections(one: Coverage, reasons: dict[tuple[str, str], int]) -> Iterator[Section]:
    for name, section in one.topic.sections.items():
        why = {reasons[one.topic.name, text]: len(some) for text, some in one.why(name).items()}
        missing = sum(why.values())
        present = len(one.places) - missing
        needs, counted = one.needs[name], sorted(why.items())
        yield Section(told(name), needs, not section.optional, present, missing, counted)


def _table(
    found: Sequence[Coverage], places: Sequence[Place], reasons: dict[tuple[str, str], int]
) -> PlaceTable:
    """The places that lack something, the largest first: a column for each topic."""
    states = {place.state: place.state_name for place in places}
    rows = [
        (place.state, [Cell(place.full_name), *(_cell(one, place, reasons) for one in found)])
        for place in places
    ]
    return PlaceTable(
        caption="Sections of each place, by topic, and those that it lacks",
        columns=[Column("Place", numeric=False), *(Column(one.topic.label) for one in found)],
        rows=rows,
        states=sorted(states.items(), key=lambda state: state[1]) if len(states) > 1 else (),
        notes=["Numbers in brackets are those of the reasons above."],
    )


def _cell(one: Coverage, place: Place, reasons: dict[tuple[str, str], int]) -> Cell:
    if place.geoid not in one.gaps:
        return Cell("not asked for", order="-1")
    gaps, total = one.of(place), len(one.topic.sections)
    present = total - len(gaps)
    head = "no brief: " if any(gap.required for gap in gaps) else ""
    without = f"{head}without {_lacked(one, gaps, reasons)}" if gaps else ""
    return Cell(f"{present} of {total}", without, order=str(present))


def _lacked(one: Coverage, gaps: Sequence[Gap], reasons: dict[tuple[str, str], int]) -> str:
    return ", ".join(f"{told(gap.section)} ({reasons[one.topic.name, gap.reason]})" for gap in gaps)


def _grouped(
    found: Sequence[Coverage], places: Sequence[Place], reasons: dict[tuple[str, str], int]
) -> dict[str, list[str]]:
    """Names of places by what they lack: of many places one line each would be too much for a page."""
    groups: dict[str, list[str]] = {}
    for place in places:
        lacked = (
            f"{one.topic.label} without {_lacked(one, one.of(place), reasons)}"
            for one in found
            if one.gaps.get(place.geoid)
        )
        groups.setdefault("; ".join(lacked), []).append(place.full_name)
    return groups
