"""Taking away what `_build/checked/` keeps of tables and notebooks that are no longer so, and what
killed processes left half made in `_build/prepared/`."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from cityresearch.briefs.topic import list_topics
from cityresearch.evidence import sources, tables
from cityresearch.press.running.parameters import kept_parameters
from cityresearch.project import Project

KEPT = ("*.parquet", "parameters-*.json", "corrections-*.json")
HALF_MADE = 3600  # seconds after which nobody is at work any more on what should take a few
COLLECTIONS = 8  # whose lists of briefs are kept: a project may have more than one collection


def forget_unused(project: Project) -> None:
    """Removes what no table and no notebook of now uses, and all but the newest lists of briefs.

    For a run, which no other run goes beside. What is missed is made again.
    """
    folder = project.build / "checked"
    used = {*_tables(project), *(kept_parameters(project, name) for name in _notebooks(project))}
    of_sources = (tables.kept_corrections(project, name) for name in sources.source_names(project))
    used |= {path for path in of_sources if path}
    kept = {path for form in KEPT for path in folder.glob(form)}
    lists = sorted(folder.glob("briefs-*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path in {*(kept - used), *lists[:-COLLECTIONS]}:
        path.unlink(missing_ok=True)
    # A plan prepares too, beside a run: what is young may be its.
    for aside in (project.build / "prepared").glob(".making-*"):
        with contextlib.suppress(FileNotFoundError):  # it has just become whole
            if time.time() - aside.stat().st_mtime > HALF_MADE:
                shutil.rmtree(aside, ignore_errors=True)


def _tables(project: Project) -> Iterator[Path]:
    for name, source in sources.list_sources(project).items():
        for table in source.tables:
            if tables.file_of(project, f"{name}.{table}").is_file():
                yield tables.kept_table(project, f"{name}.{table}")


def _notebooks(project: Project) -> Iterator[str]:
    for name in list_topics(project):
        if (project.notebooks / name / "brief.ipynb").is_file():
            yield name
