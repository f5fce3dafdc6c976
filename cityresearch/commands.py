"""The commands, as Typer reads them; `cli` runs them."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cityresearch.binding import bind_briefing, bind_volumes, chosen
from cityresearch.errors import ResearchError
from cityresearch.options import (
    BuildOption,
    CityOption,
    ClusterOption,
    CollectionOption,
    JobsOption,
    JsonOption,
    ParameterOption,
    ProjectOption,
    StoreOption,
    TopicOption,
)
from cityresearch.press.running import head_start, lock
from cityresearch.press.running.plan import make_plan
from cityresearch.project import find_project
from cityresearch.publishing import publishing_app
from cityresearch.work import (
    compile_book,
    finished_briefs,
    leave,
    opened,
    print_pdfs,
    proof_pages,
    run_plan,
    say,
    show_rows,
    tell_what_book_lacks,
    unlisted,
    warn,
    way_to_run,
)

app = typer.Typer(
    name="cityresearch",
    help="Per-city policy briefs: one notebook per topic becomes a page and a PDF for every city.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(help="The evidence in data/.", no_args_is_help=True)
app.add_typer(data_app, name="data")
app.add_typer(publishing_app)


@app.command()
def build(
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Run the briefs that need it, make their PDFs, compile the book, proof-read it: the main job."""
    start = time.perf_counter()
    here, issue = opened(project, build_dir, collection)
    with lock.hold(here):
        made = make_plan(here, issue, foresee=lambda: head_start.get_ready(here))
        head_start.confirm()
        failed = run_plan(here, made, way_to_run(here, issue, jobs))
        wanted = finished_briefs(here, issue)
        failed += print_pdfs(here, issue, wanted, jobs)
        failed += compile_book(here, issue, wanted, jobs)
        failed += proof_pages(here, issue, wanted, jobs)
    say(f"Done in {time.perf_counter() - start:.0f} s.")
    leave(failed)


@app.command()
def run(
    topic: TopicOption = None,
    city: CityOption = None,
    parameter: ParameterOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also run the briefs that are up to date.")
    ] = False,
    cluster: ClusterOption = None,
    store: StoreOption = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Execute the briefs that are new or stale, here or on a cluster."""
    here, issue = opened(project, build_dir, collection)
    way = way_to_run(here, issue, jobs, cluster, store)
    with lock.hold(here):
        made = make_plan(
            here,
            issue,
            topics=topic,
            cities=city,
            parameters=_pairs(parameter),
            foresee=None if cluster else lambda: head_start.get_ready(here),
        )
        head_start.confirm()
        failed = run_plan(here, made.with_all() if everything else made, way)
        for line in unlisted(issue, topic):
            warn(line)
    leave(failed)


@app.command()
def plan(
    topic: TopicOption = None,
    city: CityOption = None,
    parameter: ParameterOption = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Name every brief that would run and every place left out."),
    ] = False,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a run would execute, and why."""
    from cityresearch.press.running.status import plan_lines, plan_rows

    here, issue = opened(project, build_dir, collection)
    made = make_plan(here, issue, topics=topic, cities=city, parameters=_pairs(parameter))
    for line in unlisted(issue, topic):
        warn(line)
    rows = plan_rows(made)
    show_rows(rows, None if as_json else plan_lines(rows, everything), made)


@app.command()
def pdf(
    volumes: Annotated[
        bool,
        typer.Option(
            "--book", help="Bind volumes instead: one a state, or one of the --city given."
        ),
    ] = False,
    city: CityOption = None,
    briefing_book: Annotated[
        Path | None,
        typer.Option(
            "--briefing-book", help="Make the briefing book that this YAML file declares."
        ),
    ] = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Make one PDF for each brief that has been run, volumes of them, or a briefing book."""
    if briefing_book and (volumes or city):
        raise ResearchError(
            "the file of a briefing book says what is bound.",
            where="--briefing-book",
            instead=f"Leave out {'--book' if volumes else '--city'}, or make that apart.",
        )
    here, issue = opened(project, build_dir, collection)
    with lock.hold(here):
        if briefing_book:
            bind_briefing(here, issue, briefing_book)
            return
        wanted = chosen(here, issue, finished_briefs(here, issue), city)
        if volumes:
            failed = bind_volumes(here, issue, wanted, jobs, of_cities=bool(city))
        else:
            failed = print_pdfs(here, issue, wanted, jobs)
            tell_what_book_lacks(here, wanted)
    leave(failed)


@app.command()
def book(
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Compile the pages of all briefs that have been run with Jupyter Book."""
    here, issue = opened(project, build_dir, collection)
    with lock.hold(here):
        failed = compile_book(here, issue, finished_briefs(here, issue), jobs)
    leave(failed)


@app.command()
def export(
    topic: str,
    city: str,
    to: Annotated[str, typer.Option("--to", help="html, markdown or notebook.")] = "html",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The file to write, or its folder (default: _build/exports)."
        ),
    ] = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
) -> None:
    """Write one brief as a single self-contained file, for e-mail and archives."""
    from cityresearch.briefs.topic import load_topic
    from cityresearch.evidence import places
    from cityresearch.press.export import export_brief, export_target
    from cityresearch.press.files import write_whole

    here = find_project(project, build_dir)
    place = places.find(here, load_topic(here, topic).geography, city)
    name, content = export_brief(here, topic, place, to)
    target = export_target(here, name, output)
    write_whole(target, content)
    say(f"Wrote {target}")


@app.command()
def status(
    topic: TopicOption = None,
    city: CityOption = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what exists, what is stale, what failed and what a topic cannot serve."""
    from cityresearch.press.inserts import to_look_at
    from cityresearch.press.running.status import status_rows, summary_lines

    here, issue = opened(project, build_dir, collection)
    made = make_plan(here, issue, topics=topic, cities=city)
    rows = status_rows(here, made)
    show_rows(rows, None if as_json else summary_lines(rows), made)
    if not as_json and (at_work := lock.holder(here)):
        say(f"{at_work} is at work on it.".capitalize())
    if not as_json:
        for insert in to_look_at(here, made):
            say(f"To look at: {insert}")


@app.command()
def check(
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check data, topics, notebooks, prose and links without running anything; grade the prose."""
    from cityresearch.press.check import check as look

    found = look(find_project(project, build_dir), collection)
    for line in [json.dumps(asdict(found), indent=1)] if as_json else found.lines():
        say(line)
    leave(found.faults)


@data_app.command("build")
def data_build(
    mirror: Annotated[Path, typer.Option("--mirror", help="Folder with the publishers' files.")],
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")
    ] = None,
    project: ProjectOption = None,
) -> None:
    """Rebuild the tables of data/ from a mirror of the publishers' files, byte for byte."""
    from cityresearch.evidence.build import build_data
    from cityresearch.evidence.screening import listed
    from cityresearch.evidence.sources import source_names
    from cityresearch.press.running.status import count

    here = find_project(project)
    for path in build_data(here, mirror, source):
        say(f"Built {path}")
    if number := sum(len(listed(here, name)) for name in source or source_names(here)):
        say(f"{count(number, 'value')} to look at: `cityresearch screen` lists them.")


def _pairs(given: list[str] | None) -> dict[str, str]:
    pairs = {}
    for text in given or []:
        name, sign, value = text.partition("=")
        if not sign:
            raise ResearchError(
                f"'{text}' is no parameter.", where="--parameter", instead="Write name=value."
            )
        pairs[name.strip()] = value.strip()
    return pairs
