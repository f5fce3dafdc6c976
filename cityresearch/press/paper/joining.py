"""PDFs that Typst has set, joined to one: pages, tags, bookmarks, links, page numbers of viewers.

Typst holds all that it has set in memory until a paper is done, so a volume is set in pieces, and joined
here. It writes every object but the streams in the open, so that joining is renumbering: an object keeps
its words, and what it refers to gets a new number. Catalog and roots are written anew. The keys of the
parent tree and the names of header cells (ISO 32000-1, 14.7) are moved, so that no two pieces share one.

The first piece has cover and contents, on pages with roman numbers, and behind them a stand-in for each
heading that the contents list, so that Typst can make them. The stand-ins are left out; what leads to one
leads to the heading itself, in its piece.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

REF = re.compile(rb"(\d+) 0 R")
STRING = rb"\((?:[^()\\]++|\\.|%s)*+\)"  # brackets in it are in pairs, or escaped
DEPTH = 5
for _ in range(DEPTH):
    STRING = STRING.replace(b"%s", rb"\((?:[^()\\]++|\\.|%s)*+\)")
STRING = STRING.replace(b"|%s", b"")
TOKEN = re.compile(STRING + rb"|(/StructParents? )(\d+)|(\d+) 0 R", re.DOTALL)
CELL = re.compile(rb"<</Type/StructElem/S/\w+/P \d+ 0 R/ID\(")
TITLE = re.compile(rb"/Title(%s|<[0-9A-F]*>)" % STRING, re.DOTALL)
STREAM = b">>\nstream\n"
LISTED = 3  # levels of bookmarks that the contents list
NAME = re.compile(rb"(<xmpMM:(?:Instance|Document)ID>)[^<]*")
SAID_ONCE = (b"Metadata", b"StructTreeRoot", b"PageLabels")
CATALOG, PAGES, BOOKMARKS, TAGS, DOCUMENT, INFO, METADATA = range(1, 8)  # of the joined PDF
ROOTS = {b"Pages": PAGES, b"Outlines": BOOKMARKS, b"StructTreeRoot": TAGS, b"Metadata": METADATA}


class Heading(NamedTuple):
    """A bookmark: its level from 1, its words, the object of its place, and its page from 0."""

    level: int
    words: str
    place: int
    page: int


class Piece:
    """A PDF of Typst: its objects by number, and what hangs on its roots.

    `pages` are objects in order, `kids` the tags right below the document, `tops` the bookmarks that lie
    in no other, `parents` the tags by key of the parent tree, `cells` the header cells by name, `headings`
    the bookmarks that contents list, and `rest` all objects but the roots and what a PDF says once.
    """

    def __init__(self, pdf: bytes) -> None:
        """Reads it by its table of places."""
        end = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
        places = sorted(int(place) for place in re.findall(rb"(\d{10}) 00000 n", pdf[end:]))
        self.objects: dict[int, bytes] = {}
        for place, after in pairwise([*places, end]):
            number, _, body = pdf[place:after].partition(b" 0 obj\n")
            self.objects[int(number)] = body[: body.rindex(b"\nendobj")]
        trailer = pdf[pdf.rindex(b"trailer") :]
        catalog, info = _named(trailer, b"Root"), _named(trailer, b"Info")
        self.catalog, self.info = self.objects[catalog], self.objects[info]
        metadata, tags, labels = (_named(self.catalog, name) for name in SAID_ONCE)
        self.metadata, self.tags = self.objects[metadata], self.objects[tags]
        self.roots = {
            _named(self.catalog, b"Pages"): PAGES,
            _named(self.catalog, b"Outlines"): BOOKMARKS,
            _listed(self.tags, b"K")[0]: DOCUMENT,
        }
        once = {catalog, info, metadata, tags, labels, *_refs(self.objects[labels]), *self.roots}
        self.rest = self.objects.keys() - once
        pages, bookmarks, document = self.roots
        self.pages = _listed(self.objects[pages], b"Kids")
        self.kids = _listed(self.objects[document], b"K")
        self.tops = list(self._chain(bookmarks))
        self.headings = list(self._headings(bookmarks, 1))
        parents = re.findall(rb"(\d+) (\d+) 0 R", _between(self.tags, b"/ParentTree<</Nums[", b"]"))
        self.parents = {int(key): int(tag) for key, tag in parents}
        cells = re.findall(
            rb"\(([^()]*)\)(\d+) 0 R", _between(self.tags, b"/IDTree<</Names[", b"]")
        )
        self.cells = {name: int(cell) for name, cell in cells}

    def reached(self, start: Iterable[int], ends: Iterable[int]) -> set[int]:
        """The objects that these refer to, by way of any but the `ends`, and themselves."""
        found, ahead, ends = set(start), list(start), set(ends)
        while ahead:
            new = set(_refs(_parted(self.objects[ahead.pop()])[0])) - found - ends
            found |= new
            ahead += new
        return found

    def _chain(self, parent: int) -> Iterator[int]:
        at = _named(self.objects[parent].partition(b"/Title")[0], b"First")
        while at:
            yield at
            at = _named(self.objects[at].partition(b"/Title")[0], b"Next")

    def _headings(self, parent: int, level: int) -> Iterator[Heading]:
        for at in self._chain(parent) if level <= LISTED else ():
            words = self.objects[at]
            title, place = TITLE.search(words), _refs(words)[-1]
            assert title, "each bookmark of Typst has a title, then its place"
            page = self.pages.index(_refs(self.objects[place])[0])
            yield Heading(level, _text(title[1]), place, page)
            yield from self._headings(at, level + 1)


def join(front: Piece, pieces: Sequence[Piece]) -> bytes:
    """One PDF of the piece with cover and contents, which names it, and of those with the body."""
    shares = [_front(front), *map(_body, pieces)]
    start, key = METADATA + 1, 0
    for share in shares:
        share.number(start, key)
        start, key = start + len(share.taken), key + len(share.piece.parents)
    body = shares[1:]
    shares[0].lead_to([share.new[one.place] for share in body for one in share.piece.headings])
    for one, other in pairwise(body):
        one.more[one.tops[-1]] = b"/Next %d 0 R" % other.new[other.tops[0]]
        other.more[other.tops[0]] = b"/Prev %d 0 R" % one.new[one.tops[-1]]
    return _file([*_roots(shares), *(each for share in shares for each in share.objects())])


class _Share:
    """What of a piece is taken: its `pages`, `kids` and `tops`, part of the parent tree, all objects."""

    def __init__(
        self, piece: Piece, first: Sequence[list[int]], parents: dict[int, int], taken: set[int]
    ) -> None:
        """`first` are pages, kids and tops."""
        self.piece, self.parents, self.taken = piece, parents, sorted(taken)
        self.pages, self.kids, self.tops = first
        self.more: dict[int, bytes] = {}  # what some bookmarks are given
        self.new: dict[int, int] = {}
        self.key = 0

    def number(self, start: int, key: int) -> None:
        """Gives the objects their new numbers, and its first key in the parent tree."""
        self.key = key
        self.new = self.piece.roots | {old: start + at for at, old in enumerate(self.taken)}

    def lead_to(self, headings: list[int]) -> None:
        """Lets what leads to stand-ins lead to these objects of the joined PDF."""
        old = self.piece.objects
        stand_ins = (old[one.place] for one in self.piece.headings)
        found = dict(zip(stand_ins, headings, strict=True))
        self.new |= {number: found[body] for number, body in old.items() if body in found}

    def named(self, cell: bytes) -> bytes:
        """The name of a header cell, as no other piece has it."""
        return b"%d-%s" % (self.key, cell)

    def objects(self) -> Iterator[bytes]:
        """The objects with their new numbers."""
        refs = {b"%d" % old: b"%d 0 R" % new for old, new in self.new.items()}
        for number in self.taken:
            head, mark, stream = _parted(self.piece.objects[number])
            if b"(" in head or b"/StructParent" in head:
                head = TOKEN.sub(self._renumbered, head)
                if named := CELL.match(head):
                    head = named[0] + self.named(head[named.end() :])
            else:
                head = REF.sub(lambda found: refs[found[1]], head)
            if number in self.more:
                head = head.replace(b"/Title", self.more[number] + b"/Title", 1)
            yield head + mark + stream

    def _renumbered(self, token: re.Match[bytes]) -> bytes:
        """A reference, or a key of the parent tree, with its new number; a string as it is."""
        if token[3]:
            return b"%d 0 R" % self.new[int(token[3])]
        return b"%s%d" % (token[1], int(token[2]) + self.key) if token[1] else token[0]


def _body(piece: Piece) -> _Share:
    """All of a piece."""
    return _Share(piece, (piece.pages, piece.kids, piece.tops), piece.parents, set(piece.rest))


def _front(piece: Piece) -> _Share:
    """The piece without its stand-ins and without bookmarks."""
    count = sum(body.startswith(b"<</Type/PageLabel/S/r") for body in piece.objects.values())
    pages, left_out = piece.pages[:count], set(piece.pages[count:])
    places = {piece.objects[one.place] for one in piece.headings}
    ends = {number for number, body in piece.objects.items() if body in places} | {*piece.roots}
    kids = [kid for kid in piece.kids if not piece.reached([kid], ends) & left_out]
    taken = piece.reached([*pages, *kids], ends | left_out)
    heads = (_parted(piece.objects[one])[0] for one in taken)
    keys = {int(token[2]) for head in heads for token in TOKEN.finditer(head) if token[2]}
    # Of the parent tree the lists of tags on a page: the tags themselves are taken already.
    parents = {key: piece.parents[key] for key in sorted(keys)}
    return _Share(piece, (pages, kids, []), parents, taken | set(parents.values()))


def _roots(shares: Sequence[_Share]) -> list[bytes]:
    """The first objects of the joined PDF, from its catalog to its metadata."""
    front = shares[0].piece

    def every(some: Callable[[_Share], Iterable[int]]) -> list[bytes]:
        return [b"%d 0 R" % share.new[one] for share in shares for one in some(share)]

    pages, tops = every(lambda share: share.pages), every(lambda share: share.tops)
    catalog = re.sub(rb"/PageLabels \d+ 0 R", b"/PageLabels %s" % _labels(shares[0]), front.catalog)
    for name, number in ROOTS.items():
        catalog = re.sub(rb"/%s \d+ 0 R" % name, b"/%s %d 0 R" % (name, number), catalog)
    return [
        catalog,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), b" ".join(pages)),
        b"<</Type/Outlines/First %s/Last %s/Count %d>>" % (tops[0], tops[-1], len(tops)),
        _tags(shares),
        b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>"
        % (TAGS, b" ".join(every(lambda share: share.kids))),
        front.info,
        _metadata(front, len(pages)),
    ]


def _tags(shares: Sequence[_Share]) -> bytes:
    """The root of the tags, with the trees that find one by its page or its name."""
    parents = [
        b"%d %d 0 R" % (share.key + key, share.new[tag])
        for share in shares
        for key, tag in share.parents.items()
    ]
    cells = sorted(
        (share.named(name), share.new[cell])
        for share in shares
        for name, cell in share.piece.cells.items()
        if cell in share.new
    )
    last = shares[-1]
    return (
        b"<</Type/StructTreeRoot/RoleMap<<%s>>/K[%d 0 R]/ParentTree<</Nums[%s]>>/IDTree<</Names[%s]>>%s>>"
        % (
            _between(last.piece.tags, b"/RoleMap<<", b">>"),
            DOCUMENT,
            b" ".join(parents),
            b"".join(b"(%s)%d 0 R" % cell for cell in cells),
            b"/ParentTreeNextKey %d" % (last.key + len(last.piece.parents)),
        )
    )


def _labels(front: _Share) -> bytes:
    return b"<</Nums[0<</S/r>>%d<</S/D>>]>>" % len(front.pages)


def _metadata(front: Piece, pages: int) -> bytes:
    """What the front says of itself, with the number of all pages."""
    head, mark, text = _parted(front.metadata)
    text = re.sub(rb"(NPages>)\d+", rb"\g<1>%d" % pages, text)
    size = len(text.removesuffix(b"\nendstream"))
    return re.sub(rb"/Length \d+", b"/Length %d" % size, head) + mark + text


def _file(objects: list[bytes]) -> bytes:
    """The objects as a file, which has a name (ISO 32000-1, 14.4) of its own wherever Typst wrote one."""
    digest = hashlib.sha256()
    for body in objects:
        digest.update(body)
    name = base64.b64encode(digest.digest()[:16])
    objects[METADATA - 1] = NAME.sub(rb"\g<1>" + name, objects[METADATA - 1])
    parts, rows, at = [b"%PDF-1.7\n%\x80\x80\x80\x80\n\n"], [], 0
    for number, body in enumerate(objects, 1):
        at += sum(map(len, parts[-3:]))
        rows.append(b"%010d 00000 n\r\n" % at)
        parts += (b"%d 0 obj\n" % number, body, b"\nendobj\n")
    count = len(rows) + 1
    roots = (count, CATALOG, INFO, name, name)
    parts += (
        b"xref\n0 %d\n0000000000 65535 f\r\n" % count,
        *rows,
        b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[(%s)(%s)]>>\n" % roots,
        b"startxref\n%d\n%%%%EOF" % (at + sum(map(len, parts[-3:]))),
    )
    return b"".join(parts)


def _parted(body: bytes) -> tuple[bytes, bytes, bytes]:
    """What of an object is in the open, and its stream."""
    return body.partition(STREAM) if body.startswith(b"<</Length ") else (body, b"", b"")


def _refs(words: bytes) -> list[int]:
    """The objects that these words refer to."""
    if b"(" not in words:
        return [int(number) for number in REF.findall(words)]
    return [int(token[3]) for token in TOKEN.finditer(words) if token[3]]


def _named(words: bytes, name: bytes) -> int:
    """The object under a name, which stands before any text, or 0."""
    found = re.search(rb"/%s (\d+) 0 R" % name, words)
    return int(found[1]) if found else 0


def _between(words: bytes, start: bytes, end: bytes) -> bytes:
    """What follows `start`, up to `end`; nothing where it does not stand."""
    return words.partition(start)[2].partition(end)[0]


def _listed(words: bytes, name: bytes) -> list[int]:
    """The objects in a list."""
    return _refs(_between(words, b"/%s[" % name, b"]"))


def _text(string: bytes) -> str:
    """What a string says, which is written in brackets, or as digits of UTF-16 with its mark."""
    if string.startswith(b"<"):
        return bytes.fromhex(string.strip(b"<>").decode()).decode("utf-16")
    return re.sub(rb"\\(.)", rb"\1", string[1:-1]).decode("ascii")
