"""Briefing books: briefs, guides and lists of materials bound by session, as one PDF and one HTML page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection as Names
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.methods.words import long_date
from cityresearch.press import parts
from cityresearch.press.export import inline_block, inline_css, prose_html
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import Manuscript, read_manuscript
from cityresearch.press.paper import fill, heights, typst_markup
from cityresearch.press.paper.briefing import (
    Briefing,
    Session,
    brief_asked,
    guide_blocks,
    guide_text,
    load_briefing,
    session_name,
)
from cityresearch.press.paper.kept import Brief, sheet_of
from cityresearch.press.paper.sheet import correction_atoms, read_guide, source_atoms
from cityresearch.press.paper.typesetting import typeset
from cityresearch.press.paper.volume import (
    chapter,
    cite,
    front,
    merged_corrections,
    merged_sources,
    shared_methods,
)
from cityresearch.press.policy import sealed
from cityresearch.project import Project

Sheet = dict[str, Any]
CITING = "Cite a brief by its headline and its city."
SECTION = 4  # the level of a guide's sections on the page
QUOTED = re.compile(r'`"(.+?)"`')  # in Typst's message: first the letter, then the font
HEADING = re.compile(r"<(/?)h([1-6])\b")
NAMED = re.compile(
    r'\s(id|for|headers|aria-labelledby|aria-describedby)="([^"]+)"|\shref="#([^"]+)"'
)


@dataclass(frozen=True)
class Read:
    """A session with what is read for it."""

    session: Session
    manuscripts: tuple[Manuscript, ...]
    guides: tuple[str, ...]


def make_briefing_book(
    project: Project, collection: Collection, file: Path, stale: Names[Brief] = ()
) -> tuple[Path, Path]:
    """Makes `_build/briefings/<name>.pdf` and `.html`; the page stands alone, with all that it shows.

    Args:
        file: the declaration (see `press/paper/briefing.py`); its name names the book.
        stale: briefs that must be run again before anybody reads them.

    Raises:
        ResearchError: a wrong declaration, a brief that was not run or is stale, a guide that is
            missing, a chart that can't be drawn, or a letter that no font can show.
    """
    briefing = load_briefing(project, file)
    said = project.relative(file)
    sessions = [
        _read(project, file.parent, session, f"{said}, {session_name(at, session.title)}", stale)
        for at, session in enumerate(briefing.sessions, 1)
    ]
    sheets = [
        [sheet_of(one.notebook, one.facts, project, collection) for one in read.manuscripts]
        for read in sessions
    ]
    paper = briefing_paper(collection, briefing, sessions, sheets)
    page = _page(project, collection, briefing, sessions, paper)
    folder = project.build / "briefings"
    targets = (folder / f"{file.stem}.pdf", folder / f"{file.stem}.html")
    write_whole(targets[0], _set(paper, collection, said))
    write_whole(targets[1], page.encode())
    return targets


def _set(paper: dict[str, Any], collection: Collection, said: str) -> bytes:
    """The PDF; what it can't show is told with the session that holds it."""
    try:
        return typeset("briefing", paper, collection, said)
    except ResearchError as error:
        quoted = QUOTED.findall(error.what)[:1]
        for at, session in enumerate(paper["sessions"], 1):
            if any(letter in json.dumps(session, ensure_ascii=False) for letter in quoted):
                where = f"{said}, {session_name(at, session['name'])}"
                raise ResearchError(error.what, where=where, instead=error.instead) from None
        raise


def _read(
    project: Project, folder: Path, session: Session, where: str, stale: Names[Brief]
) -> Read:
    briefs = [brief_asked(project, asked, where) for asked in session.briefs]
    return Read(
        session,
        tuple(_manuscript(project, brief, where, stale) for brief in briefs),
        tuple(guide_text(project, folder, name, where) for name in session.guides),
    )


def _manuscript(project: Project, brief: Brief, where: str, stale: Names[Brief]) -> Manuscript:
    topic, place = brief
    try:
        manuscript = read_manuscript(project, topic, place)
        if brief in stale:
            raise ResearchError(
                f"the brief '{topic}' is stale or failed.",
                instead=f"Run: cityresearch run --topic {topic} --city {place.slug}",
            )
        return manuscript
    except ResearchError as error:
        raise ResearchError(
            error.what, where=f"{where}, briefs", city=place.full_name, instead=error.instead
        ) from None


