"""PDF volumes: the briefs of a state, or of chosen cities, bound as one with cover and contents.

A part for each place, a chapter for each topic. Sources, the text on methods that all briefs of a topic
share, and how to cite stand once, at the end: a reader who leafs through a volume looks them up there.
The list of every figure stays with each brief's page and data file, as in the PDFs of single briefs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from cityresearch.briefs.collection import Collection
from cityresearch.methods.words import join, long_date
from cityresearch.press.manuscripts import manuscript_files
from cityresearch.press.paper.fresh import Mark, mark_file, shared_key
from cityresearch.press.paper.kept import Brief, kept_sheets
from cityresearch.press.paper.pdf import told
from cityresearch.press.paper.pieces import AT_ONCE, set_volume
from cityresearch.press.paper.sheet import (
    correction_atoms,
    lay_out,
    look_of_the_house,
    source_atoms,
)
from cityresearch.press.paper.typesetting import paper_key
from cityresearch.press.paper.typst_markup import printable, text_of
from cityresearch.press.surroundings import counted, label
from cityresearch.project import Project

Sheet = dict[str, Any]

LIMIT = 200  # briefs in a volume: some 850 pages
CHOSEN = "chosen-cities"
METHODS = "Methods"


class Volume(NamedTuple):
    """One file: its name without ending, what the cover calls it, and its briefs in order."""

    name: str
    title: str
    briefs: tuple[Brief, ...]


def state_volumes(wanted: Sequence[Brief], limit: int = LIMIT) -> list[Volume]:
    """The volumes of all states; a state with more than `limit` briefs has several, numbered."""
    return [
        volume
        for state, briefs in groupby(wanted, state_of)
        for volume in _split(state, list(briefs), limit)
    ]


def chosen_volumes(wanted: Sequence[Brief], limit: int = LIMIT) -> list[Volume]:
    """The volume of chosen places, or several where they have more than `limit` briefs."""
    names = list(dict.fromkeys(label(place) for _, place in wanted))
    title = join(names) if len(names) <= 3 else counted(len(names), _geographies(wanted))
    return _split(CHOSEN, list(wanted), limit, title)


def make_volumes(
    project: Project, collection: Collection, volumes: Sequence[Volume], jobs: int | None = None
) -> Generator[str, None, None]:
    """Makes the volumes that are new or changed: some at once, or one by all cores.

    They are written to `_build/pdf/volumes/<name>.pdf`.

    Yields:
        For each volume, in order: why it failed, or an empty text. None stops another.
    """
    shared = shared_key(project, collection)
    marks = [_mark(project, volume, shared) for volume in volumes]
    stale = [not mark.holds() for mark in marks]
    cores = min(jobs or os.cpu_count() or 1, AT_ONCE)
    at_once = max(min(cores, sum(stale)), 1)

    def made(volume: Volume, mark: Mark, needed: bool) -> str:
        if not needed:
            return ""
        reason = told(lambda: _make(project, collection, volume, mark, shared, cores // at_once))
        return f"volume {volume.name}: {reason}" if reason else ""

    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(made, volumes, marks, stale)


def fresh_volumes(
    project: Project, collection: Collection, wanted: Sequence[Brief]
) -> dict[str, list[Volume]]:
    """The volumes that are made and up to date, by state: what the book may offer."""
    shared = shared_key(project, collection)
    found: dict[str, list[Volume]] = {}
    for volume in state_volumes(wanted):
        if _mark(project, volume, shared).holds():
            found.setdefault(state_of(volume.briefs[0]), []).append(volume)
    return found


def state_of(brief: Brief) -> str:
    """The folder of a brief's state, as in `wi`."""
    return brief[1].path.partition("/")[0]


def volume_file(project: Project, volume: Volume) -> Path:
    """Where a volume is put."""
    return volume_folder(project) / f"{volume.name}.pdf"


def forget_volumes(project: Project, kept: Sequence[Volume]) -> None:
    """Removes the volumes of states that are no longer made; those of chosen cities stay."""
    names = {volume.name for volume in kept}
    for path in volume_folder(project).glob("*.pdf"):
        if path.stem not in names and not path.stem.startswith(CHOSEN):
            path.unlink()
            shutil.rmtree(mark_file(project, path).with_suffix(""), ignore_errors=True)


def volume_folder(project: Project) -> Path:
    """Where volumes are put."""
    return project.build / "pdf" / "volumes"


def _mark(project: Project, volume: Volume, shared: str) -> Mark:
    pdf = volume_file(project, volume)
    inputs = [path for brief in volume.briefs for path in manuscript_files(project, *brief)]
    names = " ".join(f"{place.path} {place.full_name} {topic}" for topic, place in volume.briefs)
    return Mark(mark_file(project, pdf), pdf, inputs, f"{shared} {volume.title} {names}")


def _make(
    project: Project,
    collection: Collection,
    volume: Volume,
    mark: Mark,
    shared: str,
    jobs: int,
) -> None:
    sheets = kept_sheets(project, collection, volume.briefs, shared, jobs)
    paper = volume_paper(collection, volume, sheets)
    pieces = mark_file(project, volume_file(project, volume)).with_suffix("")
    where = f"volume {volume.name}"
    mark.make(
        paper_key(paper, collection), lambda: set_volume(paper, collection, where, pieces, jobs)
    )


