"""How the parts of a brief take their places: text in columns, charts sized so that pages are full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from cityresearch.press.paper import heights

Node = dict[str, Any]

PICTURES = ("chart", "table")
LONG = 170.0  # points of a section in a column, from which it fills two
UNEVEN = 0.3  # of two columns' height, by which they may differ
MOST_TEXT = 500.0  # points of two columns of sections: what is higher fills a page by itself
GAP = 16.0  # before a section
NEXT = 12.0  # before the next picture of a section
# Charts as shares of the page's width: their 14-pixel words are set in 6.8, 7.7 and 9.6 points.
LEAST, USUAL, MOST = 0.71, 0.8, 1.0
PARTED = 240.0  # a table higher than this may run on to the next page
ROOM = heights.PAGE_HEIGHT - 2.0
BEGUN = 150.0  # of which so much stands on the first


def units(sections: Sequence[Node]) -> list[Node]:
    """What follows each other on the page.

    Texts are {"k": "columns", "heading", "left", "right"} with sections in each half; a picture
    with the words before it, or words at the width of text, is {"k": "picture", "heading", "intro",
    "picture"}. Only the first picture of a section has its heading.
    """
    found: list[Node] = []
    for pictured, run in groupby(sections, _has_picture):
        if pictured:
            found += [unit for section in run for unit in _pictures(section)]
        else:
            found += _texts(list(run))
    return found


def _has_picture(section: Node) -> bool:
    return any(part["k"] in PICTURES for part in section["parts"])


def _texts(run: list[Node]) -> list[Node]:
    """Sections without pictures: side by side where that makes two even columns, else the long ones
    by themselves and the short ones between them side by side."""
    sizes = [_in_column(section) for section in run]
    at = _middle(sizes)
    left, right = sum(sizes[:at]), sum(sizes[at:])
    even = abs(left - right) <= UNEVEN * (left + right)
    if len(run) > 1 and even and max(left, right) <= MOST_TEXT:
        return [_columns(run[:at], run[at:])]
    if len(run) == 1:
        return [_long(run[0])] if sizes[0] > LONG else [_wide(run[0])]
    halves = [list(some) for _, some in groupby(run, lambda section: _in_column(section) > LONG)]
    if len(halves) == 1:
        return [unit for section in run for unit in _texts([section])]
    return [unit for some in halves for unit in _texts(some)]


def _in_column(section: Node) -> float:
    return heights.heading(section) + heights.parts(section["parts"], heights.COLUMN) + 15


def _columns(left: list[Node], right: list[Node]) -> Node:
    return {"k": "columns", "heading": None, "left": left, "right": right}


def _wide(section: Node) -> Node:
    return {
        "k": "picture",
        "heading": section["heading"],
        "intro": section["parts"],
        "picture": None,
    }


def _long(section: Node) -> Node:
    """A long section below its heading in two columns of about equal height."""
    atoms = [atom for part in section["parts"] for atom in _atoms(part)]
    sizes = [heights.part(atom, heights.COLUMN) for atom in atoms]
    at = _middle(sizes)
    if len(atoms) < 2 or max(sum(sizes[:at]), sum(sizes[at:])) > 0.85 * heights.PAGE_HEIGHT:
        return _wide(section)
    left, right = ([{"heading": None, "parts": half}] for half in (atoms[:at], atoms[at:]))
    return {"k": "columns", "heading": section["heading"], "left": left, "right": right}


def _atoms(part: Node) -> list[Node]:
    """What a column may end after: each item of a list is one, with its number."""
    if part["k"] != "list":
        return [part]
    start = part["start"]
    return [
        {"k": "list", "start": None if start is None else start + at, "items": [item]}
        for at, item in enumerate(part["items"])
    ]


def _middle(sizes: Sequence[float]) -> int:
    """Where to part things so that the higher half is as low as can be."""
    return min(
        range(1, len(sizes)), key=lambda at: max(sum(sizes[:at]), sum(sizes[at:])), default=1
    )


def _pictures(section: Node) -> list[Node]:
    heading, intro, found = section["heading"], [], []
    for part in section["parts"]:
        if part["k"] not in PICTURES:
            intro.append(part)
            continue
        found.append({"k": "picture", "heading": heading, "intro": intro, "picture": part})
        heading, intro = None, []
    if intro:
        found.append({"k": "picture", "heading": None, "intro": intro, "picture": None})
    return found


@dataclass
class _Page:
    """The page being filled: room that is taken, height of its charts at full width, its units."""

    fixed: float
    usual: float
    tight: bool
    number: int = 1
    charts: float = 0.0
    units: list[Node] = field(default_factory=list)

    def close(self, most: float) -> None:
        """Gives its charts the size that fills it, up to `most`."""
        for unit in self.units:
            unit["size"] = round(self._scale(most), 3)

    def next(self, fixed: float, more: int = 1) -> _Page:
        return _Page(fixed, self.usual, self.tight, self.number + more)

    def _scale(self, most: float) -> float:
        if not self.charts:
            return self.usual
        return min(max((ROOM - self.fixed) / self.charts, 0.2), most)


def closing(atoms: Sequence[Node]) -> Node:
    """The small print of the last part as a unit: three columns of about equal height."""
    width = (heights.PAGE_WIDTH - 2 * heights.GUTTER) / 3
    sizes = [heights.small(atom, width) for atom in atoms]
    cuts = [(a, b) for a in range(1, len(sizes)) for b in range(a + 1, len(sizes))]
    whole = [cut for cut in cuts if not any(atoms[at - 1]["k"] == "title" for at in cut)]

    def highest(cut: tuple[int, int]) -> float:
        a, b = cut
        return max(sum(sizes[:a]), sum(sizes[a:b]), sum(sizes[b:]))

    a, b = min(whole, key=highest)
    columns = [list(atoms[:a]), list(atoms[a:b]), list(atoms[b:])]
    return {"k": "closing", "heading": None, "columns": columns, "height": highest((a, b)) + 12}


def place(body: Sequence[Node], start: float) -> list[Node]:
    """The units with how each is set: "gap" above it, "size" of its chart, whether its table is
    "dense" and whether it may be "parted" by the end of a page.

    The charts of a page share one size: the usual, smaller where that lets one more unit onto the
    page, larger where the next has no room. A table is set dense where that saves it from being
    parted; all tables are, and all charts small, where that saves a page.

    Args:
        start: the height that is taken on the first page.
    """
    (roomy, pages), (tight, fewer) = (_filled(body, start, tight) for tight in (False, True))
    return tight if fewer < pages else roomy


def _filled(body: Sequence[Node], start: float, tight: bool) -> tuple[list[Node], int]:
    """The units in their places, and the number of pages."""
    page = _Page(start, usual=LEAST if tight else USUAL, tight=tight)
    placed = [dict(unit) for unit in body]
    for unit in placed:
        page = _placed(unit, page)
    page.close(page.usual)
    return placed, page.number


def _placed(unit: Node, page: _Page) -> _Page:
    """Sets a unit on the page or on a new one; the page to go on with."""
    drawing = _drawing(unit)
    is_table = _picture(unit).get("k") == "table"
    own = heights.unit(unit, dense=page.tight)
    gap = GAP if unit["heading"] is not None or unit["k"] != "picture" else NEXT
    unit |= {"gap": gap, "dense": page.tight, "parted": False}

    def left(height: float) -> float:
        return ROOM - page.fixed - gap - height - LEAST * (page.charts + drawing)

    if is_table and left(own) < 0:
        small = heights.unit(unit, dense=True)
        if left(small) >= 0 or small > PARTED:
            unit["dense"], own = True, small
    parted = own > (PARTED if is_table else 0.85 * ROOM)
    if left(BEGUN if parted else own) < 0 and page.fixed:
        page.close(MOST)
        page = page.next(0.0)
    unit["parted"] = parted and left(own) < 0
    page.units.append(unit)
    page.charts += drawing
    before = page.fixed + (gap if page.fixed else 0.0)
    page.fixed = before + own
    if not unit["parted"]:
        return page
    # It runs on: what stands before it is set, what is left of it begins the next page.
    over = page.fixed + page.usual * page.charts
    page.fixed = before + BEGUN
    page.close(page.usual)
    return page.next(over % ROOM + 30, int(over // ROOM))


def _picture(unit: Node) -> Node:
    return unit.get("picture") or {}


def _drawing(unit: Node) -> float:
    picture = _picture(unit)
    return picture["ratio"] * heights.PAGE_WIDTH if picture.get("k") == "chart" else 0.0
