"""Comparisons of a finished page: whether each count of peers is what the figures give, and whether the
words beside it are those that were counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cityresearch.evidence.estimates import Estimate
from cityresearch.methods import words
from cityresearch.press.figure_list import anchors, estimate_of
from cityresearch.press.proofing.compare import Fault
from cityresearch.press.proofing.readings import Reading, sentence

Fact = Mapping[str, Any]
AGAINST, ALL = ":against", "compared"  # the end of such an entry, and the kind that counts all
WORDINGS = (words.HIGHER, words.HIGHER_IN, words.MORE_IN, words.LESS_IN)
SIDES = {word: side for each in WORDINGS for side, word in zip(words.SIDES, each, strict=True)}
SIDES[words.UNTESTED] = ""
REACH = 60  # letters before a count in which its words stand


def count_faults(where: str, facts: Sequence[Fact]) -> Iterator[Fault]:
    """Counts of those that a figure is above, below or like which its value and theirs don't give.

    Told only where all that were compared are facts of the brief.
    """
    known = _Known(facts)
    for entry, kinds in known.entries.items():
        compared = known.compared(entry)
        if not compared:
            continue
        own, *others = compared
        found = words.counts_of(own, others)
        for kind, fact in kinds.items():
            right = len(others) if kind == ALL else found.get(SIDES.get(kind, kind))
            if right is not None and right != fact["value"]:
                yield Fault(where, fact["text"], fact["label"], f"the figures give {right}")


def word_faults(where: str, reading: Reading, facts: Sequence[Fact]) -> Iterator[Fault]:
    """Comparisons on a page that stand in other words than those that the figures earn."""
    known = _Known(facts)
    named = {at: fact.get("entry", "") for fact, at in zip(facts, anchors(facts), strict=True)}
    told = {entry: _told(known, entry) for entry in known.entries}
    for start, end, anchor in reading.spans:
        right = told.get(named.get(anchor) or "", [])
        around = reading.text[max(0, start - REACH) : end + REACH].lower()
        if right and not any(all(part in around for part in parts) for parts in right):
            looked = f"the figures give “{' … '.join(right[0])}”"
            yield Fault(where, reading.text[start:end], sentence(reading.text, start, end), looked)


def _told(known: _Known, entry: str) -> list[list[str]]:
    """The wordings that a comparison may have, each as parts of text that stand together; the words
    that were counted where those that were compared are no facts of the brief."""
    kinds, compared = known.entries[entry], known.compared(entry)
    if not compared:
        return [[f"{kind} {fact['text']}" for kind, fact in kinds.items() if kind != ALL]]
    own, *others = compared
    used = [each for each in WORDINGS if set(kinds) <= {*each, words.UNTESTED, ALL}]
    return [[words.position(own, others, words=each)] for each in used]


class _Known:
    """The facts of a brief, to be asked for what was compared with what."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.entries: dict[str, dict[str, Fact]] = {}  # counts by the words that were counted
        self.own = {fact["id"]: fact for fact in facts}
        self.others: dict[str, list[Fact]] = {}  # facts of the same name about others
        for fact in facts:
            name, _, code = fact["id"].rpartition(":")
            entry = fact.get("entry", "")
            if entry.endswith(AGAINST):
                self.entries.setdefault(entry, {})[fact["id"].removeprefix(f"{entry}:")] = fact
            elif code == fact["about"]["id"] and fact["value"] is not None:
                self.others.setdefault(name, []).append(fact)

    def compared(self, entry: str) -> list[Estimate]:
        """The figure that was compared, then those that it was compared with; nothing where these are
        not all facts of the brief."""
        own, counted = self.own.get(entry.removesuffix(AGAINST)), self.entries[entry].get(ALL)
        if own is None or counted is None:
            return []
        kind = own["about"]["kind"]
        others = [f for f in self.others.get(own["id"], ()) if f["about"]["kind"] == kind]
        return (
            [estimate_of(own), *map(estimate_of, others)] if len(others) == counted["value"] else []
        )
