"""Links inside the book: each must lead to a file of the book, and to a place that the page has.

A page's links are read once, when it is compiled; the book is then checked by what was noted of each.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote, urlsplit

LINK = re.compile(r'\s(?:href|src|srcset)="([^"]*)"')
PLACE = re.compile(r'id="([^"]*)"')  # of which some end another word, as in data-id
AWAY = ("http", "https", "mailto", "data")
FIRST = "index.html"
LOST = "404.html"  # readers come to it without a link

Targets = dict[
    str, str
]  # where a page's links lead, from the root of the book: as they are written


def targets_of(name: str, text: str) -> Targets:
    """Where the links of a page lead, but for places on the page itself that are there.

    Args:
        name: the page's address, as in `wi/madison/water.html`.
        text: its HTML.
    """
    here = places_of(text) | {""}
    targets = {}
    for link in map(html.unescape, dict.fromkeys(LINK.findall(text))):
        if link[:1] == "#" and link[1:] in here:
            continue  # hundreds on a page
        address, _, place = (target := _target(name, link)).partition("#")
        if target and (address != name or place not in here):
            targets[target] = link
    return targets


def places_of(text: str) -> set[str]:
    """The ids that a page gives, which links may end in."""
    found = PLACE.finditer(text)  # several times as quick as a pattern that begins with a space
    return {each[1] for each in found if text[each.start() - 1].isspace()}


def _target(name: str, link: str) -> str:
    """The address that a link leads to; empty outside the book, the link itself where it is no address."""
    parts = urlsplit(link)
    if parts.scheme:
        return "" if parts.scheme in AWAY else link
    path = posixpath.join(posixpath.dirname(name), unquote(parts.path)) if parts.path else name
    return posixpath.normpath(path) + (f"#{parts.fragment}" if parts.fragment else "")


def check(
    pages: Iterable[tuple[str, Mapping[str, str]]],
    files: set[str],
    places: Callable[[str], set[str]],
) -> tuple[list[str], list[str]]:
    """Links that lead nowhere, as "wi/index.html: madison/gone.html", and pages that no way leads to
    from the first page: a few that link to each other alone are as lost as a single one.

    Args:
        pages: addresses with the targets of their links, from `targets_of`.
        files: addresses of everything in the book.
        places: the ids that a page gives, by its address; asked only for pages that a link enters so.
    """
    dead, linked = [], dict[str, set[str]]()
    for name, targets in pages:
        linked[name] = set()
        for target, link in targets.items():
            address, _, place = target.partition("#")
            if address not in files or (place and place not in places(address)):
                dead.append(f"{name}: {link}")
            linked[name].add(address)
    return dead, sorted(linked.keys() - _reached(linked) - {LOST})


def _reached(linked: Mapping[str, set[str]]) -> set[str]:
    """The pages that readers can come to from the first one, link by link."""
    reached, new = set[str](), {FIRST}
    while new:
        reached |= new
        new = {address for name in new for address in linked.get(name, ())} - reached
    return reached
