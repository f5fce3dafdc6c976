"""Drawings of charts, each made once: kept by content under `_build/charts` for book, PDF and export.

Two cities of a state share the map of their state, the book and the PDF share every chart, and an
unchanged chart is never drawn again. What no page uses any more goes with the next book.
"""

from __future__ import annotations

import functools
import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from cityresearch.briefs import look, svg
from cityresearch.briefs.blocks import MIME
from cityresearch.errors import ResearchError
from cityresearch.press.files import write_whole
from cityresearch.press.lifetime import be_worker
from cityresearch.project import Project

SVG = "image/svg+xml"
FEW = 8  # drawings that are made sooner than a pool of processes has started
PACKAGES = ("vl-convert-python", "fonttools")
Json = Mapping[str, Any]
Drawer = Callable[[Json], str]


class Chart:
    """A chart whose drawings come from the store, or are drawn and kept there.

    Its methods raise ValueError where the engine can't draw it.
    """

    def __init__(self, project: Project, spec: Json) -> None:
        self._folder = project.build / "charts"
        self._spec = spec
        self._text = json.dumps(spec, sort_keys=True)  # dear, so it is made once for all widths

    def path(self, width: int) -> Path:
        """The file of the drawing, whether it is there or not."""
        text = f"{width} {self._text}"
        name = hashlib.sha256(_engine() + text.encode()).hexdigest()[:32]
        return self._folder / name[:2] / f"{name}.svg"

    def drawn(self, width: int) -> str:
        """The drawing as SVG, `width` px wide."""
        path = self.path(width)
        if not path.is_file():
            write_whole(path, svg.render(self._spec, width).encode())
        return path.read_text(encoding="utf-8")

    def web_file(self, width: int) -> Path:
        """The file of the drawing as pages have it, with its letters and its dark form: `svg.for_web`."""
        path = self.path(width).with_suffix(".web.svg")
        if not path.is_file():
            write_whole(path, svg.for_web(self.drawn(width)).encode())
        return path


@contextmanager
def named(meta: Json, block: Json) -> Iterator[None]:
    """What fails inside is an error that names the brief and its chart.

    Args:
        meta: the `cityresearch` metadata of the executed notebook.

    Raises:
        ResearchError: the chart can't be drawn.
    """
    try:
        yield
    except Exception as error:  # whatever the engine says, it is about this one chart
        raise ResearchError(
            f"chart '{block['id']}' cannot be drawn: {_reason(error)}.",
            where=f"notebooks/{meta['topic']}/brief.ipynb",
            city=meta["place"],
            instead="Mend the chart's specification, then run the brief again.",
        ) from None


def drawer(project: Project, meta: Json) -> Drawer:
    """Draws the wide form of the charts of one brief; its errors are those of `named`."""

    def draw(block: Json) -> str:
        with named(meta, block):
            return Chart(project, block["spec"]).drawn(svg.WIDE)

    return draw


def with_drawings(notebook: dict[str, Any], draw: Drawer) -> dict[str, Any]:
    """The executed notebook with the drawing of each chart, for readers who open it elsewhere."""

    def whole(output: dict[str, Any]) -> dict[str, Any]:
        block = output.get("data", {}).get(MIME, {})
        if block.get("kind") != "chart":
            return output
        drawing = draw(block).splitlines(keepends=True)
        return {**output, "data": {**output["data"], SVG: drawing}}

    cells = [
        {**cell, "outputs": [whole(output) for output in cell["outputs"]]}
        if "outputs" in cell
        else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def draw_missing(project: Project, notebooks: Sequence[Path], workers: int | None = None) -> None:
    """Draws the wide form of what these executed notebooks lack, on all cores: one engine uses one.

    A chart that can't be drawn is left for whoever needs it, who knows whose it is.
    """
    wanted = {
        Chart(project, spec).path(svg.WIDE): spec
        for path in notebooks
        for spec in _specifications(path)
    }
    missing = [spec for path, spec in wanted.items() if not path.is_file()]
    count = min(workers or os.cpu_count() or 1, len(missing) // FEW)
    if count < 2:
        return  # they are drawn when they are asked for
    # Spawned, not forked: the drawing engine has threads, which a fork would lose.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, spawned, be_worker) as pool:
        list(pool.map(_try, [project] * len(missing), missing, chunksize=FEW))


def forget_others(project: Project, kept: Iterable[str]) -> None:
    """Removes drawings and stills that are not among the pages' files `kept`, nor what those are made
    from."""
    names = {os.path.basename(path).partition(".")[0] for path in kept}  # noqa: PTH119  many texts
    for path in (project.build / "charts").glob("*/*.*"):
        if path.name.partition(".")[0] not in names:
            path.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    """What the engine says, without its own frames and addresses."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = [line.rstrip(".:") for line in lines if line and not line.startswith("at ")]
    return told[-1] if told else type(error).__name__


@functools.cache
def _engine() -> bytes:
    """What else shapes a drawing: the modules that draw and dress it (with the version of Vega-Lite),
    and the libraries."""
    modules = (Path(str(module.__file__)).read_bytes() for module in (look, svg))
    return b"".join(modules) + " ".join(map(version, PACKAGES)).encode()


def _try(project: Project, spec: Json) -> None:
    try:
        Chart(project, spec).drawn(svg.WIDE)
    except Exception:
        return


def _specifications(path: Path) -> Iterator[Json]:
    if path.is_file():
        for data in _outputs(from_json(path.read_bytes())):
            if data[MIME]["kind"] == "chart":
                yield data[MIME]["spec"]


def _outputs(notebook: Json) -> Iterator[dict[str, Any]]:
    """The data of the outputs that hold a block."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                yield output["data"]
