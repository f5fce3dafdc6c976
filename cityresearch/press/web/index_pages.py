"""Pages that lead to briefs: places and what contains them, topics, the home page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.topic import Topic
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.evidence.sources import load_source
from cityresearch.press.manuscripts import Entry
from cityresearch.press.paper.volume import Volume
from cityresearch.press.parts import fill
from cityresearch.press.surroundings import (
    Link,
    counted,
    escaped,
    label,
    parent_name,
    parent_path,
    plain,
    surround,
    trail_to,
)
from cityresearch.press.web import notebooks, small_charts
from cityresearch.press.web.atlas import Atlas
from cityresearch.press.web.place_tables import PlaceTable, heading_of, state_table
from cityresearch.press.web.portraits import neighbour_links, peer_groups, portrait
from cityresearch.project import Project

DRAWN = 12  # places in a chart of a state


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
    project: Project,
    collection: Collection,
    topics: Mapping[str, Topic],
    atlas: Atlas,
    folder: Folder,
    volumes: Sequence[Volume] = (),
) -> str:
    """The index page of a place: the portrait of a city, the table of a state's cities, or both.

    Args:
        volumes: the PDF volumes of its briefs, which stand beside the page.
    """
    place = folder.place
    name = place.full_name if place else folder.name
    trail = (
        trail_to(collection, place)
        if place
        else [Link(collection.title, "index.html"), Link(folder.name)]
    )
    portraits = [portrait(topics[entry.topic], entry) for entry in folder.entries]
    people = _people(project, place) if place and place.population else None
    body = fill(
        "folder",
        folder=folder,
        volumes=volumes,
        people=people,
        root="../" * (folder.path.count("/") + 1),
        portraits=portraits,
        peers=peer_groups(atlas, topics, folder.entries),
        near=neighbour_links(atlas, folder.path),
        table=_table(atlas, topics, name, folder),
        charts=_charts(atlas, topics, folder),
        absent=_absent(collection, topics, folder),
    )
    metadata = surround(
        collection,
        f"{folder.path}/index.html",
        kind="place",
        title=name,
        description=_description(name, folder),
        trail=trail,
        scripts=["tables.js"] if folder.inside else [],
    )
    return notebooks.page([_heading(name), notebooks.ready(body)], metadata)


def folder_shows(
    atlas: Atlas, topics: Mapping[str, Topic], folder: Folder, said: Mapping[str, str]
) -> tuple[object, ...]:
    """All that the index page of a place is made of, but for its volumes, the spreads over the nation where
    other places lie in it, and what shapes every page.

    Args:
        said: a hash of what each brief says, by its address.
    """
    around = peer_groups(atlas, topics, folder.entries), neighbour_links(atlas, folder.path)
    return _says(folder, said), around, list(topics)


def _says(folder: Folder, said: Mapping[str, str]) -> tuple[object, ...]:
    inside = [_says(inner, said) for inner in folder.inside]
    return folder.path, folder.name, [said[entry.href] for entry in folder.entries], inside


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


def _table(
    atlas: Atlas, topics: Mapping[str, Topic], name: str, folder: Folder
) -> PlaceTable | None:
    inside = [inner.entries for inner in folder.inside if inner.entries]
    return state_table(atlas, topics, name, inside) if inside else None


@dataclass(frozen=True)
class Multiple:
    """One of the small multiples of a state: a topic's key figure in its largest places."""

    topic: Topic
    heading: str
    drawing: str
    middle: str


def _charts(atlas: Atlas, topics: Mapping[str, Topic], folder: Folder) -> list[Multiple]:
    """The key figure of each topic in the largest places, where there are at least two."""
    made = []
    for topic in topics.values():
        key = atlas.key_spread(topic.name)
        inside = [entry for inner in folder.inside for entry in inner.entries]
        of_topic = [entry for entry in inside if entry.topic == topic.name]
        of_topic.sort(key=lambda entry: (-(entry.place.population or 0), entry.place.path))
        shown = [
            (label(entry.place), figure)
            for entry in of_topic[:DRAWN]
            if (figure := entry.overview.figures.get(next(iter(topic.overview), "")))
        ]
        if key and len({figure.area for _, figure in shown}) > 1:
            said = "; ".join(f"{name}: {figure.text}" for name, figure in shown)
            drawing = small_charts.rows(key, shown, f"{key.heading}. {said}.")
            middle = f"{key.tell(key.quarters[1])}, the middle of {key.counted}"
            made.append(Multiple(topic, heading_of(topic, key.heading), drawing, middle))
    return made


def _description(name: str, folder: Folder) -> str:
    if folder.entries:
        return f"{name}: " + " ".join(f"{plain(entry.headline)}." for entry in folder.entries)
    return f"Policy briefs on {folder.contents} in {name}."


def _heading(name: str) -> notebooks.Cell:
    return notebooks.text("# " + escaped(name))
