"""Writing files whole: made under another name beside the target, then moved over it in one step."""

from __future__ import annotations

import itertools
import os
import posixpath
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

THEME = Path(__file__).parent / "web" / "theme"  # the templates and statics of every page
OURS = secrets.token_hex(4)  # with the process id: machines may share a folder
NUMBERS = itertools.count()
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old content or the new, never a part of it."""
    part = f"{path.parent}/.part-{OURS}-{os.getpid()}-{next(NUMBERS)}"
    try:
        handle = os.open(part, NEW, 0o600)
    except FileNotFoundError:  # rarely: most folders are there
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(part, NEW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, 0o644)  # noqa: PTH101  (here and below: for a page there are a dozen files)
        os.replace(part, path)  # noqa: PTH105
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def write_changed(path: Path, content: bytes) -> None:
    """Writes a file where it differs: an unchanged one keeps its time, and nothing is built from it again."""
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)


def state_of(path: Path | str) -> str:
    """What changes when a file is written anew. The time of change would not do: a book that links the
    file changes it too."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return "missing"
    return f"{found.st_ino}.{found.st_size}.{found.st_mtime_ns}"


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
