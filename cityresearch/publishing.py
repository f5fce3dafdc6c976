"""The commands that publish: freeze an edition, compare two, approve briefs, list what is kept."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict
from typing import Annotated

import typer

from cityresearch.briefs.topic import list_topics, load_topic
from cityresearch.errors import ResearchError
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
from cityresearch.press.running.plan import make_plan
from cityresearch.press.running.status import count
from cityresearch.work import leave, opened, say

publishing_app = typer.Typer()


@publishing_app.command()
def publish(
    name: Annotated[str, typer.Argument(help="The edition's name, as in 2026-11.")],
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without", help="Leave out this brief, as 'water madison-wi'; may be repeated."
        ),
    ] = None,
    embargo: Annotated[
        str | None,
        typer.Option("--embargo", help="Freeze now, show from this day on (2026-12-01)."),
    ] = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Freeze an edition of the collection and show it to readers, or say why not."""
    from cityresearch import publication

    here, issue = opened(project, build_dir, collection)
    today = datetime.date.today()
    with lock.hold(here):
        if publication.is_kept(here, name) and not (without or embargo):
            publication.release(here, issue, name, today)
        else:
            asked = publication.Asked(name, tuple(without or ()), embargo or "", collection, jobs)
            leave(publication.publish(here, issue, asked, today))


@publishing_app.command()
def diff(
    old: Annotated[str, typer.Argument(help="An edition.")],
    new: Annotated[
        str | None, typer.Argument(help="A later one (default: the working build).")
    ] = None,
    topic: TopicOption = None,
    city: CityOption = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Tell reasons from records alone; compute nothing anew."),
    ] = False,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed from one edition to another, and why, by city and indicator."""
    from cityresearch.press.editions import edition, summary, tables
    from cityresearch.press.editions.difference import difference

    here, issue = opened(project, build_dir, collection)
    first = edition.kept_edition(here, issue, old)
    second: edition.Edition
    if new:
        second = edition.kept_edition(here, issue, new)
    else:
        current = make_plan(here, issue).current
        finished = [(job.topic, job.place) for job in current]
        second = edition.WorkingEdition(here, issue, finished, collection)
    found = difference(here, first, second, remake=not quick)
    asked = [
        each
        for each in found.changes
        if each.brief.topic in (topic or [each.brief.topic])
        and each.brief.slug in (city or [each.brief.slug])
    ]
    if as_json:
        say(json.dumps([summary.row(each) for each in asked], indent=1, ensure_ascii=False))
    else:
        tables.show_changes(first, second, asked, every=bool(city))


@publishing_app.command()
def approve(
    topic: str,
    city: Annotated[list[str] | None, typer.Argument(help="Places; default: all finished.")] = None,
    by: Annotated[str, typer.Option("--by", help="Who approves.")] = "",
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
) -> None:
    """Record that a person approves briefs of a topic as they are now, in a file to keep in git."""
    from cityresearch.press.editions.approvals import approvals_file
    from cityresearch.press.editions.approvals import approve as record
    from cityresearch.press.editions.edition import Seen

    here, issue = opened(project, build_dir, collection)
    load_topic(here, topic)  # refuses an unknown one
    plan = make_plan(here, issue, topics=[topic], cities=city)
    if city and plan.jobs:
        raise ResearchError(
            f"{plan.jobs[0].name} is not up to date: {plan.jobs[0].reason}.",
            instead="Run it, look at it, then approve it.",
        )
    seen = Seen(here, issue.date)
    hashes = {job.place.slug: seen.of(job.topic, job.place) for job in plan.current}
    record(here, topic, hashes, by)
    say(f"{len(hashes)} approved by {by.strip()} in {here.relative(approvals_file(here, topic))}")


@publishing_app.command()
def inserts(
    topic: TopicOption = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            "--accept",
            help="Record the facts beside the insert of this place as seen; may be repeated.",
        ),
    ] = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the hand-written inserts, and which stand beside facts that changed since."""
    from cityresearch.press import inserts as texts

    here, issue = opened(project, build_dir, collection)
    wanted = [load_topic(here, name).name for name in topic or list_topics(here)]
    plans = {name: texts.plan_of_inserts(here, issue, name) for name in wanted}
    if accept:
        for path in texts.accept_all(here, plans, accept):
            say(f"Recorded in {here.relative(path)}. Commit it to git.")
    found = [each for name in wanted for each in texts.states(here, plans[name], [name])]
    if as_json:
        say(json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False))
    else:
        for each in found:
            say(str(each))
        say(f"{count(len(found), 'insert')}, {sum(e.needs_a_look for e in found)} to look at.")


@publishing_app.command()
def editions(
    verify: Annotated[
        bool, typer.Option("--verify", help="Read all that they hold, and say what is damaged.")
    ] = False,
    project: ProjectOption = None,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the published editions: date, embargo, briefs, and what each takes on the shelf."""
    from cityresearch.press.editions import edition, manifest, tables

    here, issue = opened(project, None, collection)
    found = manifest.list_manifests(here)
    if as_json:
        wanted = {"name", "title", "date", "embargo", "commit", "clean", "files"}
        say(json.dumps([one.model_dump(include=wanted) for one in found], indent=1))
    else:
        tables.show_editions(found)
    faults = []
    for one in found if verify else []:
        try:
            count = edition.kept_edition(here, issue, one.name).verify()
            say(f"{one.name}: all {count:,} files are whole.")
        except ResearchError as error:
            faults.append(f"{one.name}: {error}")
    leave(faults)
