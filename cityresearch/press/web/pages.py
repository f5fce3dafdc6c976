"""Assembling the pages: everything that Jupyter Book and the reader's browser get, in `_build/pages`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cityresearch.briefs.collection import Collection, briefs
from cityresearch.briefs.topic import Topic, load_topic
from cityresearch.evidence.places import Place
from cityresearch.evidence.sources import list_sources
from cityresearch.press import drawings
from cityresearch.press.files import write_changed
from cityresearch.press.manuscripts import Entry, manuscript_files, pdf_file
from cityresearch.press.paper.pdf import fresh_pdfs
from cityresearch.press.paper.volume import Volume, fresh_volumes, volume_file
from cityresearch.press.running.wanted import briefs_of
from cityresearch.press.web import coverage_page
from cityresearch.press.web.atlas import Atlas, make_atlas
from cityresearch.press.web.brief_pages import Made, download_file, write_briefs
from cityresearch.press.web.changes_page import NAME, News, changes_csv, changes_page, news
from cityresearch.press.web.finding_pages import compare_page, lost_page, places_script, search_page
from cityresearch.press.web.index_pages import Folder, folder_page, folder_shows, folders
from cityresearch.press.web.reference_pages import (
    corrections_of,
    home_page,
    sources_page,
    written_names,
    written_page,
)
from cityresearch.press.web.remembered import source_key
from cityresearch.press.web.rendered import Rendered, digest
from cityresearch.press.web.toc import table_of_contents
from cityresearch.press.web.topic_pages import topic_page
from cityresearch.project import Project


@dataclass
class Pages:
    """The assembled pages: Sphinx documents, files that stand beside them, and copies to fetch.

    `documents` are addresses without ending, each with the ending of its source; `beside` are files
    in `_build/pages` that the reader's browser gets as they are; `copies` are files of `_build` by
    the address that they get; `failed` are the briefs without page, each with the reason; `entries`
    say what the others hold; `stale_pdfs` counts briefs whose PDF is left out, as it tells of another
    state of theirs; `reasons` say why some of them are new or changed, by address, where there is an
    edition before.
    """

    folder: Path
    documents: dict[str, str] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    stale_pdfs: int = 0
    reasons: Mapping[str, str] | None = None

    def write(self, name: str, text: str) -> None:
        """Writes a file where it differs."""
        write_changed(self.folder / name, text.encode())

    def rendered(self, memory: Rendered, name: str, shown: str, make: Callable[[], str]) -> None:
        """Writes a page that is made of what `shown` is a hash of; unless it is there."""
        path = self.folder / f"{name}.ipynb"
        if not memory.holds(path, shown):
            write_changed(path, make().encode())
        memory.keep(path, shown)
        self.documents[name] = "ipynb"

    def document(self, name: str, text: str, ending: str = "ipynb") -> None:
        """Writes one document for Jupyter Book."""
        self.write(f"{name}.{ending}", text)
        self.documents[name] = ending

    def source(self, name: str) -> Path:
        """The file of a document."""
        return self.folder / f"{name}.{self.documents[name]}"


def assemble(
    project: Project,
    collection: Collection,
    wanted: Sequence[tuple[str, Place]] | None = None,
    workers: int | None = None,
    began: Callable[[], None] = lambda: None,
) -> Pages:
    """Writes all pages of the briefs that have been run; one whose charts can't be drawn has none.

    Args:
        wanted: the briefs to publish, as (topic, place); default: those of the collection that have
            been run.
        workers: processes that make the pages of briefs; default: one for each processor.
        began: told as soon as it is known that pages of briefs are to be made anew.

    Raises:
        ResearchError: a brief that was not run or is another place's, or a wrong declaration.
    """
    chosen = list(wanted) if wanted is not None else _executed(project, collection)
    pages = Pages(project.build / "pages")
    fresh = fresh_pdfs(project, collection, chosen)
    pages.stale_pdfs = sum(
        pdf_file(project, *brief).is_file() for brief in chosen if brief not in fresh
    )
    made = write_briefs(project, collection, pages.folder, chosen, fresh, workers, began)
    entries = _entered(project, pages, made)
    pages.entries = entries
    tree = folders(entries)
    topics = _topics(project, collection, {entry.topic for entry in entries})
    atlas = make_atlas(project, topics, entries)
    bound = fresh_volumes(project, collection, chosen) if chosen else {}
    _write_overviews(project, collection, topics, atlas, tree, pages, bound)
    told = news(project, collection, [(entry.topic, entry.place) for entry in entries])
    since = told.since if told else ""
    home = home_page(project, collection, topics, atlas, tree, entries, bound, since)
    pages.document("index", home)
    _write_reference(project, collection, topics, pages, told)
    _write_finding(project, collection, topics, atlas, pages, told)
    pages.write("_toc.yml", table_of_contents(tree, list(pages.documents)))
    _remove_others(pages)
    return pages


def _topics(project: Project, collection: Collection, written: set[str]) -> dict[str, Topic]:
    """The topics that have briefs, in the order of the collection."""
    order = {name: rank for rank, name in enumerate(collection.topics)}
    named = sorted(written, key=lambda name: (order.get(name, len(order)), name))
    return {name: load_topic(project, name) for name in named}


def _executed(project: Project, collection: Collection) -> list[tuple[str, Place]]:
    return [
        (topic, place)
        for topic, place in briefs(project, collection)
        if all(path.is_file() for path in manuscript_files(project, topic, place))
    ]


def _entered(project: Project, pages: Pages, made: Iterable[Made | str]) -> list[Entry]:
    """Enters what was made of briefs among the pages; gives what index pages say of them."""
    entries = []
    for one in made:
        if isinstance(one, str):
            pages.failed.append(one)
            continue
        entries.append(one.entry)
        pages.documents[one.stem] = "ipynb"
        pages.beside += one.scripts
        pages.copies |= one.pictures | _downloads(project, one.entry)
    drawings.forget_others(project, pages.copies.values())
    return entries


def _downloads(project: Project, entry: Entry) -> dict[str, str]:
    """What a brief offers that was made apart from its page: notebook, and the PDF where it has one."""
    stem = f"{entry.place.path}/{entry.topic}"
    found = {f"{stem}.ipynb": str(download_file(project, entry.topic, entry.place))}
    if entry.has_pdf:
        found[f"{stem}.pdf"] = str(pdf_file(project, entry.topic, entry.place))
    return found


def _write_overviews(
    project: Project,
    collection: Collection,
    topics: Mapping[str, Topic],
    atlas: Atlas,
    tree: Iterable[Folder],
    pages: Pages,
    bound: Mapping[str, Sequence[Volume]],
) -> None:
    """The pages of places and of topics, each made anew only where something that it shows changed."""
    memory = Rendered(
        project.build / "cache" / "overviews.pickle", source_key(project, collection, [])
    )
    said = {entry.href: digest(entry) for entry in pages.entries}
    national = digest([atlas.key_spread(name) for name in topics])
    for folder in _all_folders(tree):
        volumes = bound.get(folder.path, ())
        make = partial(folder_page, project, collection, topics, atlas, folder, volumes)
        shows = folder_shows(atlas, topics, folder, said)
        shown = digest(shows, volumes, national if folder.inside else "")
        pages.rendered(memory, f"{folder.path}/index", shown, make)
        for one in volumes:
            pages.copies[f"{folder.path}/{one.name}.pdf"] = str(volume_file(project, one))
    for topic in topics.values():
        own = [entry for entry in pages.entries if entry.topic == topic.name]
        make = partial(topic_page, project, collection, atlas, topic, own)
        shown = digest([said[entry.href] for entry in own], atlas.spreads.get(topic.name))
        pages.rendered(memory, f"topics/{topic.name}", shown, make)
    memory.save()


def _all_folders(tree: Iterable[Folder]) -> Iterator[Folder]:
    for folder in tree:
        yield folder
        yield from _all_folders(folder.inside)


def _write_reference(
    project: Project,
    collection: Collection,
    topics: Mapping[str, Topic],
    pages: Pages,
    told: News | None,
) -> None:
    if told:
        pages.reasons = told.reasons
        pages.document(NAME, changes_page(collection, topics, told))
        pages.write(f"{NAME}.csv", changes_csv(told))
        pages.beside.append(f"{NAME}.csv")
    asked = [brief for brief in briefs_of(project, collection) if brief[0] in topics]
    held = [(entry.topic, entry.place) for entry in pages.entries]
    covered = list(dict.fromkeys([*asked, *held]))
    pages.document(coverage_page.NAME, coverage_page.coverage_page(project, collection, covered))
    known = list_sources(project)
    corrected = {name: corrections_of(project, source) for name, source in known.items()}
    pages.document("sources", sources_page(collection, known, corrected))
    for name in written_names(project):
        pages.document(name, written_page(project, collection, name), "md")


def _write_finding(
    project: Project,
    collection: Collection,
    topics: Mapping[str, Topic],
    atlas: Atlas,
    pages: Pages,
    told: News | None,
) -> None:
    """What leads readers to pages: the search of words, two places side by side, the list of places."""
    pages.document("search", search_page(collection, topics))
    pages.document("compare", compare_page(collection, topics))
    if collection.address:
        pages.document("404", lost_page(collection, changes=told is not None))
    pages.write("_static/places.js", places_script(project, atlas.places.values()))
    pages.beside.append("_static/places.js")


def _remove_others(pages: Pages) -> None:
    """Removes what an earlier assembly left: a page of a brief that is no longer published."""
    kept = {"_toc.yml", *pages.beside}
    for name in pages.documents:
        kept |= {f"{name}.ipynb", f"{name}.md"}
    root = str(pages.folder)
    for folder, _, files in os.walk(root, topdown=False):  # thousands of pages: texts do for paths
        below = f"{folder[len(root) + 1 :]}/".removeprefix("/")
        left = [name for name in files if below + name not in kept]
        for name in left:
            Path(folder, name).unlink()
        if len(left) == len(files) and not any(Path(folder).iterdir()):
            Path(folder).rmdir()
