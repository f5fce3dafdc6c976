"""Writing files whole: made under another name beside the target, then moved over it in one step."""

from __future__ import annotations

import os
import posixpath
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

THEME = Path(__file__).parent / "web" / "theme"  # the templates and statics of every page


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old content or the new, never a part of it."""
    try:
        handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    except FileNotFoundError:  # rarely: most folders are there
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        made = Path(name)
        made.chmod(0o644)
        made.replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_changed(path: Path, content: bytes) -> None:
    """Writes a file where it differs: an unchanged one keeps its time, and nothing is built from it again."""
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)


def link_or_copy(path: Path | str, target: Path | str) -> None:
    """Gives a file a second name, or where the file system can't, a copy of the same age."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)
        about = Path(path).stat()
        os.utime(target, ns=(about.st_atime_ns, about.st_mtime_ns))


def link_all(files: Mapping[str, Path | str], folder: Path) -> None:
    """Gives files second names in a new folder, by their path in it; none may be written into later."""
    for inner in {posixpath.dirname(name) for name in files}:
        (folder / inner).mkdir(parents=True, exist_ok=True)
    for name, path in files.items():
        link_or_copy(path, f"{folder}/{name}")  # tens of thousands: a path costs more than its link
