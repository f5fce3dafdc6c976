"""Pages that lead to briefs: places and what contains them, topics, the home page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.html import block_html
from cityresearch.briefs.topic import Topic
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.evidence.sources import load_source
from cityresearch.press import notebooks
from cityresearch.press.manuscripts import Entry
from cityresearch.press.parts import fill
from cityresearch.press.surroundings import (
    Link,
    counted,
    label,
    parent_name,
    parent_path,
    plain,
    surround,
    trail_to,
)
from cityresearch.project import Project


@dataclass(frozen=True)
class Folder:
    """What one folder of the book holds: a place's own briefs, and the places inside it.

    A state without briefs of its own has a folder too, because its cities lie in it.
    """

    path: str
    name: str
    place: Place | None
    entries: Sequence[Entry]
    inside: Sequence[Folder]

    @property
    def count(self) -> int:
        """Briefs in this folder and below it."""
        return len(self.entries) + sum(folder.count for folder in self.inside)

    @property
    def contents(self) -> str:
        """The places directly inside, counted: "2 cities"."""
        return counted(len(self.inside), (f.place.geography for f in self.inside if f.place))


def folders(entries: Iterable[Entry]) -> list[Folder]:
    """The folders at the root of the book, by name, each with the folders in it."""
    own: dict[str, list[Entry]] = defaultdict(list)
    children: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in entries:
        place = entry.place
        own[place.path].append(entry)
        above = parent_path(place.path)
        children[above][place.path] = label(place)
        if above:
            children[""].setdefault(above, parent_name(place))
    return _folders_in("", own, children)


def _folders_in(
    path: str, own: Mapping[str, list[Entry]], children: Mapping[str, Mapping[str, str]]
) -> list[Folder]:
    named = sorted(children.get(path, {}).items(), key=lambda child: (child[1], child[0]))
    return [
        Folder(
            path=child,
            name=name,
            place=own[child][0].place if child in own else None,
            entries=own.get(child, []),
            inside=_folders_in(child, own, children),
        )
        for child, name in named
    ]


def folder_page(
    project: Project, collection: Collection, topics: Mapping[str, Topic], folder: Folder
) -> str:
    """The index page of a place: the portrait of a city, the list of a state's cities, or both."""
    place = folder.place
    name = place.full_name if place else folder.name
    trail = (
        trail_to(collection, place)
        if place
        else [Link(collection.title, "index.html"), Link(folder.name)]
    )
    portraits = [_portrait(topics[entry.topic], entry) for entry in folder.entries]
    people = _people(project, place) if place and place.population else None
    body = fill(
        "folder",
        folder=folder,
        people=people,
        portraits=portraits,
        topics=topics,
        absent=_absent(collection, topics, folder),
    )
    metadata = surround(
        collection,
        f"{folder.path}/index.html",
        kind="place",
        title=name,
        description=_description(name, folder),
        trail=trail,
    )
    return notebooks.page([_heading(name), notebooks.ready(body)], metadata)


def _absent(collection: Collection, topics: Mapping[str, Topic], folder: Folder) -> list[str]:
    """Topics of the collection that this edition has no brief on for a place, by their labels."""
    held = {entry.topic for entry in folder.entries}
    kind = folder.place.geography if folder.place else ""
    return [
        topics[name].label.lower()
        for name in collection.topics
        if name in topics and name not in held and topics[name].geography == kind
    ]


def _people(project: Project, place: Place) -> dict[str, str]:
    """How many live in a place, in the words of the table that says so, and that table's source."""
    source, _, table = places.geographies(project)[place.geography].partition(".")
    column = load_source(project, source).tables[table].columns["population"]
    return {"text": f"{place.population:,} {column.meaning}", "source": source}


def _portrait(topic: Topic, entry: Entry) -> dict[str, Any]:
    numbers = Markup(block_html(entry.numbers)) if entry.numbers else ""
    return {"topic": topic, "entry": entry, "numbers": numbers, "file": f"{topic.name}.html"}


def _description(name: str, folder: Folder) -> str:
    if folder.entries:
        return f"{name}: " + " ".join(f"{plain(entry.headline)}." for entry in folder.entries)
    return f"Policy briefs on {folder.contents} in {name}."


def topic_page(collection: Collection, topic: Topic, entries: Sequence[Entry]) -> str:
    """The overview of a topic: the headline of each of its briefs, by state."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[parent_name(entry.place)].append(entry)
    shown = [
        (name, [(label(entry.place), entry) for entry in groups[name]]) for name in sorted(groups)
    ]
    body = fill("topic", topic=topic, groups=shown, count=len(entries))
    metadata = surround(
        collection,
        f"topics/{topic.name}.html",
        kind="topic",
        title=topic.label,
        description=topic.summary,
        trail=[Link(collection.title, "index.html"), Link(topic.label)],
    )
    return notebooks.page([_heading(topic.label), notebooks.ready(body)], metadata)


def _heading(name: str) -> notebooks.Cell:
    return notebooks.text("# " + escaped(name))


def escaped(text: str) -> str:
    """Text in which no sign is Markdown's."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|$!~&" else sign for sign in text)
