"""The ways to execute the same briefs, each run in a process of its own by `run.py`.

    python benchmarks/ways.py WAY FILE

FILE is JSON: a list of [topic, city, prepared folder]. All ways get the prepared tables, and in none
are charts drawn to pictures: what is compared is the execution of notebooks.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from cityresearch.project import find_project

Brief = tuple[str, str, str]
TAG = "parameters"


def by_papermill(brief: Brief) -> None:
    """One brief by papermill's own engine: a kernel is started and ended."""
    from papermill import execute_notebook

    topic, city, prepared = brief
    os.environ["CITYRESEARCH_PREPARED"] = prepared
    source = find_project().notebooks / topic / "brief.ipynb"
    with tempfile.TemporaryDirectory() as folder:
        execute_notebook(
            str(source),
            f"{folder}/brief.ipynb",
            {"city": city},
            kernel_name="python3",
            cwd=str(source.parent),
            progress_bar=False,
            request_save_on_cell_execute=False,
        )


def papermill(briefs: list[Brief]) -> None:
    """Papermill's own engine, one after another."""
    for brief in briefs:
        by_papermill(brief)


def papermill_pool(briefs: list[Brief]) -> None:
    """Papermill's own engine in a pool of two processes."""
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(by_papermill, briefs))


def ours(briefs: list[Brief], workers: int) -> None:
    """Our engine, with notebooks and facts written, as `cityresearch run` does."""
    from cityresearch.briefs.collection import load_collection
    from cityresearch.press.running.plan import make_plan
    from cityresearch.press.running.pool import run_jobs

    project = find_project()
    collection = load_collection(project)
    wanted = {(topic, city) for topic, city, _ in briefs}
    plan = make_plan(project, collection)
    jobs = [job for job in plan.jobs if (job.topic, job.place.slug) in wanted]
    assert len(jobs) == len(briefs), f"{len(jobs)} of {len(briefs)}: is the build folder empty?"
    failed = [one for one in run_jobs(project, collection, jobs, workers) if one.state != "done"]
    assert not failed, failed[0].reason


def functions(briefs: list[Brief]) -> None:
    """The floor: the cells' code as plain functions in one process, one after another; outputs are
    formed as IPython asks for them, and thrown away."""
    from cityresearch.briefs.prepared import Prepared
    from cityresearch.briefs.shared import load_all

    for prepared in sorted({prepared for _, _, prepared in briefs}):
        load_all(Prepared(Path(prepared)))
    sources: dict[str, list[Any]] = {}
    for topic, city, prepared in briefs:
        os.environ["CITYRESEARCH_PREPARED"] = prepared
        if topic not in sources:
            sources[topic] = list(_compiled(topic))
        _call(sources[topic], city)


def _compiled(topic: str) -> Any:
    import nbformat  # no other way needs it, here where briefs are given out

    from cityresearch.briefs import prose

    path = find_project().notebooks / topic / "brief.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    for cell in cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            shown = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            yield (
                TAG if TAG in cell.metadata.get("tags", []) else "code",
                compile(tree, topic, "exec"),
                compile(ast.Expression(shown.value), topic, "eval") if shown else None,
            )
    for cell in cells:
        if cell.cell_type == "markdown":
            for text in prose.expressions(cell.source):
                yield "prose", None, compile(prose.request(text), topic, "eval")


def _call(parts: list[Any], city: str) -> None:
    names: dict[str, Any] = {}
    for kind, body, shown in parts:
        if body:
            exec(body, names)
        if kind == TAG:
            names["city"] = city
        elif shown:
            # A section without data has no prose: `run` leaves its cells out.
            with contextlib.suppress(Exception) if kind == "prose" else contextlib.nullcontext():
                value = eval(shown, names)
                if hasattr(value, "_repr_mimebundle_"):
                    value._repr_mimebundle_()


def main() -> None:
    way, file = sys.argv[1:]
    briefs = [tuple(one) for one in json.loads(Path(file).read_text())]
    ways = {
        "papermill": papermill,
        "papermill-pool": papermill_pool,
        "ours-1": lambda given: ours(given, 1),
        "ours-2": lambda given: ours(given, 2),
        "functions": functions,
    }
    ways[way](briefs)


if __name__ == "__main__":
    main()
