"""What goes on the PDF of one brief, as plain data for the Typst template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from cityresearch.briefs import look
from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.methods.words import long_date
from cityresearch.press.closing import Closing, CorrectionNote, SourceNote
from cityresearch.press.drawings import Drawer
from cityresearch.press.paper import fill, heights, typst_markup
from cityresearch.press.paper.typst_markup import Node
from cityresearch.press.paper.widths import widths

MORE = (
    "Each figure of this brief is listed on its page and in its data file, with its margin of error, "
    "source rows and method. The page also says what to beware of in each source."
)
SIZE = re.compile(r'<svg[^>]*?\swidth="([\d.]+)"[^>]*?\sheight="([\d.]+)"')


def read_sheet(
    notebook: Any, collection: Collection, closing: Closing, draw: Drawer
) -> dict[str, Any]:
    """What one executed brief says, not yet laid out: the sections of its text under "sections".

    Args:
        notebook: the executed notebook's JSON, with its `cityresearch` metadata.
        collection: title, publisher, edition and address that masthead and footer show.
        closing: sources and citation that follow the notebook's own text.
        draw: gives the SVG of a chart's block.

    Raises:
        ResearchError: the brief has no headline, or a chart can't be drawn.
    """
    meta = notebook["metadata"]["cityresearch"]
    draft = meta.get("draft", False)
    head, sections = _split(_parts(notebook, draw))
    headline, lead, opening = _opening(head, meta)
    # Callouts under the key numbers stand beside the first section, where that has no picture.
    callouts = [part for part in opening if part["k"] == "callout"]
    asides = [{"heading": None, "parts": callouts}] if callouts else []
    sheet = {
        "look": look_of_the_house(),
        "title": typst_markup.text_of(headline),
        "summary": " ".join(typst_markup.text_of(part["c"]) for part in lead),
        "publisher": collection.publisher,
        "collection": collection.title,
        "topic_title": meta["topic_title"],
        "topic_label": meta["topic_label"],
        "place": meta["place"],
        "draft": draft,
        "kicker": f"{'DRAFT · ' * draft}{meta['topic_label']} · {meta['place']}",
        "edition": f"Edition of {long_date(collection.edition)}",
        "date": long_date(collection.date),
        "as_of": meta["as_of"][:1].upper() + meta["as_of"][1:],
        "address": re.sub(r"^https?://", "", closing.address),
        "headline": headline,
        "lead": lead,
        "opening": [part for part in opening if part["k"] != "callout"],
        "sections": asides + sections,
        "closing": _closing(closing),
    }
    cleaned: dict[str, Any] = typst_markup.printable(sheet)
    return cleaned


def lay_out(sheet: dict[str, Any], *, closed: bool = True) -> dict[str, Any]:
    """The sheet with its "body": units in their places, and the closing part where it is `closed`."""
    laid = {key: value for key, value in sheet.items() if key not in ("sections", "closing")}
    body = fill.units(sheet["sections"])
    end = [fill.closing(_atoms(sheet["closing"]))] if closed else []
    return {**laid, "body": fill.place([*body, *end], heights.opening(sheet))}


def read_guide(text: str) -> tuple[str, list[Node]]:
    """The title of a hand-written guide, and its sections; what stands before the first has no heading."""
    head, sections = _split(typst_markup.blocks(text))
    before = [{"heading": None, "parts": head[1:]}] if head[1:] else []
    return typst_markup.text_of(head[0]["c"]), before + sections


def look_of_the_house() -> dict[str, Any]:
    """The colours of the house, by role, and how the states of the law are marked."""
    states = {
        name: {
            "fill": look.light(status.fill),
            "letter": look.light(status.ink),
            "hatched": status.hatched,
        }
        for name, status in look.STATUSES.items()
    }
    return {**{role: look.light(role) for role in look.TONES}, "states": states}


def _opening(head: list[Node], meta: Any) -> tuple[list[Any], list[Node], list[Node]]:
    """Headline, the paragraphs under it, and what else stands before the first section."""
    if not head or head[0]["k"] != "heading" or head[0]["level"] != 1:
        raise ResearchError(
            "the first Markdown cell does not begin with a headline.",
            where=f"notebooks/{meta['topic']}/brief.ipynb",
            city=meta["place"],
            instead="Begin it with '# ' and the finding.",
        )
    end = next((at for at, part in enumerate(head[1:], 1) if part["k"] != "p"), len(head))
    return head[0]["c"], head[1:end], head[end:]


def _closing(closing: Closing) -> dict[str, Any]:
    """The last part: sources and citation. The table of all figures is too long for paper."""
    return {
        "sources": [_source(source) for source in closing.sources],
        "corrections": [_correction(one) for one in closing.corrections],
        "citation": closing.citation.removesuffix(closing.address).rstrip(),
        "address": closing.address,
    }


def _atoms(closing: dict[str, Any]) -> list[Node]:
    """The small print of the last part, in pieces that a column may end after.

    What to beware of in each source is on the page, and in what is bound: here the limits of the brief
    itself have been said.
    """
    return [
        *source_atoms([{**source, "caveats": []} for source in closing["sources"]]),
        *correction_atoms(closing["corrections"]),
        {"k": "title", "text": "More on the page"},
        {"k": "text", "text": MORE, "to": "", "quiet": ""},
        {"k": "title", "text": "How to cite"},
        {"k": "text", "text": closing["citation"], "to": closing["address"], "quiet": ""},
    ]


def source_atoms(sources: Iterable[dict[str, Any]]) -> list[Node]:
    """Sources as small print: a heading, and for each its citation, then what to beware of."""
    atoms: list[Node] = [{"k": "title", "text": "Sources"}]
    for source in sources:
        said = {"text": source["citation"], "to": source["homepage"], "quiet": source["terms"]}
        atoms.append({"k": "text", **said})
        if source["caveats"]:
            words = " ".join(source["caveats"])
            atoms.append({"k": "text", "text": "", "to": "", "quiet": words})
    return atoms


def correction_atoms(corrections: Sequence[Node]) -> list[Node]:
    """The corrections that a brief rests on as small print; nothing where there is none."""
    return [{"k": "title", "text": "Corrections"}, *corrections] if corrections else []


def _correction(one: CorrectionNote) -> Node:
    to = one.link if typst_markup.printed(one.link) else ""
    return {
        "k": "text",
        "text": one.text,
        "to": to,
        "quiet": "" if to else f"Reference: {one.reference}",
    }


def _source(source: SourceNote) -> dict[str, Any]:
    held = f" Copy of {source.held}." if source.held else ""
    return {
        "citation": source.citation,
        "homepage": source.homepage if typst_markup.printed(source.homepage) else "",
        "terms": f"Licence: {source.licence}.{held}",
        "caveats": list(source.caveats),
    }


def _parts(notebook: Any, draw: Drawer) -> list[Node]:
    """Markdown and blocks of all cells in reading order; other outputs (plain text) don't print."""
    parts: list[Node] = []
    for cell in notebook["cells"]:
        if "page-only" in cell["metadata"].get("tags", []):
            continue
        if cell["cell_type"] == "markdown":
            parts += typst_markup.blocks("".join(cell["source"]))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if MIME in data:
                parts.append(_block(data[MIME], draw))
    return parts


