"""The page of one brief: its executed notebook made ready for Jupyter Book, and its chart files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection
from cityresearch.briefs.html import block_html
from cityresearch.evidence.sources import list_sources
from cityresearch.press import parts
from cityresearch.press.closing import SourceNote, closing
from cityresearch.press.figure_list import figure_groups
from cityresearch.press.manuscripts import Manuscript, title_of
from cityresearch.press.references import linked_data
from cityresearch.press.surroundings import Link, label, plain, surround, trail_to
from cityresearch.press.web import notebooks
from cityresearch.press.web.figure_links import FigureLinks
from cityresearch.press.web.notebooks import Cell
from cityresearch.press.web.package import Offered
from cityresearch.press.web.pictures import Picture, draw
from cityresearch.project import Project

Block = Mapping[str, Any]


@dataclass(frozen=True)
class BriefPage:
    """What is made for one brief: the page, the script of its live charts, its drawings.

    `charts` is empty for a brief without charts; `pictures` are files to copy beside the page, with
    all else that a reader may fetch there.
    """

    notebook: str
    charts: str
    pictures: dict[str, Path]


def make_brief_page(
    project: Project,
    collection: Collection,
    manuscript: Manuscript,
    siblings: list[Link],
    pictures: Mapping[str, Picture],
    *,
    has_pdf: bool,
) -> BriefPage:
    """Makes the page of one brief.

    Args:
        siblings: the place's other briefs, the page itself among them without address.
        pictures: those of its charts, from `draw_pictures`.
        has_pdf: whether the book has its PDF.

    Raises:
        ResearchError: a source's declaration is wrong.
    """
    last = closing(project, manuscript.facts, collection, manuscript.place.path)
    figures = figure_groups(manuscript.facts["facts"], list_sources(project))
    end = parts.closing(last, figures, manuscript, has_pdf=has_pdf)
    links = FigureLinks(manuscript.facts["facts"])
    own = list(_own_cells(manuscript, collection, pictures, links, has_pdf))
    files = {name: path for one in pictures.values() for name, path in one.files.items()}
    around = _surroundings(collection, manuscript, siblings, last.sources, bool(pictures))
    return BriefPage(
        notebook=notebooks.page([*own, notebooks.ready(end)], around | {"links": links.used()}),
        charts=_charts_script(pictures) if pictures else "",
        pictures=files | Offered(project, collection, manuscript, last.sources, pictures).files(),
    )


def draw_pictures(project: Project, manuscript: Manuscript) -> dict[str, Picture]:
    """The pictures of the brief's charts, by the charts' names.

    Raises:
        ResearchError: a chart can't be drawn.
    """
    meta = manuscript.notebook["metadata"]["cityresearch"]
    return {
        block["id"]: draw(project, meta, block)
        for block in _displayed(manuscript)
        if block["kind"] == "chart"
    }


def _surroundings(
    collection: Collection,
    manuscript: Manuscript,
    siblings: list[Link],
    sources: Sequence[SourceNote],
    charts: bool,
) -> dict[str, Any]:
    place, topic = manuscript.place, manuscript.topic
    card = f"{topic.name}.card.png"
    made = surround(
        collection,
        f"{manuscript.stem}.html",
        kind="brief",
        title=title_of(manuscript),
        description=plain(f"{manuscript.facts['title']}. {manuscript.facts['summary']}"),
        kicker=title_of(manuscript),
        trail=trail_to(collection, place, topic.label),
        siblings=siblings,
        siblings_title=f"More on {label(place)}",
        charts=f"{topic.name}.charts.js" if charts else "",
        card=card,
        linked_data=linked_data(manuscript, collection, sources, card),
        found_by={"place": place.full_name, "state": place.state_name, "topic": topic.label},
    )
    return made | {"headline": plain(manuscript.facts["title"])}


def _displayed(manuscript: Manuscript) -> Iterator[Block]:
    for cell in _shown_cells(manuscript):
        for _, block in _blocks(cell):
            yield block


def _blocks(cell: Any) -> Iterator[tuple[Any, Block]]:
    """The outputs of a cell that show a block, each with it."""
    for output in cell.get("outputs", []):
        if MIME in output.get("data", {}):
            yield output, output["data"][MIME]


def _shown_cells(manuscript: Manuscript) -> Iterator[Any]:
    for cell in manuscript.notebook["cells"]:
        if "pdf-only" not in cell["metadata"].get("tags", []):
            yield cell


def _own_cells(
    manuscript: Manuscript,
    collection: Collection,
    pictures: Mapping[str, Picture],
    links: FigureLinks,
    has_pdf: bool,
) -> Iterator[Cell]:
    """The notebook's cells in order: prose as it is, blocks as HTML, code left out."""
    lead, titled = "", False
    for cell in _shown_cells(manuscript):
        if cell["cell_type"] == "markdown":
            source = links.of_markdown(cell)
            if titled:
                yield from _text(lead)
                lead = ""
                yield notebooks.text(source)
                continue
            headline, _, lead = source.partition("\n")
            yield notebooks.text(headline)
            yield notebooks.ready(parts.dateline(collection, manuscript, has_pdf))
            titled = True
        for output, block in _blocks(cell):
            # Key numbers stand before the first paragraph: on a phone they are on the first screen.
            if block["kind"] != "numbers":
                yield from _text(lead)
                lead = ""
            html = _block(links.of_block(output, block), pictures)
            yield notebooks.ready(links.in_html(html, block["kind"]))
    yield from _text(lead)


def _text(markdown: str) -> Iterator[Cell]:
    if markdown.strip():
        yield notebooks.text(markdown.strip())


def _block(block: Block, pictures: Mapping[str, Picture]) -> str:
    picture = pictures.get(block["id"]) if block["kind"] == "chart" else None
    return block_html(block, picture.image if picture else None, lean=True)


def _charts_script(pictures: Mapping[str, Picture]) -> str:
    """A classic script, so that it also loads from a folder (file://), where fetch() is refused."""
    specs = {name: picture.spec for name, picture in pictures.items()}
    return f"cityCharts({to_json(specs).decode()});\n"
