"""The book: pages assembled, compiled by Jupyter Book, completed with downloads, swapped in whole."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from cityresearch.briefs import look, svg
from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.press import feed, fonts, search, search_order, site_files
from cityresearch.press.files import write_whole
from cityresearch.press.links import dead_links
from cityresearch.press.pages import Pages, Wanted, assemble
from cityresearch.press.sphinx_ext import THEME
from cityresearch.project import Project

LIBRARIES = (
    "jupyter-book",
    "sphinx",
    "myst-nb",
    "myst-parser",
    "sphinx-external-toc",
    "docutils",
    "pagefind",
)
COMMAND = "from jupyter_book.cli.main import main; main()"  # the package can't be run with -m
FAULTS = ("WARNING:", "ERROR:", "CRITICAL:", "SEVERE:")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
SHOWN = 20  # lines of the log that an error message quotes


@dataclass(frozen=True)
class Book:
    """The compiled book: its folder, number of pages, whether it had to be made anew, and the briefs
    that it lacks because a chart can't be drawn, each with the reason."""

    folder: Path
    pages: int
    made: bool
    seconds: float
    failed: tuple[str, ...] = ()


def make_book(
    project: Project,
    collection: Collection,
    wanted: Sequence[Wanted] | None = None,
    workers: int | None = None,
) -> Book:
    """Makes `_build/html` from the briefs that have been run.

    Args:
        wanted: the briefs to publish, as (topic, place); default: those of the collection that have
            been run.
        workers: processes that make the pages of briefs; default: one for each processor.

    Raises:
        ResearchError: a wrong declaration or hand-written page, or a page that Jupyter Book could
            not make; the message holds the lines of its log that say why.
    """
    start = time.perf_counter()
    pages = assemble(project, collection, wanted, workers)
    target, note = project.build / "html", project.build / "book" / "key"
    key = _key(project, pages)
    made = not (target.is_dir() and note.is_file() and note.read_text() == key)
    if made:
        compiled = _compile(project, pages)
        whole = _completed(project, pages, compiled)
        site_files.complete(whole, collection, pages.documents, pages.entries)
        search.make_index(whole)
        _swap_in(target, whole)
        write_whole(note, key.encode())
    seconds = time.perf_counter() - start
    return Book(target, len(pages.documents), made, seconds, tuple(pages.failed))


def _key(project: Project, pages: Pages) -> str:
    """A hash of everything that reaches the book."""
    digest = hashlib.sha256(_tools_key(project).encode())
    for path in sorted(pages.folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(pages.folder)}\0".encode() + path.read_bytes())
    for name, path in sorted(pages.copies.items()):
        digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _tools_key(project: Project) -> str:
    """A hash of what shapes every page: settings, theme, our extension, the libraries."""
    digest = hashlib.sha256(project.config.read_bytes())
    digest.update((THEME.parent / "sphinx_ext.py").read_bytes())
    for path in sorted(path for path in THEME.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(THEME)}\0".encode() + path.read_bytes())
    for module in (look, svg, fonts, feed, search, search_order, site_files):
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(" ".join(map(version, LIBRARIES)).encode())
    return digest.hexdigest()


def _compile(project: Project, pages: Pages) -> Path:
    """Runs Jupyter Book and gives the folder of its HTML; unchanged pages are kept from last time."""
    aside = project.build / "book"
    tools = _tools_key(project)
    note = aside / "tools"
    if not note.is_file() or note.read_text() != tools:
        shutil.rmtree(aside, ignore_errors=True)
        write_whole(note, tools.encode())
    command = [sys.executable, "-c", COMMAND, "build", str(pages.folder)]
    command += ["--path-output", str(aside), "--config", str(project.config)]
    settings = {**os.environ, "PYTHONHASHSEED": "0"}
    result = subprocess.run(
        command,
        cwd=aside,
        env=settings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    write_whole(aside / "log.txt", COLOURS.sub("", result.stdout).encode())
    _check(project, pages, result)
    return aside / "_build" / "html"


def _check(project: Project, pages: Pages, result: subprocess.CompletedProcess[str]) -> None:
    """Refuses a failed build, and any warning about a page of ours."""
    lines = COLOURS.sub("", result.stdout).splitlines()
    ours = str(pages.folder)
    faults = [line for line in lines if ours in line and any(word in line for word in FAULTS)]
    if result.returncode and not faults:
        faults = [line for line in lines if line.strip()][-SHOWN:]
    if faults:
        quoted = "\n  ".join(line.replace(f"{ours}/", "") for line in faults[:SHOWN])
        raise ResearchError(
            f"Jupyter Book could not make the book:\n  {quoted}\n",
            where=project.relative(project.build / "book" / "log.txt"),
            instead="Mend the page, or the notebook it comes from, and build again.",
        )


def _completed(project: Project, pages: Pages, compiled: Path) -> Path:
    """The whole book in a folder of its own: compiled pages, files beside them, downloads, statics."""
    whole = project.build / "html.part"
    shutil.rmtree(whole, ignore_errors=True)
    copies = {f"{name}.html": compiled / f"{name}.html" for name in pages.documents}
    copies |= {name: pages.folder / name for name in pages.beside} | pages.copies
    missing = [name for name, path in copies.items() if not path.is_file()]
    if missing:
        raise ResearchError(
            f"Jupyter Book left out {len(missing)} pages, first of them {missing[0]}.",
            where=project.relative(project.build / "book" / "log.txt"),
        )
    shared = {f"_static/{name}": made for name, made in statics(project.build / "shared").items()}
    _check_links(pages, compiled, {*copies, *shared})
    _make_folders(whole, [*copies, *shared])
    for name, path in copies.items():
        shutil.copyfile(path, whole / name)
    for name, content in shared.items():
        (whole / name).write_bytes(content)
    return whole


def _check_links(pages: Pages, compiled: Path, files: set[str]) -> None:
    texts = {f"{name}.html": compiled / f"{name}.html" for name in pages.documents}
    dead = dead_links({name: path.read_text("utf-8") for name, path in texts.items()}, files)
    if dead:
        quoted = "\n  ".join(dead[:SHOWN])
        raise ResearchError(
            f"{len(dead)} links lead nowhere:\n  {quoted}\n",
            where="book",
            instead="Mend them in the notebook, or in book/, that the page comes from.",
        )


def _make_folders(whole: Path, names: Iterable[str]) -> None:
    for folder in sorted({(whole / name).parent for name in names}):
        folder.mkdir(parents=True, exist_ok=True)


def statics(cache: Path) -> dict[str, bytes]:
    """The files that all pages share: style, script, icon, fonts, and the script of live charts.

    What is dear to make is kept in the folder `cache`.
    """
    files = {path.name: path.read_bytes() for path in sorted((THEME / "static").iterdir())}
    files["city.css"] += look.dark_css(".live").encode()
    return {**files, **fonts.web_fonts(cache), "vega.js": _live_charts(cache)}


def _live_charts(cache: Path) -> bytes:
    made = Path(svg.__file__).read_text(encoding="utf-8") + version("vl-convert-python")
    path = cache / f"vega-{hashlib.sha256(made.encode()).hexdigest()[:8]}.js"
    if not path.is_file():
        write_whole(path, svg.bundle().encode())
    return path.read_bytes()


def _swap_in(target: Path, whole: Path) -> None:
    """Puts the new book in the place of the old one, which readers have until then."""
    old = target.with_name("html.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    whole.rename(target)
    shutil.rmtree(old, ignore_errors=True)
