"""Changes in words and counts: for the terminal, for machines, and for the page of what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cityresearch.press.editions.comparison import GONE, NEW, REASONS, TEXT, Change, Fact, same
from cityresearch.press.editions.edition import Edition
from cityresearch.press.editions.visible import NUMBERS

DIFFERS, WITHIN, UNTESTED = "differs at 90%", "within the margins", "margins unknown"
SAME = "the same figure"
NO_NUMBER = "no number on one side"
NONE = "–"


@dataclass(frozen=True)
class IndicatorChanges:
    """An indicator in all places where it changed: how many, of how many the two figures differ at
    90 %, lie within the margins or can't be tested, and why."""

    id: str
    label: str
    places: int
    differ: int
    within: int
    untested: int
    reasons: str


@dataclass(frozen=True)
class TopicChanges:
    """What changed in a topic: briefs by what happened to them, indicators, the changes themselves."""

    topic: str
    new: list[Change]
    gone: list[Change]
    changed: int
    texts: list[Change]
    indicators: list[IndicatorChanges]
    own: list[Change]


def by_topic(changes: Sequence[Change]) -> list[TopicChanges]:
    """The changes topic by topic. Figures of peers, of earlier years and of the nation are left out of
    the indicators: they are those of other places, or are said elsewhere."""
    topics: dict[str, list[Change]] = {}
    for each in changes:
        topics.setdefault(each.brief.topic, []).append(each)
    return [_topic(name, each) for name, each in sorted(topics.items())]


def _topic(name: str, changes: Sequence[Change]) -> TopicChanges:
    whole = [each for each in changes if not each.id]
    own = [each for each in changes if each.own]
    grouped: dict[str, list[Change]] = {}
    for each in own:
        grouped.setdefault(each.id, []).append(each)
    return TopicChanges(
        topic=name,
        new=[each for each in whole if each.reasons == (NEW,)],
        gone=[each for each in whole if each.reasons == (GONE,)],
        changed=len({each.stem for each in changes if each.id or each.reasons == (TEXT,)}),
        texts=[each for each in whole if each.reasons == (TEXT,)],
        indicators=[_indicator(id_, each) for id_, each in grouped.items()],
        own=own,
    )


def _indicator(name: str, changes: Sequence[Change]) -> IndicatorChanges:
    told = Counter(map(significance, changes))
    return IndicatorChanges(
        id=name,
        label=changes[-1].label,
        places=len(changes),
        differ=told[DIFFERS],
        within=told[WITHIN],
        untested=told[UNTESTED] + told[NO_NUMBER],
        reasons=counted_reasons(changes),
    )


def other_libraries(old: Edition, new: Edition) -> list[str]:
    """The libraries of which two editions were made with other versions, as "pandas 2.2.3 → 2.3.0"."""
    names = sorted({*old.libraries, *new.libraries}, key=str.lower)
    sides = [(name, old.libraries.get(name, NONE), new.libraries.get(name, NONE)) for name in names]
    return [f"{name} {before} → {now}" for name, before, now in sides if before != now]


def counted_reasons(changes: Iterable[Change]) -> str:
    """The reasons with their numbers, as in "new vintage 80, method changed 2"."""
    counts = Counter(reason for each in changes for reason in each.reasons)
    return ", ".join(f"{reason} {counts[reason]:,}" for reason in REASONS if counts[reason])


def significance(change: Change) -> str:
    """Whether the two figures differ, in words; empty where there are not two."""
    if change.old is None or change.new is None:
        return ""
    if same(change.old, change.new):
        return SAME
    if change.old["value"] is None or change.new["value"] is None:
        return NO_NUMBER
    if change.differs is None:
        return UNTESTED
    return DIFFERS if change.differs else WITHIN


def printed(fact: Fact | None) -> str:
    """A fact as it was printed; a dash where there is none."""
    return NONE if fact is None else str(fact["text"])


def row(change: Change) -> dict[str, Any]:
    """A change for machines."""
    return {
        "topic": change.brief.topic,
        "place": change.brief.slug,
        "name": change.brief.place,
        "id": change.id,
        "label": change.label,
        "reasons": list(change.reasons),
        "claimed": list(change.claimed),
        "proof": change.proof,
        "significance": significance(change),
        "old": _said(change.old),
        "new": _said(change.new),
    }


def _said(fact: Fact | None) -> dict[str, Any] | None:
    keys = (*NUMBERS, "unit", "text", "vintage", "reason")
    return None if fact is None else {key: fact.get(key) for key in keys}


def reasons_of_briefs(changes: Iterable[Change]) -> dict[str, str]:
    """Why each brief that is new or changed is so, by its address: what a feed says of it."""
    found: dict[str, set[str]] = {}
    for each in changes:
        if each.reasons != (GONE,) or each.id:
            found.setdefault(each.stem, set()).update(each.reasons if not each.id else _of(each))
    return {stem: ", ".join(r for r in REASONS if r in told) for stem, told in found.items()}


def _of(change: Change) -> Sequence[str]:
    """The reasons of a fact as those of its brief: a fact that comes or goes is a change of its text."""
    return [TEXT if reason in (NEW, GONE) else reason for reason in change.reasons]
