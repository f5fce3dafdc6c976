"""The shelf: all that editions hold, each content once under its SHA-256, in a box (a zip) an edition.

Contents are cut into pieces, and a box holds the pieces that no box before it has: an edition costs
what changed. Boxes are never written again, so a copy of the shelf is a copy of its files; a box is
needed for as long as any later edition is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from cityresearch.errors import ResearchError

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same box whenever it is filled
PACKED = (b"\x89PNG", b"%PDF", b"PK\x03\x04", b"wOF2", b"PAR1")  # how files begin that gain nothing
LEAST = 2048  # bytes of a piece, where the content has as many
CHANCE = 32  # one line in so many may end a piece


def digest_of(content: bytes) -> str:
    """The name of a content: its SHA-256."""
    return hashlib.sha256(content).hexdigest()


def cut(content: bytes) -> Iterator[bytes]:
    """The content in pieces, which end after lines that their own bytes choose.

    So a change leaves the pieces before and after it as they were, wherever they move to. PDFs are cut
    as well: the streams in them end with lines.
    """
    start = end = 0
    for line in content.split(b"\n"):
        end += len(line) + 1
        if end - start >= LEAST and zlib.crc32(line) % CHANCE == 0:
            yield content[start:end]
            start = end
    if start < len(content):
        yield content[start:]


class Box:
    """A box while it is filled: `put` gives the names of a content's pieces; `size` is that of the box
    in bytes, once it is whole."""

    def __init__(self, archive: zipfile.ZipFile, known: set[str]) -> None:
        self._archive, self._known = archive, known
        self.size = 0

    def put(self, content: bytes) -> list[str]:
        how = zipfile.ZIP_STORED if content.startswith(PACKED) else zipfile.ZIP_DEFLATED
        return [self._put_piece(piece, how) for piece in cut(content)]

    def _put_piece(self, piece: bytes, how: int) -> str:
        name = digest_of(piece)
        if name not in self._known:
            about = zipfile.ZipInfo(name, EPOCH)
            about.compress_type, about.create_system = how, 3
            self._archive.writestr(about, piece)
            self._known.add(name)
        return name


class Shelf:
    """The boxes of a folder. Opened for reading one after another, each when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: dict[str, zipfile.ZipFile] = {}

    def names(self) -> list[str]:
        """The names of the boxes."""
        return sorted(path.stem for path in self.folder.glob("*.zip"))

    def _free(self, name: str) -> Path:
        """Where a new box goes. One that a killed publication left stays: later ones may build on it."""
        names = [name, *(f"{name}_{number}" for number in range(2, 1000))]
        return next(path for each in names if not (path := self.folder / f"{each}.zip").exists())

    @contextlib.contextmanager
    def new_box(self, name: str) -> Iterator[Box]:
        """Fills a new box, which is there whole when the block has ended well, else not at all."""
        known = set(self._places())
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(prefix=".part-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
                box = Box(archive, known)
                yield box
            Path(part).chmod(0o644)
            box.size = Path(part).stat().st_size
            Path(part).replace(self._free(name))
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    def get(self, pieces: list[str]) -> bytes:
        """A content by the names of its pieces.

        Raises:
            ResearchError: a piece is on no box of this shelf, or is not what its name says.
        """
        places = self._places()
        return b"".join(self._piece(places.get(name), name) for name in pieces)

    def _piece(self, box: str | None, name: str) -> bytes:
        if box is None:
            raise self._fault(f"piece {name[:12]}… is in no box.")
        try:
            content = self._opened[box].read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise self._fault(f"piece {name[:12]}… of {box}.zip is damaged ({error}).") from None
        if digest_of(content) != name:
            raise self._fault(f"piece {name[:12]}… of {box}.zip is not what its name says.")
        return content

    def _places(self) -> dict[str, str]:
        """The box that each piece lies in."""
        found: dict[str, str] = {}
        for box in self.names():
            if box not in self._opened:
                self._opened[box] = self._open(box)
            found |= dict.fromkeys(self._opened[box].namelist(), box)
        return found

    def _open(self, box: str) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.folder / f"{box}.zip")
        except zipfile.BadZipFile as error:
            raise self._fault(f"{box}.zip is damaged ({error}).") from None

    def _fault(self, what: str) -> ResearchError:
        mend = "Copy the shelf's files from where they were kept or published."
        return ResearchError(what, where=f"the shelf {self.folder.name}/", instead=mend)
