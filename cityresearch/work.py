"""What the commands do, told on the screen while it is done."""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import typer

from cityresearch.briefs.collection import Collection, load_collection
from cityresearch.briefs.prepare import forget_others
from cityresearch.briefs.prepared import Prepared
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press.running.job import Job, Outcome
from cityresearch.press.running.ledger import Ledger, ledger_file
from cityresearch.press.running.plan import LeftOut, Plan, make_plan
from cityresearch.press.running.progress import Tally, follow
from cityresearch.press.running.status import count
from cityresearch.press.running.tidy import forget_unused
from cityresearch.project import Project, find_project

NAMED = 10  # places left out that a run names one by one; of more it tells how many
Way = Callable[[list[Job], Callable[[Job], None]], Generator[Outcome, None, None]]
Item = TypeVar("Item")


def opened(
    project: Path | None, build_dir: Path | None, collection: Path | None
) -> tuple[Project, Collection]:
    """The project and the collection that the options of a command name."""
    here = find_project(project, build_dir)
    return here, load_collection(here, collection)


def say(line: str) -> None:
    """A line on the screen."""
    typer.echo(line)


def warn(line: str) -> None:
    """A line on the error stream."""
    typer.echo(line, err=True)


def show_rows(rows: list[dict[str, Any]], lines: list[str] | None, made: Plan) -> None:
    """Rows as JSON, or as lines where there are any; trouble with the ledger goes to the error stream."""
    if made.past.trouble:
        warn(made.past.trouble)
    if lines is None:
        lines = [json.dumps(rows, indent=1, ensure_ascii=False)]
    for line in lines:
        say(line)


def way_to_run(
    project: Project,
    collection: Collection,
    jobs: int | None,
    cluster: str | None = None,
    store: str | None = None,
) -> Way:
    """How a run executes its briefs: in processes of this machine, or on a cluster."""
    if store and not cluster:
        raise ResearchError("there is no cluster.", where="--store", instead="Add --cluster.")

    def way(wanted: list[Job], began: Callable[[Job], None]) -> Generator[Outcome, None, None]:
        if cluster:
            from cityresearch.press.running.cluster import run_on_cluster

            return run_on_cluster(project, collection, wanted, cluster, store, began)
        from cityresearch.press.running.pool import run_jobs

        return run_jobs(project, collection, wanted, jobs, began)

    return way


def run_plan(project: Project, plan: Plan, way: Way) -> list[str]:
    """Executes what a plan says to run; the failures, in the plan's order."""
    for line in _left_out(plan.left_out):
        say(line)
    say(f"{count(len(plan.jobs), 'brief')} to run, {len(plan.current)} up to date.")
    if not (plan.jobs or plan.confirmed):
        with contextlib.suppress(
            OSError
        ):  # so that a head start finds nothing newer (`head_start`)
            os.utime(ledger_file(project))
        return []
    outcomes = {outcome.job.name: outcome for outcome in _outcomes(project, plan, way)}
    failed = [name for name in (job.name for job in plan.jobs) if outcomes[name].state == "failed"]
    done = count(len(outcomes) - len(failed), "brief")
    say(f"{done} run. Notebooks and facts are in {project.build}")
    return [f"{name}: {outcomes[name].reason}" for name in failed]


def _left_out(left_out: list[LeftOut]) -> Iterator[str]:
    """A line for each place left out, or where there are many one for each topic and need."""
    if len(left_out) <= NAMED:
        for out in left_out:
            yield f"Left out: {out.topic} for {out.place.full_name} ({out.reason})"
        return
    for (topic, reason), number in Counter((out.topic, out.reason) for out in left_out).items():
        places = count(number, "place")
        yield f"Left out: {places} of {topic} ({reason}); `cityresearch plan --all` names them"


def _outcomes(project: Project, plan: Plan, way: Way) -> list[Outcome]:
    """Runs the briefs and keeps the ledger while they begin and end."""
    tally = Tally(len(plan.jobs), "briefs", cached=len(plan.current))
    with Ledger(project) as ledger:
        if ledger.trouble:
            warn(ledger.trouble)
        for folder in {job.prepared for job in plan.jobs}:
            forget_others(Prepared(folder))
        forget_unused(project)
        ledger.know(plan.recipes)
        ledger.confirm(plan.confirmed)

        def began(job: Job) -> None:
            ledger.began(job)
            tally.current = f"{job.place.full_name}: {job.topic}"

        def has_failed(outcome: Outcome) -> bool:
            ledger.ended(outcome)
            return outcome.state == "failed"

        try:
            return follow_all(way(plan.jobs, began), tally, has_failed)
        except KeyboardInterrupt:
            warn("Stopped. What was finished is kept: the same command goes on from there.")
            raise typer.Exit(130) from None


