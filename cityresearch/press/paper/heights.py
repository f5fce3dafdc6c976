"""How much room things take on the printed page, reckoned from their letters.

Typst can measure, but each measuring sets the thing anew: it cost four times the setting itself.
A reckoning that is some lines off only moves white space: the template never cuts a thing in two.
All lengths are points and follow the sizes in `templates/`.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from cityresearch.press.paper.typst_markup import text_of

Node = Mapping[str, Any]

PAGE_WIDTH, PAGE_HEIGHT = 496.8, 685.4  # between the margins
TEXT_WIDTH, GUTTER = 402.0, 24.0
COLUMN = (PAGE_WIDTH - GUTTER) / 2
PICTURE, LEAST = 342.0, 300.0  # a chart: its 14-pixel words are set in 6.8 or at least 6 points
ASIDE = PAGE_WIDTH - PICTURE - 16.0  # the words beside it
CAP = 0.66  # height of a capital, which Typst takes for a line without its leading
LETTER = 0.427  # of the size of text: what a letter takes on average
WIDER = 1.07  # in semibold and serif
PAR_GAP = 9.0


@functools.lru_cache(maxsize=1 << 14)
def lines(text: str, width: float, size: float, letter: float = LETTER) -> int:
    """Lines that a text takes: words are never parted, so narrow columns hold less.

    Asked again for each way to fill a page, so it remembers.
    """
    room = width / (size * letter)
    if len(text) <= room:
        return 1
    count, used = 1, 0.0
    for word in text.split():
        need = len(word) + (1 if used else 0)
        if used and used + need > room:
            count, used = count + 1, len(word)
        else:
            used += need
    return count


def paragraph(
    text: str, width: float, size: float = 9.5, leading: float = 0.62, letter: float = LETTER
) -> float:
    """Height of a paragraph, without the space below it."""
    count = lines(text, width, size, letter)
    return size * (count * CAP + (count - 1) * leading)


def heading(section: Node, width: float = PAGE_WIDTH) -> float:
    """Height of a section's heading with the space below it."""
    if section["heading"] is None:
        return 0.0
    return paragraph(text_of(section["heading"]), width, 14, 0.36, LETTER * WIDER) + 10


def parts(some: Iterable[Node], width: float) -> float:
    """Height of parts below each other."""
    heights = [part(one, width) for one in some]
    return sum(heights) + PAR_GAP * max(len(heights) - 1, 0)


def part(one: Node, width: float) -> float:
    """Height of one part of a text."""
    kind = one["k"]
    if kind == "p":
        return paragraph(text_of(one["c"]), width)
    if kind == "heading":
        return 18.0
    if kind == "list":
        return parts([{"k": "quote", "c": item} for item in one["items"]], width - 14)
    if kind == "quote":
        return parts(one["c"], width)
    if kind == "callout":
        return 6 + paragraph(f"{one.get('title') or ''} {one['text']}", width - 14, 9.2)
    if kind == "insert":
        words = [{"k": "p", "c": [text]} for text in (one["by"], one["title"]) if text]
        small = paragraph(one["warning"], width - 14, 7.8, 0.5)
        return 15 + parts([*words, *one["body"]], width - 14) + PAR_GAP + small
    if kind == "numbers":
        return numbers(one["items"])
    if kind == "table":
        return table(one, dense=False)
    return 12.0 * (1 + str(one.get("text", "")).count("\n"))


def numbers(items: list[Node]) -> float:
    """Height of the ruled row of key numbers, with the space above it."""
    across = 3 if len(items) > 4 else len(items)
    width = PAGE_WIDTH / across - 20
    heights = [_number(item, width) for item in items]
    rows = (heights[at : at + across] for at in range(0, len(heights), across))
    return 10 + sum(19 + max(row) for row in rows)


def _number(item: Node, width: float) -> float:
    sizes = {"label": 9.2, "comparison": 8.8, "margin": 8.0, "note": 8.0}
    asides = [
        paragraph(item[key], width, size, 0.45) + 4.6
        for key, size in sizes.items()
        if item.get(key)
    ]
    return 18 + 8 + sum(asides)


