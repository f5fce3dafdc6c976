"""The commands. Errors become messages here and nowhere else: exit 1 for a researcher's mistake."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cityresearch.briefs.collection import Collection, load_collection
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press import progress
from cityresearch.press.plan import Plan, make_plan
from cityresearch.project import Project, find_project

app = typer.Typer(
    name="cityresearch",
    help="Per-city policy briefs: one notebook per topic becomes a page and a PDF for every city.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(help="The evidence in data/.", no_args_is_help=True)
app.add_typer(data_app, name="data")
screen = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

ProjectOption = Annotated[
    Path | None, typer.Option("--project", help="The project's folder (default: found from here).")
]
BuildOption = Annotated[
    Path | None, typer.Option("--build-dir", help="Where outputs go (default: _build).")
]
CollectionOption = Annotated[
    Path | None,
    typer.Option("--collection", help="A collection file (default: book/collection.yml)."),
]
TopicOption = Annotated[
    list[str] | None, typer.Option("--topic", help="Only this topic; may be repeated.")
]
CityOption = Annotated[
    list[str] | None,
    typer.Option("--city", help="Only this place, as a slug or Census code; may be repeated."),
]
ParameterOption = Annotated[
    list[str] | None,
    typer.Option(
        "-p", "--parameter", help="A parameter of the topic, as name=value; may be repeated."
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option("-j", "--jobs", min=1, help="Processes at once (default: one per core)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def build(
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Run the briefs that need it, make their PDFs, compile the book: the main job."""
    start = time.perf_counter()
    here, issue = _open(project, build_dir, collection)
    failed = _run(here, issue, make_plan(here, issue), jobs)
    failed += _pdf(here, issue, jobs)
    _book(here, issue, jobs)
    screen.print(f"Done in {time.perf_counter() - start:.0f} s.")
    _leave(failed)


@app.command()
def run(
    topic: TopicOption = None,
    city: CityOption = None,
    parameter: ParameterOption = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Execute the briefs that are new or stale."""
    here, issue = _open(project, build_dir, collection)
    plan = make_plan(here, issue, topics=topic, cities=city, parameters=_pairs(parameter))
    _leave(_run(here, issue, plan, jobs))


@app.command()
def pdf(
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Make one PDF for each brief that has been run."""
    here, issue = _open(project, build_dir, collection)
    _leave(_pdf(here, issue, jobs))


@app.command()
def book(
    project: ProjectOption = None,
    build_dir: BuildOption = None,
    collection: CollectionOption = None,
    jobs: JobsOption = None,
) -> None:
    """Compile the pages of all briefs that have been run with Jupyter Book."""
    here, issue = _open(project, build_dir, collection)
    _book(here, issue, jobs)


@app.command()
def export(
    topic: str,
    city: str,
    to: Annotated[str, typer.Option("--to", help="html, markdown or notebook.")] = "html",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write.")
    ] = None,
    project: ProjectOption = None,
    build_dir: BuildOption = None,
) -> None:
    """Write one brief as a single self-contained file, for e-mail and archives."""
    from cityresearch.briefs.topic import load_topic
    from cityresearch.evidence import places
    from cityresearch.press.export import export_brief
    from cityresearch.press.files import write_whole

    here = find_project(project, build_dir)
    place = places.find(here, load_topic(here, topic).geography, city)
    name, content = export_brief(here, topic, place, to)
    target = output or Path(name)
    write_whole(target, content)
    screen.print(f"Wrote {target}")


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
    from cityresearch.press.status import status_rows, summary_lines

    here, issue = _open(project, build_dir, collection)
    rows = status_rows(here, make_plan(here, issue, topics=topic, cities=city))
    if as_json:
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for line in summary_lines(rows):
        screen.print(line, markup=False)


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

    for path in build_data(find_project(project), mirror, source):
        screen.print(f"Built {path}", markup=False)


def _open(
    project: Path | None, build_dir: Path | None, collection: Path | None
) -> tuple[Project, Collection]:
    here = find_project(project, build_dir)
    return here, load_collection(here, collection)


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


def _run(project: Project, collection: Collection, plan: Plan, jobs: int | None) -> list[str]:
    from cityresearch.press.run import run_jobs

    for out in plan.left_out:
        screen.print(
            f"Left out: {out.topic} for {out.place.full_name} (section '{out.section}' needs {out.need})",
            markup=False,
        )
    screen.print(f"{len(plan.jobs)} briefs to run, {len(plan.current)} up to date.")
    work = run_jobs(project, collection, plan.jobs, jobs)
    try:
        outcomes = progress.follow(work, len(plan.jobs), "briefs", screen)
    except KeyboardInterrupt:
        errors.print("Stopped. What was finished is kept: the same command goes on from there.")
        raise typer.Exit(130) from None
    return [
        f"{outcome.job.name}: {outcome.reason}" for outcome in outcomes if outcome.state == "failed"
    ]


def _finished(project: Project, collection: Collection) -> list[tuple[str, Place]]:
    """The briefs that are up to date, as (topic, place); says how many are not."""
    plan = make_plan(project, collection)
    if plan.jobs:
        screen.print(
            f"{len(plan.jobs)} briefs were never run, failed or are stale, and are left out: see status."
        )
    return [(job.topic, job.place) for job in plan.current]


def _pdf(project: Project, collection: Collection, jobs: int | None) -> list[str]:
    from cityresearch.press.pdf import make_pdfs

    wanted = _finished(project, collection)
    made = make_pdfs(project, collection, wanted, jobs)
    return [reason for reason in progress.follow(made, len(wanted), "PDFs", screen) if reason]


def _book(project: Project, collection: Collection, jobs: int | None) -> None:
    from cityresearch.press.book import make_book

    wanted = _finished(project, collection)
    screen.print(f"Compiling the book of {len(wanted)} briefs.")
    made = make_book(project, collection, wanted, jobs)
    screen.print(f"{made.pages} pages. Open {made.folder / 'index.html'}")


def _leave(failed: list[str]) -> None:
    """Names every failure at the end and exits 1 where there is one."""
    if failed:
        errors.print(f"{len(failed)} failed:", markup=False)
        for line in failed:
            errors.print(f"  {line}", markup=False)
        raise typer.Exit(1)


def main() -> None:
    """The console command: a ResearchError is a message and exit 1; a bug keeps its traceback."""
    # A polite end (SIGTERM) is taken like Ctrl-C, so that no worker is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except ResearchError as error:
        errors.print(str(error), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
