"""What readers read of a page, a drawing and a PDF, as plain text with single spaces."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json

from cityresearch.errors import ResearchError

MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
HEAD = re.compile(r'<meta (?:name|property)="[\w:]*(?:description|title|alt)" content="([^"]*)"')
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
LIST = re.compile(r'<table class="figures">.*?</table>', re.DOTALL)
ROW = re.compile(r'<tr id="?([^">]+)"?>')
PIECE = re.compile(r"<[^>]*>|[^<]+")
SPACE = re.compile(r"\s+")
TAG = re.compile(r"<[^>]*>")
OPENED = frozenset(("a", "small", "p", "value"))
SAID = re.compile(r' (?:alt|aria-label|content)="([^"]*)"')
VALUES = re.compile(r'(?:<data value| data-wage| data-burden)="?([^">]*)')
LINK = re.compile(r'<a href="?#([^">]+)"?>')
OF_YEAR = re.compile(r"<th[^>]*>((?:19|20)\d\d)(?:</th>)?(<td.*?)(?=<tr|</tbody)", re.DOTALL)
INLINE = frozenset("a abbr b code data em i q small span strong sub sup time".split())  # noqa: SIM905
CELL = re.compile(r"<(?:td|th|tr|li|p|div)\b")
TOLD = re.compile(r"<(?:title|desc|text|tspan)\b[^>]*>([^<]+)")
LABEL = re.compile(r' aria-label="([^"]*)"')


@dataclass
class Reading:
    """A text, and in it the spans that belong to entries of the list of figures: what a link to one
    holds, and the margin beside such a link. `values` are exact ones in attributes, by entry; `listed`
    is the list of figures, with the spans of its rows; `years` are heads of rows that are years, each with
    the entries of its row."""

    text: str = ""
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    listed: tuple[str, list[tuple[int, int, str]]] = ("", [])
    years: list[tuple[str, list[str]]] = field(default_factory=list)


def page(html: str) -> Reading:
    """The main part of a page, and what its head says of it: to programs that show it elsewhere.

    Raises:
        ResearchError: it has none.
    """
    main = MAIN.search(html)
    if main is None:
        raise ResearchError("the page has no main part.")
    listed = LIST.search(main[0])
    head = "".join(f"<p>{told}</p>" for told in _told(html[: main.start()]))
    found = _Reader().read(head + LIST.sub("", main[0]))
    found.listed = _entries(listed[0]) if listed else ("", [])
    found.years = [(year, LINK.findall(row)) for year, row in OF_YEAR.findall(main[0])]
    return found


def _told(head: str) -> Iterator[str]:
    """What the head of a page says of it, in HTML: in descriptions and cards, and to search engines."""
    yield from HEAD.findall(head)
    for data in DATA.findall(head):
        for part in from_json(data)["@graph"]:
            yield from (
                escape(part[key]) for key in ("headline", "name", "description") if key in part
            )


class Tag(NamedTuple):
    """What a tag means for a reader. `kind` is its name, "value" for that of a key number; `entry` where
    it links to in the list of figures; `said` the words and `values` the exact values that it holds."""

    kind: str
    ends: bool
    inline: bool
    cell: bool
    beside: bool
    entry: str
    said: tuple[str, ...]
    values: tuple[str, ...]


@functools.lru_cache(maxsize=4096)  # a page has few kinds of tags, and briefs share them
def _meaning(tag: str) -> Tag:
    name, link = tag.strip("</>").partition(" ")[0], LINK.match(tag)
    return Tag(
        kind="value" if name == "p" and 'class="value"' in tag else name,
        ends=tag[1] == "/",
        inline=name in INLINE,
        cell=CELL.match(tag) is not None,
        beside=name == "small" or 'class="margin"' in tag,
        entry=link[1] if link else "",
        said=tuple(f"\n{_plain(text)}\n" for text in SAID.findall(tag)),
        values=tuple(VALUES.findall(tag)),
    )


class _Reader:
    """Reads HTML in one go."""

    def __init__(self) -> None:
        self.made, self.length = Reading(), 0
        self.parts: list[str] = []
        self.open: list[tuple[str, int, str]] = []  # kind, where it began, whose entry it is
        self.value = self.last = ""  # entries of the key number, and of the last link in a cell

    def read(self, html: str) -> Reading:
        for piece in PIECE.findall(html):
            if piece[0] == "<":
                self._tag(_meaning(piece))
            elif piece != "\n":
                self._add(unescape(piece.replace("\n", " ")))
        self.made.text = "".join(self.parts)
        return self.made

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _tag(self, tag: Tag) -> None:
        if not tag.inline:
            self._add("\n")
        if tag.ends:
            self._end(tag.kind)
            return
        if tag.cell:
            self.last = self.value if tag.beside else ""
        if tag.kind in OPENED:
            self._begin(tag)
        for said in tag.said:
            self._add(said)
        if tag.values:
            entry = next((name for kind, _, name in reversed(self.open) if kind == "a"), "")
            self.made.values += [(entry, value) for value in tag.values]

    def _begin(self, tag: Tag) -> None:
        entry = tag.entry
        if entry:
            self.last = entry
            if any(kind == "value" for kind, _, _ in self.open):
                self.value = entry
        elif tag.beside:
            entry = self.last
        self.open.append((tag.kind, self.length, entry))

    def _end(self, kind: str) -> None:
        if self.open and (self.open[-1][0] == kind or (self.open[-1][0], kind) == ("value", "p")):
            _, start, entry = self.open.pop()
            if entry:
                self.made.spans.append((start, self.length, entry))


def _entries(table: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The list of figures as a text, and whose rows are where in it; heads are nobody's."""
    text, rows = "", []
    for at, part in enumerate(ROW.split(table)):
        if at % 2:
            entry = part
            continue
        row, _, head = part.partition("<tbody>")
        told = _plain(row)
        if at:
            rows.append((len(text), len(text) + len(told), entry))
        text += f"{told}\n{_plain(head)}\n"
    return text, rows