def briefing_paper(
    collection: Collection, briefing: Briefing, sessions: list[Read], sheets: list[list[Sheet]]
) -> dict[str, Any]:
    """What the template is given for a briefing book; `sheets` are those of each session's briefs."""
    every = [sheet for some in sheets for sheet in some]
    methods = shared_methods(every)
    made = [
        _session(read, [chapter(sheet, methods) for sheet in some])
        for read, some in zip(sessions, sheets, strict=True)
    ]
    paper = {
        **front(collection, briefing.title),
        "summary": f"Briefing book for {long_date(briefing.date)}, {briefing.place}.",
        "lines": [long_date(briefing.date), briefing.place],
        "notes": [
            f"Figures and charts: {collection.title}, edition of {long_date(collection.edition)}",
            collection.publisher,
        ],
        "sessions": made,
        "methods": list(methods.values()),
        "small": [
            *source_atoms(merged_sources(every)),
            *correction_atoms(merged_corrections(every)),
            *cite(collection, collection.title, CITING),
        ]
        if every
        else [],
    }
    cleaned: dict[str, Any] = typst_markup.printable(paper)
    return cleaned


def _session(read: Read, chapters: list[Sheet]) -> dict[str, Any]:
    session = read.session
    return {
        "name": session.title,
        "time": session.time,
        "speakers": list(session.speakers),
        "about": session.about,
        "chapters": chapters,
        "guides": [_guide(text) for text in read.guides],
        "materials": [
            {**one.model_dump(), "date": long_date(one.date), "link": one.link or ""}
            for one in session.materials
        ],
    }


def _guide(text: str) -> dict[str, Any]:
    """A guide for the template: its title, and its text laid out like that of a brief."""
    title, sections = read_guide(text)
    return {"title": title, "body": fill.place(fill.units(sections), heights.guide(title))}


# ---- The page


def _page(
    project: Project,
    collection: Collection,
    briefing: Briefing,
    sessions: list[Read],
    paper: dict[str, Any],
) -> str:
    times: Counter[str] = Counter()  # a brief may be read in more than one session
    shown = [
        {
            **said,
            "briefs": [_brief_html(project, one, times) for one in read.manuscripts],
            "guides": [
                {"title": guide["title"], "html": _guide_html(text)}
                for text, guide in zip(read.guides, said["guides"], strict=True)
            ],
        }
        for read, said in zip(sessions, paper["sessions"], strict=True)
    ]
    filled = parts.fill(
        "briefing",
        css=inline_css(project),
        paper=paper,
        sessions=shown,
        day=briefing.date,
        publisher=collection.publisher,
    )
    return sealed(filled)


def _brief_html(project: Project, manuscript: Manuscript, times: Counter[str]) -> dict[str, str]:
    """A brief's text and blocks, its headings below those of the session, its names its own; `times`
    counts how often each stands in the book."""
    html = "\n".join(
        piece
        for cell in manuscript.notebook["cells"]
        if "pdf-only" not in cell["metadata"].get("tags", [])
        for piece in _pieces(project, cell)
    )
    name = f"{manuscript.topic.name}-{manuscript.place.slug}"
    times[name] += 1
    if times[name] > 1:
        name += f"-{times[name]}"
    kicker = f"{manuscript.topic.label} · {manuscript.place.full_name}"
    return {"name": name, "kicker": kicker, "html": _lowered(_renamed(html, name))}


def _pieces(project: Project, cell: Any) -> list[str]:
    text = [prose_html("".join(cell["source"]))] if cell["cell_type"] == "markdown" else []
    shown = [output["data"] for output in cell.get("outputs", []) if MIME in output.get("data", {})]
    return text + [inline_block(project, data[MIME]) for data in shown]


def _guide_html(text: str) -> str:
    """A guide's text, its headings on the levels that its PDF has: title, sections, what is below."""
    levels: list[int] = []
    for block in guide_blocks(text):
        if block.type != "heading_open":
            continue
        # As in `read_guide`: the first heading below the title begins a section, whatever its level.
        begins = block.level == 0 and (block.tag in ("h1", "h2") or SECTION not in levels)
        levels.append(SECTION + (not begins) if levels else SECTION - 1)
    ends = iter(level for level in levels for _ in ("<h", "</h"))
    return HEADING.sub(lambda found: f"<{found[1]}h{next(ends)}", prose_html(text))


def _lowered(html: str) -> str:
    """Headings two levels lower: the book's title and its sessions stand above them."""
    return HEADING.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + 2, 6)}", html)


def _renamed(html: str, prefix: str) -> str:
    """Names inside a brief made its own, as two briefs of a topic have the same."""

    def renamed(found: re.Match[str]) -> str:
        if found[3]:
            return f' href="#{prefix}-{found[3]}"'
        names = " ".join(f"{prefix}-{name}" for name in found[2].split())
        return f' {found[1]}="{names}"'

    return NAMED.sub(renamed, html)
