"""How the parts of a brief take their places on paper: text in columns, charts beside their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from cityresearch.press.paper import heights

Node = dict[str, Any]

PICTURES = ("chart", "table")
LONG = 90.0  # points of a text, from which it fills two columns
GAP = 13.0  # before a section
NEXT = 10.0  # before the next picture of a section
LONGER = 30.0  # by so much may words be higher than the picture that they stand beside
PARTED = 150.0  # a table higher than this may run on to the next page
ROOM = heights.PAGE_HEIGHT - 6.0
BEGUN = 110.0  # of which so much stands on the first
FEW = 80.0  # in less room than this no columns are begun


class _Atom(NamedTuple):
    """What a column may end after. It `opens` a section, or `goes_on` with a list begun before."""

    heading: Any
    part: Node
    opens: bool
    goes_on: bool


def units(sections: Sequence[Node]) -> list[Node]:
    """What follows each other on the page.

    Texts and narrow tables are {"k": "columns", "heading", "atoms"}, which `place` pours into columns;
    a picture with the words before it, or words at the width of text, is {"k": "picture", "heading",
    "intro", "picture", "beside"}. Only the first picture of a section has its heading.
    """
    found: list[Node] = []
    for wide, run in groupby(sections, _is_wide):
        if wide:
            found += [unit for section in run for unit in _pictures(section)]
        else:
            found += _texts(list(run))
    return found


def _is_wide(section: Node) -> bool:
    """Whether a section holds what does not go into a column."""
    return any(
        part["k"] in ("chart", "insert")
        or (part["k"] == "table" and part["widths"]["room"] != "column")
        for part in section["parts"]
    )


def _texts(run: list[Node]) -> list[Node]:
    """Sections that go into columns, one after the other."""
    atoms = [atom for section in run for atom in _atoms(section, headed=len(run) > 1)]
    if len(atoms) < 2 or (len(run) == 1 and _in_column(run[0]) <= LONG):
        return [unit for section in run for unit in _pictures(section)]
    return [
        {"k": "columns", "heading": run[0]["heading"] if len(run) == 1 else None, "atoms": atoms}
    ]


def _in_column(section: Node) -> float:
    parts = heights.parts(section["parts"], heights.COLUMN)
    return heights.heading(section, heights.COLUMN) + parts + 15


def _atoms(section: Node, *, headed: bool) -> Iterator[_Atom]:
    """The parts of a section; each item of a list is one, with its number."""
    heading, opens = section["heading"] if headed else None, True
    for part in section["parts"]:
        for at, piece in enumerate(_items(part)):
            yield _Atom(heading, piece, opens, at > 0)
            heading, opens = None, False


def _items(part: Node) -> list[Node]:
    if part["k"] != "list":
        return [part]
    start = part["start"]
    return [
        {"k": "list", "start": None if start is None else start + at, "items": [item]}
        for at, item in enumerate(part["items"])
    ]


def _size(atom: _Atom) -> float:
    """Height in a column, with the space before it."""
    own = heights.heading({"heading": atom.heading}, heights.COLUMN)
    before = 15.0 if atom.opens else heights.PAR_GAP
    return before + own + heights.part(atom.part, heights.COLUMN)


def _half(atoms: Sequence[_Atom]) -> list[Node]:
    """The sections of a column, its lists whole again."""
    found: list[Node] = []
    for atom in atoms:
        if atom.opens or not found:
            found.append({"heading": atom.heading, "parts": []})
        parts = found[-1]["parts"]
        if atom.goes_on and parts:
            parts[-1] = {**parts[-1], "items": [*parts[-1]["items"], *atom.part["items"]]}
        else:
            parts.append(atom.part)
    return found


def _middle(sizes: Sequence[float]) -> int:
    """Where to part things so that the higher half is as low as can be."""
    return min(
        range(1, len(sizes)), key=lambda at: max(sum(sizes[:at]), sum(sizes[at:])), default=1
    )


def _pictures(section: Node) -> list[Node]:
    heading, intro, found = section["heading"], [], []
    for part in section["parts"]:
        if part["k"] not in (*PICTURES, "insert"):
            intro.append(part)
            continue
        if part["k"] == "insert":
            found += [*_before(heading, intro), _pictured(None if intro else heading, [part], None)]
            heading, intro = None, []
            continue
        if not _stands_beside(intro, part) and heights.parts(intro, heights.TEXT_WIDTH) > LONG:
            found += _texts([{"heading": heading, "parts": intro}])
            heading, intro = None, []
        found.append(_pictured(heading, intro, part))
        heading, intro = None, []
    if intro:
        found.append(_pictured(heading, intro, None))
    return found


def _before(heading: Any, intro: list[Node]) -> list[Node]:
    """The words of a section before an insert."""
    if heights.parts(intro, heights.TEXT_WIDTH) > LONG:
        return _texts([{"heading": heading, "parts": intro}])
    return [_pictured(heading, intro, None)] if intro else []


def _pictured(heading: Any, intro: list[Node], picture: Node | None) -> Node:
    """A picture after its words; few words stand beside it."""
    beside = picture is not None and _stands_beside(intro, picture)
    return {
        "k": "picture",
        "heading": heading,
        "intro": intro,
        "picture": picture,
        "beside": beside,
    }


def _stands_beside(intro: list[Node], picture: Node) -> bool:
    """Whether the words before a chart or a small table are few enough to stand at its left."""
    if picture["k"] == "table" and picture["widths"]["room"] == "page":
        return False
    return heights.aside(intro, picture) <= heights.drawing(picture) + LONGER


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


@dataclass
class _Page:
    """The page being filled: the height that is taken."""

    taken: float
    tight: bool
    number: int = 1


def place(body: Sequence[Node], start: float) -> list[Node]:
    """The units with how each is set: "gap" above it, the "size" of its chart, whether its table is
    "dense" and whether it may be "parted" by the end of a page. Columns have sections in their "left"
    and "right", and are several units where they go on on the next page.

    A table is set dense where that saves it from being parted. Where that saves a page, all tables are,
    charts are as small as fits, and of two sections the one goes first that has room on the page.

    Args:
        start: the height that is taken on the first page.
    """
    (roomy, pages), (tight, fewer) = (_filled(body, start, tight) for tight in (False, True))
    return tight if fewer < pages else roomy


def _filled(body: Sequence[Node], start: float, tight: bool) -> tuple[list[Node], int]:
    """The units in their places, and the number of pages."""
    page = _Page(start, tight)
    placed: list[Node] = []
    queue = list(body)
    while queue:
        unit = queue.pop(0)
        if tight and _goes_after(unit, queue, page):
            queue.insert(1, unit)
            unit = queue.pop(0)
        placed += _poured(unit, page) if unit["k"] == "columns" else [_put(dict(unit), page)]
    return placed, page.number


def _goes_after(unit: Node, queue: list[Node], page: _Page) -> bool:
    """Whether a section with a picture gives its place to the next one, as only that has room here."""
    whole = [one["k"] != "picture" or one["heading"] is not None for one in queue[:2]]
    both = len(whole) == 2 and all(whole) and unit["k"] == queue[0]["k"] == "picture"
    return both and not _has_room(unit, page) and _has_room(queue[0], page)


def _has_room(unit: Node, page: _Page) -> bool:
    after = replace(page)
    _put(dict(unit), after)
    return after.number == page.number


def _smaller(unit: Node, room: float) -> float:
    """The size at which a chart fits into what is left of the page, if that is large enough."""
    sizes = range(int(heights.PICTURE), int(heights.LEAST) - 1, -6)
    fitting = (size for size in sizes if heights.unit(unit, size=size) <= room)
    return float(next(fitting, heights.PICTURE))


def _poured(unit: Node, page: _Page) -> list[Node]:
    """Columns of even height, as much as the page has room for, the rest on the next."""
    atoms, heading, found = unit["atoms"], unit["heading"], []
    while atoms:
        gap = GAP if page.taken else 0.0
        room = ROOM - page.taken - gap - heights.heading({"heading": heading})
        count = _fitting([_size(atom) for atom in atoms], room)
        if page.taken and count < len(atoms) and (count < 2 or room < FEW):
            page.taken, page.number = 0.0, page.number + 1
            continue
        some, atoms = atoms[: max(count, 1)], atoms[max(count, 1) :]
        if len(some) == 1:  # no column stands alone
            head = heading or some[0].heading
            found.append(_put(_pictured(head, [some[0].part], None), page))
            heading = None
            continue
        at = _middle([_size(atom) for atom in some])
        halves = {"left": _half(some[:at]), "right": _half(some[at:])}
        poured = {"k": "columns", "heading": heading, **halves, "gap": GAP, "parted": False}
        page.taken += gap + heights.unit(poured)
        found.append(poured)
        heading = None
    return found


def _fitting(sizes: Sequence[float], room: float) -> int:
    """How many of these, from the first, fit into two columns of this height."""
    count = 0
    left = right = 0.0
    for size in sizes:
        if not right and left + size <= room:
            left += size
        elif right + size <= room:
            right += size
        else:
            break
        count += 1
    return count


def _put(unit: Node, page: _Page) -> Node:
    """The unit set on the page, or on a new one."""
    gap = GAP if unit["heading"] is not None or unit["k"] == "closing" else NEXT
    picture = unit.get("picture") or {}
    is_table = picture.get("k") == "table"
    own = heights.unit(unit, dense=page.tight)
    unit |= {"gap": gap, "dense": page.tight, "size": heights.PICTURE}

    def left(height: float) -> float:
        return ROOM - page.taken - gap - height

    if is_table and left(own) < 0:
        small = heights.unit(unit, dense=True)
        if left(small) >= 0 or small > PARTED:
            unit["dense"], own = True, small
    if "ratio" in picture and page.tight and left(own) < 0:
        unit["size"] = _smaller(unit, left(0.0))
        own = heights.unit(unit, size=unit["size"])
    long = own > (PARTED if is_table else 0.85 * ROOM)
    if left(BEGUN if long else own) < 0 and page.taken:
        page.taken, page.number = 0.0, page.number + 1
    unit["parted"] = long and left(own) < 0
    page.taken += own + (gap if page.taken else 0.0)
    if unit["parted"]:
        # It runs on: what is left of it begins the next page.
        page.number += int(page.taken // ROOM)
        page.taken = page.taken % ROOM + 30
    return unit
