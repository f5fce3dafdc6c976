"""A PDF per brief by Typst: tagged (PDF/UA-1), byte for byte the same from the same brief."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press.closing import closing
from cityresearch.press.drawings import draw_missing, drawer
from cityresearch.press.manuscripts import manuscript_files, pdf_file, read_manuscript
from cityresearch.press.paper.fresh import Mark, shared_key
from cityresearch.press.paper.sheet import lay_out, read_sheet
from cityresearch.press.paper.typesetting import paper_key, typeset
from cityresearch.project import Project

Sheet = dict[str, Any]
Brief = tuple[str, Place]


def changed_pdfs(project: Project, collection: Collection, wanted: Sequence[Brief]) -> list[Brief]:
    """The briefs whose PDF is missing, or may be another than it would be now."""
    shared = shared_key(project, collection)
    return [brief for brief in wanted if not _mark(project, brief, shared).holds()]


def make_pdfs(
    project: Project,
    collection: Collection,
    wanted: Sequence[Brief],
    jobs: int | None = None,
) -> Generator[str, None, None]:
    """Makes the PDFs of the briefs wanted that are new or changed.

    They are written to `_build/pdf/<path>/<topic>.pdf`. Typst works outside Python's lock, so
    threads use all cores; charts are drawn before, by processes.

    Yields:
        For each brief, in order: why it failed, or an empty text. None stops another.
    """
    shared = shared_key(project, collection)
    marks = [_mark(project, brief, shared) for brief in wanted]
    fresh = [mark.holds() for mark in marks]
    stale = [brief for brief, holds in zip(wanted, fresh, strict=True) if not holds]
    draw_missing(project, [manuscript_files(project, *brief)[0] for brief in stale], jobs)

    def made(brief: Brief, mark: Mark, holds: bool) -> str:
        return "" if holds else told(lambda: _make(project, collection, brief, mark))

    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        reasons = pool.map(made, wanted, marks, fresh)
        for (topic, place), reason in zip(wanted, reasons, strict=True):
            yield f"{topic} {place.slug}: {reason}" if reason else ""


def fresh_pdfs(project: Project, collection: Collection, wanted: Sequence[Brief]) -> set[Brief]:
    """The briefs whose PDF tells what their page tells: made, and nothing that shapes it has changed."""
    shared = shared_key(project, collection)
    return {brief for brief in wanted if _mark(project, brief, shared).holds()}


def missed_by_book(project: Project, wanted: Sequence[Brief]) -> int:
    """How many of these briefs the book shows without their PDF, or with an earlier one."""
    count = 0
    for topic, place in wanted:
        page = project.build / "html" / place.path / f"{topic}.html"
        ours, linked = pdf_file(project, topic, place), page.with_suffix(".pdf")
        count += page.is_file() and ours.is_file() and not _is_same(ours, linked)
    return count


def _is_same(ours: Path, linked: Path) -> bool:
    return linked.is_file() and (ours.samefile(linked) or ours.read_bytes() == linked.read_bytes())


def told(make: Callable[[], None]) -> str:
    """Why something could not be made, or an empty text.

    A bug in one must not cost the others theirs: its traceback is told like a mistake.
    """
    try:
        make()
    except ResearchError as error:
        return str(error)
    except Exception:
        return traceback.format_exc()
    return ""


def read_brief(project: Project, collection: Collection, brief: Brief) -> Sheet:
    """What one executed brief says, from its files (see `press/paper/sheet.py`).

    Raises:
        ResearchError: it was never run, has no headline, or a chart can't be drawn.
    """
    manuscript = read_manuscript(project, *brief)
    return sheet_of(manuscript.notebook, manuscript.facts, project, collection)


def sheet_of(notebook: Any, facts: Any, project: Project, collection: Collection) -> Sheet:
    """What one executed brief says, from its notebook and facts."""
    meta = notebook["metadata"]["cityresearch"]
    last = closing(project, facts, collection, meta["path"])
    return read_sheet(notebook, collection, last, drawer(project, meta))


def mark_file(project: Project, pdf: Path) -> Path:
    """Where it is noted what a PDF was made from."""
    return project.build / "cache" / pdf.relative_to(project.build).with_suffix(".key")


def _mark(project: Project, brief: Brief, shared: str) -> Mark:
    pdf = pdf_file(project, *brief)
    return Mark(mark_file(project, pdf), pdf, manuscript_files(project, *brief), shared)


def _make(project: Project, collection: Collection, brief: Brief, mark: Mark) -> None:
    sheet = lay_out(read_brief(project, collection, brief))
    key = paper_key(sheet, collection)
    mark.make(key, lambda: typeset("brief", sheet, collection, sheet["kicker"]))
