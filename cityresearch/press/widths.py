"""Widths of the columns of a printed table, from the lengths of what stands in them."""

from __future__ import annotations

import re
from typing import Any

PAGE = 482.0  # points between the margins of the page
LETTER = 4.5  # points that a character of table text takes on average
PADDING = 11.0  # points between two columns, with some air
LONGEST = 34  # characters after which text in a cell is better broken
BREAK = re.compile(r"[\s–—/-]+")


def widths(block: dict[str, Any]) -> dict[str, Any]:
    """How wide to set a table block.

    Returns:
        `columns`: per column {"fr": whether its size is a share of the room left, "size": points};
        `share`: of the page's width that the table takes, so that short rows are easy to follow.
    """
    wants = [_wants(block, at) for at in range(len(block["columns"]))]
    figures = [_is_figures(block, at) for at in range(len(wants))]
    natural = sum(wants)
    # Figures keep their width; words share what is left in proportion to what they want.
    fixed = sum(want for want, figure in zip(wants, figures, strict=True) if figure)
    columns = [
        {"fr": not figure or fixed > 0.75 * PAGE, "size": round(want, 1)}
        for want, figure in zip(wants, figures, strict=True)
    ]
    share = max(0.5, 1.3 * natural / PAGE)
    return {"columns": columns, "share": round(share, 3) if share < 0.85 else 1.0}


def _wants(block: dict[str, Any], at: int) -> float:
    """Points that a column asks for: its longest line, or its longest word where lines are long."""
    column = block["columns"][at]
    lines = [line for row in block["rows"] for line in _lines(row[at])]
    label = f"{_words(column['label'])} {column.get('unit') or ''}".strip()
    word = max((len(word) for text in [label, *lines] for word in BREAK.split(text)), default=1)
    longest = max(map(len, lines), default=1)
    return LETTER * max(word + 1, min(longest, LONGEST), min(len(label) / 2, 14)) + PADDING


def _is_figures(block: dict[str, Any], at: int) -> bool:
    return at > 0 and block["columns"][at].get("align") == "right"


def _lines(cell: Any) -> list[str]:
    """The lines of a cell; a state's mark takes the room of four letters."""
    if not isinstance(cell, dict):
        return [_words(cell)]
    mark = "    " if cell.get("state") else ""
    return [mark + cell["text"], cell.get("sub") or ""]


def _words(cell: Any) -> str:
    """The words of a string, or of the inline parts that a Markdown table holds."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list):
        return "".join(map(_words, cell))
    return str(cell["text"]) if "text" in cell else _words(cell.get("c", []))
