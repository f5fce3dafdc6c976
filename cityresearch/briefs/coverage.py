"""Coverage: which sections of a topic each place has data for, and why not, before anything is run.

It asks what a brief asks of itself (`Brief.has`), of the same prepared tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cityresearch.briefs import derive
from cityresearch.briefs.indicators import Measure
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.evidence.tables import row_key


@dataclass(frozen=True)
class Gap:
    """A section that a place lacks, its first need without data, and why there are none. Without a
    `required` section the place has no brief at all."""

    section: str
    need: str
    reason: str
    required: bool


@dataclass(frozen=True)
class Coverage:
    """The sections of one topic for places: what each place lacks, by its GEOID; [] where it lacks
    nothing. `needs` are the needs of each section in words."""

    topic: Topic
    places: Sequence[Place]
    gaps: Mapping[str, Sequence[Gap]]
    needs: Mapping[str, Sequence[str]]

    @property
    def left_out(self) -> list[Place]:
        """The places that have no brief."""
        return [place for place in self.places if any(gap.required for gap in self.of(place))]

    @property
    def incomplete(self) -> list[Place]:
        """The places that lack any section."""
        return [place for place in self.places if self.of(place)]

    def of(self, place: Place) -> Sequence[Gap]:
        """What a place lacks, in the order of the sections."""
        return self.gaps[place.geoid]

    def why(self, section: str) -> dict[str, list[Place]]:
        """The places that lack a section, by the reason."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            for gap in self.of(place):
                if gap.section == section:
                    found.setdefault(gap.reason, []).append(place)
        return found


def coverage(prepared: Prepared, places: Sequence[Place]) -> Coverage:
    """What places lack of a topic, in the order given.

    Raises:
        ResearchError: a section needs a table that no place has rows in.
    """
    look = _Look(prepared)
    gaps = {place.geoid: look.gaps(place) for place in places}
    needs = {
        name: [
            *map(look.label, section.needs),
            *([" or ".join(map(look.label, section.any_of))] if section.any_of else []),
        ]
        for name, section in prepared.topic.sections.items()
    }
    return Coverage(prepared.topic, places, gaps, needs)


class _Look:
    """Looks for what places have, by one measure of the topic."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared, self._topic = prepared, prepared.topic
        self._measure = Measure(prepared.topic, prepared)

    def gaps(self, place: Place) -> list[Gap]:
        ids, found = dict(place.ids), []
        for name, section in self._topic.sections.items():
            absent = {need: why for need in section.needs if (why := self._why(need, ids))}
            others = {need: why for need in section.any_of if (why := self._why(need, ids))}
            if absent:
                need, reason = next(iter(absent.items()))
                found.append(Gap(name, need, reason, not section.optional))
            elif others and len(others) == len(section.any_of):
                need, reason = " or ".join(others), "; ".join(others.values())
                found.append(Gap(name, need, reason, required=False))
        return found

    def _why(self, need: str, ids: Mapping[str, str]) -> str:
        """Why a need is not there; empty where it is."""
        why = self._absent(need, ids)
        if why is None:
            return ""
        return self._topic.lack(need, self.label(need)) + (f": {why}" if why else "")

    def label(self, need: str) -> str:
        """A need in words: the label of an indicator, the title of a table."""
        if need in self._topic.indicators:
            return self._topic.indicators[need].label
        return self._prepared.declared(need).title

    def _absent(self, need: str, ids: Mapping[str, str]) -> str | None:
        """Why a need is not there, as far as more than that is known; None where it is there."""
        if need in self._topic.indicators:
            estimate = self._measure(need, ids).estimate
            return None if estimate.value is not None else estimate.reason or ""
        key = derive.place_key(self._prepared.declared(need).columns)
        if not key:
            where = f"notebooks/{self._topic.name}/topic.yml, sections"
            raise ResearchError(f"table {need} has no column that names a place.", where=where)
        rows = self._prepared.positions(need, (key,))
        return None if key in ids and row_key((ids[key],)) in rows else ""
