"""A collection: which topics for which places, in which edition (`book/collection.yml`)."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from cityresearch.briefs.topic import load_topic
from cityresearch.evidence import places as places_
from cityresearch.evidence.declarations import Declaration, read_declaration
from cityresearch.evidence.places import Place
from cityresearch.project import Project


class Collection(Declaration):
    """What Jupyter Book compiles. `places` narrows each geography with a condition on its columns;
    `shelf` is the folder that keeps what editions hold, from the root of the project."""

    title: str
    subtitle: str
    publisher: str
    edition: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    date: str
    address: Annotated[str, Field(pattern=r"^(https?://.*[^/])?$")] = ""
    topics: list[str]
    places: dict[str, str]
    new: list[str] = []
    shelf: str = "editions/store"

    @field_validator("date")
    @classmethod
    def _is_a_date(cls, text: str) -> str:
        datetime.date.fromisoformat(text)
        return text


@functools.lru_cache(maxsize=16)
def load_collection(project: Project, file: Path | None = None) -> Collection:
    """The collection declared in `file` (default: `book/collection.yml`).

    Raises:
        ResearchError: missing file, unknown or missing key, bad date.
    """
    return read_declaration(Collection, file or project.book / "collection.yml", project)


def briefs(project: Project, collection: Collection) -> list[tuple[str, Place]]:
    """Every brief asked for, as (topic, place), in the order of the book: state, place, topic.

    A topic's own `places` condition and the collection's are both applied.
    """
    wanted: list[tuple[str, Place]] = []
    for name in collection.topics:
        topic = load_topic(project, name)
        both = " and ".join(
            part for part in (collection.places.get(topic.geography), topic.places) if part
        )
        if topic.geography in collection.places:
            wanted += [(name, place) for place in places_.where(project, topic.geography, both)]
    order = {name: rank for rank, name in enumerate(collection.topics)}
    return sorted(wanted, key=lambda brief: (brief[1].path, order[brief[0]]))
