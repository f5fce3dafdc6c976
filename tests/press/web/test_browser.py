"""Pages in a real browser: with and without scripts, wide and narrow, light and dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_checks import assert_pdf, assert_sound, chromium, scroll_through, visit
from playwright.sync_api import Browser

from cityresearch.briefs.blocks import Column, Table
from cityresearch.briefs.html import block_html
from cityresearch.press import web
from cityresearch.press.web.book import Book

BRIEF = "wi/madison/transit.html"
PAGES = [
    BRIEF,
    "index.html",
    "wi/index.html",
    "wi/madison/index.html",
    "topics/transit.html",
    "sources.html",
    "search.html",
    "compare.html",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_sound(
    browser: Browser, sample_book: Book, name: str, width: int, scripts: bool
) -> None:
    with visit(browser, sample_book.folder, name, width=width, scripts=scripts) as visited:
        if scripts:
            scroll_through(visited.page)
        assert_sound(visited, width)


def test_the_pdf_link_works(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, BRIEF) as visited:
        assert_pdf(visited)


def test_charts_come_alive_only_where_scripts_run(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, BRIEF) as visited:
        scroll_through(visited.page)
        live = visited.page.locator("figure.chart .live")
        assert live.count() == 1
        assert live.get_attribute("role") == "img"
        assert len(live.get_attribute("aria-label") or "") > 20
        assert live.locator("svg").count() == 1
    with visit(browser, sample_book.folder, BRIEF, scripts=False) as visited:
        assert visited.page.locator("figure.chart .live").count() == 0
        assert visited.page.locator("figure.chart img").is_visible()


def test_the_script_of_charts_waits_until_one_is_seen(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, "index.html") as visited:
        assert not [address for address in visited.requests if "vega" in address]
    with visit(browser, sample_book.folder, BRIEF) as visited:
        scroll_through(visited.page)
        assert len([address for address in visited.requests if "vega" in address]) == 1


def test_paper_shows_the_picture_and_no_navigation(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, BRIEF) as visited:
        scroll_through(visited.page)
        visited.page.emulate_media(media="print")
        assert visited.page.locator("figure.chart img").is_visible()
        for hidden in ("figure.chart .live", "nav.trail", "nav.siblings", "#downloads"):
            assert not visited.page.locator(hidden).is_visible()
        for dead in ("#figures-in-this-brief", ".files", "#how-to-cite .small"):
            assert visited.page.locator(dead).count()
            assert not visited.page.locator(dead).first.is_visible()


def test_paper_keeps_the_shades_of_maps(browser: Browser, sample_book: Book) -> None:
    """The words in dark tiles are light: without the tile they could not be read."""
    with visit(browser, sample_book.folder, "topics/transit.html") as visited:
        visited.page.emulate_media(media="print", color_scheme="dark")
        tile = visited.page.locator(".shaded a").first
        assert tile.evaluate("each => getComputedStyle(each).printColorAdjust") == "exact"
        root = "getComputedStyle(document.documentElement).getPropertyValue('--shade').trim()"
        assert visited.page.evaluate(root).upper() == "#B3D0EA"


WIDEN = """() => {
    const table = document.querySelector("table.of-places");
    for (const row of table.rows)
        for (let more = 0; more < 3; more++) row.append(row.lastElementChild.cloneNode(true));
    const shown = table.rows[0].querySelectorAll("th:not(.minor)").length;
    table.className = `of-places f${shown - 1}`;
}"""


def test_tables_of_places_use_their_whole_width_on_phones(
    browser: Browser, sample_book: Book
) -> None:
    with visit(browser, sample_book.folder, "topics/transit.html", width=390) as visited:
        visited.page.evaluate(WIDEN)
        table = visited.page.locator("table.of-places")
        right = "each => each.getBoundingClientRect().right"
        cells = table.locator("tbody tr").first.locator("td:visible")
        assert abs(cells.last.evaluate(right) - table.evaluate(right)) < 2


EDGES = """() => [...document.querySelectorAll("th, td")].map(cell => {
    const words = document.createRange();
    words.selectNodeContents(cell);
    const { left, right } = words.getBoundingClientRect();
    return [Math.round(left), Math.round(right)];
})"""
LABELS = """() => [...document.querySelectorAll("td")].map(cell => {
    const { textAlign, left } = getComputedStyle(cell, "::before");
    return [textAlign, left];
})"""


def test_heads_stand_over_their_cells_and_labels_in_one_line(browser: Browser) -> None:
    columns = [
        Column("Measure"),
        Column("Bill", "", "right"),
        Column("Rests on"),
        Column("Named by"),
    ]
    table = Table("t", "Made up", columns, [["One", "$58.00", "a wage", "An author"]])
    style = (Path(web.__file__).parent / "theme/static/city.css").read_text("utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_content(f"<style>{style}</style>{block_html(table.to_json(), lean=True)}")
    found = page.evaluate(EDGES)
    heads, cells = found[:4], found[4:]
    assert [edge[1] for edge in heads[1:2]] == [edge[1] for edge in cells[1:2]]
    assert [heads[at][0] for at in (0, 2, 3)] == [cells[at][0] for at in (0, 2, 3)]
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(LABELS) == [["left", "0px"]] * 3
    page.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("madison", "Madison, Wisconsin"),
        ("milwakee", "Milwaukee, Wisconsin"),
        ("mliwaukee", "Milwaukee, Wisconsin"),
        ("washington dc", "Washington, D.C."),
        ("WASHINGTON, D.C.", "Washington, D.C."),
        ("madison wisc", "Madison, Wisconsin"),
    ],
)
def test_a_city_is_found_in_spite_of_slips(
    browser: Browser, sample_book: Book, typed: str, found: str
) -> None:
    with visit(browser, sample_book.folder, "index.html") as visited:
        page = visited.page
        assert not [address for address in visited.requests if "places.js" in address]
        page.get_by_role("combobox", name="Find your city").fill(typed)
        first = page.get_by_role("option").first
        first.wait_for()
        assert first.inner_text() == found
        assert visited.complaints == []


def test_the_finder_works_by_keyboard(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, "index.html") as visited:
        page = visited.page
        box = page.get_by_role("combobox", name="Find your city")
        box.press_sequentially("wisconsin")
        page.get_by_role("option").first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        box.press("ArrowDown")
        box.press("ArrowDown")
        assert box.get_attribute("aria-activedescendant") == "found-1"
        assert page.locator("#found-1").get_attribute("aria-selected") == "true"
        box.press("Escape")
        assert box.get_attribute("aria-expanded") == "false"
        box.fill("milwaukee")
        box.press("Enter")
        page.wait_for_url("**/wi/milwaukee/index.html")


def test_what_matches_nothing_says_so(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, "index.html") as visited:
        visited.page.get_by_role("combobox").fill("zzzzzz")
        status = visited.page.get_by_role("status")
        status.filter(has_text="No place of this name is in this edition").wait_for()
        visited.page.get_by_role("combobox").fill("mliwakee")
        status.filter(has_text="No place is named quite so. Like it: 1 place found").wait_for()
        assert status.bounding_box()["width"] > 100  # type: ignore[index]


def test_without_scripts_states_are_listed(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, "index.html", scripts=False) as visited:
        page = visited.page
        assert not page.locator("#city").is_visible()
        page.get_by_role("link", name="Wisconsin").click()
        page.wait_for_url("**/wi/index.html")


def test_siblings_stand_open_where_there_is_room(browser: Browser, sample_book: Book) -> None:
    for width, shown in ((1280, True), (390, False)):
        with visit(browser, sample_book.folder, BRIEF, width=width) as visited:
            assert visited.page.locator(".siblings li").first.is_visible() is shown


def test_the_first_key_reaches_the_text(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, BRIEF) as visited:
        visited.page.keyboard.press("Tab")
        assert visited.page.evaluate("document.activeElement.className") == "skip"
        visited.page.keyboard.press("Enter")
        assert visited.page.url.endswith("#content")
