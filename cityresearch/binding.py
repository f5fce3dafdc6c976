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
from cityresearch.press.running.wanted import briefs_of
from cityresearch.project import Project
from cityresearch.work import follow_all, say

Brief = tuple[str, Place]


def chosen(
    project: Project, collection: Collection, wanted: list[Brief], cities: Sequence[str] | None
) -> list[Brief]:
    """The briefs of the cities named, or all.

    Raises:
        ResearchError: a city without a finished brief, or one that the collection does not hold.
    """
    if not cities:
        return wanted
    known = {name for _, place in wanted for name in (place.slug, place.geoid)}
    for city in cities:
        if city not in known:
            raise _no_brief(project, collection, city, known)
    return [brief for brief in wanted if {brief[1].slug, brief[1].geoid} & set(cities)]


def _no_brief(
    project: Project, collection: Collection, city: str, known: Iterable[str]
) -> ResearchError:
    """Why there is no brief of the place, and how to get one; or which place may be meant: one with
    briefs, else any."""
    what, nearest = f"there is no finished brief for '{city}'.", ""
    for kind in collection.places | places.geographies(project):
        try:
            place = places.find(project, kind, city)
        except ResearchError as error:
            nearest = nearest or error.instead
            continue
        if any(place == held for _, held in briefs_of(project, collection)):
            instead = f"Run it first: cityresearch run --city {place.slug}"
            return ResearchError(what, where="--city", instead=instead)
        what = f"'{city}' is not in this collection ({collection.file})."
        instead = (
            f"Widen the condition under 'places' there, or print this place alone: "
            f"cityresearch export TOPIC {place.slug}, or a briefing book of it (--briefing-book)."
        )
        return ResearchError(what, where="--city", instead=instead)
    return ResearchError(what, where="--city", instead=did_you_mean(city, known) or nearest)


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
    from cityresearch.press.paper.briefing import briefs_asked
    from cityresearch.press.paper.briefing_book import make_briefing_book

    file = file.resolve()
    stale = _stale(project, collection, briefs_asked(project, file))
    for target in make_briefing_book(project, collection, file, stale):
        say(f"Wrote {target}")


def _stale(project: Project, collection: Collection, asked: Iterable[Brief]) -> set[Brief]:
    """The briefs that are not up to date, or no longer served; planned by topic and place, as any may
    lie outside the collection and few of it are asked for."""
    slugs: dict[str, list[str]] = {}
    for topic, place in sorted(asked, key=lambda brief: (brief[0], brief[1].path)):
        slugs.setdefault(topic, []).append(place.slug)
    plans = [
        make_plan(project, collection, topics=[topic], cities=cities)
        for topic, cities in slugs.items()
    ]
    run_again = {(job.topic, job.place) for plan in plans for job in plan.jobs}
    return run_again | {(out.topic, out.place) for plan in plans for out in plan.left_out}
