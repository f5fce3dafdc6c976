"""What `pdf` does besides single briefs, told on the screen: volumes and briefing books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press.running.plan import make_plan
from cityresearch.press.running.progress import Tally
from cityresearch.press.running.status import count
from cityresearch.project import Project
from cityresearch.work import follow_all, say

Brief = tuple[str, Place]


def chosen(
    project: Project, collection: Collection, wanted: list[Brief], cities: Sequence[str] | None
) -> list[Brief]:
    """The briefs of the cities named, or all.

    Raises:
        ResearchError: a city without a finished brief.
    """
    if not cities:
        return wanted
    known = {name for _, place in wanted for name in (place.slug, place.geoid)}
    for city in cities:
        if city not in known:
            raise ResearchError(
                f"there is no finished brief for '{city}'.",
                where="--city",
                instead=_run_it(project, collection, city, known),
            )
    return [brief for brief in wanted if {brief[1].slug, brief[1].geoid} & set(cities)]


def _run_it(project: Project, collection: Collection, city: str, known: Iterable[str]) -> str:
    """How to get a brief of the place, or which place may be meant: one with briefs, else any."""
    nearest = ""
    for kind in collection.places:
        try:
            return f"Run it first: cityresearch run --city {places.find(project, kind, city).slug}"
        except ResearchError as error:
            nearest = nearest or error.instead
    return did_you_mean(city, known) or nearest


def bind_volumes(
    project: Project,
    collection: Collection,
    wanted: list[Brief],
    jobs: int | None,
    *,
    of_cities: bool,
) -> list[str]:
    """Makes the volumes of all states, or one of chosen cities; the failures."""
    from cityresearch.press.paper import volume

    volumes = volume.chosen_volumes(wanted) if of_cities else volume.state_volumes(wanted)
    made = volume.make_volumes(project, collection, volumes, jobs)
    failed = [reason for reason in follow_all(made, Tally(len(volumes), "volumes"), bool) if reason]
    if not of_cities:
        volume.forget_volumes(project, volumes)
    say(f"{count(len(volumes), 'volume')}: see {volume.volume_folder(project)}")
    return failed


def bind_briefing(project: Project, collection: Collection, file: Path) -> None:
    """Makes a briefing book of briefs that are up to date."""
    from cityresearch.press.paper.briefing_book import make_briefing_book

    stale = {(job.topic, job.place) for job in make_plan(project, collection).jobs}
    for target in make_briefing_book(project, collection, file.resolve(), stale):
        say(f"Wrote {target}")
