"""Hashes of files and folders that briefs read, and stamps that tell whether they changed meanwhile.

A file is hashed after the brief has run; its stamp (time of change, size, number) is taken when it is
first opened. One that has another stamp by then is noted as changed, so that the brief runs again.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

CHANGED = "changed while it was read"  # stands for a hash, and is like none
PASSING = ("__pycache__", ".")  # names that come and go by themselves

Stamp = list[int] | str | None  # of a file; the names in a folder, hashed; None where it is absent


def file_hash(path: str) -> str:
    """SHA-256 of a file, or of the names in a folder where the path ends with a slash."""
    if path.endswith("/"):
        return names_hash(path)
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return "absent"


def hashed(root: Path, stamps: Mapping[str, Stamp]) -> dict[str, str]:
    """The hash of each file that was read, by its path from the project's root; `CHANGED` for one
    that is another by now."""
    return {name: _hashed(f"{root}/{name}", stamp) for name, stamp in stamps.items()}


def _hashed(path: str, stamp: Stamp) -> str:
    if isinstance(stamp, str):
        return stamp
    found = _kept_hash(path, tuple(stamp)) if stamp else file_hash(path)
    return found if stamp_of(path) == stamp else CHANGED


@functools.lru_cache(maxsize=256)
def _kept_hash(path: str, _: tuple[int, ...]) -> str:
    """The briefs of a topic share files: one with the same stamp is not read again."""
    return file_hash(path)


def names_hash(path: str) -> str:
    """Changes with the names of a folder's files, those aside that come and go by themselves."""
    try:
        found = os.listdir(path)  # noqa: PTH208
        names = sorted(name for name in found if not name.startswith(PASSING))
    except OSError:
        return "absent"
    return hashlib.sha256("\n".join(names).encode(errors="surrogateescape")).hexdigest()


def stamp_of(path: str) -> Stamp:
    """The stamp of a file as it is now."""
    try:
        found = os.stat(path)  # noqa: PTH116  called for every file that is opened
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_size, found.st_ino]
