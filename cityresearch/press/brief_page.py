"""The page of one brief: its executed notebook made ready for Jupyter Book, and its chart files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection
from cityresearch.briefs.html import block_html
from cityresearch.press import notebooks, parts
from cityresearch.press.closing import closing
from cityresearch.press.manuscripts import Manuscript, pdf_file, title_of
from cityresearch.press.notebooks import Cell
from cityresearch.press.pictures import Picture, draw
from cityresearch.press.surroundings import Link, label, plain, surround, trail_to
from cityresearch.project import Project

Block = Mapping[str, Any]


@dataclass(frozen=True)
class BriefPage:
    """What is made for one brief: the page, the script of its live charts, its drawings.

    `charts` is empty for a brief without charts; `pictures` are files to copy beside the page.
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
) -> BriefPage:
    """Makes the page of one brief.

    Args:
        siblings: the place's other briefs, the page itself among them without address.
        pictures: those of its charts, from `draw_pictures`.

    Raises:
        ResearchError: a source's declaration is wrong.
    """
    has_pdf = pdf_file(project, manuscript.topic.name, manuscript.place).is_file()
    last = closing(project, manuscript.facts, collection, manuscript.place.path)
    end = parts.closing(last, manuscript, has_pdf=has_pdf)
    cells = [*_own_cells(manuscript, collection, pictures, has_pdf), notebooks.ready(end)]
    metadata = _surroundings(collection, manuscript, siblings, bool(pictures))
    return BriefPage(
        notebook=notebooks.page(cells, metadata),
        charts=_charts_script(pictures) if pictures else "",
        pictures={name: path for one in pictures.values() for name, path in one.files.items()},
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
    collection: Collection, manuscript: Manuscript, siblings: list[Link], charts: bool
) -> dict[str, Any]:
    place, topic = manuscript.place, manuscript.topic
    return surround(
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
        found_by={"place": place.full_name, "state": place.state_name, "topic": topic.label},
    )


def _displayed(manuscript: Manuscript) -> Iterator[Block]:
    for cell in _shown_cells(manuscript):
        yield from _blocks(cell)


def _blocks(cell: Any) -> Iterator[Block]:
    for output in cell.get("outputs", []):
        if MIME in output.get("data", {}):
            yield output["data"][MIME]


def _shown_cells(manuscript: Manuscript) -> Iterator[Any]:
    for cell in manuscript.notebook["cells"]:
        if "pdf-only" not in cell["metadata"].get("tags", []):
            yield cell


def _own_cells(
    manuscript: Manuscript, collection: Collection, pictures: Mapping[str, Picture], has_pdf: bool
) -> Iterator[Cell]:
    """The notebook's cells in order: prose as it is, blocks as HTML, code left out."""
    titled = False
    for cell in _shown_cells(manuscript):
        if cell["cell_type"] == "markdown":
            source = "".join(cell["source"])
            if titled:
                yield notebooks.text(source)
                continue
            headline, _, rest = source.partition("\n")
            yield notebooks.text(headline)
            yield notebooks.ready(parts.dateline(collection, manuscript, has_pdf))
            yield notebooks.text(rest.strip())
            titled = True
        for block in _blocks(cell):
            yield notebooks.ready(_block(block, pictures))


def _block(block: Block, pictures: Mapping[str, Picture]) -> str:
    picture = pictures.get(block["id"]) if block["kind"] == "chart" else None
    return block_html(block, picture.image if picture else None)


def _charts_script(pictures: Mapping[str, Picture]) -> str:
    """A classic script, so that it also loads from a folder (file://), where fetch() is refused."""
    specs = {name: picture.spec for name, picture in pictures.items()}
    return f"cityCharts({json.dumps(specs, ensure_ascii=False, sort_keys=True)});\n"
