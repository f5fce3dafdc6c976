"""One brief as one self-contained file for e-mail and archives: HTML, Markdown or the notebook."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbconvert
import nbformat
from markdown_it import MarkdownIt

from cityresearch.briefs import svg
from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.calculator import worked_html
from cityresearch.briefs.collection import Collection, load_collection
from cityresearch.briefs.html import block_html
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.places import Place
from cityresearch.methods.words import long_date
from cityresearch.press import parts
from cityresearch.press.block_markdown import block_markdown, escaped
from cityresearch.press.closing import closing
from cityresearch.press.drawings import SVG, Chart, drawer, with_drawings
from cityresearch.press.files import THEME
from cityresearch.press.fonts import web_fonts
from cityresearch.press.manuscripts import Manuscript, read_manuscript, title_of
from cityresearch.press.policy import sealed
from cityresearch.project import Project

exporters: Any = nbconvert.exporters  # without types
preprocessors: Any = nbconvert.preprocessors
TEMPLATES = Path(__file__).parent / "templates"
ENDINGS = {"html": "html", "markdown": "md", "notebook": "ipynb"}
SITE_LINK = re.compile(r'<a href="(?!https?:|mailto:)[^>]*>(.*?)</a>', re.DOTALL)
ALIGNED = re.compile(r' style="text-align:(left|center|right)"')  # styles stand in the head alone
FONT_FILE = re.compile(r"url\(([\w.-]+\.woff2)\)")
PARSER = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["table", "smartquotes"]
)

Filters = Mapping[str, Callable[[Any], str]]


def export_brief(project: Project, topic: str, place: Place, to: str) -> tuple[str, bytes]:
    """One executed brief as a file that needs no other file and no network.

    Args:
        to: `html`, `markdown` or `notebook`.

    Returns:
        A name for the file, as in `transit-madison-wi.html`, and its content.

    Raises:
        ResearchError: another format, a brief that has not been run, or a chart that can't be drawn.
    """
    if to not in ENDINGS:
        hint = did_you_mean(to, ENDINGS) or f"Formats are: {', '.join(ENDINGS)}."
        raise ResearchError(f"there is no format '{to}'.", where="--to", instead=hint)
    manuscript = read_manuscript(project, topic, place)
    meta = manuscript.notebook["metadata"]["cityresearch"]
    whole = with_drawings(manuscript.notebook, drawer(project, meta))
    notebook = nbformat.reads(json.dumps(whole), as_version=4)
    makers = {"html": _html, "markdown": _markdown, "notebook": _notebook}
    text = makers[to](notebook, manuscript, project, load_collection(project))
    return f"{topic}-{place.slug}.{ENDINGS[to]}", (text.rstrip("\n") + "\n").encode()


def export_target(project: Project, name: str, output: Path | None) -> Path:
    """Where an export is written: a file or a folder that was named, else below `_build/exports/`.

    Raises:
        ResearchError: the folder does not exist. It is not made: its name may be misspelt.
    """
    if output is None:
        return project.build / "exports" / name
    if output.is_dir():
        return output / name
    if not output.parent.is_dir():
        raise ResearchError(
            f"there is no folder {output.parent}.",
            where="--output",
            instead="Make it first, or name a file in another.",
        )
    return output


def _html(notebook: Any, manuscript: Manuscript, project: Project, collection: Collection) -> str:
    brief = _brief(manuscript, project, collection) | {"css": inline_css(project)}
    filters: Filters = {
        "prose": prose_html,
        "block": lambda data: inline_block(project, data[MIME]),
    }
    return sealed(_fill("html", notebook, brief, filters))


def _markdown(
    notebook: Any, manuscript: Manuscript, project: Project, collection: Collection
) -> str:
    filters: Filters = {
        "words": escaped,
        "block": lambda data: block_markdown(data[MIME], data.get(SVG, "")),
    }
    return _fill("md", notebook, _brief(manuscript, project, collection), filters)


def _notebook(notebook: Any, *_: Any) -> str:
    text, _resources = exporters.NotebookExporter().from_notebook_node(notebook)
    return str(text)


def _fill(kind: str, notebook: Any, brief: dict[str, Any], filters: Filters) -> str:
    """The notebook through nbconvert and our template, without the cells that only the PDF has."""
    exporter = exporters.TemplateExporter(
        template_name="export",
        template_file=f"index.{kind}.j2",
        extra_template_basedirs=[str(TEMPLATES)],
    )
    pdf_only = preprocessors.TagRemovePreprocessor(remove_cell_tags={"pdf-only"})
    exporter.register_preprocessor(pdf_only, True)
    for name, function in filters.items():
        exporter.register_filter(name, function)
    text, _resources = exporter.from_notebook_node(notebook, resources={"brief": brief})
    return str(text)


def _brief(manuscript: Manuscript, project: Project, collection: Collection) -> dict[str, Any]:
    """What the templates say around the cells."""
    return {
        "mime": MIME,
        "title": title_of(manuscript),
        "summary": manuscript.facts["summary"],
        "collection": collection.title,
        "edition": f"Edition of {long_date(collection.edition)}",
        "date": long_date(collection.date),
        "dateline": parts.dateline(collection, manuscript, has_pdf=False),
        "closing": closing(project, manuscript.facts, collection, manuscript.place.path),
    }


def prose_html(markdown: str) -> str:
    """Markdown as HTML. HTML in it prints as it stands."""
    html = ALIGNED.sub(r' class="\1"', PARSER.render(markdown))
    return _without_site_links(html)


def _without_site_links(html: str) -> str:
    """Links within the site keep their words alone: nothing lies beside an exported file."""
    return SITE_LINK.sub(r"\1", html)


def inline_block(project: Project, block: Mapping[str, Any]) -> str:
    """A block as on the page; a chart's drawings, wide and narrow, lie inside the file, and a
    calculator, which needs a script, is its worked case."""
    if block["kind"] == "bill_calculator":
        return worked_html(block)
    if block["kind"] != "chart":
        return _without_site_links(block_html(block))
    chart = Chart(project, block["spec"])
    files = {
        screen: chart.web_file(width)
        for screen, width in (("wide", svg.WIDE), ("narrow", svg.NARROW))
    }
    image = {screen: _address(SVG, file.read_bytes()) for screen, file in files.items()}
    return _without_site_links(block_html(block, {**image, "live": None}))


def inline_css(project: Project) -> str:
    """The stylesheet of the pages with its fonts inside."""
    fonts = web_fonts(project.build / "fonts")
    return FONT_FILE.sub(lambda found: f"url({_address('font/woff2', fonts[found[1]])})", _sheet())


def _sheet() -> str:
    return (THEME / "static" / "city.css").read_text(encoding="utf-8")


def _address(mime: str, content: bytes) -> str:
    """The content as a `data:` address."""
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"
