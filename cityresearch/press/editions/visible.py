"""What readers see of a brief: its words and its facts, without any markup. Approval holds for this."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cityresearch.briefs.blocks import MIME
from cityresearch.methods.words import long_date
from cityresearch.press.editions.shelf import digest_of

MARKDOWN = MarkdownIt("commonmark")
# Of a block: how it looks and is called inside. A key that is not named here counts as seen.
UNSEEN = {"align", "highlight", "id", "kind", "spec", "tone"}
OF_EDITION = "the date of the edition"
FIGURES = 10  # significant digits of a value: what two machines compute alike
NUMBERS = ("value", "moe", "low", "high")
SEEN = (
    *("id", "label", *NUMBERS, "unit", "text", "about"),
    *("source", "vintage", "rows", "method", "reason"),
)


def text_of(notebook: Mapping[str, Any], date: str = "") -> str:
    """The words of an executed brief in order, a line for each paragraph, heading or cell of a table.

    Args:
        date: of its edition, as in 2026-11-22. Where the words tell it, they tell so instead: who issues
            them anew writes no other words.
    """
    text = "\n".join(line for cell in notebook["cells"] for line in _of_cell(cell))
    for told in (long_date(date), long_date(date[:7])) if date else ():
        text = text.replace(told, OF_EDITION)
    return text


def seen_hash(text: str, facts: Mapping[str, Any]) -> str:
    """Changes with any word or fact that a reader sees, and with nothing else.

    Args:
        text: from `text_of`.
        facts: the facts file.
    """
    shown = [[_shown(fact, key) for key in SEEN] for fact in facts["facts"]]
    if noted := facts.get("corrections"):  # so that approvals of briefs without any stay
        shown.append([[one["text"], one["reference"]] for one in noted])
    return digest_of(json.dumps([text, shown], sort_keys=True, ensure_ascii=False).encode())


def _shown(fact: Mapping[str, Any], key: str) -> Any:
    value = fact.get(key)
    return shown_number(value) if key in NUMBERS else value


def shown_number(value: float | None) -> str | None:
    """A number to so many digits as two machines compute alike."""
    return None if value is None else f"{value:.{FIGURES}g}"


def _of_cell(cell: Mapping[str, Any]) -> Iterator[str]:
    if cell["cell_type"] == "markdown":
        for token in MARKDOWN.parse("".join(cell["source"])):
            if token.type == "inline":
                yield " ".join("".join(map(_words, token.children or [])).split())
            elif token.type in ("code_block", "fence"):
                yield token.content
    for output in cell.get("outputs", []):
        block = output.get("data", {}).get(MIME)
        if block:
            yield from _of_block(block)


def _words(token: Token) -> str:
    """A token's words; of a link also where it leads, of a picture what it shows."""
    if token.type.startswith("html"):
        return " "
    if token.type == "link_open":
        return f" <{token.attrs.get('href', '')}> "
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content


def _of_block(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        for key in sorted(part):
            if key not in UNSEEN:
                yield from _of_block(part[key])
    elif isinstance(part, list):
        for each in part:
            yield from _of_block(each)
    elif part not in (None, ""):
        yield " ".join(str(part).split())
