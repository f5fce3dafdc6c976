"""What briefs need in memory before a process is forked for each: imports, a shell, the topic's tables."""

from __future__ import annotations

import ast
import contextlib
import functools
import gc
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

import cityresearch.briefs.views  # noqa: F401  the rest of what notebooks import
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.shared import load_all
from cityresearch.briefs.topic import load_topic, notebook_path
from cityresearch.press.running import clients  # noqa: F401  papermill and all it imports
from cityresearch.press.running.engine import ENGINE
from cityresearch.press.running.limits import OutOfTime, seconds
from cityresearch.press.running.opened import listener
from cityresearch.press.running.shell import make_shell
from cityresearch.project import Project

INJECTED = "injected-parameters"  # papermill's tag of the cell that it adds

# One thread: a process with more of them is no good to fork, and others use the cores.
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)


@functools.lru_cache(maxsize=64)
def warm_topic(project: Project, name: str, prepared: Path) -> None:
    """Loads what all briefs of a topic share; it is done once a process and inherited by its forks."""
    cells = source_of(project, name).cells
    make_shell().learn(cell.source for cell in cells if cell.cell_type == "code")
    # What a notebook imports may fail or never end: its own cell will say so, in its own process.
    limit = seconds(load_topic(project, name).time_limit)
    with contextlib.suppress(OutOfTime), listener(project.root).during_imports(), limit:
        for module in _imported(cells):
            with contextlib.suppress(Exception):
                importlib.import_module(module)
    load_all(Prepared(prepared))
    # Objects that live on are left out of the collector's rounds, so that their pages stay shared. What
    # a round would free now would leave holes in those pages, to be written to by every fork.
    gc.freeze()


@functools.lru_cache(maxsize=64)
def source_of(project: Project, name: str) -> Any:
    """A topic's notebook as papermill reads it, without the outputs it has in git, and with the cell that
    papermill puts parameters into."""
    notebook = load_notebook_node(str(notebook_path(project, name)))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return parameterize_notebook(notebook, {}, engine_name=ENGINE)


def _imported(cells: list[Any]) -> Iterator[str]:
    for cell in cells:
        with contextlib.suppress(SyntaxError):  # magics, which IPython alone reads
            for node in ast.walk(ast.parse(cell.source if cell.cell_type == "code" else "")):
                if isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    yield node.module
                    yield from (f"{node.module}.{alias.name}" for alias in node.names)
