"""The one kind of error that is a user's to mend. Anything else is a bug and keeps its traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ResearchError(Exception):
    """A mistake in a file, a notebook or a command, told as: where, which city, what, what instead.

    Args:
        what: what is wrong, in a plain sentence.
        where: file, and key or cell in it, relative to the project.
        city: name or slug of the place concerned, where there is one.
        instead: what to write instead.
    """

    def __init__(self, what: str, *, where: str = "", city: str = "", instead: str = "") -> None:
        self.what, self.where, self.city, self.instead = what, where, city, instead
        place = ", ".join(part for part in (where, city) if part)
        super().__init__(
            (f"{place}: " if place else "") + what + (f" {instead}" if instead else "")
        )

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword arguments survive the trip from a worker process only if they are said again.
        return (_rebuild, (type(self), self.what, self.where, self.city, self.instead))


def _rebuild(
    kind: type[ResearchError], what: str, where: str, city: str, instead: str
) -> ResearchError:
    return kind(what, where=where, city=city, instead=instead)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The sentence that offers the nearest known words, or an empty string where none is near."""
    near = difflib.get_close_matches(word.lower(), list(known), n=3, cutoff=0.6)
    if not near:
        return ""
    return "Did you mean " + " or ".join(f"'{name}'" for name in near) + "?"