def table(block: Node, *, dense: bool) -> float:
    """Height of a table with caption and notes."""
    dense = dense or block["widths"]["dense"]
    size, inset = (7.5, 2.4) if dense else (8.8, 3.7)
    columns = [width - 8 for width in block["widths"]["columns"]]
    rows = [
        max(_cell(cell, width, size, dense) for cell, width in zip(row, columns, strict=True))
        for row in block["rows"]
    ]
    head = max(
        _cell({"text": _words(column["label"]), "sub": column.get("unit")}, width, size, False)
        for column, width in zip(block["columns"], columns, strict=True)
    )
    caption = 14 if block.get("caption") else 0
    return 5 + caption + head + sum(rows) + (len(rows) + 1) * 2 * inset + notes(block["notes"])


def _cell(cell: Any, width: float, size: float, dense: bool) -> float:
    if not isinstance(cell, Mapping):
        cell = {"text": _words(cell)}
    width -= 15 if cell.get("state") else 0
    text, sub = cell["text"], cell.get("sub") or ""
    texts = [f"{text} {sub}"] if dense or not sub else [text, sub]
    # Digits are wider than letters; a second line that goes on in the first is set smaller.
    letter = 0.4 if dense and sub else 0.43
    count = sum(lines(one, width, size, letter) for one in texts)
    return size * (count * CAP + (count - 1) * 0.45)


def _words(label: Any) -> str:
    return text_of(label) if isinstance(label, list) else str(label)


def drawing(block: Node, width: float = PICTURE, *, dense: bool = False) -> float:
    """Height of a chart or a table with its title, without notes."""
    if block["k"] == "table":
        return table(block, dense=dense) - notes(block["notes"])
    return 18 + float(block["ratio"]) * width


def aside(intro: Iterable[Node], block: Node) -> float:
    """Height of the words and the notes that stand beside a picture."""
    return parts(intro, ASIDE) + notes(block["notes"], ASIDE)


def notes(texts: Iterable[str], width: float = PAGE_WIDTH) -> float:
    """Height of the small print below a picture."""
    return 9 + sum(paragraph(text, width, 7.8, 0.5) + 3.9 for text in texts)


def opening(sheet: Node) -> float:
    """Height of masthead, headline, lead and key numbers."""
    size = 21 if len(sheet["title"]) > 80 else 24
    head = paragraph(sheet["title"], PAGE_WIDTH, size, 0.36, LETTER * WIDER)
    lead = sum(
        paragraph(text_of(one["c"]), 0.9 * PAGE_WIDTH, 12, 0.5, LETTER * 1.02) + PAR_GAP
        for one in sheet["lead"]
    )
    return 25 + 15 + 5 + head + 13 + lead + 14 + parts(sheet["opening"], PAGE_WIDTH)


def guide(title: str) -> float:
    """Height of a guide's title with the line above it."""
    return 20 + paragraph(title, PAGE_WIDTH, 23, 0.36, LETTER * WIDER) + 13


def unit(one: Node, *, dense: bool = False, size: float = PICTURE) -> float:
    """Height of one unit of the body (see `press/paper/fill.py`), a chart being of this size."""
    if one["k"] == "closing":
        return float(one["height"])
    if one["k"] == "columns":
        halves = [
            math.fsum(
                heading(section, COLUMN) + parts(section["parts"], COLUMN) for section in half
            )
            + 15 * max(len(half) - 1, 0)
            for half in (one["left"], one["right"])
        ]
        return heading(one) + max(halves)
    picture, words = one["picture"], parts(one["intro"], TEXT_WIDTH)
    if picture is None:
        return heading(one) + words
    if one["beside"]:
        return heading(one) + max(drawing(picture, size, dense=dense), aside(one["intro"], picture))
    if picture["k"] == "chart":
        return heading(one) + words + 11 + max(drawing(picture, size), aside([], picture))
    return heading(one) + words + table(picture, dense=dense)


def small(atom: Node, width: float) -> float:
    """Height of a piece of the last part's small print, with the space below it."""
    if atom["k"] == "title":
        return 14.0
    address = re.sub(r"^https?://(www\.)?|/$", "", atom["to"])
    return paragraph(f"{atom['text']} {address} {atom['quiet']}", width, 7.4, 0.46) + 4.8