def follow_all(
    items: Generator[Item, None, None], tally: Tally, failed: Callable[[Item], bool]
) -> list[Item]:
    """Goes through the items while a line on the screen tells how far it is."""
    # Loaded here, because a run with nothing to do shows no progress.
    from rich.console import Console

    return follow(items, tally, Console(highlight=False, soft_wrap=True), failed)


def finished_briefs(project: Project, collection: Collection) -> list[tuple[str, Place]]:
    """The briefs that are up to date, as (topic, place); says how many are not."""
    plan = make_plan(project, collection)
    if plan.jobs:
        say(f"{count(len(plan.jobs), 'brief')} never run, failed or stale: left out, see status.")
    return [(job.topic, job.place) for job in plan.current]


def unlisted(collection: Collection, topics: list[str] | None) -> Iterator[str]:
    """A line for each topic asked for that the collection lacks: its briefs reach no book."""
    for name in topics or []:
        if name not in collection.topics:
            yield (
                f"{collection.file} does not list the topic '{name}', so the book will not have it. "
                f"Add '- {name}' under topics; without that, run it with --city."
            )


def print_pdfs(
    project: Project, collection: Collection, wanted: list[tuple[str, Place]], jobs: int | None
) -> list[str]:
    from cityresearch.press.paper.pdf import changed_pdfs, make_pdfs

    changed = changed_pdfs(project, collection, wanted)
    current = len(wanted) - len(changed)
    say(f"{count(len(changed), 'PDF')} to make, {current} up to date.")
    if not changed:
        return []
    made = make_pdfs(project, collection, changed, jobs)
    tally = Tally(len(changed), "PDFs", cached=current)
    return [reason for reason in follow_all(made, tally, bool) if reason]


def tell_what_book_lacks(project: Project, wanted: list[tuple[str, Place]]) -> None:
    """Says how many PDFs the pages don't offer yet, where there is a book."""
    from cityresearch.press.paper.pdf import missed_by_book

    if missed := missed_by_book(project, wanted):
        say(f"The book is without {count(missed, 'PDF')} of these: `cityresearch book` adds them.")


def proof_read(
    project: Project,
    collection: Collection,
    wanted: list[tuple[str, Place]],
    jobs: int | None,
    *,
    quiet: bool = False,
) -> dict[str, list[str]]:
    """The faults of briefs that print other numbers than their facts, by the briefs' names."""
    from cityresearch.press.proof import proof, told

    made = proof(project, collection, wanted, jobs)
    read = list(made) if quiet else follow_all(made, Tally(len(wanted), "proofs"), _has_faults)
    return {name: faults if quiet else told(faults) for name, faults in read if faults}


def proof_pages(
    project: Project, collection: Collection, wanted: list[tuple[str, Place]], jobs: int | None
) -> list[str]:
    """The faults of the briefs that have a page; why others have none was told already."""
    from cityresearch.press.proof import page_file

    paged = [brief for brief in wanted if page_file(project, brief).is_file()]
    found = proof_read(project, collection, paged, jobs)
    return [f"{name}: {fault}" for name, faults in found.items() for fault in faults]


def _has_faults(proofed: tuple[str, list[str]]) -> bool:
    return bool(proofed[1])


def compile_book(
    project: Project, collection: Collection, wanted: list[tuple[str, Place]], jobs: int | None
) -> list[str]:
    from cityresearch.press.web.book import make_book

    if not wanted:  # readers keep the book that they have
        return ["the book: no brief is finished, so it stays as it is. See `cityresearch status`"]
    say(f"Book of {count(len(wanted), 'brief')}.")
    made = make_book(project, collection, wanted, jobs)
    if made.stale_pdfs:
        number = count(made.stale_pdfs, "PDF")
        warn(f"{number} of an earlier state left out: run `cityresearch pdf`, then the book again.")
    done = f"{made.compiled} of them compiled anew" if made.made else "as before"
    say(f"{count(made.pages, 'page')}, {done}. Open {made.folder / 'index.html'}")
    return list(made.failed)


def leave(failed: list[str]) -> None:
    """Names every failure at the end and exits 1 where there is one."""
    if failed:
        lines = list(dict.fromkeys(failed))  # a chart that can't be drawn fails page and PDF alike
        warn(f"{len(lines)} failed:")
        for line in lines:
            warn(f"  {line}")
        raise typer.Exit(1)
