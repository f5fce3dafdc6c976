"""Inserts: what a person wrote for one place, in `notebooks/<topic>/inserts/<place>.md`.

An insert is untrusted text. It begins with who wrote it and when, and holds paragraphs, emphasis, lists
and links to http(s) alone; all else is refused, so nothing of it can be taken for a part of the page.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationError, field_validator

from cityresearch.briefs.blocks import Json, Shown, put_stamp, shown
from cityresearch.errors import ResearchError
from cityresearch.evidence.declarations import Day, Declaration, load_yaml, refusal, told
from cityresearch.evidence.texts import read_text, unseen
from cityresearch.methods.words import long_date
from cityresearch.project import Project

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

FOLDER = "inserts"  # in the folder of the topic
# So much fits on one page of paper, on which an insert must stay together.
LONGEST = 2000  # letters of an insert
MOST = 16  # paragraphs, items of lists and forced ends of lines
WORD = 60  # letters of a word: a longer one would not fit on a phone
DEEPEST = 4  # lists within lists
WARNING = "Words and numbers here are the author’s; they were not computed for this brief."
KNOWN = "Write paragraphs, *emphasis*, **strong words**, lists and links to http(s)."
REFUSED = {
    "image": "a picture",
    "html_block": "HTML",
    "html_inline": "HTML",
    "heading": "a heading",
    "fence": "a directive or a block of code",
    "code_block": "a block of code",
    "code_inline": "a role or code",
    "blockquote": "a quotation",
    "hr": "a rule",
}
INSTEAD = {"heading": "Give it a 'title:' above its text.", "hr": "Leave it out."}
Words = Annotated[str, Field(min_length=1, max_length=80)]


class _Front(Declaration):
    """Who wrote it and when, between two lines of three hyphens at the top of the file."""

    author: Words
    date: Day
    title: Annotated[str, Field(max_length=120)] = ""
    mentions: Annotated[list[Words], Field(max_length=20)] = []

    @field_validator("author", "title")
    @classmethod
    def _is_a_line(cls, text: str) -> str:
        if text != text.strip() or not text.isprintable():
            raise ValueError("this must be one line of text")
        return text


@dataclass(frozen=True)
class Insert:
    """A text written by hand, ready to be shown: it says so itself, with author and date (2026-11-20).

    `body` are parts as the press knows them: paragraphs {"k": "p", "c": […]} and lists {"k": "list",
    "start", "items"}; in them texts and {"k": "em" | "strong" | "link", "c": […]}, {"k": "br"}.
    `mentions` are the names of other cities that stand in it.
    """

    author: str
    date: str
    title: str
    body: list[Json]
    mentions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        put_stamp(self)

    def to_json(self) -> Json:
        """The block, kind `insert`."""
        return {
            "kind": "insert",
            "title": self.title,
            "by": f"Written by hand by {self.author}, {long_date(self.date)}",
            "warning": WARNING,
            "body": self.body,
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Shown:  # noqa: ARG002
        block = self.to_json()
        return shown(self, block, "\n".join([block["by"], self.title, *lines(self.body)]))


def lines(body: Iterable[Json]) -> Iterator[str]:
    """The words of each paragraph of an insert's body, without their marks."""
    for part in body:
        if part["k"] == "list":
            for item in part["items"]:
                yield from lines(item)
        else:
            yield _words(part["c"])


def _words(parts: Iterable[str | Json]) -> str:
    told = (part if isinstance(part, str) else _words(part.get("c", [" "])) for part in parts)
    return "".join(told)


def folder_of(project: Project, topic: str) -> Path:
    """Where the inserts of a topic lie."""
    return project.notebooks / topic / FOLDER


def find_insert(project: Project, topic: str, slug: str) -> Insert | None:
    """The insert of a topic for one place; none where it has no file.

    Raises:
        ResearchError: the file holds more than an insert may.
    """
    path = folder_of(project, topic) / f"{slug}.md"
    try:
        with path.open("rb"):  # also in vain: so a run knows that a new file concerns this brief
            pass
    except FileNotFoundError:
        return None
    return read_insert(project, path)


