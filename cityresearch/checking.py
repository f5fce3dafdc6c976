"""The commands that look at what can be said, at what was built and at the data, for what lacks or is wrong;
`cli` puts them beside the others."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from cityresearch.binding import chosen
from cityresearch.commands import app
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.options import (
    BuildOption,
    CityOption,
    CollectionOption,
    JobsOption,
    JsonOption,
    ProjectOption,
    TopicOption,
)
from cityresearch.press.running import lock
from cityresearch.press.running.plan import make_plan, wanted_briefs
from cityresearch.press.running.status import count
from cityresearch.project import find_project
from cityresearch.work import leave, opened, proof_read, say, show_rows, warn

SHOWN = 10  # candidates of a table that are listed at once


@app.command()
def coverage(
    topic: TopicOption = None,
    city: CityOption = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which sections each place has data for, and why not: before anything is run."""
    from cityresearch.press import coverage as sections

    here, issue = opened(project, build_dir, collection)
    found = sections.coverages(here, wanted_briefs(here, issue, topic, city))
    if as_json:
        say(json.dumps([row for one in found for row in sections.rows(one)], ensure_ascii=False))
    else:
        for one in found:
            sections.show(one, every=bool(city))


@app.command()
def proof(
    topic: TopicOption = None,
    city: CityOption = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold every number, comparison and place of the pages and PDFs against the facts of their briefs."""
    here, issue = opened(project, build_dir, collection)
    for name in topic or []:
        if name not in issue.topics:
            raise ResearchError(
                f"the collection has no topic '{name}'.",
                where="--topic",
                instead=did_you_mean(name, issue.topics),
            )
    with lock.hold(here):
        plan = make_plan(here, issue)
        current = [(job.topic, job.place) for job in plan.current]
        found = chosen(here, issue, current, city)
        wanted = [brief for brief in found if not topic or brief[0] in topic]
        faults = proof_read(here, issue, wanted, jobs, quiet=as_json)
    if as_json:
        rows = [{"brief": name, "faults": own} for name, own in faults.items()]
        show_rows(rows, None, plan)
    else:
        left = f" {count(len(plan.jobs), 'brief')} never run, failed or stale." if plan.jobs else ""
        right = len(wanted) - len(faults)
        say(f"{count(right, 'brief')} of {len(wanted)} print no number but their facts’.{left}")
    leave([f"{name}: {fault}" for name, own in faults.items() for fault in own])


@app.command()
def screen(
    source: Annotated[
        list[str] | None, typer.Argument(help="Only these sources of data/ (default: all).")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=f"List more than {SHOWN} of each table.")
    ] = False,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    as_json: JsonOption = False,
) -> None:
    """List values of data/ that look like errors, for a person to look at; nothing is changed."""
    from cityresearch.evidence import screening
    from cityresearch.evidence.sources import source_names

    here = find_project(project, build_dir)
    names = source or source_names(here)
    found = [one for name in names for one in screening.listed(here, name)]
    if as_json:
        say(json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False))
    else:
        for line in screening.lines(found, None if everything else SHOWN):
            say(line)
        say(f"{count(len(found), 'value')} to look at; docs/how-to/correct-a-figure.md says how.")
    for name in names:
        for line in screening.outdated(here, name):
            warn(line)
