"""The fonts of the pages: Source Sans and Source Serif (OFL), cut down to Latin and packed as WOFF2."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import io
from dataclasses import dataclass
from pathlib import Path

from cityresearch.briefs import look
from cityresearch.press.files import write_whole

# Basic Latin, Latin-1, Latin Extended-A, and the signs that texts and tables use.
LATIN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *map(ord, "‐–—‘’‚“”„†‡•…‰′″‹›€←↑→↓−≈≠≤≥▲▼"),
)
FEATURES = ("kern", "liga", "lnum", "tnum", "mark", "ccmp", "locl")
FAMILY = "Source Sans Pro"


@dataclass(frozen=True)
class Face:
    """One font file of the pages, made from a TTF file of the family's package."""

    file: str
    family: str
    source: str


FACES = (
    Face("sans-400.woff2", FAMILY, "SourceSansPro-Regular.ttf"),
    Face("sans-400-italic.woff2", FAMILY, "SourceSansPro-It.ttf"),
    Face("sans-600.woff2", FAMILY, "SourceSansPro-Semibold.ttf"),
    Face("serif-600.woff2", "Source Serif Pro", "SourceSerifPro-Semibold.ttf"),
)


def web_fonts(cache: Path) -> dict[str, bytes]:
    """The font files of the pages by name; made once, then read from the folder `cache`."""
    return {face.file: _cached(face, cache) for face in FACES}


def _cached(face: Face, cache: Path) -> bytes:
    path = cache / f"{Path(face.file).stem}-{_version()}.woff2"
    if not path.is_file():
        source = look.font_folder(face.family) / face.source
        write_whole(path, subset(source, LATIN, FEATURES))
    return path.read_bytes()


@functools.cache
def _version() -> str:
    """A short hash of what shapes the files: signs, features, and the subsetter."""
    made = f"{LATIN} {FEATURES} {importlib.metadata.version('fonttools')}"
    return hashlib.sha256(made.encode()).hexdigest()[:8]


def subset(path: Path, signs: tuple[int, ...], features: tuple[str, ...]) -> bytes:
    """A font file cut down to the signs given, as WOFF2; the same bytes on every call."""
    from fontTools import subset as subsetter

    options = subsetter.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = list(features)
    options.name_IDs = [0, 1, 2, 13, 14]  # names, copyright and licence stay with the font
    options.recalc_timestamp = False
    font = subsetter.load_font(str(path), options)
    worker = subsetter.Subsetter(options)
    worker.populate(unicodes=signs)
    worker.subset(font)
    packed = io.BytesIO()
    subsetter.save_font(font, packed, options)
    return packed.getvalue()
