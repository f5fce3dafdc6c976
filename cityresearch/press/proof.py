"""Proofs: whether each finished brief prints no other numbers than its facts, no other words of
comparison beside them than they earn, and no other city than its own; and which do not.

A proof is of the very files that it was made of: page, drawings, PDF, facts and executed notebook.
When one of them changes, or what proof-reading goes by, the brief is unproofed again.
"""

from __future__ import annotations

import filecmp
import functools
import hashlib
import json
import multiprocessing
import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import blocks, manuscript_files, pdf_file, read_manuscript
from cityresearch.project import Project

Brief = tuple[str, Place]  # topic, place
PACKAGE = Path(__file__).parents[1]
SHAPING = (
    *("press/proofing/*.py", "press/figure_list.py", "briefs/inserts.py"),
    *("methods/num*.py", "methods/words.py", "evidence/estimates.py"),
    *("press/own_city.py", "press/whom.py", "press/gazetteer.py"),
)
TOGETHER = 8  # briefs that a process takes at a time
TOLD = 3  # faults of a brief that are told one by one
PRELOADED = ["cityresearch.press.running.collector", "cityresearch.press.proofing.compare"]


def proof(
    project: Project, collection: Collection, wanted: Sequence[Brief], jobs: int | None = None
) -> Generator[tuple[str, list[str]], None, None]:
    """Proof-reads the briefs wanted that changed since they last were.

    Yields:
        Each brief's name ("water madison-wi"), in order, with its faults.
    """
    faults = {brief: _noted(project, collection, brief) for brief in wanted}
    stale = [brief for brief, noted in faults.items() if noted is None]
    batches = [stale[at : at + TOGETHER] for at in range(0, len(stale), TOGETHER)]
    read = _read_all(project, collection, batches, jobs)
    for brief in wanted:
        while faults[brief] is None:
            done, found = next(read)
            faults[done] = found
        yield name_of(brief), faults[brief] or []


def unproofed(
    project: Project, collection: Collection, wanted: Sequence[Brief]
) -> list[tuple[str, str]]:
    """The briefs that no good proof speaks for, by name ("water madison-wi"), each with the reason."""
    found = ((brief, _noted(project, collection, brief)) for brief in wanted)
    return [(name_of(brief), _reason(faults)) for brief, faults in found if faults != []]


def name_of(brief: Brief) -> str:
    """A brief as it is named on the screen."""
    return f"{brief[0]} {brief[1].slug}"


def faults_of_pages(
    project: Project, collection: Collection, wanted: Sequence[Brief], folder: str
) -> list[str]:
    """The faults of the briefs' pages in a book made beside the one that was proof-read, a line each.

    Args:
        folder: of `_build`, where that book is. A page that is byte for byte the one in the book that was
            proof-read, with all its charts, is not read again.
    """
    found = []
    for brief in wanted:
        page, proofed = (page_file(project, brief, where) for where in (folder, "html"))
        if not all(_is_same(each, proofed.with_name(each.name)) for each in _seen(page, brief[0])):
            try:
                faults = [str(fault) for fault in proof_read(project, collection, brief, folder)]
            except ResearchError as error:
                faults = [str(error)]
            found += [f"{name_of(brief)}: {fault}" for fault in told(faults)]
    return found


def _seen(page: Path, topic: str) -> list[Path]:
    """A page with its drawings and its live charts: what of it is proof-read."""
    return [page, *sorted(page.parent.glob(f"{topic}-*.svg")), *_live(page)]


def _is_same(made: Path, proofed: Path) -> bool:
    if not (made.is_file() and proofed.is_file()):
        return False
    return made.samefile(proofed) or filecmp.cmp(made, proofed, shallow=False)


def _reason(faults: list[str] | None) -> str:
    """Why a brief must not be published."""
    if faults is None:
        return "it was not proof-read since it changed: run `cityresearch proof`"
    return " ".join(told(faults))


def told(faults: Sequence[str]) -> list[str]:
    """The first faults of a brief, and how many more there are."""
    more = (
        [f"({len(faults) - TOLD} more: `cityresearch proof --json`)"] if len(faults) > TOLD else []
    )
    return [*faults[:TOLD], *more]


def _read_all(
    project: Project, collection: Collection, batches: list[list[Brief]], jobs: int | None
) -> Iterator[tuple[Brief, list[str]]]:
    """Proof-reads batches, in processes where they are many; each brief with its faults, in order."""
    count = min(jobs or os.cpu_count() or 1, len(batches))
    given = [(project, collection, batch) for batch in batches]
    if count < 2:
        for each in given:
            yield from _read_batch(each)
        return
    able = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in able else "spawn")
    context.set_forkserver_preload(PRELOADED)
    with ProcessPoolExecutor(count, context) as pool:
        for done in pool.map(_read_batch, given):
            yield from done


def _read_batch(
    given: tuple[Project, Collection, list[Brief]],
) -> list[tuple[Brief, list[str]]]:
    project, collection, batch = given
    return [(brief, _read_and_note(project, collection, brief)) for brief in batch]


