"""Chart files beside a page: the drawing at two widths, each ready to stand alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.briefs import svg
from cityresearch.press import drawings
from cityresearch.project import Project

# How a reader gets a chart, and the ending of its file.
OFFERED = {"data as CSV": "csv", "picture as SVG": "svg", "as PNG": "png"}


@dataclass(frozen=True)
class Picture:
    """One chart on a page: addresses for `block_html`, the live specification, and its drawn files.

    `files` gives each name beside the page the drawing that is copied there; `drawing` is the wide
    one as it was drawn, for other pictures to be made from.
    """

    image: dict[str, Any]
    spec: dict[str, Any]
    files: dict[str, Path]
    drawing: str


def draw(project: Project, meta: Mapping[str, Any], block: Mapping[str, Any]) -> Picture:
    """The files of one chart of a brief; their names begin with that of its topic.

    Args:
        meta: the `cityresearch` metadata of the executed notebook.

    Raises:
        ResearchError: the chart can't be drawn.
    """
    name, chart = f"{meta['topic']}-{block['id']}", drawings.Chart(project, block["spec"])
    with drawings.named(meta, block):
        files = {
            f"{name}.svg": chart.web_file(svg.WIDE),
            f"{name}-narrow.svg": chart.web_file(svg.NARROW),
        }
        drawing = chart.drawn(svg.WIDE)
    image: dict[str, Any] = dict(zip(("wide", "narrow"), files, strict=True))
    image["live"] = block["id"]
    image["files"] = {kind: f"{name}.{ending}" for kind, ending in OFFERED.items()}
    return Picture(image, block["spec"], files, drawing)
