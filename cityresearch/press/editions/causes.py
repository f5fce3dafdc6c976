"""Why a number changed, held to what computing it anew shows: old method on new data, and the reverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cityresearch.press.editions.comparison import (
    METHOD,
    NEW_VINTAGE,
    REVISED,
    TEXT,
    Change,
    Fact,
    is_renewed,
    masked,
    same,
    sources_of,
)
from cityresearch.press.editions.edition import Edition
from cityresearch.press.editions.inputs import data_side
from cityresearch.press.editions.mix import Mix, Remade

DATA = "data"
BOTH_RUN = "both computed anew"
NOT_RUN = "not computed anew"


class Mixes:
    """The two mixes of two editions."""

    def __init__(self, old: Edition, new: Edition, folder: Path) -> None:
        self.old, self.new = old, new
        self.old_method, self.new_method = Mix(old, new, folder), Mix(new, old, folder)
        self._unrevised = _unrevised(old, new)

    def make(self, changes: Sequence[Change]) -> None:
        """Makes the briefs in which numbers changed, in both mixes."""
        stems = dict.fromkeys(each.stem for each in changes if each.is_number)
        for mix in (self.old_method, self.new_method):
            mix.make(stems)

    def proven(self, changes: Sequence[Change]) -> list[Change]:
        """The changes with the reasons that the mixes show, where they are made; and words that changed
        beside numbers, which only a mix can tell from words that follow them."""
        found = [self._proven(each) for each in changes]
        for stem in dict.fromkeys(each.stem for each in changes if each.is_number):
            made = self.new_method.get(stem)
            if made and not made.trouble and masked(made.text) != masked(self.old.text(stem)):
                brief = next(each.brief for each in changes if each.stem == stem)
                # The old data with the new method and notebook: had only data changed, the words stayed.
                if not any(each.stem == stem and METHOD in each.reasons for each in found):
                    found.append(Change(stem, brief, "", "", None, None, (TEXT,), (), BOTH_RUN))
        return sorted(found, key=lambda each: each.stem)

    def _proven(self, change: Change) -> Change:
        if not (change.is_number and change.old and change.new):
            return change
        on_new, on_old = self.old_method.get(change.stem), self.new_method.get(change.stem)
        if on_new is None or on_old is None:
            return replace(change, proof=NOT_RUN)
        sides, proof = _verdict(change, on_new, on_old)
        if not sides:
            return replace(change, proof=proof)
        renewed = is_renewed(change.old, change.new, self.old.vintages, self.new.vintages)
        # Files that are the same were not revised: the figure is about a later date.
        data = NEW_VINTAGE if renewed or sources_of(change.new) <= self._unrevised else REVISED
        reasons = tuple(data if side == DATA else METHOD for side in sides)
        return replace(change, reasons=reasons, proof=proof)


def _unrevised(old: Edition, new: Edition) -> set[str]:
    """The sources whose files are the same in both editions."""
    sides = [data_side(each.hashes()) for each in (old, new)]
    files = [
        {(name.split("/")[1], name, digest) for name, digest in side.items()} for side in sides
    ]
    return {each[0] for each in files[0] | files[1]} - {each[0] for each in files[0] ^ files[1]}


def _verdict(change: Change, on_new: Remade, on_old: Remade) -> tuple[tuple[str, ...], str]:
    """Which sides changed a number (data, method, both), and in words what that rests on."""
    a, b = change.old, change.new
    assert a is not None and b is not None
    if on_new.trouble and on_old.trouble:
        return (), f"neither could be computed anew: {on_new.trouble}"
    data_alone = None if on_new.trouble else _reaches(on_new, change.id, a, b)
    method_alone = None if on_old.trouble else _reaches(on_old, change.id, a, b)
    if data_alone is not None and method_alone is not None:
        known = {("all", "none"): (DATA,), ("none", "all"): (METHOD,)}
        return known.get((data_alone, method_alone), (DATA, METHOD)), BOTH_RUN
    if data_alone is not None:
        sides = {"all": (DATA,), "none": (METHOD,)}.get(data_alone, (DATA, METHOD))
        return sides, f"old method on new data alone; the reverse can't run: {on_old.trouble}"
    sides = {"all": (METHOD,), "none": (DATA,)}.get(method_alone or "", (DATA, METHOD))
    return sides, f"new method on old data alone; the reverse can't run: {on_new.trouble}"


def _reaches(made: Remade, name: str, a: Fact, b: Fact) -> str:
    """How much of the change a mix shows: all, none or some of it."""
    found = made.facts.get(name)
    if found is None:
        return "some"
    if same(found, b):
        return "all"
    return "none" if same(found, a) else "some"