def _plain(html: str) -> str:
    return SPACE.sub(" ", unescape(TAG.sub(" ", html)))


def drawing(svg: str) -> str:
    """The words of a drawing, in the order in which they are drawn."""
    told = (unescape(text) for text in (*LABEL.findall(svg), *TOLD.findall(svg)))
    return SPACE.sub(" ", " ".join(told))


def live_charts(path: Path) -> dict[str, Any]:
    """The specifications of live charts by their names, from the script that holds them.

    Raises:
        ResearchError: it holds none.
    """
    try:
        found = from_json(path.read_bytes().partition(b"(")[2].rpartition(b")")[0])
    except ValueError as error:
        raise ResearchError(f"no charts can be read here: {error}.", where=str(path)) from None
    return dict(found)


def paper(path: Path) -> tuple[str, int]:
    """The text of a PDF, and the number of its pages.

    Raises:
        ResearchError: the file is no PDF.
    """
    # Imported here: a look at what is proof-read already needs no reader of PDFs.
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            pages = [_page_text(document[number]) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise ResearchError(f"the PDF cannot be read: {error}.", where=str(path)) from None
    return SPACE.sub(" ", "\n".join(pages)), len(pages)


def _page_text(page: object) -> str:
    text = page.get_textpage()  # type: ignore[attr-defined]
    try:
        return str(text.get_text_range())
    finally:
        text.close()


def sentence(text: str, start: int, end: int, reach: int = 60) -> str:
    """What stands around a place in a text, as far as its line goes."""
    begin = max(text.rfind("\n", 0, start) + 1, start - reach)
    stop = text.find("\n", end)
    last = min(stop if stop >= 0 else len(text), end + reach)
    before, after = "…" * (begin == start - reach), "…" * (last == end + reach)
    return f"{before}{text[begin:last].strip()}{after}"
