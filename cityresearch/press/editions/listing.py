"""A listing: the files of an edition by their paths, each with hash, size and the pieces on the shelf."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cityresearch.errors import ResearchError
from cityresearch.press.editions.shelf import Box, Shelf, digest_of
from cityresearch.press.files import write_whole


@dataclass(frozen=True)
class File:
    """One file: SHA-256 and size in bytes of its content, and the names of its pieces."""

    sha256: str
    size: int
    pieces: list[str]


Listing = dict[str, File]


def keep(box: Box, files: Mapping[str, bytes | Path]) -> Listing:
    """Puts files into a box; `files` are contents, or where they lie, by their path in the edition."""
    found = {}
    for name, given in sorted(files.items()):
        content = given if isinstance(given, bytes) else given.read_bytes()
        found[name] = File(digest_of(content), len(content), box.put(content))
    return found


def written(listing: Listing) -> bytes:
    """The listing as text, a line a file, so that the lines of unchanged files are pieces of old."""
    lines = (
        json.dumps([name, one.sha256, one.size, *(one.pieces if len(one.pieces) != 1 else [])])
        for name, one in sorted(listing.items())
    )
    return "".join(f"{line}\n" for line in lines).encode()


def read(content: bytes) -> Listing:
    """A listing from its text."""
    found = {}
    for line in content.decode().splitlines():
        name, sha256, size, *pieces = json.loads(line)
        found[name] = File(sha256, size, pieces or ([sha256] if size else []))
    return found


def content(shelf: Shelf, listing: Listing, name: str) -> bytes:
    """One file's content.

    Raises:
        ResearchError: the edition has no such file, or the shelf lacks or has damaged a piece of it.
    """
    if name not in listing:
        raise ResearchError(f"the edition holds no file {name}.", where="the edition")
    found = shelf.get(listing[name].pieces)
    if digest_of(found) != listing[name].sha256:
        raise ResearchError(
            f"{name} is not what the edition's listing says.", where=f"{shelf.folder.name}/"
        )
    return found


def lay_out(shelf: Shelf, listing: Listing, prefix: str, folder: Path) -> int:
    """Writes the files below a prefix into a folder, without the prefix; how many they are.

    Raises:
        ResearchError: as `content`; or a path that would leave the folder.
    """
    names = [name for name in listing if name.startswith(prefix)]
    for name in names:
        write_whole(inside(folder, name.removeprefix(prefix)), content(shelf, listing, name))
    return len(names)


def inside(folder: Path, name: str) -> Path:
    """A path below a folder.

    Raises:
        ResearchError: the name leads out of it.
    """
    parts = name.split("/")
    if not name or name.startswith("/") or "\\" in name or {"..", "", "."} & set(parts):
        raise ResearchError(f"the path '{name}' would leave its folder.", where="the listing")
    return folder / name


def files_below(
    folder: Path, prefix: str, wanted: Callable[[Path], bool] = lambda _: True
) -> dict[str, Path]:
    """The files of a folder by their paths under a prefix, caches and hidden files left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if not hidden and path.is_file() and wanted(path):
            found[f"{prefix}{'/'.join(parts)}"] = path
    return found


def size_of(files: Iterable[File]) -> int:
    """The sizes of files added up, in bytes."""
    return sum(one.size for one in files)
