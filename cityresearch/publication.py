"""Publication: the gate, the comparison with the edition before, the freezing, and then the showing."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.press import proof
from cityresearch.press.editions import gate
from cityresearch.press.editions.difference import difference, last_edition, public_before
from cityresearch.press.editions.edition import Seen, WorkingEdition
from cityresearch.press.editions.freeze import check_free, freeze
from cityresearch.press.editions.manifest import (
    Manifest,
    check_name,
    list_manifests,
    manifest_file,
    read_manifest,
    shelf_of,
)
from cityresearch.press.editions.release import PART, put_frozen, released, show_past
from cityresearch.press.inserts import to_look_at
from cityresearch.press.running.plan import make_plan
from cityresearch.press.running.status import count
from cityresearch.press.web.book import make_book
from cityresearch.press.web.shown import show
from cityresearch.project import Project
from cityresearch.work import print_pdfs, say


@dataclass(frozen=True)
class Asked:
    """What was asked for: the edition's name, briefs to leave out, the day from which readers see it
    (or ""), the collection's file where it is not the project's own, processes at once."""

    name: str
    without: tuple[str, ...] = ()
    embargo: str = ""
    file: Path | None = None
    jobs: int | None = None


def is_kept(project: Project, name: str) -> bool:
    """Whether there is an edition of this name.

    Raises:
        ResearchError: it can't be the name of one.
    """
    check_name(name)
    return manifest_file(project, name).is_file()


def publish(
    project: Project, collection: Collection, asked: Asked, today: datetime.date
) -> list[str]:
    """Freezes an edition and shows it, unless it is under embargo; or the reasons why it can't be, one
    for each brief, and then nothing is frozen and readers keep what they have.

    Raises:
        ResearchError: a name that can't be used or is taken, a wrong date or embargo, an unknown brief
            to leave out, or a shelf without the editions before.
    """
    check_free(project, asked.name)
    if asked.embargo:
        gate.check_embargo(asked.embargo, today)
    gate.check_date(collection, list_manifests(project))
    if public_before(project, collection, today) and not shelf_of(project, collection).names():
        raise ResearchError(
            "the editions before are not on this machine, so nothing can be compared with them.",
            where=f"the shelf {collection.shelf}/",
            instead="Copy the shelf from the machine that published last.",
        )
    plan = make_plan(project, collection)
    jobs, without = gate.choose(project, plan, asked.without)
    faults = gate.faults_of_runs(plan, jobs)
    if not jobs:
        return ["the collection has no brief to publish"]
    if faults:
        return faults
    wanted = [(job.topic, job.place) for job in jobs]
    seen = Seen(project, collection.date)
    faults, approvals = gate.faults_of_approval(
        project, jobs, lambda job: seen.of(job.topic, job.place)
    )
    faults += print_pdfs(project, collection, wanted, asked.jobs)
    faults += gate.faults_of_files(project, collection, wanted) if not faults else []
    faults += gate.faults_of_proof(project, collection, wanted)
    if faults:
        return faults
    for insert in to_look_at(project, plan):
        say(f"To look at: {insert}")
    working = WorkingEdition(project, collection, wanted, asked.file)
    old = last_edition(project, collection, today)
    if old:
        say(f"Comparing with the edition {old.name}.")
        changes = difference(project, old, working, remake=True).changes
        say(f"{count(len({each.stem for each in changes}), 'brief')} new, changed or gone.")
    say(f"Book of {count(len(wanted), 'brief')}.")
    book = make_book(project, collection, wanted, asked.jobs, name=PART)
    faults = list(book.failed) or proof.faults_of_pages(project, collection, wanted, PART)
    if faults:
        return faults
    manifest = freeze(
        project,
        collection,
        asked.name,
        working,
        book.folder,
        approvals=approvals,
        without=without,
        embargo=asked.embargo,
    )
    _tell(project, manifest)
    if asked.embargo:
        shutil.rmtree(book.folder)
        say(f"Under embargo: readers see it from {asked.embargo} on, when you publish it again.")
        return []
    show(project, PART)
    put_frozen(project, asked.name, project.build / "html")
    _show_others(project, collection, today)
    return []


def release(project: Project, collection: Collection, name: str, today: datetime.date) -> None:
    """Shows an edition that is kept and not shown: its embargo is over, or its publication was killed.

    Raises:
        ResearchError: the embargo is not over, or the edition was shown before.
    """
    if released(project, collection, read_manifest(project, name), today):
        say(f"The edition {name} is the book that readers have.")
    else:
        say(f"Readers have the book of a newer edition; {name} takes its place beside it.")
    _show_others(project, collection, today)


def _show_others(project: Project, collection: Collection, today: datetime.date) -> None:
    for each in show_past(project, collection, today):
        say(f"Put the edition {each} at editions/{each}/")
    say(f"Open {project.build / 'html' / 'index.html'}")


def _tell(project: Project, manifest: Manifest) -> None:
    megabytes = [size / 1e6 for size in (manifest.files.bytes, manifest.files.box)]
    say(
        f"Frozen: {count(len(manifest.briefs), 'brief')}, {manifest.files.count:,} files of "
        f"{megabytes[0]:,.0f} MB; the shelf grew by {megabytes[1]:,.1f} MB."
    )
    if manifest.clean is not True:
        state = "has changes that are in no commit" if manifest.commit else "is not in git"
        say(f"Note: the project {state}; the edition keeps the sources as they are.")
    path = project.relative(manifest_file(project, manifest.name))
    say(f"Commit {path} to git.")
