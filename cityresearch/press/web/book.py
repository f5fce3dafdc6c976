"""The book: pages assembled, compiled by Jupyter Book, completed with downloads, swapped in whole."""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cityresearch.briefs import look, svg
from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press import fonts
from cityresearch.press.files import THEME, link_all, state_of, write_whole
from cityresearch.press.running.status import count
from cityresearch.press.web import feed, search, search_order, site_files, statics
from cityresearch.press.web.compiler import Compiler
from cityresearch.press.web.compiling import PAGES
from cityresearch.press.web.links import Targets, check, places_of
from cityresearch.press.web.pages import Pages, assemble
from cityresearch.press.web.shown import note_file, swap_in
from cityresearch.press.web.volumes import Volume, volumes
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
FAULTS = ("WARNING:", "ERROR:", "CRITICAL:", "SEVERE:")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
SHOWN = 20  # lines of the log that an error message quotes


@dataclass(frozen=True)
class Book:
    """The compiled book: its folder, number of pages, whether it had to be made anew, the briefs that it
    lacks because a chart can't be drawn, each with the reason, the number of stale PDFs left out, and the
    number of pages that were compiled."""

    folder: Path
    pages: int
    made: bool
    seconds: float
    failed: tuple[str, ...] = ()
    stale_pdfs: int = 0
    compiled: int = 0


def make_book(
    project: Project,
    collection: Collection,
    wanted: Sequence[tuple[str, Place]] | None = None,
    workers: int | None = None,
    name: str = "html",
) -> Book:
    """Makes `_build/html` from the briefs that have been run.

    Args:
        wanted: the briefs to publish, as (topic, place); default: those of the collection that have
            been run.
        workers: processes that make the pages of briefs; default: one for each processor.
        name: of the folder in `_build`, for a book that readers don't get yet.

    Raises:
        ResearchError: a wrong declaration or hand-written page, or a page that Jupyter Book could
            not make; the message holds the lines of its log that say why.
    """
    start = time.perf_counter()
    target, note = project.build / name, note_file(project, name)
    with Compiler() as compiler:
        pages = assemble(project, collection, wanted, workers, compiler.begin)
        parts = volumes(pages.documents)
        keys = _volume_keys(project, pages, parts)
        key = _key(pages, keys)
        made = not (target.is_dir() and note.is_file() and note.read_text() == key)
        compiled = _compile(compiler, project, pages, parts, keys, workers) if made else 0
    if made:
        whole = _whole(project, collection, pages, parts, f"{name}.part")
        swap_in(target, whole)
        write_whole(note, key.encode())
    seconds = time.perf_counter() - start
    count, failed = len(pages.documents), tuple(pages.failed)
    return Book(target, count, made, seconds, failed, pages.stale_pdfs, compiled)


def _whole(
    project: Project, collection: Collection, pages: Pages, parts: Sequence[Volume], name: str
) -> Path:
    """The whole book in a folder of its own. Pagefind, which takes longest, works meanwhile."""
    index = project.build / "book" / "search"
    with ThreadPoolExecutor(1) as beside:
        indexed = beside.submit(search.make_index, _words(project, parts), index)
        whole = _completed(project, pages, parts, name)
        site_files.complete(whole, collection, list(pages.documents), pages.entries, pages.reasons)
        indexed.result()
    search.put_index(whole, index)
    return whole


def _volume_keys(project: Project, pages: Pages, parts: Sequence[Volume]) -> dict[str, str]:
    """For each volume a hash of everything that reaches its pages."""
    tools, keys = _tools_key(project), {}
    for volume in parts:
        digest = hashlib.sha256(tools.encode())
        for name in volume.documents:
            digest.update(f"{name}\0".encode() + pages.source(name).read_bytes())
        keys[volume.name] = digest.hexdigest()
    return keys


def _key(pages: Pages, keys: Mapping[str, str]) -> str:
    """A hash of everything that reaches the book."""
    digest = hashlib.sha256(json.dumps(keys, sort_keys=True).encode())
    for name in sorted(pages.beside):
        digest.update(f"{name}\0".encode() + (pages.folder / name).read_bytes())
    for name, path in sorted(pages.copies.items()):
        # Files of `_build` are replaced whole, never written into: their contents need no look.
        digest.update(f"{name}\0{state_of(path)}\0".encode())
    return digest.hexdigest()


def _tools_key(project: Project) -> str:
    """A hash of what shapes every page: settings, theme, our extension, the libraries."""
    digest = hashlib.sha256(project.config.read_bytes())
    for module in ("sphinx_ext.py", "figure_links.py", "lean.py", "compiling.py", "links.py"):
        digest.update((THEME.parent / module).read_bytes())
    for path in sorted(path for path in THEME.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(THEME)}\0".encode() + path.read_bytes())
    for used in (look, svg, fonts, feed, search, search_order, site_files, statics):
        digest.update(Path(str(used.__file__)).read_bytes())
    digest.update(" ".join(map(version, LIBRARIES)).encode())
    return digest.hexdigest()


