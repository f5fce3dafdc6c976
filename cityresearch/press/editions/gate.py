"""The gate: why an edition may not be published, brief by brief."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.topic import load_topic
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.places import Place
from cityresearch.press import proof
from cityresearch.press.editions.approvals import Approval, read_approvals, verdict
from cityresearch.press.editions.manifest import Manifest
from cityresearch.press.paper.pdf import fresh_pdfs
from cityresearch.press.running.job import Job
from cityresearch.press.running.plan import Plan
from cityresearch.project import Project

Wanted = tuple[str, Place]


def choose(project: Project, plan: Plan, without: Sequence[str]) -> tuple[list[Job], list[str]]:
    """The briefs of a plan without drafts and those left out by name; and the names of the latter.

    Args:
        without: names as in "water madison-wi".

    Raises:
        ResearchError: a name is no brief of the collection.
    """
    jobs = {job.name: job for job in plan.all if not load_topic(project, job.topic).draft}
    for name in without:
        if name not in jobs:
            hint = did_you_mean(name, jobs) or "Name topic and place, as in 'water madison-wi'."
            what = f"there is no brief '{name}' to leave out."
            raise ResearchError(what, where="--without", instead=hint)
    left = sorted(set(without))
    return [job for name, job in jobs.items() if name not in left], left


def faults_of_runs(plan: Plan, jobs: Sequence[Job]) -> list[str]:
    """Why briefs are not ready: failed, stale, never run or stopped; a line each."""
    to_run = {job.name for job in plan.jobs}
    return [f"{job.name}: {_state(plan, job)}" for job in jobs if job.name in to_run]


def _state(plan: Plan, job: Job) -> str:
    past = plan.past.rows.get((job.topic, job.place.geoid))
    if past is None:
        return "never run"
    if past.state == "failed":
        return f"failed: {past.reason}"
    return (
        "was stopped before it was finished" if past.state == "running" else f"stale: {job.reason}"
    )


def faults_of_approval(
    project: Project, jobs: Sequence[Job], seen: Callable[[Job], str]
) -> tuple[list[str], dict[Wanted, Approval]]:
    """Why briefs lack the approval that their topics ask for, a line each; and the approvals that hold."""
    faults, held = [], {}
    approvals = {topic: read_approvals(project, topic) for topic in {job.topic for job in jobs}}
    for job in jobs:
        found = approvals[job.topic].get(job.place.slug)
        why = verdict(found, seen(job))
        if found and not why:
            held[job.topic, job.place] = found
        elif why and load_topic(project, job.topic).approval == "required":
            faults.append(f"{job.name}: {why}")
    return faults, held


def faults_of_proof(
    project: Project, collection: Collection, briefs: Sequence[Wanted]
) -> list[str]:
    """Why no good proof speaks for briefs, a line each."""
    return [f"{name}: {why}" for name, why in proof.unproofed(project, collection, briefs)]


def faults_of_files(
    project: Project, collection: Collection, briefs: Sequence[Wanted]
) -> list[str]:
    """Which briefs lack the PDF that the edition would hold, a line each."""
    fresh = fresh_pdfs(project, collection, briefs)
    return [
        f"{topic} {place.slug}: its PDF is missing or of an earlier state: run `cityresearch pdf`"
        for topic, place in briefs
        if (topic, place) not in fresh
    ]


def check_date(collection: Collection, editions: Sequence[Manifest]) -> None:
    """Refuses an edition that is not younger than the last.

    Raises:
        ResearchError: the date of the collection is not after that of the last edition.
    """
    if editions and collection.date <= editions[-1].date:
        raise ResearchError(
            f"the collection's date, {collection.date}, is not after that of the edition "
            f"{editions[-1].name} ({editions[-1].date}).",
            where="the collection's file, date",
            instead="Set 'edition' and 'date' to those of the new one, and build.",
        )


def check_embargo(embargo: str, today: datetime.date) -> None:
    """Refuses what is no date, or one that has passed.

    Raises:
        ResearchError: saying what to write.
    """
    try:
        day = datetime.date.fromisoformat(embargo)
    except ValueError:
        what = f"'{embargo}' is no date."
        raise ResearchError(
            what, where="--embargo", instead="As in --embargo 2026-12-01."
        ) from None
    if day <= today:
        raise ResearchError(
            f"the embargo of {embargo} would be over before it began.",
            where="--embargo",
            instead="Name a day to come, or leave it out.",
        )
