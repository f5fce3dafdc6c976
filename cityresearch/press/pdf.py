"""A PDF per brief by Typst: tagged (PDF/UA-1), byte for byte the same from the same brief."""

from __future__ import annotations

import atexit
import datetime
import functools
import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
import threading
import traceback
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import typst

from cityresearch.briefs import look
from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press.closing import closing
from cityresearch.press.drawings import draw_missing, drawer
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import manuscript_files, pdf_file, read_manuscript
from cityresearch.press.sheet import make_sheet
from cityresearch.project import Project

Sheet = dict[str, Any]

FACES = {
    "Source Sans Pro": ("Regular", "It", "Semibold", "SemiboldIt"),
    "Source Serif Pro": ("Regular", "It", "Semibold"),
}
TEMPLATE = Path(__file__).parent / "templates" / "brief.typ"
PACKAGES = ("typst", "font-source-sans-pro", "font-source-serif-pro")
_own = threading.local()
_lock = threading.Lock()


def make_pdf(notebook: Any, facts: Any, project: Project, collection: Collection) -> bytes:
    """The PDF of one executed brief.

    Args:
        notebook: the executed notebook's JSON (nbformat 4).
        facts: content of its facts file.

    Raises:
        ResearchError: no headline, a chart that can't be drawn, or a letter that the fonts lack.
    """
    return compile_sheet(sheet_of(notebook, facts, project, collection), collection)


def make_pdfs(
    project: Project,
    collection: Collection,
    wanted: Sequence[tuple[str, Place]],
    jobs: int | None = None,
) -> Generator[str, None, None]:
    """Makes the PDFs of the briefs wanted that are new or changed.

    They are written to `_build/pdf/<path>/<topic>.pdf`. Typst works outside Python's lock, so
    threads use all cores; charts are drawn before, by processes.

    Yields:
        For each brief, in order: why it failed, or an empty text. None stops another.
    """
    draw_missing(project, [manuscript_files(project, *brief)[0] for brief in wanted], jobs)
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        reasons = pool.map(lambda brief: _make(project, collection, *brief), wanted)
        for (topic, place), reason in zip(wanted, reasons, strict=True):
            yield f"{topic} {place.slug}: {reason}" if reason else ""


def _make(project: Project, collection: Collection, topic: str, place: Place) -> str:
    """Makes one PDF unless it is up to date; the reason where it cannot be made."""
    pdf = pdf_file(project, topic, place)
    key = project.build / "cache" / "pdf" / place.path / f"{topic}.key"
    try:
        manuscript = read_manuscript(project, topic, place)
        sheet = sheet_of(manuscript.notebook, manuscript.facts, project, collection)
        wanted = sheet_key(sheet, collection)
        if pdf.is_file() and key.is_file() and key.read_text(encoding="utf-8") == wanted:
            return ""
        # Without its key a PDF counts as stale: a run killed between the two writes makes it again.
        key.unlink(missing_ok=True)
        write_whole(pdf, compile_sheet(sheet, collection))
        write_whole(key, wanted.encode())
    except ResearchError as error:
        return str(error)
    except Exception:  # a bug in one brief must not cost the others theirs; the traceback is kept
        return traceback.format_exc()
    return ""


def sheet_of(notebook: Any, facts: Any, project: Project, collection: Collection) -> Sheet:
    """What the template is given for one brief."""
    meta = notebook["metadata"]["cityresearch"]
    last = closing(project, facts, collection, meta["path"])
    return make_sheet(notebook, collection, last, drawer(project, meta))


def sheet_key(sheet: Sheet, collection: Collection) -> str:
    """A hash of all that shapes the PDF: content, template, date, Typst and fonts."""
    digest = hashlib.sha256(json.dumps(sheet, sort_keys=True).encode())
    versions = " ".join(importlib.metadata.version(package) for package in PACKAGES)
    digest.update(_template() + f"{collection.date} {versions}".encode())
    return digest.hexdigest()


def compile_sheet(sheet: Sheet, collection: Collection) -> bytes:
    """The sheet set by Typst, dated with the edition so that the bytes repeat.

    Raises:
        ResearchError: the text has a letter that none of the fonts can show.
    """
    day = datetime.datetime.fromisoformat(collection.date).replace(tzinfo=datetime.UTC)
    try:
        content = _compiler().compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            format="pdf",
            sys_inputs={"paper": json.dumps(sheet, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=day,
        )
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        raise ResearchError(
            error.message.removeprefix("PDF/UA-1 error: ") + ".",
            where=sheet["kicker"],
            instead="Write it with Latin letters.",
        ) from None
    assert isinstance(content, bytes)
    return content


def _compiler() -> typst.Compiler:
    """One compiler a thread: each remembers what its sheets have in common."""
    if not hasattr(_own, "compiler"):
        with _lock:
            _own.compiler = typst.Compiler(font_paths=_fonts())
    compiler: typst.Compiler = _own.compiler
    return compiler


@functools.cache
def _template() -> bytes:
    return b"".join(path.read_bytes() for path in sorted(TEMPLATE.parent.glob("*.typ")))


@functools.cache
def _fonts() -> typst.Fonts:
    """Our faces in a folder of their own: the packages hold each as TTF and as OTF, and of equal
    faces Typst takes whichever it meets first."""
    folder = Path(tempfile.mkdtemp(prefix="cityresearch-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for family, faces in FACES.items():
        for face in faces:
            name = f"{family.replace(' ', '')}-{face}.ttf"
            shutil.copyfile(look.font_folder(family) / name, folder / name)
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])
