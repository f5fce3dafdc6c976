"""Texts that people write by hand: they are in UTF-8, or the researcher hears where they are not."""

from __future__ import annotations

from pathlib import Path

from cityresearch.errors import ResearchError


def read_text(path: Path, where: str) -> str:
    """The text of a file.

    Args:
        where: how messages name the file.

    Raises:
        ResearchError: it is not in UTF-8; the message names the first line that is not.
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ResearchError(
            f"line {line} holds letters that are not in UTF-8.",
            where=where,
            instead="Save the file as UTF-8.",
        ) from None
