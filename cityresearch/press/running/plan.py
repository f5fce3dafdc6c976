"""The plan: which briefs to run and why, which are up to date, which places a topic cannot serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.prepare import check_vintages, folder_of, prepare
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.topic import load_topic
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press.running.job import Job
from cityresearch.press.running.keys import make_recipe, recipe_hash
from cityresearch.press.running.ledger import Key, Past, read_past
from cityresearch.press.running.parameters import check_parameters
from cityresearch.press.running.reasons import file_hashes, judge
from cityresearch.press.running.wanted import briefs_of
from cityresearch.project import Project


@dataclass(frozen=True)
class LeftOut:
    """A place that a topic cannot serve, and why, as in "there is no figure “Transit trips per
    resident” for its urban area"."""

    topic: str
    place: Place
    reason: str


@dataclass(frozen=True)
class Plan:
    """All briefs of a collection, in its order: those to run (each with its reason), those up to date
    and those left out.

    `past` is the ledger as it was read; `recipes` and `confirmed` are what a run adds to it: the
    recipes of now, and what was read by briefs whose tables changed in rows that they did not read.
    """

    jobs: list[Job]
    current: list[Job]
    left_out: list[LeftOut]
    past: Past = field(default_factory=Past)
    recipes: dict[str, dict[str, Any]] = field(default_factory=dict)
    confirmed: dict[Key, dict[str, Any]] = field(default_factory=dict)

    @property
    def all(self) -> list[Job]:
        return sorted(self.jobs + self.current, key=lambda job: (job.place.path, job.topic))

    def with_all(self) -> Plan:
        """The plan that runs those up to date as well."""
        jobs = [replace(job, reason=job.reason or "asked for by --all") for job in self.all]
        return replace(self, jobs=jobs, current=[])


@dataclass(frozen=True)
class _Ready:
    """What the briefs of one topic share."""

    geography: str
    parameters: Mapping[str, Any]
    parts: dict[str, Any]
    recipe: str
    prepared: Prepared
    lacking: Mapping[str, tuple[str, str]]


def make_plan(
    project: Project,
    collection: Collection,
    *,
    topics: list[str] | None = None,
    cities: list[str] | None = None,
    parameters: Mapping[str, str] | None = None,
    foresee: Callable[[], None] | None = None,
) -> Plan:
    """Checks every topic's notebook and parameters, then sorts the collection's briefs.

    `foresee` is called when a topic is found that must be prepared anew, so that a run which is likely
    to follow can get ready meanwhile.

    Raises:
        ResearchError: before anything runs, for a missing `parameters` tag, an undeclared parameter,
            a wrong type, an unknown topic or an unknown city.
    """
    wanted = wanted_briefs(project, collection, topics, cities)
    names = list(dict.fromkeys(name for name, _ in wanted))
    given = {
        name: check_parameters(project, load_topic(project, name), parameters or {})
        for name in names
    }
    # Before anything of a run is loaded: a helper saved meanwhile must not pass for the one that ran.
    recipes = {name: make_recipe(project, collection, name) for name in names}
    if foresee and not all(_is_prepared(project, name) for name in names):
        foresee()
    ready = {name: _ready(project, name, recipes[name], given[name]) for name in names}
    past = read_past(project)
    plan = Plan([], [], [], past, {each.recipe: each.parts for each in ready.values()})
    hashes = file_hashes(project)
    for name, place in wanted:
        of = ready[name]
        if missing := of.lacking.get(place.geoid):
            reason = load_topic(project, name).lack(missing[1])
            plan.left_out.append(LeftOut(name, place, reason))
            continue
        values = {of.geography: place.slug, **of.parameters}
        job = Job(name, place, values, of.recipe, of.prepared.folder)
        verdict = judge(project, past, of.parts, job, of.prepared, hashes)
        if verdict.reasons:
            plan.jobs.append(replace(job, reason=_told(verdict.reasons)))
            continue
        plan.current.append(job)
        if verdict.confirmed:
            plan.confirmed[name, place.geoid] = verdict.confirmed
    return plan


def wanted_briefs(
    project: Project, collection: Collection, topics: list[str] | None, cities: list[str] | None
) -> list[tuple[str, Place]]:
    """The briefs of a collection, of these topics alone, or of places that are named.

    Raises:
        ResearchError: an unknown topic or place.
    """
    for name in topics or []:
        load_topic(project, name)  # refuses an unknown one
    if cities:
        chosen = _named(project, cities, topics or collection.topics)
        return sorted(dict.fromkeys(chosen), key=lambda brief: (brief[1].path, brief[0]))
    return [pair for pair in briefs_of(project, collection) if not topics or pair[0] in topics]


def _named(project: Project, cities: list[str], topics: list[str]) -> Iterator[tuple[str, Place]]:
    """The briefs of the places named, whether or not the collection's condition reaches them."""
    for name in topics:
        for city in cities:
            yield name, places.find(project, load_topic(project, name).geography, city)


def _is_prepared(project: Project, name: str) -> bool:
    topic = load_topic(project, name)
    check_vintages(project, topic)
    return folder_of(project, topic).is_dir()


def _ready(
    project: Project, name: str, parts: dict[str, Any], parameters: Mapping[str, Any]
) -> _Ready:
    geography = load_topic(project, name).geography
    prepared = prepare(project, name)
    return _Ready(geography, parameters, parts, recipe_hash(parts), prepared, prepared.lacking)


def _told(reasons: list[str]) -> str:
    """The first reason, and how many more there are."""
    more = len(reasons) - 1
    return reasons[0] + (f" (and {more} more)" if more else "")
