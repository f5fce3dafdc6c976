"""Volumes in pieces: cover and contents, some parts at a time, and the end; each is set once, and kept.

A piece is kept by all that shapes it, its first page and part among that, in a folder of its volume. So a
changed brief costs its own piece, and those after it only where it takes more or fewer pages than before.
Some are set at once: each is laid out, which tells on what page the next begins, and then set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, chain, groupby, repeat
from pathlib import Path
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.press.files import write_whole
from cityresearch.press.paper import typesetting
from cityresearch.press.paper.joining import Piece, join

Paper = dict[str, Any]

SAID = ("look", "title", "collection", "publisher", "address", "edition")
BRIEFS = 12  # of a piece: Typst takes 5 to 6 MB for each, and each piece has its fonts
AT_ONCE = 2  # pieces: each takes some 70 MB until it is set
FEW = 2  # pieces: what Typst remembers of them does no harm
END = "Methods, sources and how to cite"


def set_volume(paper: Paper, collection: Collection, where: str, folder: Path, jobs: int) -> bytes:
    """The paper of a volume (see `volume_paper`) as one PDF, the same whatever `jobs`.

    Args:
        where: how an error names the volume.
        folder: where its pieces are kept; those of an earlier volume that this one has not, go.
    """

    def leaf(kind: str, **given: Any) -> _Leaf:
        own = {**{key: paper[key] for key in SAID}, "summary": "", "piece": kind, **given}
        return _Leaf(own, collection, where, folder)

    inner = [leaf("parts", parts=parts) for parts in shares(paper["parts"])]
    inner.append(leaf("end", name=END, methods=paper["methods"], small=paper["small"]))
    body = _set(inner, min(jobs, AT_ONCE))
    cover = {key: paper[key] for key in ("summary", "lines", "notes")}
    front = leaf("front", **cover, listed=_listed(paper["parts"], body))
    bound = [front.set(1), *body]
    _forget_many(inner)
    for path in set(folder.glob("*.pdf")) - {leaf.path for leaf in (front, *inner)}:
        path.unlink()
    return join(bound[0], bound[1:])


class _Leaf:
    """A piece by the file that it is kept in, whose name tells its first page and how many it has."""

    def __init__(self, paper: Paper, collection: Collection, where: str, folder: Path) -> None:
        self.path = folder
        self._key = typesetting.paper_key(paper, collection)
        self._paper, self._said = paper, (collection, where)
        self._draft: typesetting.Draft | None = None

    def pages(self) -> int:
        """How many pages it has."""
        for kept in self.path.glob(f"{self._key}.*.pdf"):
            return int(kept.name.split(".")[2])
        return self._drafted().pages()

    def set(self, first: int, pages: int = 0) -> Piece:
        """The piece, beginning on this page."""
        self.path /= f"{self._key}.{first}.{pages}.pdf"
        if not self.path.is_file():
            write_whole(self.path, self._drafted().set(first, *self._said))
        self._draft = None
        made = Piece(self.path.read_bytes())
        # The pages after it count on it.
        assert not pages or len(made.pages) == pages, (
            f"{self.path.name} has {len(made.pages)} pages"
        )
        return made

    def _drafted(self) -> typesetting.Draft:
        self._draft = self._draft or typesetting.Draft(self._paper)
        return self._draft


def _set(leaves: Sequence[_Leaf], at_once: int) -> list[Piece]:
    """These pieces one after the other, as many at once as memory allows."""
    body: list[Piece] = []
    first = 1
    with ThreadPoolExecutor(at_once) as pool:
        for at in range(0, len(leaves), at_once):
            some = leaves[at : at + at_once]
            counts = list(pool.map(_Leaf.pages, some))
            begins = list(accumulate(counts, initial=first))
            body += pool.map(_Leaf.set, some, begins, counts)
            first = begins[-1]
            _forget_many(leaves)
    return body


def _forget_many(leaves: Sequence[_Leaf]) -> None:
    """Keeps memory bounded; of a few pieces Typst forgets enough by itself."""
    if len(leaves) > FEW:
        typesetting.forget()


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
