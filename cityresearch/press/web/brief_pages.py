"""The pages of briefs: those that changed are written anew, in warm processes where they are many."""

from __future__ import annotations

import itertools
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Collection as Those
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press import drawings
from cityresearch.press.files import write_changed
from cityresearch.press.lifetime import be_worker
from cityresearch.press.manuscripts import (
    Entry,
    Manuscript,
    entry_of,
    read_manuscript,
)
from cityresearch.press.surroundings import Link
from cityresearch.press.web import notebooks
from cityresearch.press.web.brief_page import draw_pictures, make_brief_page
from cityresearch.press.web.pictures import Picture
from cityresearch.press.web.remembered import recall, remember, source_key
from cityresearch.project import Project

TOGETHER = 8  # places that a worker takes at a time
PRELOADED = ["cityresearch.press.running.collector", "cityresearch.press.web.brief_pages"]
Wanted = tuple[str, Place]
Asked = tuple[Wanted, bool]  # a brief, and whether its page is to offer the PDF


@dataclass(frozen=True)
class Made:
    """What was written for one brief: its address without ending, what index pages say of it, scripts
    beside its page, and drawings by the address that they get."""

    stem: str
    entry: Entry
    scripts: list[str]
    pictures: dict[str, str]  # as texts: among tens of thousands, paths are dear to remember

    def files(self, folder: Path) -> list[str]:
        """What was written for the brief: its page, what stands beside it, and its drawings."""
        own = [f"{folder}/{name}" for name in (f"{self.stem}.ipynb", *self.scripts)]
        return [*own, *self.pictures.values()]


def write_briefs(
    project: Project,
    collection: Collection,
    folder: Path,
    wanted: Sequence[Wanted],
    with_pdf: Those[Wanted],
    workers: int | None,
    began: Callable[[], None] = lambda: None,
) -> Iterator[Made | str]:
    """Writes the pages of briefs that are new or changed; those `with_pdf` offer it. Where there are such,
    `began` is told before.

    Yields:
        For each brief, place by place: what it has in `folder`, or why it has no page.
    """
    by_place: dict[str, list[Wanted]] = {}
    for brief in wanted:
        by_place.setdefault(brief[1].path, []).append(brief)
    keys = {path: _key(project, collection, own, with_pdf) for path, own in by_place.items()}
    made = {path: _known(project, folder, path, key) for path, key in keys.items()}
    new = [path for path in by_place if made[path] is None]
    if new:
        began()
    batch = [[(brief, brief in with_pdf) for brief in by_place[path]] for path in new]
    written = _in_processes(project, collection, folder, batch, workers)
    for path, result in zip(new, written, strict=True):
        made[path] = result
        if not any(isinstance(one, str) for one in result):
            # Writing a brief may make its drawings, but changes nothing that its key is made of.
            remember(_note(project, path), keys[path], result)
    for each in made.values():
        yield from each or []


def _key(
    project: Project,
    collection: Collection,
    of_place: Sequence[Wanted],
    with_pdf: Those[Wanted],
) -> str:
    """A hash of what the pages of a place's briefs are made of; empty where one was not run."""
    pdfs = [brief in with_pdf for brief in of_place]
    try:
        return f"{source_key(project, collection, of_place)} {pdfs}"
    except FileNotFoundError:
        return ""


def _known(project: Project, folder: Path, path: str, key: str) -> list[Made | str] | None:
    """What was made of a place's briefs from the very same sources, if all its files are still there."""
    made: list[Made] | None = recall(_note(project, path), key)
    if made and all(map(os.path.isfile, itertools.chain(*(one.files(folder) for one in made)))):
        return list(made)
    return None


def _note(project: Project, path: str) -> Path:
    return project.build / "cache" / "pages" / f"{path}.pickle"


def _in_processes(
    project: Project,
    collection: Collection,
    folder: Path,
    places: list[list[Asked]],
    workers: int | None,
) -> list[list[Made | str]]:
    """Writes the pages of places, in a pool of processes where they are many; in order."""
    batches = [places[start : start + TOGETHER] for start in range(0, len(places), TOGETHER)]
    count = min(workers or os.cpu_count() or 1, len(batches))
    jobs = [(project, collection, folder, batch) for batch in batches]
    if count < 2:
        return [made for job in jobs for made in _write_batch(job)]
    with ProcessPoolExecutor(count, _warm(), be_worker) as pool:
        return [made for batch in pool.map(_write_batch, jobs) for made in batch]


def _warm() -> BaseContext:
    """Forked from a process of their own: the drawing engine has threads, which a fork would lose."""
    able = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in able else "spawn")
    context.set_forkserver_preload(PRELOADED)
    return context


def _write_batch(
    job: tuple[Project, Collection, Path, list[list[Asked]]],
) -> list[list[Made | str]]:
    """Writes the pages of some places; a brief that has none is the reason why."""
    project, collection, folder, batch = job
    made: list[list[Made | str]] = []
    for place_briefs in batch:
        drawn, failed = _drawn(project, place_briefs)
        siblings = [manuscript for manuscript, *_ in drawn]
        written = [_write_brief(project, collection, folder, *each, siblings) for each in drawn]
        made.append([*failed, *written])
    return made


def _drawn(
    project: Project, briefs_of_place: list[Asked]
) -> tuple[list[tuple[Manuscript, dict[str, Picture], bool]], list[str]]:
    """The briefs of a place with their pictures, and why others have none: no page may link to those."""
    drawn, failed = [], []
    for (topic, place), has_pdf in briefs_of_place:
        manuscript = read_manuscript(project, topic, place)
        try:
            pictures = draw_pictures(project, manuscript)
            _write_download(project, manuscript, pictures)
        except ResearchError as error:
            failed.append(f"{topic} {place.slug}: {error}")
        else:
            drawn.append((manuscript, pictures, has_pdf))
    return drawn, failed


def _write_brief(
    project: Project,
    collection: Collection,
    folder: Path,
    manuscript: Manuscript,
    pictures: dict[str, Picture],
    has_pdf: bool,
    of_place: list[Manuscript],
) -> Made:
    siblings = [
        Link(other.topic.label, "" if other is manuscript else f"{other.stem}.html")
        for other in of_place
    ]
    page = make_brief_page(project, collection, manuscript, siblings, pictures, has_pdf=has_pdf)
    stem = manuscript.stem
    texts = {f"{stem}.ipynb": page.notebook}
    if page.charts:
        texts[f"{stem}.charts.js"] = page.charts
    for name, text in texts.items():
        write_changed(folder / name, text.encode())
    files = {f"{manuscript.place.path}/{name}": str(path) for name, path in page.pictures.items()}
    return Made(stem, entry_of(manuscript, has_pdf=has_pdf), list(texts)[1:], files)


def download_file(project: Project, topic: str, place: Place) -> Path:
    """The executed notebook of a brief as readers get it."""
    return project.build / "downloads" / place.path / f"{topic}.ipynb"


def _write_download(
    project: Project, manuscript: Manuscript, pictures: Mapping[str, Picture]
) -> None:
    """The executed notebook with its drawings, for readers to fetch. Charts that only its PDF shows
    are not among `pictures`."""
    draw = drawings.drawer(project, manuscript.notebook["metadata"]["cityresearch"])

    def drawing(block: Mapping[str, Any]) -> str:
        return pictures[block["id"]].drawing if block["id"] in pictures else draw(block)

    text = notebooks.written(drawings.with_drawings(manuscript.notebook, drawing))
    path = download_file(project, manuscript.topic.name, manuscript.place)
    write_changed(path, text.encode())
