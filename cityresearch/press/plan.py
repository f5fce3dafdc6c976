"""The plan: which briefs to run, which are up to date, which places a topic cannot serve, and why."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from cityresearch.briefs.collection import Collection, briefs
from cityresearch.briefs.prepare import Prepared, code_hash, prepare
from cityresearch.briefs.topic import Parameter, Topic, load_topic, notebook_path
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.project import Project

LIBRARIES = ("altair", "ipython", "nbformat", "pandas", "vl-convert-python")
TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
}


@dataclass(frozen=True)
class Job:
    """One brief to run: its parameters, and a key that changes with anything that shapes it."""

    topic: str
    place: Place
    parameters: Mapping[str, Any]
    key: str
    prepared: Path

    @property
    def name(self) -> str:
        return f"{self.topic} {self.place.slug}"

    def output(self, project: Project, kind: str, ending: str) -> Path:
        """A file of this brief below `_build/<kind>/`, as in `_build/facts/wi/madison/water.json`."""
        return project.build / kind / self.place.path / f"{self.topic}.{ending}"


@dataclass(frozen=True)
class LeftOut:
    """A place that a topic cannot serve, with the section and the need that is missing."""

    topic: str
    place: Place
    section: str
    need: str


@dataclass(frozen=True)
class Plan:
    """All briefs of a collection, split into those to run, those up to date and those left out."""

    jobs: list[Job]
    current: list[Job]
    left_out: list[LeftOut]

    @property
    def all(self) -> list[Job]:
        return sorted(self.jobs + self.current, key=lambda job: (job.place.path, job.topic))


def make_plan(
    project: Project,
    collection: Collection,
    *,
    topics: list[str] | None = None,
    cities: list[str] | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Plan:
    """Checks every topic's notebook and parameters, then sorts the collection's briefs.

    Raises:
        ResearchError: before anything runs, for a missing `parameters` tag, an undeclared parameter,
            a wrong type, an unknown topic or an unknown city.
    """
    for name in topics or []:
        load_topic(project, name)
    wanted = [pair for pair in briefs(project, collection) if not topics or pair[0] in topics]
    if cities:
        wanted = _only(project, cities, topics or collection.topics)
    names = list(dict.fromkeys(name for name, _ in wanted))
    given = {
        name: check_parameters(project, load_topic(project, name), parameters or {})
        for name in names
    }
    keys = {name: topic_key(project, name, collection) for name in names}
    plan = Plan([], [], [])
    folders = {name: prepare(project, name) for name in names}
    for name, place in wanted:
        missing = lacking(folders[name], load_topic(project, name), place)
        if missing:
            plan.left_out.append(LeftOut(name, place, *missing))
            continue
        topic = load_topic(project, name)
        job = _job(topic, place, given[name], keys[name], folders[name].folder)
        (plan.current if is_current(project, job) else plan.jobs).append(job)
    return plan


def _only(project: Project, cities: list[str], topics: list[str]) -> list[tuple[str, Place]]:
    """The briefs of the places named, whether or not the collection's condition reaches them."""
    chosen = [
        (name, places.find(project, load_topic(project, name).geography, city))
        for name in topics
        for city in cities
    ]
    return sorted(dict.fromkeys(chosen), key=lambda brief: (brief[1].path, brief[0]))


def _job(topic: Topic, place: Place, given: Mapping[str, Any], key: str, folder: Path) -> Job:
    parameters = {topic.geography: place.slug, **given}
    digest = hashlib.sha256(json.dumps([key, parameters], sort_keys=True).encode()).hexdigest()
    return Job(topic.name, place, parameters, digest[:16], folder)


def topic_key(project: Project, name: str, collection: Collection) -> str:
    """A hash of what shapes all briefs of a topic: notebook, declaration, data, helpers, libraries."""
    digest = hashlib.sha256(prepare(project, name).folder.name.encode())
    digest.update(notebook_path(project, name).read_bytes())
    digest.update(code_hash().encode() + f"{collection.edition} {collection.date}".encode())
    digest.update(" ".join(importlib.metadata.version(library) for library in LIBRARIES).encode())
    return digest.hexdigest()


def is_current(project: Project, job: Job) -> bool:
    """Whether the brief's last run ended well under the same key and its outputs are still there."""
    note = read_note(project, job)
    outputs = (job.output(project, "notebooks", "ipynb"), job.output(project, "facts", "json"))
    return (
        note.get("key") == job.key
        and note.get("state") == "done"
        and all(path.is_file() for path in outputs)
    )


