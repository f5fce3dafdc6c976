"""Volumes in pieces: cover and contents, some parts at a time, and the end; each is set once, and kept.

A piece is kept by all that shapes it, its first page and part among that, in a folder of its volume. So a
changed brief costs its own piece, and those after it only where it takes more or fewer pages than before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby, repeat
from pathlib import Path
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.press.files import write_whole
from cityresearch.press.paper import typesetting
from cityresearch.press.paper.joining import Piece, join

Paper = dict[str, Any]

SAID = ("look", "title", "collection", "publisher", "address", "edition")
BRIEFS = 12  # of a piece: Typst takes 5 to 6 MB for each, and each piece has its fonts
END = "Methods, sources and how to cite"


def set_volume(paper: Paper, collection: Collection, where: str, folder: Path) -> bytes:
    """The paper of a volume (see `volume_paper`) as one PDF.

    Args:
        where: how an error names the volume.
        folder: where its pieces are kept; those of an earlier volume that this one has not, go.
    """
    kept: set[Path] = set()

    def piece(kind: str, **given: Any) -> Piece:
        own = {**{key: paper[key] for key in SAID}, "summary": "", "piece": kind, **given}
        path = folder / f"{typesetting.paper_key(own, collection)}.pdf"
        kept.add(path)
        if not path.is_file():
            write_whole(path, typesetting.typeset("volume", own, collection, where))
            typesetting.forget()
        return Piece(path.read_bytes())

    body, page = [], 1
    for parts in shares(paper["parts"]):
        body.append(piece("parts", parts=parts, page=page))
        page += len(body[-1].pages)
    body.append(piece("end", name=END, page=page, methods=paper["methods"], small=paper["small"]))
    listed = _listed(paper["parts"], body)
    cover = {key: paper[key] for key in ("summary", "lines", "notes")}
    front = piece("front", **cover, listed=listed)
    for path in set(folder.glob("*.pdf")) - kept:
        path.unlink()
    return join(front, body)


def shares(parts: Sequence[Paper]) -> Iterator[list[Paper]]:
    """The parts of each piece, with their numbers: as many as go into one, but one at least."""
    share: list[Paper] = []
    for number, part in enumerate(parts, 1):
        if share and sum(len(one["chapters"]) for one in [*share, part]) > BRIEFS:
            yield share
            share = []
        share.append({**part, "number": number})
    if share:
        yield share


def _listed(parts: Sequence[Paper], body: Sequence[Piece]) -> list[Paper]:
    """What the contents list, by page: headings with their words, which for the parts are as set there."""
    words = chain(_words(parts), repeat(None))
    lines, first = [], 1
    for piece in body:
        for one in piece.headings:
            said = next(words)
            numbered = said is not None and one.level < 3
            line = {"level": one.level, "numbered": numbered, "words": said or [one.words]}
            lines.append((first + one.page, line))
        first += len(piece.pages)
    return [
        {"page": page, "headings": [line for _, line in group]}
        for page, group in groupby(lines, lambda line: line[0])
    ]


def _words(parts: Sequence[Paper]) -> Iterator[list[Any]]:
    for part in parts:
        yield [part["name"]]
        for sheet in part["chapters"]:
            yield from ([sheet["kicker"]], sheet["headline"])
