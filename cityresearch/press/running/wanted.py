"""The briefs of a collection, kept from plan to plan: choosing among all places of the country takes
longer than the rest of a plan in which nothing changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from cityresearch.briefs.closure import modules_reached
from cityresearch.briefs.collection import Collection, briefs, listed_topic
from cityresearch.evidence import places, tables
from cityresearch.evidence.places import Place
from cityresearch.press.files import write_whole
from cityresearch.project import Project


def briefs_of(project: Project, collection: Collection) -> list[tuple[str, Place]]:
    """As `briefs`, from `_build/checked/` where neither conditions nor places changed since."""
    kept = project.build / "checked" / f"briefs-{_key(project, collection)}.json"
    if not kept.is_file():
        _keep(kept, briefs(project, collection))
    said = json.loads(kept.read_bytes())
    found = [Place(**fields) for fields in said["places"]]
    return [(topic, found[number]) for topic, number in said["briefs"]]


def _keep(path: Path, wanted: list[tuple[str, Place]]) -> None:
    """Writes each place once: most have a brief of every topic."""
    numbers = {place: at for at, place in enumerate(dict.fromkeys(place for _, place in wanted))}
    content = {
        "places": [{**vars(place), "ids": dict(place.ids)} for place in numbers],
        "briefs": [(topic, numbers[place]) for topic, place in wanted],
    }
    write_whole(path, json.dumps(content).encode())


def _key(project: Project, collection: Collection) -> str:
    """A hash of all that the choice hangs on: topics, conditions, lists of places and our code."""
    known = places.geographies(project)
    topics = [listed_topic(project, collection, name) for name in collection.topics]
    said = (
        [(topic.name, topic.geography, topic.places) for topic in topics],
        collection.places,
        {kind: tables.fingerprint(project, table) for kind, table in known.items()},
        modules_reached([places.__name__, briefs.__module__]),
    )
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
