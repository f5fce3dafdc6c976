"""Coverage of a collection: sections × places, as rows and on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from cityresearch.briefs.coverage import Coverage, coverage
from cityresearch.briefs.prepare import prepare
from cityresearch.evidence.places import Place
from cityresearch.project import Project

SHOWN = 40  # places of a topic, unless some were asked for
NAMED = 8  # places that a reason names


def coverages(project: Project, wanted: Sequence[tuple[str, Place]]) -> list[Coverage]:
    """The coverage of each topic for the places of its briefs, in the order in which they come first.

    Raises:
        ResearchError: a declaration or a table is wrong.
    """
    by_topic: dict[str, list[Place]] = {}
    for topic, place in wanted:
        by_topic.setdefault(topic, []).append(place)
    return [coverage(prepare(project, name), places) for name, places in by_topic.items()]


def rows(found: Coverage) -> Iterator[dict[str, Any]]:
    """A row for each place and section: state `present` or `missing`, and then the need and the reason."""
    for place in found.places:
        missing = {gap.section: gap for gap in found.of(place)}
        for name, section in found.topic.sections.items():
            gap = missing.get(name)
            yield {
                "topic": found.topic.name,
                "place": place.slug,
                "name": place.full_name,
                "section": name,
                "required": not section.optional,
                "state": "missing" if gap else "present",
                "need": gap.need if gap else "",
                "reason": gap.reason if gap else "",
            }


def show(found: Coverage, *, every: bool) -> None:
    """A table of the sections, one of the places that lack any (of all places, where `every` is wanted),
    and the reasons."""
    console = Console(highlight=False)
    console.print(f"\n[bold]{found.topic.name}[/bold]: {told(found)}")
    console.print(_sections(found))
    places = found.places if every else found.incomplete
    shown = places if every else places[:SHOWN]
    if shown:
        console.print(_matrix(found, shown))
    if len(places) > len(shown):
        console.print(f"and {len(places) - len(shown):,} others: see --json, or name a --city")
    for name in found.topic.sections:
        for reason, lacking in found.why(name).items():
            named = "; ".join(place.full_name for place in lacking[:NAMED])
            rest = f"; and {len(lacking) - NAMED:,} others" if len(lacking) > NAMED else ""
            console.print(f"No {name}: {reason}: {named}{rest}", markup=False)


def told(found: Coverage) -> str:
    """How many places have a brief, and how many of them every section."""
    total, out, some = len(found.places), len(found.left_out), len(found.incomplete)
    noun = "place" if total == 1 else "places"
    return f"{total:,} {noun}, {total - out:,} with a brief, {total - some:,} with every section"


def _sections(found: Coverage) -> Table:
    table = Table("Section", "Needs", "Without it")
    for heading in ("Present", "Missing"):
        table.add_column(heading, justify="right")
    for name, section in found.topic.sections.items():
        missing = sum(map(len, found.why(name).values()))
        needs = "; ".join(found.needs[name])
        without = "the section is left out" if section.optional else "no brief"
        table.add_row(name, needs, without, f"{len(found.places) - missing:,}", f"{missing:,}")
    return table


def _matrix(found: Coverage, places: Sequence[Place]) -> Table:
    table = Table("Place", "Brief", *found.topic.sections)
    out = set(found.left_out)
    for place in places:
        missing = {gap.section for gap in found.of(place)}
        marks = ["missing" if name in missing else "yes" for name in found.topic.sections]
        table.add_row(place.full_name, "left out" if place in out else "yes", *marks)
    return table
