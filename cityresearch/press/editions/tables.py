"""Editions and their differences as tables on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from cityresearch.press.editions.causes import BOTH_RUN
from cityresearch.press.editions.comparison import Change
from cityresearch.press.editions.edition import Edition
from cityresearch.press.editions.manifest import Manifest
from cityresearch.press.editions.summary import (
    TopicChanges,
    by_topic,
    other_libraries,
    printed,
    significance,
)
from cityresearch.press.running.status import count

SHOWN = 40  # rows of a topic, unless a place was asked for


def show_changes(old: Edition, new: Edition, changes: Sequence[Change], *, every: bool) -> None:
    """A table of indicators and one of places for each topic, and what the reasons rest on."""
    console = Console(highlight=False)
    console.print(f"From {old.name} ({old.date}) to {new.name} ({new.date})")
    if renewed := other_libraries(old, new):
        console.print(f"Made with other versions: {'; '.join(renewed)}")
    if not changes:
        console.print("Nothing that readers see has changed.")
    for topic in by_topic(changes):
        briefs = f"{topic.changed} changed, {len(topic.new)} new, {len(topic.gone)} gone"
        console.print(f"\n[bold]{topic.topic}[/bold]: {briefs}")
        if topic.indicators:
            console.print(_indicators(topic))
        rows = topic.own if every else topic.own[:SHOWN]
        if rows:
            console.print(_places(rows))
        if len(topic.own) > len(rows):
            rest = count(len(topic.own) - len(rows), "other")
            console.print(f"and {rest}: see --json, or name a --city")
        for heading, which in (("New", topic.new), ("Gone", topic.gone), ("Text", topic.texts)):
            if which:
                console.print(f"{heading}: {'; '.join(each.brief.place for each in which[:SHOWN])}")
    _proofs(console, changes)


def _indicators(topic: TopicChanges) -> Table:
    table = Table("Indicator", "Why")
    for heading in ("Places", "Differs at 90%", "Within margins", "Not testable"):
        table.add_column(heading, justify="right")
    for one in topic.indicators:
        numbers = (one.places, one.differ, one.within, one.untested)
        table.add_row(one.label, one.reasons, *map(str, numbers))
    return table


def _places(changes: Sequence[Change]) -> Table:
    table = Table("Place", "Indicator")
    for heading in ("Before", "Now"):
        table.add_column(heading, justify="right")
    for heading in ("Why", "Significance"):
        table.add_column(heading)
    for each in changes:
        sides = (printed(each.old), printed(each.new))
        why = ", ".join(each.reasons)
        table.add_row(each.brief.place, each.label, *sides, why, significance(each))
    return table


def _proofs(console: Console, changes: Sequence[Change]) -> None:
    """What the reasons of changed numbers rest on, each way with its count."""
    told = Counter(each.proof or "records alone" for each in changes if each.is_number)
    for proof, number in told.most_common():
        console.print(f"Reasons of {count(number, 'number')}: {proof}.")
    wrong = [e for e in changes if e.is_number and e.proof == BOTH_RUN and e.claimed != e.reasons]
    if wrong:
        shown = "; ".join(f"{e.stem} {e.id}: {', '.join(e.claimed)}" for e in wrong[:5])
        console.print(
            f"For {count(len(wrong), 'number')} the records alone would tell another reason: {shown}"
        )


def show_editions(manifests: Sequence[Manifest]) -> None:
    """A row an edition."""
    console = Console(highlight=False)
    if not manifests:
        console.print("No edition is published yet.")
        return
    table = Table("Edition", "Date", "Embargo", "Commit")
    for heading in ("Briefs", "MB", "MB on the shelf"):
        table.add_column(heading, justify="right")
    for one in manifests:
        commit = one.commit[:10] + ("" if one.clean or not one.commit else " and changes")
        sizes = (f"{one.files.bytes / 1e6:,.0f}", f"{one.files.box / 1e6:,.1f}")
        table.add_row(one.name, one.date, one.embargo, commit, str(len(one.briefs)), *sizes)
    console.print(table)