def _compile(
    compiler: Compiler,
    project: Project,
    pages: Pages,
    parts: Sequence[Volume],
    keys: Mapping[str, str],
    workers: int | None,
) -> int:
    """Compiles the volumes that changed, and forgets those that the book no longer has; how many pages
    those that changed have."""
    shelf = project.build / "book" / "volumes"
    _start_anew_with_new_tools(project, shelf)
    for folder in shelf.glob("*"):
        if folder.name not in keys:
            shutil.rmtree(folder)
    changed = [volume for volume in parts if not _is_whole(shelf / volume.name, keys[volume.name])]
    changed.sort(key=lambda volume: -len(volume.documents))  # so that none is left working alone
    for volume in changed:
        (shelf / volume.name / "key").unlink(missing_ok=True)
    if changed:
        compiler.compile(_order(project, pages, changed, workers))
    faults = [fault for volume in changed for fault in _faults(shelf / volume.name)]
    for volume in changed:
        if (shelf / volume.name).is_dir():
            write_whole(shelf / volume.name / "key", keys[volume.name].encode())
    if faults:
        quoted = "\n  ".join(sorted(faults)[:SHOWN])
        raise ResearchError(
            f"Jupyter Book could not make the book:\n  {quoted}\n",
            where="book",
            instead="Mend the page, or the notebook it comes from, and build again.",
        )
    return sum(len(volume.documents) for volume in changed)


def _start_anew_with_new_tools(project: Project, shelf: Path) -> None:
    tools, note = _tools_key(project), project.build / "book" / "tools"
    if not note.is_file() or note.read_text() != tools:
        shutil.rmtree(project.build / "book", ignore_errors=True)
        write_whole(note, tools.encode())
    shelf.mkdir(parents=True, exist_ok=True)


def _is_whole(folder: Path, key: str) -> bool:
    note = folder / "key"
    return note.is_file() and note.read_text() == key


def _order(
    project: Project, pages: Pages, changed: Sequence[Volume], workers: int | None
) -> dict[str, Any]:
    """What the process that compiles volumes is told, see `compiling`."""
    return {
        "folder": str(project.build / "book" / "volumes"),
        "sources": str(pages.folder),
        "config": str(project.config),
        "workers": workers or os.cpu_count() or 1,
        "volumes": {
            volume.name: [f"{name}.{pages.documents[name]}" for name in volume.documents]
            for volume in changed
        },
    }


def _faults(folder: Path) -> list[str]:
    """Why a volume failed, and any warning about a page of ours. Nothing of such a volume is kept: a
    page that was read with a warning would not be read, nor warned of, again."""
    log, ours = folder / "log.txt", f"{folder / 'source'}/"
    lines = COLOURS.sub("", log.read_text("utf-8") if log.is_file() else "").splitlines()
    faults = [line for line in lines if ours in line and any(word in line for word in FAULTS)]
    if not faults and not (folder / "links.json").is_file():
        told = [line for line in lines if line.strip()][-SHOWN:]
        faults = told or [f"volume {folder.name}: its process died"]
    if faults:
        shutil.rmtree(folder, ignore_errors=True)
    return [line.replace(ours, "") for line in faults]


def _completed(project: Project, pages: Pages, parts: Sequence[Volume], name: str) -> Path:
    """The whole book in a folder of its own: compiled pages, files beside them, downloads, statics.

    Files that exist are given a second name, not copied: nothing may write into them here.

    Raises:
        ResearchError: a page is missing, a link leads nowhere, or no way leads to a page from the first one.
    """
    whole, shelf = project.build / name, project.build / "book" / "volumes"
    shutil.rmtree(whole, ignore_errors=True)
    compiled = {
        f"{name}.html": f"{shelf}/{volume.name}/{PAGES}/{name}.html"
        for volume in parts
        for name in volume.documents
    }
    there = map(os.path.isfile, compiled.values())
    missing = [name for name, is_there in zip(compiled, there, strict=True) if not is_there]
    _refuse(missing, "pages were left out by Jupyter Book", "Build again, without _build/book.")
    shared = {
        f"_static/{name}": made
        for name, made in statics.shared_files(project.build / "shared").items()
    }
    files = compiled | {name: f"{pages.folder}/{name}" for name in pages.beside} | pages.copies
    link_all(files, whole)
    for name, content in shared.items():
        write_whole(whole / name, content)
    _check_links(whole, {*files, *shared}, [shelf / volume.name for volume in parts])
    return whole


def _check_links(whole: Path, files: set[str], made: Sequence[Path]) -> None:
    """Checks what was noted of the pages of each volume against the files that are there."""

    @functools.cache
    def places(address: str) -> set[str]:
        page = whole / address
        return places_of(page.read_text("utf-8")) if page.suffix == ".html" else set()

    dead, orphans = check(itertools.chain.from_iterable(map(_links, made)), files, places)
    mend = "Mend them in the notebook, or in book/, that the page comes from."
    leads = "leads" if len(dead) == 1 else "lead"
    _refuse(dead, f"{count(len(dead), 'link')} {leads} nowhere", mend)
    orphaned = f"{count(len(orphans), 'page')} can't be reached from index.html"
    _refuse(orphans, orphaned, "Link what is named, or remove it.")


def _links(folder: Path) -> Iterable[tuple[str, Targets]]:
    noted: dict[str, Targets] = json.loads((folder / "links.json").read_text(encoding="utf-8"))
    return noted.items()


def _refuse(named: Sequence[str], what: str, instead: str) -> None:
    if named:
        quoted = "\n  ".join(named[:SHOWN])
        raise ResearchError(f"{what}:\n  {quoted}\n", where="book", instead=instead)


def _words(project: Project, parts: Sequence[Volume]) -> dict[str, Path]:
    """The files with what is searched of each page, by the page's address."""
    shelf, found = project.build / "book" / "volumes", {}
    for volume in parts:
        for name in volume.documents:
            path = shelf / volume.name / "words" / f"{name}.html"
            if path.is_file():
                found[f"{name}.html"] = path
    return found
