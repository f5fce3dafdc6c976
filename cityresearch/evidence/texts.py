"""Texts from outside: in UTF-8, of a bounded size, without signs that nobody sees but programs obey."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from cityresearch.errors import ResearchError

LARGEST = 1_000_000  # bytes of a file that somebody wrote by hand
# Controls, signs that turn the direction of the text round, lone halves of signs, and the private planes,
# in which the press marks figures. (Those of U+0080 to U+009F do no harm, and a source has one.)
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
    "\U000f0000-\U0010ffff]"
)


def unseen(text: str) -> str:
    """The code of the first such sign in a text, as in U+202E; empty where there is none."""
    found = UNSEEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def read_text(path: Path, where: str) -> str:
    """The text of a file.

    Args:
        where: how messages name the file.

    Raises:
        ResearchError: it is too large, is not in UTF-8, or holds a sign that nobody sees; the message
            names the first such line.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise ResearchError(
            f"the file has {size:,} bytes; the most is {LARGEST:,}.",
            where=where,
            instead="Is it the right file? Divide it where it is.",
        )
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        return _seen(content.decode("utf-8"), where).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ResearchError(
            f"line {line} holds letters that are not in UTF-8.",
            where=where,
            instead="Save the file as UTF-8.",
        ) from None


def _seen(text: str, where: str) -> str:
    if code := unseen(text):
        line = text.count("\n", 0, UNSEEN.search(text).start()) + 1  # type: ignore[union-attr]
        raise ResearchError(
            f"line {line} holds {code}, a sign that nobody sees.", where=where, instead="Delete it."
        )
    return text
