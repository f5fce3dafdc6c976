"""Running one brief: papermill with our engine; its files are written whole or not at all."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import DeadKernelError
from papermill.engines import NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.translators import translate_parameters
from papermill.utils import chdir, find_first_tagged_cell_index

from cityresearch.briefs import marks, reads
from cityresearch.briefs.collection import EDITION_VARIABLE, Collection
from cityresearch.briefs.prepare import PREPARED_VARIABLE
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.topic import load_topic, notebook_path
from cityresearch.errors import ResearchError
from cityresearch.press.facts_text import facts_text
from cityresearch.press.files import write_whole
from cityresearch.press.running.engine import ENGINE
from cityresearch.press.running.finish import facts_file, finish
from cityresearch.press.running.forked import LATE
from cityresearch.press.running.job import Job, Outcome
from cityresearch.press.running.limits import TOO_LARGE
from cityresearch.press.running.server import environment
from cityresearch.press.running.stamps import hashed
from cityresearch.press.running.warm import INJECTED, source_of, warm_topic
from cityresearch.press.running.whose import refuse_another_place, refuse_strangers
from cityresearch.project import Project

ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Untimed(NotebookExecutionManager):  # type: ignore[misc]
    """A run without papermill's record of times and states: a brief keeps none of it, and to write and
    read it back costs as much as a cell."""

    def cell_exception(self, cell: Any, *_: Any, **__: Any) -> None:
        """What papermill looks for in the end, should the cell's outputs not tell."""
        cell.metadata.setdefault("papermill", {})["exception"] = True

    def cell_start(self, *_: Any, **__: Any) -> None:
        """Nothing is noted."""

    def cell_complete(self, *_: Any, **__: Any) -> None:
        """Nothing is noted."""


def run_job(project: Project, collection: Collection, job: Job) -> Outcome:
    """Runs one brief and writes its notebook and facts; a failure is an outcome, not an error."""
    start, before = time.perf_counter(), _cpu()
    found: dict[str, Any] = {}
    try:
        warm_topic(project, job.topic, job.prepared)
        # The brief's process inherits them.
        told = {PREPARED_VARIABLE: str(job.prepared), EDITION_VARIABLE: collection.date}
        with environment(told):
            notebook = execute(project, job)
        found = _take_out(project, job, notebook)
        _write(project, collection, job, notebook, found.pop("record"), found["reads"])
        state, reason = "done", ""
    except ResearchError as error:
        state, reason, found = "failed", marks.plain(str(error)), {}
    spent = time.perf_counter() - start
    return Outcome(job, state, reason, seconds=spent, cpu=_cpu() - before, **found)


def _cpu() -> float:
    """CPU seconds of this process and of those that it waited for."""
    return sum(os.times()[:4])


def _take_out(project: Project, job: Job, notebook: Any) -> dict[str, Any]:
    """What the engine left in the notebook's metadata: its record, and what the outcome tells."""
    left = notebook.metadata
    record, plain = left.get("cityresearch_record"), left.get("cityresearch_plain", "")
    refuse_another_place(job, record)
    return {
        "record": record,
        "reads": reads.hashed(Prepared(job.prepared), record["reads"]),
        "files": hashed(project.root, left.get("cityresearch_opened", {})),
        "memory": left.get("cityresearch_memory", 0.0),
        "note": f"run by plain papermill, since {plain}" if plain else "",
    }


