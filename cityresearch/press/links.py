"""Links inside the book: each must lead to a file of the book, and to a place that the page has."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

LINK = re.compile(r'\s(?:href|src|srcset)="([^"]*)"')
PLACE = re.compile(r'\sid="([^"]*)"')


def dead_links(pages: Mapping[str, str], files: set[str]) -> list[str]:
    """Links that lead nowhere, as "wi/index.html: madison/gone.html".

    Args:
        pages: HTML by address, as in `wi/madison/water.html`.
        files: addresses of everything else in the book.
    """
    targets = {name: set(PLACE.findall(text)) for name, text in pages.items()}
    dead = []
    for name, text in pages.items():
        for link in dict.fromkeys(LINK.findall(text)):
            if not _leads(name, html.unescape(link), targets, files):
                dead.append(f"{name}: {html.unescape(link)}")
    return dead


def _leads(name: str, link: str, targets: Mapping[str, set[str]], files: set[str]) -> bool:
    parts = urlsplit(link)
    if parts.scheme in ("http", "https", "mailto", "data"):
        return True
    folder = posixpath.dirname(name)
    address = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    target = address if parts.path else name
    if parts.scheme or (target not in targets and target not in files):
        return False
    return not parts.fragment or parts.fragment in targets.get(target, set())