def read_note(project: Project, job: Job) -> dict[str, Any]:
    """What the last run noted of this brief: key, state, reason, seconds. Empty where it never ran."""
    path = job.output(project, "run", "json")
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@functools.lru_cache(maxsize=64)
def _served(prepared: Prepared, need: str) -> frozenset[str]:
    """The codes of places or areas that have the table's rows, or a value of the indicator."""
    frame = prepared.frame(need)
    key = next(key for key in ("geoid", "uace", "cbsa", "state") if key in frame.columns)
    return frozenset(f"{key} {code}" for code in frame[key].dropna().unique())


def lacking(prepared: Prepared, topic: Topic, place: Place) -> tuple[str, str] | None:
    """The first required section that cannot be written for a place, with what it lacks."""
    for name, section in topic.sections.items():
        for need in section.needs if not section.optional else []:
            if not _has(prepared, topic, place, need):
                return name, need
    return None


def _has(prepared: Prepared, topic: Topic, place: Place, need: str) -> bool:
    if need not in topic.indicators:
        return any(f"{key} {code}" in _served(prepared, need) for key, code in place.ids.items())
    kind = topic.indicators[need].about
    code = place.ids.get(kind)
    values = prepared.indicators(kind)[need]
    return code is not None and code in values.index and bool(values.notna()[code])


def check_parameters(
    project: Project, topic: Topic, given: Mapping[str, str]
) -> dict[str, int | float | str | bool]:
    """The parameters of every brief of a topic: the declared defaults, changed as given.

    Raises:
        ResearchError: the notebook lacks the tag or a parameter, or a value does not fit.
    """
    where = f"notebooks/{topic.name}/brief.ipynb"
    declared = {topic.geography, *topic.parameters}
    found = notebook_parameters(project, topic.name)
    for name in sorted(found - declared):
        hint = (
            did_you_mean(name, declared)
            or f"Declare it under 'parameters' in notebooks/{topic.name}/topic.yml."
        )
        raise ResearchError(
            f"the parameters cell sets '{name}', which is not declared.", where=where, instead=hint
        )
    for name in sorted(declared - found):
        raise ResearchError(
            f"the cell tagged 'parameters' does not set '{name}'.",
            where=where,
            instead=f"Add a line: {name} = …",
        )
    for name in given:
        if name not in topic.parameters:
            hint = (
                did_you_mean(name, topic.parameters)
                or f"It has: {', '.join(topic.parameters) or 'none'}."
            )
            raise ResearchError(
                f"topic {topic.name} has no parameter '{name}'.", where="--parameter", instead=hint
            )
    return {
        name: _value(name, parameter, given.get(name, parameter.default))
        for name, parameter in topic.parameters.items()
    }


def notebook_parameters(project: Project, name: str) -> set[str]:
    """Names that the notebook's cell tagged `parameters` sets, as papermill reads them."""
    from papermill import inspect_notebook

    path = notebook_path(project, name)
    cells = nbformat.read(path, as_version=4).cells
    if not any("parameters" in cell.metadata.get("tags", []) for cell in cells):
        raise ResearchError(
            "no cell has the tag 'parameters', so every place would get the same brief.",
            where=project.relative(path),
            instead="Tag the cell that sets the city with 'parameters'.",
        )
    return set(inspect_notebook(str(path)))


def _value(
    name: str, declared: Parameter, given: int | float | str | bool
) -> int | float | str | bool:
    value: Any = given
    if isinstance(given, str) and declared.type in ("integer", "number", "boolean"):
        try:
            value = json.loads(given)
        except ValueError:
            value = given
    fits = isinstance(value, TYPES[declared.type]) and (
        isinstance(value, bool) == (declared.type == "boolean")
    )
    low = declared.minimum if declared.minimum is not None else float("-inf")
    high = declared.maximum if declared.maximum is not None else float("inf")
    if fits and declared.type in ("integer", "number"):
        fits = low <= value <= high
    if not fits or (declared.enum and value not in declared.enum):
        limits = f" from {low:g} to {high:g}" if declared.minimum is not None else ""
        raise ResearchError(
            f"parameter {name} = {given!r} does not fit.",
            where="--parameter",
            instead=f"Write a value of type {declared.type}{limits}: {declared.description}.",
        )
    return value  # type: ignore[no-any-return]