def _write(
    project: Project,
    collection: Collection,
    job: Job,
    notebook: Any,
    record: dict[str, Any],
    read: reads.Hashed,
) -> None:
    topic = load_topic(project, job.topic)
    finish(notebook, topic, collection, job, refuse_strangers(notebook, topic, record, job))
    kept = facts_file(notebook, record, read, topic, collection, job)
    # In one line: Python's encoder is ten times quicker without indents.
    try:
        text = json.dumps(notebook, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
    except ValueError:
        hint = "Leave the row out, or say that the value is not available."
        raise _told(project, job, "an output holds NaN or infinity.", instead=hint) from None
    write_whole(job.output(project, "notebooks", "ipynb"), text.encode())
    write_whole(job.output(project, "facts", "json"), facts_text(kept).encode())


def execute(project: Project, job: Job) -> Any:
    """The notebook executed by papermill with our engine.

    Raises:
        ResearchError: a cell or an expression failed, with the cell and the line in it; or the
            brief's process died, or ran past the topic's time limit.
    """
    path = notebook_path(project, job.topic)
    # The parts of papermill's execute_notebook, without its reading and writing of files.
    notebook = _parameterized(source_of(project, job.topic), dict(job.parameters))
    topic = load_topic(project, job.topic)
    try:
        with chdir(path.parent):
            watched = Untimed(notebook, progress_bar=False, autosave_cell_every=0)
            papermill_engines.get_engine(ENGINE).execute_managed_notebook(
                watched,
                papermill_engines.nb_kernel_name(ENGINE, notebook),
                time_limit=topic.time_limit,
                memory_limit=topic.memory_limit,
            )
        raise_for_execution_errors(notebook, None)
        return notebook
    except PapermillExecutionError as error:
        what, instead = _what(error), _limit(job, _what(error))
        raise _told(project, job, what, _cell_at_fault(error, path), instead) from None
    except ResearchError as error:
        raise _told(project, job, error.what, error.where, error.instead) from None
    except NoSuchKernel as error:
        raise _told(
            project,
            job,
            f"this machine has no kernel '{error.name}'.",
            instead="Install it, or choose the kernel python3 in JupyterLab and save the notebook.",
        ) from None
    except DeadKernelError as error:
        raise _told(project, job, str(error), instead=_limit(job, str(error))) from None


def _parameterized(source: Any, parameters: dict[str, Any]) -> Any:
    """A copy of a notebook in which papermill's cell sets the parameters of one brief. `source` has that
    cell already: to make it, papermill has it checked against nbformat's schema."""
    notebook = nbformat.from_dict(source)
    kernel = papermill_engines.nb_kernel_name(ENGINE, notebook)
    language = papermill_engines.nb_language(ENGINE, notebook)
    cell = notebook.cells[find_first_tagged_cell_index(notebook, INJECTED)]
    cell.source = translate_parameters(kernel, language, parameters, "Parameters")
    return notebook


def _told(project: Project, job: Job, what: str, at: str = "", instead: str = "") -> ResearchError:
    notebook = project.relative(notebook_path(project, job.topic))
    where = f"{notebook}, {at}" if at else notebook
    return ResearchError(what, where=where, city=job.place.full_name, instead=instead)


def _what(error: Any) -> str:
    if error.ename.endswith("MemoryError"):  # libraries have kinds of their own
        return TOO_LARGE
    known = error.ename == "ResearchError"
    return str(error.evalue) if known else f"{error.ename}: {error.evalue}"


def _limit(job: Job, what: str) -> str:
    """Where the limit is set that a brief ran past; empty for other failures."""
    where = f"notebooks/{job.topic}/topic.yml"
    names = {LATE: "time_limit in {}, in seconds", TOO_LARGE: "memory_limit in {}, in MB"}
    return f"The limit is {names[what].format(where)}." if what in names else ""


def _cell_at_fault(error: Any, source: Path) -> str:
    """Cell and line as their author counts them: papermill put a cell after the parameters."""
    cells = [cell for cell in nbformat.read(source, as_version=4).cells if cell.cell_type == "code"]
    tagged = ["parameters" in cell.metadata.get("tags", []) for cell in cells].index(True) + 1
    line = re.search(r"Cell In\[\d+\], line (\d+)", ANSI.sub("", "\n".join(error.traceback)))
    number = error.exec_count - (error.exec_count > tagged)
    return f"code cell {number}" + (f", line {line[1]}" if line else "")
