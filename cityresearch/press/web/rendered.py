"""Pages over many briefs, each kept with a hash of what it shows: rendered again only where that changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cityresearch.press.web.remembered import recall, remember

State = tuple[int, int, int]  # of a file: its number, size and time


class Rendered:
    """What pages in a folder showed when they were last rendered.

    Args:
        note: where that is kept.
        shared: a hash of what shapes all of them: code, templates, declarations, data.
    """

    def __init__(self, note: Path, shared: str) -> None:
        self._note, self._shared = note, shared
        self._before: dict[str, tuple[str, State]] = recall(note, shared) or {}
        self._now: dict[str, tuple[str, State]] = {}

    def holds(self, path: Path, shown: str) -> bool:
        """Whether the file still is the page that was rendered from the very same things."""
        kept = self._before.get(str(path))
        return kept is not None and path.is_file() and kept == (shown, _state(path))

    def keep(self, path: Path, shown: str) -> None:
        """Notes what the page in this file shows."""
        self._now[str(path)] = shown, _state(path)

    def save(self) -> None:
        """Writes what was noted down, and forgets all other pages."""
        remember(self._note, self._shared, self._now)


def digest(*shown: object) -> str:
    """A hash of plain things and of dataclasses of them, by all that they hold."""
    # Not pickled: that also tells which of two equal texts are one object.
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _state(path: Path) -> State:
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns
