"""Widths of the columns of a printed table, from the lengths of what stands in them."""

from __future__ import annotations

import functools
import math
import re
from itertools import permutations
from typing import Any

PAGE = 496.8  # points between the margins of the page
COLUMN = 236.4  # points of one of two columns
BESIDE = 342.0  # points of a table that has its words at its left
STEP = 6.0  # points that move from one column to another at a time
LETTER = 4.4  # points that a character of table text takes on average
SMALL = 0.88  # of that in dense tables
PADDING = 12.0  # points between two columns, with some air
MARK = "     "  # the room of a state's mark
DENSE = 12  # more rows than these are set smaller, each cell's second line going on in its first
BREAK = re.compile(r"[\s–—/-]+")
GUTTER = 10.0  # points between the columns of a table as the template sets them
SIGN = 15.0  # points that a state's mark takes there
SIZES = (8.8, 7.5)  # of the letters of a table, and of a dense one
# How wide letters are at most, for their size, in bold too. Rows with other letters are rarely certain:
# those count as more than the widest of the fonts, a dash of three ems.
OTHER = 2.5
WIDEST = {
    letter: width
    for width, letters in (
        (0.2, " "),
        (0.3, "',.:;Iijl|·’‘"),
        (0.4, "!()-/[\\]frt{}"),
        (0.5, '"*?J_csvxyz–“”'),
        (0.6, "#$+0123456789<=>ABCEFKLPRSTVXYZ^`abdeghknopqu~−±×≤≥§éñ"),
        (0.7, "&DGHNOQU"),
        (0.8, "MWw—"),
        (0.9, "%@m"),
    )
    for letter in letters
}


def widths(block: dict[str, Any]) -> dict[str, Any]:
    """How wide to set a table block.

    Returns:
        `columns`: points for each column; `dense`: whether the table is long and set smaller;
        `room`: what it goes into: "column" (one of two), "beside" (its words) or "page";
        `lines`: of each row, where they are certain, else 0: set as it is, and set dense.
    """
    dense = len(block["rows"]) > DENSE
    wishes = [_column(block, at, dense) for at in range(len(block["columns"]))]
    natural = sum(wanted for _, wanted, _ in wishes)
    room, width = next(
        (one for one in (("column", COLUMN), ("beside", BESIDE)) if natural <= one[1]),
        ("page", PAGE),
    )
    if natural <= width:
        found = [wanted * width / natural for _, wanted, _ in wishes]
    else:
        found = _lowest(block, _shared(wishes), [least for least, _, _ in wishes], dense)
    columns = [round(width, 1) for width in found]
    return {
        "columns": columns,
        "dense": dense,
        "room": room,
        "lines": [
            [_certain(row, columns, small) for row in block["rows"]] for small in (dense, True)
        ],
    }


def _certain(row: list[Any], columns: list[float], dense: bool) -> int:
    """The lines of a row none of whose lines can be too long for its column, else 0.

    Typst lays out each row whose height it isn't told twice, to find it.
    """
    size, between = SIZES[dense], GUTTER * (1 - 1 / len(columns))
    found = 1
    for cell, width in zip(row, columns, strict=True):
        if isinstance(cell, list):
            return 0
        texts = [text.removeprefix(MARK).rstrip(" ") for text in _lines(cell, dense)]
        room = width - between - (SIGN if isinstance(cell, dict) and cell.get("state") else 0.0)
        if any("\n" in text or _longest(text) * size > room for text in texts):
            return 0
        found = max(found, 2 if not dense and isinstance(cell, dict) and cell.get("sub") else 1)
    return found


@functools.lru_cache(maxsize=1 << 12)
def _longest(text: str) -> float:
    """How long a text can be at most, by the size of its letters; tables of peers hold many again."""
    return sum([WIDEST.get(letter, OTHER) for letter in text])


def _shared(columns: list[tuple[float, float, float]]) -> list[float]:
    """The page's width shared out: short columns get what they want, long ones the rest by content."""
    found = [least for least, _, _ in columns]
    open_columns = set(range(len(columns)))
    while open_columns:
        left = PAGE - sum(width for at, width in enumerate(found) if at not in open_columns)
        content = sum(columns[at][2] for at in open_columns)
        offered = {at: left * columns[at][2] / content for at in open_columns}
        modest = [at for at in open_columns if columns[at][1] <= offered[at]]
        if not modest:
            return _fitted(found, offered, columns)
        for at in modest:
            found[at] = columns[at][1]
        open_columns -= set(modest)
    return [width * PAGE / sum(found) for width in found]


def _fitted(
    found: list[float], offered: dict[int, float], columns: list[tuple[float, float, float]]
) -> list[float]:
    """Offers raised to each column's longest word; the whole is then scaled to the page."""
    for at, width in offered.items():
        found[at] = max(width, columns[at][0])
    return [width * PAGE / sum(found) for width in found]


def _lowest(
    block: dict[str, Any], found: list[float], least: list[float], dense: bool
) -> list[float]:
    """The widths with room moved between columns as long as that makes the table lower."""
    sizes = [[_points(cell, dense) for cell in row] for row in block["rows"]]

    def height(widths: list[float]) -> float:
        return sum(max(map(_ragged, row, widths)) for row in sizes)

    best, moved = height(found), True
    while moved:
        moved = False
        for giver, taker in permutations(range(len(found)), 2):
            tried = [*found]
            tried[giver] -= STEP
            tried[taker] += STEP
            if tried[giver] >= least[giver] and (now := height(tried)) < best:
                found, best, moved = tried, now, True
    return found


def _ragged(points: float, width: float) -> float:
    """Lines of a cell, whose ends stay empty by half a word; a full line counts once."""
    room = width - PADDING - 8
    return 1.0 if points <= room + 8 else math.ceil(points / room)


def _points(cell: Any, dense: bool) -> float:
    """How long a cell is when set in one line."""
    return (SMALL if dense else 1.0) * LETTER * sum(len(line) for line in _lines(cell, dense))


def _column(block: dict[str, Any], at: int, dense: bool) -> tuple[float, float, float]:
    """Points that a column needs at least (its longest word) and wants (its longest line), and a
    measure of its content, in which a few long lines count less than many."""
    column = block["columns"][at]
    letter = LETTER * (SMALL if dense else 1.0)
    lines = [line for row in block["rows"] for line in _lines(row[at], dense)] or [""]
    label = f"{_words(column['label'])} {column.get('unit') or ''}".strip()
    word = max(len(word) for text in [label, *lines] for word in BREAK.split(text))
    longest = max(*map(len, lines), word, min(len(label) / 2, 14))
    content = (sum(map(len, lines)) / len(lines) + word) ** 0.75
    return letter * (word + 1) + PADDING, letter * (longest + 1) + PADDING, content


def _lines(cell: Any, dense: bool) -> list[str]:
    """The lines of a cell."""
    if not isinstance(cell, dict):
        return [_words(cell)]
    text = (MARK if cell.get("state") else "") + cell["text"]
    sub = cell.get("sub") or ""
    return [f"{text} {sub}"] if dense else [text, sub]


def _words(cell: Any) -> str:
    """The words of a string, or of the inline parts that a Markdown table holds."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list):
        return "".join(map(_words, cell))
    return str(cell["text"]) if "text" in cell else _words(cell.get("c", []))
