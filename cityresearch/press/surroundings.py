"""What surrounds the text of a page: title, description, trail, siblings, menu. The theme prints it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from markdown_it import MarkdownIt

from cityresearch.briefs.collection import Collection
from cityresearch.evidence.places import Place
from cityresearch.methods.words import long_date

PLURALS = {"city": "cities"}
MARKDOWN = MarkdownIt("commonmark", {"html": False})
MENU = (
    ("Compare", "compare.html"),
    ("Sources", "sources.html"),
    ("Methods", "methods.html"),
    ("About", "about.html"),
)
FOOTER = (MENU[0], MENU[1], MENU[2], ("Glossary", "glossary.html"), MENU[3])


@dataclass(frozen=True)
class Link:
    """A link from the root of the book; without `href` it stands for the page itself."""

    label: str
    href: str = ""


def html_of(markdown: str) -> str:
    """One line of Markdown as HTML; HTML in it is printed, not obeyed."""
    return str(MARKDOWN.renderInline(markdown))


def plain(markdown: str) -> str:
    """One line of Markdown as plain text."""
    tokens = MARKDOWN.parseInline(markdown)[0].children or []
    breaks = {"softbreak": " ", "hardbreak": " "}
    return "".join(breaks.get(token.type, token.content) for token in tokens)


def escaped(text: str) -> str:
    """Text in which no sign is Markdown's."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|$!~&" else sign for sign in text)


def parent_path(path: str) -> str:
    """The folder above a place's: `wi` for `wi/madison`, empty for `wi`."""
    return path.rpartition("/")[0]


def parent_name(place: Place) -> str:
    """The name of what a place's folder lies in: the state of a city."""
    return place.state_name if parent_path(place.path) else ""


def label(place: Place) -> str:
    """A place's name where its state is already said: Madison, Wilmington (Greene County)."""
    within = place.full_name.rpartition(", ")[0] if parent_path(place.path) else ""
    return within or place.full_name


def counted(number: int, geographies: Iterable[str]) -> str:
    """A number of places as readers call them: "2 cities", "1 state", "3 places" for a mixture."""
    kinds = set(geographies)
    noun = kinds.pop() if len(kinds) == 1 else "place"
    return f"{number:,} {noun if number == 1 else PLURALS.get(noun, noun + 's')}"


def trail_to(collection: Collection, place: Place, topic: str = "") -> list[Link]:
    """The way from the root to a place, or to its brief on a topic."""
    links = [Link(collection.title, "index.html")]
    if parent_path(place.path):
        links.append(Link(parent_name(place), f"{parent_path(place.path)}/index.html"))
    if topic:
        return [*links, Link(label(place), f"{place.path}/index.html"), Link(topic)]
    return [*links, Link(label(place))]


def surround(
    collection: Collection,
    address: str,
    *,
    kind: str,
    title: str,
    description: str,
    trail: Sequence[Link] = (),
    siblings: Sequence[Link] = (),
    siblings_title: str = "",
    kicker: str = "",
    charts: str = "",
    card: str = "",
    linked_data: str = "",
    scripts: Sequence[str] = (),
    found_by: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The metadata of one page.

    Args:
        address: of the page from the root of the book, as in `wi/madison/water.html`.
        kind: brief, place, topic, home or plain: the class of the body.
        title: of the browser's tab, without the name of the collection.
        charts: file beside the page with the specifications of its live charts.
        card: picture beside the page for those who share its address.
        linked_data: JSON-LD that is safe in a script element.
        scripts: further files of `_static` that this page needs.
        found_by: what the search of words prints of a page and, but for its place, narrows to, as in
            {"place": "Madison, Wisconsin", "topic": "Water"}; a page with None is not searched.
    """
    name = collection.title
    folder = f"{collection.address}/{address.rpartition('/')[0]}/" if collection.address else ""
    return {
        "kind": kind,
        "title": title if title == name else f"{title} · {name}",
        "description": description,
        "address": f"{collection.address}/{address}" if collection.address else "",
        "kicker": kicker,
        "trail": [asdict(link) for link in trail],
        "siblings": [asdict(link) for link in siblings],
        "siblings_title": siblings_title,
        "charts": charts,
        "card": folder + card if card else "",
        "linked_data": linked_data,
        "scripts": list(scripts),
        "found_by": found_by,
        "site": {
            "name": name,
            "publisher": collection.publisher,
            "feed": f"{collection.address}/feed.xml" if collection.address else "",
            "edition": f"Edition of {long_date(collection.edition)}",
            "menu": [asdict(Link(*entry)) for entry in MENU],
            "footer": [asdict(Link(*entry)) for entry in FOOTER],
        },
    }