def _read_and_note(project: Project, collection: Collection, brief: Brief) -> list[str]:
    key = _key(project, collection, brief)  # before it is read: what changes meanwhile is unproofed
    try:
        found = [str(fault) for fault in proof_read(project, collection, brief)]
    except ResearchError as error:
        found = [str(error)]
    faults = list(dict.fromkeys(found))
    noted = json.dumps({"of": key, "faults": faults}, ensure_ascii=False)
    write_whole(_note(project, brief), noted.encode())
    return faults


def proof_read(
    project: Project, collection: Collection, brief: Brief, folder: str = "html"
) -> Iterator[object]:
    """The faults of one brief's page, drawings and PDF, whatever was noted of them.

    Args:
        folder: of `_build`, where the book with the page is.

    Raises:
        ResearchError: it was never run, or has no page.
    """
    # Imported here: `unproofed` needs none of it.
    from cityresearch.press.closing import closing
    from cityresearch.press.proofing import compare, readings, scales, tested
    from cityresearch.press.proofing import places as whom
    from cityresearch.press.proofing.vocabulary import Vocabulary

    manuscript, page = read_manuscript(project, *brief), page_file(project, brief, folder)
    if not page.is_file():
        raise ResearchError(
            "it has no page.", where=project.relative(page), instead="Run `cityresearch build`."
        )
    last = closing(project, manuscript.facts, collection, manuscript.place.path)
    known = Vocabulary(manuscript, collection, last)
    html = page.read_text(encoding="utf-8")
    read, circle = readings.page(html), whom.circle_of(project, manuscript, last)
    facts, own_page = manuscript.facts["facts"], f"{manuscript.stem}.html"
    yield from whom.notebook_faults(manuscript, circle)
    yield from whom.row_faults(own_page, html, circle)
    yield from whom.name_faults(own_page, [read.text], circle)
    yield from compare.fact_faults(f"facts/{manuscript.stem}.json", facts)
    yield from tested.count_faults(f"facts/{manuscript.stem}.json", facts)
    yield from compare.page_faults(own_page, read, known)
    yield from tested.word_faults(own_page, read, facts)
    charts = {block["id"]: block for block in blocks(manuscript) if block["kind"] == "chart"}
    ticks: set[str] = set()
    said = [read.text]
    for name, block in charts.items():
        own = scales.ticks(block["spec"])
        ticks |= own
        for path in _drawings(page, brief[0], name):
            told = readings.drawing(path.read_text(encoding="utf-8"))
            yield from compare.drawing_faults(project.relative(path), told, known, own)
            said.append(told)
    for path in _live(page):
        for spec in readings.live_charts(path).values():
            yield from compare.drawing_faults(
                project.relative(path), scales.said(spec), known, ticks
            )
    pdf = pdf_file(project, *brief)
    if pdf.is_file():
        paper, where = readings.paper(pdf), f"{manuscript.stem}.pdf"
        yield from compare.paper_faults(where, paper, known, ticks, "\n".join(said))
        yield from whom.name_faults(where, [paper[0]], circle)


# What was noted ----------------------------------------------------------------------------------


def _noted(project: Project, collection: Collection, brief: Brief) -> list[str] | None:
    """The faults of a brief as it is now; None where it was not proof-read so."""
    try:
        noted = json.loads(_note(project, brief).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    fresh = noted.get("of") == _key(project, collection, brief)
    return list(noted["faults"]) if fresh else None


def _note(project: Project, brief: Brief) -> Path:
    return project.build / "proofs" / brief[1].path / f"{brief[0]}.json"


def page_file(project: Project, brief: Brief, folder: str = "html") -> Path:
    """The page of a brief in the book, or in one made beside it."""
    return project.build / folder / brief[1].path / f"{brief[0]}.html"


def _drawings(page: Path, topic: str, chart: str) -> list[Path]:
    beside = (page.with_name(f"{topic}-{chart}{form}.svg") for form in ("", "-narrow"))
    return [path for path in beside if path.is_file()]


def _live(page: Path) -> list[Path]:
    """The script of a page's live charts, which take the place of its drawings; none where it has none."""
    script = page.with_name(f"{page.stem}.charts.js")
    return [script] if script.is_file() else []


def _key(project: Project, collection: Collection, brief: Brief) -> str:
    """A hash of all that a proof of the brief is made of."""
    page = page_file(project, brief)
    digest = hashlib.sha256(_shared(project, collection.model_dump_json()).encode())
    made = (pdf_file(project, *brief), *manuscript_files(project, *brief))
    for path in (*_seen(page, brief[0]), *made):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes() if path.is_file() else b"missing")
    return digest.hexdigest()


@functools.lru_cache(maxsize=4)
def _shared(project: Project, collection: str) -> str:
    """What all proofs go by: this code, the collection, what topics and sources declare."""
    digest = hashlib.sha256(collection.encode())
    code = (path for pattern in SHAPING for path in sorted(PACKAGE.glob(pattern)))
    topics = sorted(project.notebooks.glob("*/topic.yml"))
    for path in (*code, *topics, *sorted(project.data.glob("*/source.yml"))):
        digest.update(f"\0{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()
