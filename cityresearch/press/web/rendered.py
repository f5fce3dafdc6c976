"""Pages over many briefs, each kept with a hash of what it shows: rendered again only where that changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cityresearch.press.files import state_of
from cityresearch.press.web.remembered import recall, remember


class Rendered:
    """What pages in a folder showed when they were last rendered.

    Args:
        note: where that is kept.
        shared: a hash of what shapes all of them: code, templates, declarations, data.
    """

    def __init__(self, note: Path, shared: str) -> None:
        self._note, self._shared = note, shared
        self._before: dict[str, tuple[str, str]] = recall(note, shared) or {}
        self._now: dict[str, tuple[str, str]] = {}

    def holds(self, path: Path, shown: str) -> bool:
        """Whether the file still is the page that was rendered from the very same things."""
        return self._before.get(str(path)) == (shown, state_of(path))

    def keep(self, path: Path, shown: str) -> None:
        """Notes what the page in this file shows."""
        self._now[str(path)] = shown, state_of(path)

    def save(self) -> None:
        """Writes what was noted down, and forgets all other pages."""
        remember(self._note, self._shared, self._now)


def digest(*shown: object) -> str:
    """A hash of plain things and of dataclasses of them, by all that they hold."""
    # Not pickled: that also tells which of two equal texts are one object.
    return hashlib.sha256(repr(shown).encode()).hexdigest()
