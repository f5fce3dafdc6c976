"""The declaration of a briefing book: a meeting, its sessions, and what is read in each."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from cityresearch.briefs.topic import load_topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.declarations import Declaration, read_declaration, refusal, wrong
from cityresearch.evidence.places import Place
from cityresearch.evidence.texts import read_text
from cityresearch.press.paper.typst_markup import COMMENT, printable
from cityresearch.project import Project

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SHORT_DATES = ("%Y", "%Y-%m", "%Y-%m-%d")
NO_ADDRESS = "this is no address. Write one that begins with https://, or leave the key out"


class _Keys(BaseModel):
    """Any keys: the file is read first, so that messages can name its sessions."""

    model_config = ConfigDict(extra="allow")


class BriefAsked(Declaration):
    """A brief of the session: topic and city (its slug or Census code)."""

    topic: Text
    city: Text


class Material(Declaration):
    """Something to read that others wrote: it is listed, not copied."""

    title: Text
    author: Text
    source: Text
    date: Text
    link: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None

    @field_validator("date")
    @classmethod
    def _is_a_date(cls, text: str) -> str:
        if not any(_fits(text, form) for form in SHORT_DATES):
            raise ValueError(f'\'{text}\' is no date. Write "2026-12-03", "2026-12" or "2026"')
        return text


class Session(Declaration):
    """One session: when, who speaks, and what is read for it."""

    title: Text
    time: Text
    speakers: list[Text] = []
    about: str = ""
    briefs: list[BriefAsked] = []
    guides: list[Text] = []
    materials: list[Material] = []


class Briefing(Declaration):
    """A meeting and its sessions."""

    title: Text
    date: str
    place: Text
    sessions: Annotated[list[Session], Field(min_length=1)]

    @field_validator("date")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        if not _fits(text, "%Y-%m-%d"):
            raise ValueError(f"'{text}' is no day. Write it in quotes, as in date: \"2026-12-03\"")
        return text


def load_briefing(project: Project, path: Path) -> Briefing:
    """Reads and checks the declaration of a briefing book.

    Raises:
        ResearchError: missing file, no YAML, an unknown, missing or wrong key.
    """
    content = read_declaration(_Keys, path, project).model_extra or {}
    try:
        return Briefing.model_validate(content)
    except ValidationError as error:
        faults = [_fault(fault, content) for fault in error.errors()]
        raise refusal(faults, project.relative(path)) from None


def brief_asked(project: Project, asked: BriefAsked, where: str) -> tuple[str, Place]:
    """The topic and place of a brief that a session asks for.

    Args:
        where: the declaration and its session, for the message.

    Raises:
        ResearchError: no such topic or city.
    """
    try:
        topic = load_topic(project, asked.topic)
        return asked.topic, places.find(project, topic.geography, asked.city)
    except ResearchError as error:
        raise ResearchError(error.what, where=f"{where}, briefs", instead=error.instead) from None


def briefs_asked(project: Project, file: Path) -> set[tuple[str, Place]]:
    """The briefs that the sessions of a declaration ask for.

    Raises:
        ResearchError: a wrong declaration, or no such topic or city.
    """
    said = project.relative(file)
    return {
        brief_asked(project, asked, f"{said}, {session_name(at, session.title)}")
        for at, session in enumerate(load_briefing(project, file).sessions, 1)
        for asked in session.briefs
    }


def guide_text(project: Project, folder: Path, name: str, where: str) -> str:
    """The Markdown of a guide: a file beside the declaration, or below the project's root.

    Raises:
        ResearchError: there is no such Markdown file in UTF-8, it has no title, it shows a picture, a
            link leads nowhere, or a heading or link has no words. Links to what lies beside it keep
            their words alone.
    """
    found = _file_below((folder, project.root), name)
    if found is None or found.suffix != ".md":
        raise ResearchError(
            f"there is no guide '{name}'.",
            where=f"{where}, guides",
            instead="Write a Markdown file (.md) beside this file, or from the project's root.",
        )
    text = read_text(found, f"{where}, guides, {name}")
    if [block.tag for block in guide_blocks(text)[:1]] != ["h1"]:
        raise ResearchError(
            f"the guide '{name}' does not begin with a title.",
            where=f"{where}, guides",
            instead="Begin it with '# ' and the title.",
        )
    _refuse_what_is_lost(project, text, found, f"{where}, guides, {name}")
    _refuse_what_says_nothing(text, f"{where}, guides, {name}")
    return text


def guide_blocks(text: str) -> list[Token]:
    """The Markdown of a guide, as the parser tells it."""
    return MarkdownIt("commonmark").enable("table").parse(text)


def _file_below(folders: tuple[Path, ...], name: str) -> Path | None:
    """The first file of this name that lies in one of the folders, whatever links and dots it has."""
    for folder in folders:
        path = folder / name
        if _is_there(path) and path.resolve().is_relative_to(folder.resolve()):
            return path if path.is_file() else None
    return None


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _refuse_what_is_lost(project: Project, text: str, file: Path, where: str) -> None:
    """Pictures and dead links: in a briefing book nothing lies beside the text."""
    for line, token in _inline_tokens(text):
        if token.type == "image":
            raise ResearchError(
                f"the picture '{token.attrs['src']}' can't be shown: a guide is text alone.",
                where=f"{where}, line {line}",
                instead="Say in words what it shows, or list it under 'materials' with its address.",
            )
        parts = _parts(str(token.attrs.get("href", "")))
        # Pages of the book itself are made by the press; `check` looks at links between them.
        is_page = parts.path.endswith(".html") and file.is_relative_to(project.book)
        if (
            parts.scheme
            or not parts.path
            or is_page
            or _is_there(file.parent / unquote(parts.path))
        ):
            continue
        raise ResearchError(
            f"the link '{parts.path}' leads to no file beside the guide.",
            where=f"{where}, line {line}",
            instead="Write an address that begins with https://, or leave the link out.",
        )


def _refuse_what_says_nothing(text: str, where: str) -> None:
    """Headings and links without words: they lead nobody, and no accessible PDF may hold them."""
    blocks = guide_blocks(text)
    for before, block in itertools.pairwise(blocks):
        said = f"{where}, line {(block.map or [0])[0] + 1}"
        inner = block.children or []
        if before.type == "heading_open" and not _words(inner):
            raise ResearchError(
                "a heading has no words.",
                where=said,
                instead="Write them after the '#' signs, or leave the heading out.",
            )
        for at, token in enumerate(inner):
            if token.type != "link_open":
                continue
            rest = itertools.takewhile(lambda one: one.type != "link_close", inner[at:])
            if not _words(rest):
                raise ResearchError(
                    f"the link to '{token.attrs['href']}' has no words.",
                    where=said,
                    instead="Write them between its brackets, or leave the link out.",
                )


def _words(tokens: Iterable[Token]) -> str:
    """What is printed of inline tokens."""
    said = (
        COMMENT.sub("", token.content) if token.type == "html_inline" else token.content
        for token in tokens
    )
    return str(printable("".join(said))).strip()


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # such as http://[
        return SplitResult("", "", address, "", "")


def _inline_tokens(text: str) -> Iterator[tuple[int, Token]]:
    """Pictures and links of a Markdown text, each with the line on which its paragraph begins."""
    for block in guide_blocks(text):
        for token in block.children or []:
            if token.type in ("image", "link_open"):
                yield (block.map or [0])[0] + 1, token


def session_name(number: int, title: str) -> str:
    """How messages name a session."""
    return f"session {number} ('{title}')"


def _fits(text: str, form: str) -> bool:
    try:
        return datetime.datetime.strptime(text, form).strftime(form) == text
    except ValueError:
        return False


def _fault(fault: Any, content: dict[str, Any]) -> str:
    """What is wrong, in which session, and what to write instead."""
    *path, key = fault["loc"]
    if isinstance(key, int) and path:  # an entry of a list
        path, key = path[:-1], f"{path[-1]} {key + 1}"
    is_link = key == "link" and fault["type"] == "string_pattern_mismatch"
    said = NO_ADDRESS if is_link else wrong(fault, Briefing)
    return f"{_session_of(path, content)}{key}: {said}"


def _session_of(path: list[Any], content: dict[str, Any]) -> str:
    """The session, and the list in it with the number of the entry, both counted from one."""
    if len(path) < 2 or path[0] != "sessions" or not isinstance(path[1], int):
        return ""
    session = content["sessions"][path[1]]
    title = str(session.get("title", "")).strip() if isinstance(session, dict) else ""
    words = session_name(path[1] + 1, title) if title else f"session {path[1] + 1}"
    inner = [str(part + 1) if isinstance(part, int) else str(part) for part in path[2:]]
    return f"{words}, {' '.join(inner)}{', ' if inner else ''}"
