"""Assembling the pages: everything that Jupyter Book and the reader's browser get, in `_build/pages`."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from cityresearch.briefs.collection import Collection, briefs
from cityresearch.briefs.topic import Topic, load_topic
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.evidence.sources import list_sources
from cityresearch.press import drawings
from cityresearch.press.atlas import Atlas, make_atlas
from cityresearch.press.brief_page import draw_pictures, make_brief_page
from cityresearch.press.files import write_whole
from cityresearch.press.finding_pages import compare_page, lost_page, places_script, search_page
from cityresearch.press.index_pages import Folder, folder_page, folders
from cityresearch.press.manuscripts import (
    Entry,
    Manuscript,
    entry_of,
    manuscript_files,
    pdf_file,
    read_manuscript,
)
from cityresearch.press.pictures import Picture
from cityresearch.press.reference_pages import home_page, sources_page, written_names, written_page
from cityresearch.press.surroundings import Link
from cityresearch.press.toc import table_of_contents
from cityresearch.press.topic_pages import topic_page
from cityresearch.project import Project

TOGETHER = 8  # places that a worker takes at a time
Wanted = tuple[str, Place]


@dataclass
class Pages:
    """The assembled pages: Sphinx documents, files that stand beside them, and copies to fetch.

    `documents` are addresses without ending; `beside` are files in `_build/pages` that the reader's
    browser gets as they are; `copies` are files of `_build` by the address that they get; `failed`
    are the briefs without page, each with the reason; `entries` say what the others hold.
    """

    folder: Path
    documents: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    copies: dict[str, Path] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def write(self, name: str, text: str) -> None:
        """Writes a file where it differs: an unchanged page keeps its time, and is not built again."""
        path = self.folder / name
        content = text.encode()
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)

    def document(self, name: str, text: str, ending: str = "ipynb") -> None:
        """Writes one document for Jupyter Book."""
        self.write(f"{name}.{ending}", text)
        self.documents.append(name)


def assemble(
    project: Project,
    collection: Collection,
    wanted: Sequence[Wanted] | None = None,
    workers: int | None = None,
) -> Pages:
    """Writes all pages of the briefs that have been run; one whose charts can't be drawn has none.

    Args:
        wanted: the briefs to publish, as (topic, place); default: those of the collection that have
            been run.
        workers: processes that make the pages of briefs; default: one for each processor.

    Raises:
        ResearchError: a brief that was not run or is another place's, or a wrong declaration.
    """
    chosen = list(wanted) if wanted is not None else _executed(project, collection)
    pages = Pages(project.build / "pages")
    entries = _write_briefs(project, collection, chosen, pages, workers)
    pages.entries = entries
    tree = folders(entries)
    topics = _topics(project, collection, {entry.topic for entry in entries})
    atlas = make_atlas(project, topics, entries)
    _write_folders(project, collection, topics, atlas, tree, pages)
    for topic in topics.values():
        of_topic = [entry for entry in entries if entry.topic == topic.name]
        page = topic_page(project, collection, atlas, topic, of_topic)
        pages.document(f"topics/{topic.name}", page)
    _write_reference(project, collection, topics, atlas, entries, tree, pages)
    _write_finding(project, collection, topics, atlas, pages)
    pages.write("_toc.yml", table_of_contents(tree, pages.documents))
    _remove_others(pages)
    return pages


def _topics(project: Project, collection: Collection, written: set[str]) -> dict[str, Topic]:
    """The topics that have briefs, in the order of the collection."""
    order = {name: rank for rank, name in enumerate(collection.topics)}
    named = sorted(written, key=lambda name: (order.get(name, len(order)), name))
    return {name: load_topic(project, name) for name in named}


def _executed(project: Project, collection: Collection) -> list[Wanted]:
    return [
        (topic, place)
        for topic, place in briefs(project, collection)
        if all(path.is_file() for path in manuscript_files(project, topic, place))
    ]


def _write_briefs(
    project: Project,
    collection: Collection,
    wanted: Sequence[Wanted],
    pages: Pages,
    workers: int | None,
) -> list[Entry]:
    """Writes the briefs' pages in a pool of processes (drawing is the dear part); in order."""
    by_place: dict[str, list[Wanted]] = {}
    for brief in wanted:
        by_place.setdefault(brief[1].path, []).append(brief)
    places = list(by_place.values())
    batches = [places[start : start + TOGETHER] for start in range(0, len(places), TOGETHER)]
    count = min(workers or os.cpu_count() or 1, len(batches))
    job = [(project, collection, pages.folder, batch) for batch in batches]
    if count > 1:
        # Spawned, not forked: the drawing engine has threads, which a fork would lose.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, context) as pool:
            results = list(pool.map(_write_batch, job))
    else:
        results = [_write_batch(each) for each in job]
    entries = []
    for made in itertools.chain.from_iterable(results):
        if isinstance(made, str):
            pages.failed.append(made)
            continue
        entries.append(made.entry)
        pages.documents.append(made.stem)
        pages.beside += made.scripts
        pages.copies |= made.pictures | _downloads(project, made.entry)
    drawings.forget_others(project, set(pages.copies.values()))
    return entries


