"""The portrait of a city: what each of its briefs found, the places most like it, and those nearby."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cityresearch.briefs.html import block_html
from cityresearch.briefs.topic import Topic
from cityresearch.press.manuscripts import Entry
from cityresearch.press.overview import NOUNS
from cityresearch.press.surroundings import Link
from cityresearch.press.web.atlas import Atlas


@dataclass(frozen=True)
class Portrait:
    """One brief of a place: headline and summary (in `entry`), key numbers, page, PDF where made."""

    topic: Topic
    entry: Entry
    numbers: str
    file: str
    pdf: str


def portrait(topic: Topic, entry: Entry) -> Portrait:
    """A brief as its city's page shows it."""
    numbers = Markup(block_html(entry.numbers)) if entry.numbers else ""
    pdf = f"{topic.name}.pdf" if entry.has_pdf else ""
    return Portrait(topic, entry, numbers, f"{topic.name}.html", pdf)


@dataclass(frozen=True)
class PeerGroup:
    """Peers that one or more topics name: links where the book has a place there."""

    topics: str
    nouns: str
    members: Sequence[Link]


def peer_groups(
    atlas: Atlas, topics: Mapping[str, Topic], entries: Sequence[Entry]
) -> list[PeerGroup]:
    """The peers that briefs of a place name; topics with the same ones stand together."""
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for entry in entries:
        rule = topics[entry.topic].peers
        if rule and entry.overview.peers:
            key = rule.of, tuple(sorted(entry.overview.peers, key=lambda peer: peer[1]))
            groups.setdefault(key, []).append(topics[entry.topic].label)
    return [
        PeerGroup(
            topics=" and ".join(labels),
            nouns=NOUNS.get(kind, ("place", "places"))[1],
            members=[_link(atlas, kind, code, name) for code, name in members],
        )
        for (kind, members), labels in groups.items()
    ]


def _link(atlas: Atlas, kind: str, code: str, name: str) -> Link:
    place = atlas.largest.get((kind, code))
    return Link(name, f"{place.path}/index.html" if place else "")


@dataclass(frozen=True)
class Near:
    """A neighbour: its page and how far it is."""

    link: Link
    miles: int


def neighbour_links(atlas: Atlas, path: str) -> list[Near]:
    """The nearest other places of the book, nearest first."""
    return [
        Near(
            Link(atlas.places[near.key].full_name, f"{near.key}/index.html"),
            max(round(near.miles), 1),
        )
        for near in atlas.neighbours.get(path, ())
    ]
