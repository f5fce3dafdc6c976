"""Running briefs: papermill in a pool of processes; each brief is whole or absent, and none stops another."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import time
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from cityresearch.briefs import svg
from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection
from cityresearch.briefs.indicators import hashed
from cityresearch.briefs.kernels import WARM_VARIABLE, end_with_parent
from cityresearch.briefs.prepare import PREPARED_VARIABLE
from cityresearch.briefs.topic import Topic, load_topic, notebook_path
from cityresearch.errors import ResearchError
from cityresearch.press.files import write_whole
from cityresearch.press.plan import Job
from cityresearch.project import BUILD_VARIABLE, ROOT_VARIABLE, Project

ANSI = re.compile(r"\x1b\[[0-9;]*m")
TIME_LIMIT = 300  # seconds a brief may take, kernel start included
KERNEL_SETTINGS = {
    WARM_VARIABLE: "1",
    "CITYRESEARCH_DEFER_SVG": "1",  # charts are drawn here, in one process that lives on
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Outcome:
    """How one brief ended: state `done` or `failed`, the reason of a failure, and the time it took."""

    job: Job
    state: str
    reason: str
    seconds: float


def run_jobs(
    project: Project,
    collection: Collection,
    jobs: list[Job],
    workers: int | None = None,
) -> Generator[Outcome, None, None]:
    """Runs the jobs and yields each outcome as it ends.

    Closing the iterator (or Ctrl-C) cancels what has not begun; what is done stays and is not run again.
    """
    count = min(workers or os.cpu_count() or 1, max(len(jobs), 1))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, context, _settle, (project,))
    waiting: dict[Future[Outcome], Job] = {
        pool.submit(run_job, project, collection, job): job for job in jobs
    }
    try:
        while waiting:
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in sorted(ended, key=lambda future: waiting[future].name):
                yield _outcome(future, waiting.pop(future))
    finally:
        pool.shutdown(wait=not waiting, cancel_futures=True)
        for child in multiprocessing.active_children() if waiting else []:
            child.terminate()  # briefs in work are dropped: their files are whole or absent


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    error = future.exception()
    if error is None:
        return future.result()
    return Outcome(job, "failed", f"its process died: {type(error).__name__}: {error}", 0.0)


def _settle(project: Project) -> None:
    """What every worker sets once; kernels inherit it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends its workers
    end_with_parent()
    os.environ.update(KERNEL_SETTINGS)
    os.environ[ROOT_VARIABLE], os.environ[BUILD_VARIABLE] = str(project.root), str(project.build)


def run_job(project: Project, collection: Collection, job: Job) -> Outcome:
    """Runs one brief and writes its notebook, facts and note; a failure is an outcome, not an error."""
    start = time.perf_counter()
    try:
        notebook = execute(project, job)
        record = notebook.metadata.pop("cityresearch_record", None)
        topic = load_topic(project, job.topic)
        _refuse_another_place(job, record)
        finish(notebook, topic, collection, job)
        facts = facts_file(notebook, record["facts"], topic, collection, job)
        text = nbformat.writes(notebook) + "\n"
        write_whole(job.output(project, "notebooks", "ipynb"), text.encode())
        content = json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        write_whole(job.output(project, "facts", "json"), content.encode())
        outcome = Outcome(job, "done", "", time.perf_counter() - start)
    except ResearchError as error:
        outcome = Outcome(job, "failed", str(error), time.perf_counter() - start)
    note = {
        "key": job.key,
        "state": outcome.state,
        "reason": outcome.reason,
        "seconds": outcome.seconds,
    }
    write_whole(job.output(project, "run", "json"), (json.dumps(note) + "\n").encode())
    return outcome


