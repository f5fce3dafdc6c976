"""A collection: which topics for which places, in which edition (`book/collection.yml`)."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated

from pydantic import Field

from cityresearch.briefs.topic import Topic, list_topics, load_topic
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence import places as places_
from cityresearch.evidence.declarations import Day, Declaration, read_declaration, written
from cityresearch.evidence.places import Place
from cityresearch.project import Project

NO_ADDRESS = "no address of a book. Write one that begins with https:// and ends without a slash"
EDITION_VARIABLE = "CITYRESEARCH_EDITION"  # the date of the collection that is run, for its briefs


class Collection(Declaration):
    """What Jupyter Book compiles. `places` narrows each geography with a condition on its columns;
    `shelf` is the folder that keeps what editions hold, from the root of the project."""

    title: str
    subtitle: str
    publisher: str
    edition: Annotated[str, written(r"\d{4}-\d{2}", "no month. Write it as in 2026-11")]
    date: Day
    address: Annotated[str, written(r"(https?://.*[^/])?", NO_ADDRESS)] = ""
    topics: list[str]
    places: dict[str, str]
    new: list[str] = []
    shelf: str = "editions/store"
    # Where it is declared, for messages: it shapes nothing that is printed.
    file: Annotated[str, Field(exclude=True)] = "book/collection.yml"


@functools.lru_cache(maxsize=16)
def load_collection(project: Project, file: Path | None = None) -> Collection:
    """The collection declared in `file` (default: `book/collection.yml`).

    Raises:
        ResearchError: missing file, unknown or missing key, bad date.
    """
    path = file or project.book / "collection.yml"
    return read_declaration(Collection, path, project, file=project.relative(path.resolve()))


def briefs(project: Project, collection: Collection) -> list[tuple[str, Place]]:
    """Every brief asked for, as (topic, place), in the order of the book: state, place, topic.

    A topic's own `places` condition and the collection's are both applied.

    Raises:
        ResearchError: an unknown topic or geography, or a condition that can't be read or that no
            place meets.
    """
    chosen = {
        kind: places_.where(project, kind, condition, f"{collection.file}, places.{kind}")
        for kind, condition in collection.places.items()
    }
    wanted: list[tuple[str, Place]] = []
    for name in collection.topics:
        topic = listed_topic(project, collection, name)
        own = set(chosen.get(topic.geography, []))
        if topic.places:
            said = f"notebooks/{name}/topic.yml, places"
            own &= set(places_.where(project, topic.geography, topic.places, said))
        wanted += [(name, place) for place in own]
    order = {name: rank for rank, name in enumerate(collection.topics)}
    return sorted(wanted, key=lambda brief: (brief[1].path, order[brief[0]]))


def listed_topic(project: Project, collection: Collection, name: str) -> Topic:
    """A topic that the collection lists.

    Raises:
        ResearchError: there is none of this name, which is the collection's mistake.
    """
    known = list_topics(project)
    if name not in known:
        raise ResearchError(
            f"there is no topic '{name}'.",
            where=f"{collection.file}, topics",
            instead=did_you_mean(name, known) or f"Topics are: {', '.join(known) or 'none yet'}.",
        )
    return load_topic(project, name)
