"""Links of the book that lead nowhere are found, and no others."""

from __future__ import annotations

import pytest

from cityresearch.press.links import dead_links

PAGES = {
    "index.html": '<h2 id="find">Find</h2><a href="wi/index.html#top">Wisconsin</a>',
    "wi/index.html": '<h1 id="top">Wisconsin</h1>',
}


@pytest.mark.parametrize(
    "link",
    ["../index.html", "../index.html#find", "#top", "data.json", "https://example.org/gone", ""],
)
def test_a_link_that_leads_somewhere(link: str) -> None:
    pages = {**PAGES, "wi/index.html": f'{PAGES["wi/index.html"]}<a href="{link}">x</a>'}
    assert dead_links(pages, {"wi/data.json"}) == []


@pytest.mark.parametrize(
    "link",
    ["gone.html", "../index.html#gone", "#gone", "../../index.html", "javascript:alert(1)"],
)
def test_a_link_that_leads_nowhere(link: str) -> None:
    pages = {**PAGES, "wi/index.html": f'{PAGES["wi/index.html"]}<a class="a" href="{link}">x</a>'}
    assert dead_links(pages, set()) == [f"wi/index.html: {link}"]