def _block(block: Node, draw: Drawer) -> Node:
    """A block as the template wants it: its kind under "k", with image or widths of columns."""
    kind = block["kind"]
    if kind == "chart":
        svg = draw(block)
        return {"k": kind, "svg": svg, "ratio": _ratio(svg)} | {
            "title": block["title"],
            "alt": block["alt"],
            "notes": [f"Source: {block['source']}"] if block["source"] else [],
        }
    if kind == "table":
        notes = [*block["notes"], *([f"Source: {block['source']}"] if block["source"] else [])]
        return {**block, "k": kind, "notes": notes, "widths": widths(block)}
    return {**block, "k": kind}


def _ratio(svg: str) -> float:
    """Height of a drawing by its width."""
    found = SIZE.search(svg)
    assert found, "Vega writes width and height into every drawing"
    return round(float(found[2]) / float(found[1]), 4)


def _split(parts: list[Node]) -> tuple[list[Node], list[Node]]:
    """What stands before the first heading under the headline, and the sections that follow."""
    head: list[Node] = []
    sections: list[Node] = []
    for part in parts:
        # A first heading below level 2 would break the outline, so it counts as one.
        if part["k"] == "heading" and head and (part["level"] <= 2 or not sections):
            sections.append({"heading": part["c"], "parts": []})
        else:
            (sections[-1]["parts"] if sections else head).append(part)
    return head, sections
