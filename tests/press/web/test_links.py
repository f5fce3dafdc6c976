"""Links of the book that lead nowhere are found, and no others; so are pages that no way leads to."""

from __future__ import annotations

import pytest

from cityresearch.press.web.links import check, places_of, targets_of

PAGES = {
    "index.html": '<h2 id="find">Find</h2><a href="wi/index.html#top">Wisconsin</a>',
    "wi/index.html": '<h1 id="top">Wisconsin</h1>',
}


def checked(pages: dict[str, str], files: set[str]) -> tuple[list[str], list[str]]:
    """Dead links and orphans of a book with these pages and these other files."""
    noted = [(name, targets_of(name, text)) for name, text in pages.items()]
    return check(noted, {*pages, *files}, lambda address: places_of(pages.get(address, "")))


@pytest.mark.parametrize(
    "link",
    ["../index.html", "../index.html#find", "#top", "data.json", "https://example.org/gone", ""],
)
def test_a_link_that_leads_somewhere(link: str) -> None:
    pages = {**PAGES, "wi/index.html": f'{PAGES["wi/index.html"]}<a href="{link}">x</a>'}
    assert checked(pages, {"wi/data.json"}) == ([], [])


@pytest.mark.parametrize(
    "link",
    ["gone.html", "../index.html#gone", "#gone", "../../index.html", "javascript:alert(1)"],
)
def test_a_link_that_leads_nowhere(link: str) -> None:
    pages = {**PAGES, "wi/index.html": f'{PAGES["wi/index.html"]}<a class="a" href="{link}">x</a>'}
    assert checked(pages, set())[0] == [f"wi/index.html: {link}"]


@pytest.mark.parametrize(
    ("text", "orphans"),
    [
        ('<a href="guide.html">x</a>', []),
        ('<a href="more.html">x</a>', []),
        ("", ["guide.html", "more.html"]),
    ],
)
def test_pages_that_cannot_be_reached_though_they_link_to_each_other(
    text: str, orphans: list[str]
) -> None:
    own = '<h1 id="a">Guide</h1><a href="#a">A</a><a href="guide.html">This page</a>'
    pages = {"index.html": text, "guide.html": own + '<a href="more.html">More</a>'}
    pages |= {"more.html": '<a href="guide.html">Back</a>', "404.html": "Not found"}
    assert checked(pages, set()) == ([], orphans)


def test_a_page_that_only_the_lost_find() -> None:
    pages = {"index.html": "", "guide.html": "", "404.html": '<a href="guide.html">x</a>'}
    assert checked(pages, set()) == ([], ["guide.html"])


def test_only_ids_are_places() -> None:
    """Guards the quick pattern, which meets the end of other words too."""
    assert places_of('<p id="a" data-id="b">"id="c"</p>\n<i\nid="d">') == {"a", "d"}
