"""The book that readers have: how a new one takes its place, and what is handed on to it."""

from __future__ import annotations

import shutil
from pathlib import Path

from cityresearch.project import Project

EDITIONS = "editions"  # the folder of a book that holds the books of past editions


def note_file(project: Project, name: str) -> Path:
    """Where it is noted what the book in `_build/<name>` was made from."""
    return project.build / "book" / ("key" if name == "html" else f"key-{name}")


def show(project: Project, name: str) -> None:
    """Puts the book in `_build/<name>` in the place of the one that readers have."""
    made, shown = note_file(project, name), note_file(project, "html")
    shown.unlink(missing_ok=True)
    swap_in(project.build / "html", project.build / name)
    if made.is_file():  # else it was restored, and the next build makes it anew
        made.replace(shown)


def swap_in(target: Path, whole: Path) -> None:
    """Puts a new book in the place of the old one, which readers have until then. Past editions, which
    lie in it, move on to the new one."""
    old = target.with_name(f"{target.name}.old")
    # A build may have been killed before the new book took the old one's place, or just after.
    if old.exists() and not target.exists():
        old.rename(target)
    _hand_on(old, target)
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    whole.rename(target)
    _hand_on(old, target)
    shutil.rmtree(old, ignore_errors=True)


def _hand_on(old: Path, target: Path) -> None:
    """Moves the past editions of a book to the one that takes its place."""
    if (old / EDITIONS).is_dir() and target.is_dir() and not (target / EDITIONS).exists():
        (old / EDITIONS).rename(target / EDITIONS)