def read_insert(project: Project, path: Path) -> Insert:
    """Reads and checks one insert.

    Raises:
        ResearchError: a link to elsewhere, no author or date, too long, or anything that is not plain
            text with emphasis, lists and links; the message names the line.
    """
    where = project.relative(path)
    if path.is_symlink() or not path.is_file():
        raise ResearchError("an insert is a file of its own, no link to another.", where=where)
    text = read_text(path, where)
    if len(text) > LONGEST:
        what = f"the insert has {len(text):,} letters; the limit is {LONGEST:,}."
        raise ResearchError(what, where=where, instead="Shorten it, and link what is longer.")
    front, body, first = _parted(text, where)
    parts = _Parts(where, first).of(body)
    if not parts:
        raise ResearchError("there is no text below author and date.", where=where)
    if (count := sum(map(_size, parts))) > MOST:
        what = f"the insert has {count} paragraphs, items of lists and ends of lines; the limit is {MOST}."
        raise ResearchError(what, where=where, instead="Shorten it.")
    return Insert(front.author, front.date, front.title, parts, tuple(front.mentions))


def _size(part: Json) -> int:
    """Paragraphs, items and forced ends of lines of a part."""
    if part["k"] == "list":
        return sum(_size(each) for item in part["items"] for each in item)
    return 1 + str(part["c"]).count("'k': 'br'")


def _parted(text: str, where: str) -> tuple[_Front, str, int]:
    """Author and date, the text below them, and the number of lines above it."""
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        raise ResearchError(
            "it does not say who wrote it, and when.",
            where=where,
            instead="Begin it with the lines '---', 'author: R. Diaz', 'date: 2026-11-20', '---'.",
        )
    said = load_yaml("\n".join(lines[1:end]), where)
    try:
        front = _Front.model_validate(said if isinstance(said, dict) else {})
    except ValidationError as error:
        raise refusal([told(fault, _Front) for fault in error.errors()], where) from None
    return front, "\n".join(lines[end + 1 :]), end + 1


class _Parts:
    """The parts of a Markdown text that an insert may have; `above` lines stand before it in its file."""

    def __init__(self, where: str, above: int) -> None:
        self._where, self._above, self._line = where, above, above + 1

    def of(self, markdown: str) -> list[Json]:
        from markdown_it.tree import SyntaxTreeNode  # here: most briefs have no insert

        root = SyntaxTreeNode(_parser().parse(markdown))
        return [self._block(child, 0) for child in root.children]

    def _block(self, node: SyntaxTreeNode, depth: int) -> Json:
        if node.map:
            self._line = self._above + node.map[0] + 1
        if node.type == "paragraph":
            return {"k": "p", "c": list(self._inline(node.children[0]))}
        if node.type in ("bullet_list", "ordered_list") and depth < DEEPEST:
            start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            items = [
                [self._block(one, depth + 1) for one in item.children] for item in node.children
            ]
            return {"k": "list", "start": start, "items": items}
        raise self._refused(node.type)

    def _inline(self, node: SyntaxTreeNode) -> Iterator[str | Json]:
        for child in node.children:
            if child.type == "text":
                yield self._words(child.content)
            elif child.type == "softbreak":
                yield " "
            elif child.type == "hardbreak":
                yield {"k": "br"}
            elif child.type in ("em", "strong"):
                yield {"k": child.type, "c": list(self._inline(child))}
            elif child.type == "link":
                yield self._link(child)
            else:
                raise self._refused(child.type)

    def _words(self, text: str) -> str:
        if text.lstrip().startswith(":::"):
            raise self._refused("fence")
        if any(len(word) > WORD for word in text.split()):
            raise self._error(f"a word has over {WORD} letters.", "Make an address a link.")
        if code := unseen(text):  # written as an entity, such as &#x202E;
            raise self._error(f"it holds {code}, a sign that nobody sees.", "Delete it.")
        return text

    def _link(self, node: SyntaxTreeNode) -> Json:
        address = str(node.attrs.get("href", ""))
        if not address.startswith(("https://", "http://")):
            raise self._error(
                f"the link '{address}' is not to http(s).", "Write the whole address."
            )
        return {"k": "link", "to": address, "c": list(self._inline(node))}

    def _refused(self, kind: str) -> ResearchError:
        what = f"an insert can't have {REFUSED.get(kind, 'this kind of text')}."
        return self._error(what, INSTEAD.get(kind, KNOWN))

    def _error(self, what: str, instead: str) -> ResearchError:
        return ResearchError(what, where=f"{self._where}, line {self._line}", instead=instead)


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Quotes are set as curly ones, as they are in prose.
    return MarkdownIt("commonmark", {"typographer": True}).enable("smartquotes")
