"""Typst at work: plain data in, a tagged PDF (PDF/UA-1) out, the same bytes from the same data."""

from __future__ import annotations

import atexit
import datetime
import functools
import hashlib
import importlib.metadata
import json
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

import typst

from cityresearch.briefs import look
from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.press.paper import row_headers

FACES = {
    "Source Sans Pro": ("Regular", "It", "Semibold", "SemiboldIt"),
    "Source Serif Pro": ("Regular", "It", "Semibold"),
}
TEMPLATES = Path(__file__).parent / "templates"
PACKAGES = ("typst", "font-source-sans-pro", "font-source-serif-pro")
REFUSED = "PDF/UA-1 error: "  # how Typst begins what keeps a paper from being accessible
MEMORY = 12  # papers that Typst remembers: it drops what the last ten did not use
Paper = dict[str, Any]
_own = threading.local()
_lock = threading.Lock()


def typeset(template: str, paper: Paper, collection: Collection, where: str) -> bytes:
    """The paper set by Typst, dated with the edition so that the bytes repeat.

    Args:
        template: `brief` or `briefing`.
        where: how an error names the paper.

    Raises:
        ResearchError: the text has a letter that none of the fonts can show, or something else that
            keeps the PDF from being accessible.
    """
    given = {"input": TEMPLATES / f"{template}.typ", "sys_inputs": _given(paper)}
    return _set(compiler(), given, collection, where)


class Draft:
    """A piece of a volume. To say how many pages it has costs most of setting it, but once."""

    def __init__(self, paper: Paper) -> None:
        """Lays nothing out yet."""
        with _lock:
            fonts = _fonts()
        self._compiler = typst.Compiler(
            _piece(1), root=TEMPLATES, font_paths=fonts, sys_inputs=_given(paper)
        )

    def pages(self) -> int:
        """How many pages it has, wherever it begins."""
        return int(self._compiler.query("<last>", field="value", one=True))

    def set(self, first: int, collection: Collection, where: str) -> bytes:
        """Its PDF, beginning with this page; dated, and raises, like `typeset`."""
        return _set(self._compiler, {"input": _piece(first)}, collection, where)


def _set(made: typst.Compiler, given: Any, collection: Collection, where: str) -> bytes:
    day = datetime.datetime.fromisoformat(collection.date).replace(tzinfo=datetime.UTC)
    try:
        content = made.compile(
            **given, root=TEMPLATES, format="pdf", pdf_standards=["ua-1"], timestamp=day
        )
    except typst.TypstError as error:
        said = error.message.removeprefix(REFUSED)
        if "could not be displayed" in said:
            instead = "Write it with Latin letters."
            raise ResearchError(f"{said}.", where=where, instead=instead) from None
        if said == error.message:
            raise  # a template is wrong, not the text
        what = f"no accessible PDF can be made of the text: {said}."
        raise ResearchError(
            what, where=where, instead="Mend its headings, links or tables."
        ) from None
    assert isinstance(content, bytes)
    return row_headers.mark(content)


def _given(paper: Paper) -> dict[str, str]:
    return {"paper": json.dumps(paper, ensure_ascii=False)}


def _piece(first: int) -> bytes:
    return b'#import "volume.typ": piece\n#piece(%d)\n' % first


def forget() -> None:
    """Lets Typst forget what it remembers of earlier papers, which it does by their age."""
    for _ in range(MEMORY):
        compiler().compile(b'#set document(title: "x")')


def paper_key(paper: Paper, collection: Collection) -> str:
    """A hash of all that shapes the PDF: content, templates, date, Typst and fonts."""
    digest = hashlib.sha256(json.dumps(paper, sort_keys=True).encode())
    digest.update(_templates() + f"{collection.date} {versions()}".encode())
    return digest.hexdigest()


@functools.cache
def versions() -> str:
    """The versions of Typst and of the fonts."""
    return " ".join(importlib.metadata.version(package) for package in PACKAGES)


def compiler() -> typst.Compiler:
    """One compiler a thread: each remembers what its papers have in common."""
    if not hasattr(_own, "compiler"):
        with _lock:
            _own.compiler = typst.Compiler(font_paths=_fonts())
    made: typst.Compiler = _own.compiler
    return made


@functools.cache
def _templates() -> bytes:
    return b"".join(path.read_bytes() for path in sorted(TEMPLATES.glob("*.typ")))


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