def execute(project: Project, job: Job) -> Any:
    """The notebook executed by papermill with our engine.

    Raises:
        ResearchError: a cell or an expression failed, with the cell and the line in it.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    source = notebook_path(project, job.topic)
    os.environ[PREPARED_VARIABLE] = str(job.prepared)  # the kernel inherits it
    try:
        return execute_notebook(
            str(source),
            None,
            parameters=dict(job.parameters),
            engine_name="cityresearch",
            kernel_name="python3",
            cwd=str(source.parent),
            progress_bar=False,
            execution_timeout=TIME_LIMIT,
        )
    except PapermillExecutionError as error:
        raise _told(project, job, _what(error), _cell_at_fault(error, source)) from None
    except ResearchError as error:
        raise _told(project, job, error.what, error.where, error.instead) from None
    except CellTimeoutError:
        raise _told(project, job, f"a cell ran longer than {TIME_LIMIT} seconds.") from None
    except DeadKernelError:
        raise _told(project, job, "the kernel died, perhaps for lack of memory.") from None


def _told(project: Project, job: Job, what: str, at: str = "", instead: str = "") -> ResearchError:
    notebook = project.relative(notebook_path(project, job.topic))
    where = f"{notebook}, {at}" if at else notebook
    return ResearchError(what, where=where, city=job.place.full_name, instead=instead)


def _what(error: Any) -> str:
    known = error.ename == "ResearchError"
    return str(error.evalue) if known else f"{error.ename}: {error.evalue}"


def _cell_at_fault(error: Any, source: Path) -> str:
    """Cell and line as their author counts them: papermill put a cell after the parameters."""
    cells = [cell for cell in nbformat.read(source, as_version=4).cells if cell.cell_type == "code"]
    tagged = ["parameters" in cell.metadata.get("tags", []) for cell in cells].index(True) + 1
    line = re.search(r"Cell In\[\d+\], line (\d+)", ANSI.sub("", "\n".join(error.traceback)))
    number = error.exec_count - (error.exec_count > tagged)
    return f"code cell {number}" + (f", line {line[1]}" if line else "")


def _refuse_another_place(job: Job, record: dict[str, Any] | None) -> None:
    where = f"notebooks/{job.topic}/brief.ipynb"
    if not record:
        raise ResearchError(
            "the notebook makes no Brief, so it has no facts.",
            where=where,
            instead=f'Write: brief = Brief("{job.topic}", city)',
        )
    if (record["place"], record["topic"]) != (job.place.geoid, job.topic):
        raise ResearchError(
            f"the notebook wrote {record['topic']} for {record['place']} when asked for "
            f"{job.topic} for {job.place.geoid}.",
            where=where,
            city=job.place.full_name,
            instead="Give Brief the parameter, not a name of its own.",
        )


def finish(notebook: Any, topic: Topic, collection: Collection, job: Job) -> None:
    """Takes out what differs from run to run, draws the charts, and says whose brief this is."""
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        tags = cell.metadata.get("tags", [])
        cell["metadata"] = nbformat.from_dict({"tags": tags} if tags else {})
        for output in cell.get("outputs", []):
            block = output.get("data", {}).get(MIME)
            if block and block["kind"] == "chart" and "image/svg+xml" not in output["data"]:
                output["data"]["image/svg+xml"] = svg.render(block["spec"], 700)
    place = job.place
    notebook["metadata"] = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "cityresearch": {
                "topic": topic.name,
                "topic_title": topic.title.format(name=place.name, full_name=place.full_name),
                "topic_label": topic.label,
                "geography": topic.geography,
                "geoid": place.geoid,
                "place": place.full_name,
                "place_name": place.name,
                "path": place.path,
                "edition": collection.edition,
                "vintages": [f"{table} {vintage}" for table, vintage in topic.vintages.items()],
                "as_of": topic.as_of,
            },
        }
    )


def facts_file(
    notebook: Any, facts: list[dict[str, Any]], topic: Topic, collection: Collection, job: Job
) -> dict[str, Any]:
    """The facts file of one brief; its fields are those of DESIGN, section 7."""
    title, summary = headline(notebook, job)
    return {
        topic.geography: job.place.geoid,
        "geography": topic.geography,
        "place": job.place.full_name,
        "topic": topic.name,
        "edition": collection.edition,
        "title": title,
        "summary": summary,
        "parameters": dict(job.parameters),
        "facts": facts,
        "sources": list(dict.fromkeys(table.split(".")[0] for table in topic.vintages)),
        "notebook_hash": hashed([cell.source for cell in notebook.cells]),
    }


def headline(notebook: Any, job: Job) -> tuple[str, str]:
    """The title line and the first paragraph of the brief.

    Raises:
        ResearchError: the first Markdown cell does not begin with a title.
    """
    first: str = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    title, _, rest = first.partition("\n")
    if not title.startswith("# "):
        raise ResearchError(
            "the first Markdown cell does not begin with a title.",
            where=f"notebooks/{job.topic}/brief.ipynb",
            instead="Begin it with a line such as: # {eval}`headline`",
        )
    return title[2:].strip(), rest.strip().split("\n\n")[0]