@dataclass(frozen=True)
class _Made:
    stem: str
    entry: Entry
    scripts: list[str]
    pictures: dict[str, Path]


def _write_batch(job: tuple[Project, Collection, Path, list[list[Wanted]]]) -> list[_Made | str]:
    """Writes the pages of some places; a brief that has none is the reason why."""
    project, collection, folder, batch = job
    made: list[_Made | str] = []
    for place_briefs in batch:
        drawn, failed = _drawn(project, place_briefs)
        siblings = [manuscript for manuscript, _ in drawn]
        made += failed
        made += [_write_brief(project, collection, folder, *each, siblings) for each in drawn]
    return made


def _drawn(
    project: Project, briefs_of_place: list[Wanted]
) -> tuple[list[tuple[Manuscript, dict[str, Picture]]], list[str]]:
    """The briefs of a place with their pictures, and why others have none: no page may link to those."""
    drawn, failed = [], []
    for topic, place in briefs_of_place:
        manuscript = read_manuscript(project, topic, place)
        try:
            pictures = draw_pictures(project, manuscript)
            _write_download(project, manuscript)
        except ResearchError as error:
            failed.append(f"{topic} {place.slug}: {error}")
        else:
            drawn.append((manuscript, pictures))
    return drawn, failed


def _write_brief(
    project: Project,
    collection: Collection,
    folder: Path,
    manuscript: Manuscript,
    pictures: dict[str, Picture],
    of_place: list[Manuscript],
) -> _Made:
    siblings = [
        Link(other.topic.label, "" if other is manuscript else f"{other.stem}.html")
        for other in of_place
    ]
    page = make_brief_page(project, collection, manuscript, siblings, pictures)
    writer, stem = Pages(folder), manuscript.stem
    writer.document(stem, page.notebook)
    if page.charts:
        writer.write(f"{stem}.charts.js", page.charts)
        writer.beside.append(f"{stem}.charts.js")
    files = {f"{manuscript.place.path}/{name}": path for name, path in page.pictures.items()}
    return _Made(stem, entry_of(manuscript), writer.beside, files)


def _download(project: Project, topic: str, place: Place) -> Path:
    return project.build / "downloads" / place.path / f"{topic}.ipynb"


def _write_download(project: Project, manuscript: Manuscript) -> None:
    """The executed notebook with its drawings, for readers to fetch."""
    whole = drawings.with_drawings(project, manuscript.notebook)
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    path = _download(project, manuscript.topic.name, manuscript.place)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_whole(path, text.encode())


def _downloads(project: Project, entry: Entry) -> dict[str, Path]:
    """What a brief offers to fetch beside its page: notebook, facts, and the PDF where it is made."""
    facts = manuscript_files(project, entry.topic, entry.place)[1]
    pdf = pdf_file(project, entry.topic, entry.place)
    stem = f"{entry.place.path}/{entry.topic}"
    found = {f"{stem}.ipynb": _download(project, entry.topic, entry.place), f"{stem}.json": facts}
    return found | ({f"{stem}.pdf": pdf} if pdf.is_file() else {})


def _write_folders(
    project: Project,
    collection: Collection,
    topics: Mapping[str, Topic],
    atlas: Atlas,
    tree: Iterable[Folder],
    pages: Pages,
) -> None:
    for folder in tree:
        page = folder_page(project, collection, topics, atlas, folder)
        pages.document(f"{folder.path}/index", page)
        _write_folders(project, collection, topics, atlas, folder.inside, pages)


def _write_reference(
    project: Project,
    collection: Collection,
    topics: Mapping[str, Topic],
    atlas: Atlas,
    entries: Sequence[Entry],
    tree: Sequence[Folder],
    pages: Pages,
) -> None:
    pages.document("index", home_page(project, collection, topics, atlas, tree, entries))
    pages.document("sources", sources_page(collection, list_sources(project)))
    for name in written_names(project):
        pages.document(name, written_page(project, collection, name), "md")


def _write_finding(
    project: Project,
    collection: Collection,
    topics: Mapping[str, Topic],
    atlas: Atlas,
    pages: Pages,
) -> None:
    """What leads readers to pages: the search of words, two places side by side, the list of places."""
    pages.document("search", search_page(collection, topics))
    pages.document("compare", compare_page(collection, topics))
    if collection.address:
        pages.document("404", lost_page(collection))
    pages.write("_static/places.js", places_script(project, atlas.places.values()))
    pages.beside.append("_static/places.js")


def _remove_others(pages: Pages) -> None:
    """Removes what an earlier assembly left: a page of a brief that is no longer published."""
    kept = {pages.folder / "_toc.yml", *(pages.folder / name for name in pages.beside)}
    for name in pages.documents:
        kept |= {pages.folder / f"{name}.ipynb", pages.folder / f"{name}.md"}
    for path in sorted(pages.folder.rglob("*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            shutil.rmtree(path)
