"""A PDF per brief by Typst: tagged (PDF/UA-1), byte for byte the same from the same brief."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.press.drawings import draw_missing
from cityresearch.press.manuscripts import manuscript_files, pdf_file
from cityresearch.press.paper.fresh import Mark, mark_file, shared_key
from cityresearch.press.paper.kept import Brief, kept_sheet
from cityresearch.press.paper.sheet import lay_out
from cityresearch.press.paper.typesetting import paper_key, typeset
from cityresearch.project import Project


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
        return "" if holds else told(lambda: _make(project, collection, brief, mark, shared))

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


def _mark(project: Project, brief: Brief, shared: str) -> Mark:
    pdf = pdf_file(project, *brief)
    return Mark(mark_file(project, pdf), pdf, manuscript_files(project, *brief), shared)


def _make(project: Project, collection: Collection, brief: Brief, mark: Mark, shared: str) -> None:
    sheet = lay_out(kept_sheet(project, collection, brief, shared))
    key = paper_key(sheet, collection)
    mark.make(key, lambda: typeset("brief", sheet, collection, sheet["kicker"]))
