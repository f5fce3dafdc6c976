"""What index pages know of all briefs at once: spreads of figures, neighbours, who lies where.

Made once for a book, so that no page has to look through all the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cityresearch.briefs.topic import Topic
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press.manuscripts import Entry
from cityresearch.press.overview import Area, Spread, spread
from cityresearch.press.web.neighbours import Neighbour, Point, neighbours
from cityresearch.project import Project


@dataclass(frozen=True)
class Atlas:
    """All places with briefs, by folder and by area; spreads by topic and figure; neighbours by folder.

    `largest` names for each area (such as an urban area) the largest place of the book in it.
    """

    places: Mapping[str, Place]
    largest: Mapping[Area, Place]
    spreads: Mapping[str, Mapping[str, Spread]]
    neighbours: Mapping[str, Sequence[Neighbour]]

    def key_spread(self, topic: str) -> Spread | None:
        """The spread that a topic's places are ranked and mapped by; none where no brief has it."""
        return next(iter(self.spreads.get(topic, {}).values()), None)


def make_atlas(project: Project, topics: Mapping[str, Topic], entries: Sequence[Entry]) -> Atlas:
    """Reads all entries once."""
    found = {entry.place.path: entry.place for entry in entries}
    by_size = sorted(found.values(), key=lambda place: (-(place.population or 0), place.path))
    largest: dict[Area, Place] = {}
    for place in by_size:
        for area in place.ids.items():
            largest.setdefault(area, place)
    return Atlas(
        places={place.path: place for place in by_size},
        largest=largest,
        spreads=_spreads(topics, entries),
        neighbours=neighbours(_points(project, by_size)),
    )


def _spreads(topics: Mapping[str, Topic], entries: Sequence[Entry]) -> dict[str, dict[str, Spread]]:
    of_topic: dict[str, list[Entry]] = {}
    for entry in entries:
        of_topic.setdefault(entry.topic, []).append(entry)
    return {
        name: {
            figure: found
            for figure in topic.overview
            if (found := spread(topic, figure, (e.overview for e in of_topic.get(name, ()))))
        }
        for name, topic in topics.items()
    }


def _points(project: Project, found: Iterable[Place]) -> dict[str, Point]:
    """Where the centres of places are, for those kinds of places whose table says so."""
    centres: dict[str, dict[str, Point]] = {}
    points: dict[str, Point] = {}
    for place in found:
        if place.geography not in centres:
            centres[place.geography] = _centres(project, place.geography)
        if place.geoid in centres[place.geography]:
            points[place.path] = centres[place.geography][place.geoid]
    return points


def _centres(project: Project, geography: str) -> dict[str, Point]:
    frame = places.frame(project, geography)
    if not {"lat", "lon"} <= set(frame):
        return {}
    return dict(zip(frame["geoid"], zip(frame["lat"], frame["lon"], strict=True), strict=True))