def volume_paper(collection: Collection, volume: Volume, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """What the template is given for a volume.

    Args:
        sheets: from `kept_sheets`, in the order of the volume's briefs.
    """
    methods = shared_methods(sheets)
    pairs = list(zip(volume.briefs, sheets, strict=True))
    parts = [
        {
            "name": printable(label(place)),
            "chapters": [chapter(sheet, methods) for _, sheet in group],
        }
        for place, group in groupby(pairs, lambda pair: pair[0][1])
    ]
    places = counted(len(parts), _geographies(volume.briefs))
    edition = f"Edition of {long_date(collection.edition)}"
    paper = {
        **front(collection, volume.title),
        "summary": f"{collection.title}: {len(sheets)} briefs on {places}. {edition}.",
        "lines": [f"{len(sheets)} briefs on {places}", collection.subtitle],
        "notes": [collection.publisher, f"{edition} · {long_date(collection.date)}"],
        "methods": list(methods.values()),
        "small": [
            *source_atoms(merged_sources(sheets)),
            *correction_atoms(merged_corrections(sheets)),
            *cite(collection, f"{collection.title}: {volume.title}"),
        ],
    }
    return {**printable(paper), "parts": parts}  # sheets are clean


def front(collection: Collection, title: str) -> dict[str, Any]:
    """What cover, running heads and footers of any bound paper say."""
    return {
        "look": look_of_the_house(),
        "title": title,
        "collection": collection.title,
        "publisher": collection.publisher,
        "address": collection.address.partition("://")[2],
        "edition": f"Edition of {long_date(collection.edition)}",
    }


def chapter(sheet: Sheet, methods: dict[str, Any]) -> Sheet:
    """A brief as a chapter: laid out without its small print and without the methods said elsewhere."""
    said = methods.get(sheet["topic_label"], {"parts": []})["parts"]
    sections = [
        _without(section, said) if _is_methods(section) else section
        for section in sheet["sections"]
    ]
    kept = [section for section in sections if section["parts"]]
    laid = lay_out({**sheet, "sections": kept}, closed=False)
    return {key: value for key, value in laid.items() if key != "look"}


def shared_methods(sheets: Sequence[Sheet]) -> dict[str, Any]:
    """By topic, the parts of the sections on methods that all its briefs have word for word, where
    they have such a section."""
    found: dict[str, Any] = {}
    for sheet in sheets:
        topic = sheet["topic_label"]
        own = [part for one in sheet["sections"] if _is_methods(one) for part in one["parts"]]
        if not own:  # a brief that says nothing on methods takes nothing away
            continue
        common = found.get(topic, {"parts": own})["parts"]
        found[topic] = {"label": topic, "parts": [part for part in common if part in own]}
    return {topic: method for topic, method in found.items() if method["parts"]}


def merged_sources(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """The sources of all briefs, each once, by the alphabet."""
    found = {
        source["citation"]: source for sheet in sheets for source in sheet["closing"]["sources"]
    }
    return [found[citation] for citation in sorted(found)]


def merged_corrections(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """The corrections of all briefs, each once, in the order of the briefs."""
    every = (one for sheet in sheets for one in sheet["closing"]["corrections"])
    return list({one["text"]: one for one in every}.values())


def _is_methods(section: dict[str, Any]) -> bool:
    return section["heading"] is not None and text_of(section["heading"]) == METHODS


def _without(section: dict[str, Any], said: list[Any]) -> dict[str, Any]:
    return {**section, "parts": [part for part in section["parts"] if part not in said]}


def cite(collection: Collection, title: str, advice: str = "") -> list[dict[str, Any]]:
    """How to cite what is bound together under this title."""
    edition = f"Edition of {long_date(collection.edition)}."
    work = f"{collection.publisher} ({collection.date[:4]}). {title}. {edition}"
    words = f"{work} {advice}".strip()
    return [
        {"k": "title", "text": "How to cite"},
        {"k": "text", "text": words, "to": collection.address, "quiet": ""},
    ]


def _geographies(briefs: Sequence[Brief]) -> set[str]:
    return {place.geography for _, place in briefs}


def _split(name: str, briefs: list[Brief], limit: int, title: str = "") -> list[Volume]:
    """One volume, or several of at most `limit` briefs each, cut between places where that goes."""
    title = title or briefs[0][1].state_name
    shares: list[list[Brief]] = [[]]
    for _, group in groupby(briefs, lambda brief: brief[1]):
        for share in _pieces(list(group), limit):
            if shares[-1] and len(shares[-1]) + len(share) > limit:
                shares.append([])
            shares[-1] += share
    if len(shares) == 1:
        return [Volume(name, title, tuple(shares[0]))]
    return [
        Volume(f"{name}-{at}", f"{title}, volume {at} of {len(shares)}", tuple(share))
        for at, share in enumerate(shares, 1)
    ]


def _pieces(briefs: list[Brief], limit: int) -> list[list[Brief]]:
    return [briefs[at : at + limit] for at in range(0, len(briefs), limit)]
