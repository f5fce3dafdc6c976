"""Chart files beside a page: the SVG drawn at two widths, each ready to stand alone."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cityresearch.briefs import look, svg
from cityresearch.press.files import write_whole


@dataclass(frozen=True)
class Picture:
    """One chart on a page: addresses for `block_html`, the live specification, and its drawn files.

    `files` gives each name beside the page the cached drawing that is copied there.
    """

    image: dict[str, Any]
    spec: dict[str, Any]
    files: dict[str, Path]


def draw(
    topic: str, block: Mapping[str, Any], wide: str | list[str] | None, cache: Path
) -> Picture:
    """The files of one chart of a brief.

    Args:
        topic: name of the brief's topic, with which the names of the files begin.
        wide: the SVG that the executed notebook carries (a list of lines on disk), where it does.
        cache: folder of drawings by content: drawing and lettering are most of the cost of a page.
    """
    name, spec = f"{topic}-{block['id']}", block["spec"]
    drawn = "".join(wide or "")
    key = _key(spec, drawn)
    files = {f"{name}.svg": cache / f"{key}.svg", f"{name}-narrow.svg": cache / f"{key}-narrow.svg"}
    if not all(path.is_file() for path in files.values()):
        forms = (drawn or svg.render(spec, svg.WIDE), svg.render(spec, svg.NARROW))
        for path, form in zip(files.values(), forms, strict=True):
            write_whole(path, svg.for_web(form).encode())
    image = dict(zip(("wide", "narrow"), files, strict=True)) | {"live": block["id"]}
    return Picture(image, spec, files)


def _key(spec: Mapping[str, Any], drawn: str) -> str:
    made = json.dumps(spec, sort_keys=True) + drawn + _code()
    return hashlib.sha256(made.encode()).hexdigest()[:24]


@functools.cache
def _code() -> str:
    """What else shapes a drawing: the modules that draw and dress it, and the engine."""
    modules = (Path(str(module.__file__)).read_text(encoding="utf-8") for module in (look, svg))
    return "".join(modules) + version("vl-convert-python") + version("fonttools")


def forget_others(cache: Path, kept: Iterable[Path]) -> None:
    """Removes the drawings that no page of this assembly uses."""
    for path in set(cache.glob("*.svg")) - set(kept):
        path.unlink()
