"""Pages for everyone: WCAG 2.1 A and AA by axe-core, the keyboard alone, narrow screens, large text.

What a machine can check is checked on one page of each kind of the miniature book; kinds are read from
the book itself, so that a new kind of page is looked at without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_checks import Visit, scroll_through, visit
from playwright.sync_api import Browser, Page

BODY = re.compile(r'<body class="([^"]*)"')
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# axe leaves the size of targets (WCAG 2.2) out unless asked.
AXE = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
TARGETS = {"runOnly": {"type": "rule", "values": ["target-size"]}, "resultTypes": ["violations"]}
UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
HEADINGS = (
    "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => Number(one.localName[1]))"
)
# Landmarks as a screen reader lists them: how often each of the single ones is there, names of the others.
LANDMARKS = """() => {
    const all = [...document.querySelectorAll("nav, aside, [role=navigation], [role=complementary]")];
    return {
        single: ["body > header", "main", "body > footer"].map(
            one => document.querySelectorAll(one).length
        ),
        named: all.map(one => one.getAttribute("aria-label") || ""),
    };
}"""
# Tables without caption, and header cells that don't say what they head.
TABLES = """() => [...document.querySelectorAll("table")].flatMap(table => [
    ...(table.caption && table.caption.textContent.trim() ? [] : [table.outerHTML.slice(0, 90)]),
    ...[...table.querySelectorAll("th:not([scope=col]):not([scope=row])")]
        .filter(th => !th.matches("tbody th:first-child")).map(th => th.outerHTML),
    ...(table.querySelector("thead th") ? [] : ["no header: " + table.outerHTML.slice(0, 90)]),
])"""
# Boxes that scroll, with nothing in them that the keyboard can reach.
LOCKED = """() => [...document.querySelectorAll("main *")].filter(box =>
    box.scrollWidth > box.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(box).overflowX)
    && !box.matches("[tabindex='0']") && !box.querySelector("a[href], button, input, summary")
).map(box => box.outerHTML.slice(0, 90))"""
# Sets the size of the text, and waits until the page has taken note.
GROWN = """size => new Promise(done => {
    document.documentElement.style.fontSize = size;
    requestAnimationFrame(() => setTimeout(done, 50));
})"""
# Everything the keyboard should reach, in order, as paths that name an element.
NAMED = """const named = one => {
    const path = [];
    for (let at = one; at && at.parentElement; at = at.parentElement) {
        path.unshift(at.localName + [...at.parentElement.children].indexOf(at));
    }
    return path.join(">");
};"""
REACHABLE = f"""() => {{ {NAMED}
    return [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex='0']"
    )].filter(one => one.checkVisibility({{visibilityProperty: true}}) && !one.disabled)
      .filter(one => one.tabIndex >= 0)
      .map(named);
}}"""
FOCUSED = f"""() => {{ {NAMED}
    const one = document.activeElement, style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    return {{
        name: named(one), html: one.outerHTML.slice(0, 120), body: one === document.body,
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    }};
}}"""


def kinds(book: Path) -> dict[str, str]:
    """One page of each kind: briefs by topic, places by depth, and every page of its own."""
    found: dict[str, str] = {}
    for path in sorted(book.rglob("*.html")):
        name = path.relative_to(book).as_posix()
        body = BODY.search(path.read_text(encoding="utf-8"))
        kind = body[1] if body else name
        alone = path.stem if path.stem != "index" else ""
        where = "" if "topic" in kind else alone
        found.setdefault(f"{kind} {where} {name.count('/')}", name)
    return found


@pytest.fixture(scope="module")
def pages(built: Path) -> list[str]:
    """The pages that are looked at, by their addresses in the book."""
    return list(kinds(built / "html").values())


@contextmanager
def opened(browser: Browser, built: Path, name: str, **options: Any) -> Iterator[Visit]:
    """A page with everything on it: charts alive, details unfolded."""
    with visit(browser, built / "html", name, **options) as visited:
        scroll_through(visited.page)
        visited.page.evaluate(UNFOLD)
        yield visited


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe-core finds wrong, a line each."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url.rsplit('/', 1)[-1]}: {one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:160]}"
        for one in found
    ]


def test_every_kind_of_page_is_looked_at(pages: list[str]) -> None:
    briefs = {f"nc/charlotte/{topic}.html" for topic in ("preemption", "transit", "water")}
    others = {"index.html", "nc/index.html", "nc/charlotte/index.html", "sources.html"}
    assert briefs | others | {"glossary.html", "methods.html"} <= set(pages)
    assert any(name.startswith("topics/") for name in pages)


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation(
    browser: Browser, built: Path, pages: list[str], width: int
) -> None:
    """In light and in dark; the size of targets on the narrow page, where fingers point."""
    found = []
    for name in pages:
        with opened(browser, built, name, width=width) as visited:
            found += violations(visited.page, AXE)
            if width == 390:
                found += violations(visited.page, TARGETS)
            visited.page.emulate_media(color_scheme="dark")
            found += violations(visited.page, AXE)
    assert found == []


def test_axe_would_find_a_violation(browser: Browser, built: Path) -> None:
    """A page that is spoilt is caught: the checks above are not empty."""
    with opened(browser, built, "index.html") as visited:
        visited.page.evaluate("document.documentElement.removeAttribute('lang')")
        visited.page.evaluate("document.querySelector('main p').style.color = '#bbb'")
        found = " ".join(violations(visited.page, AXE))
        assert "html-has-lang" in found and "color-contrast" in found


def test_the_calculator_has_no_violation_while_it_is_used(browser: Browser, built: Path) -> None:
    """With a slip told beside the field, and with a result."""
    with visit(browser, built / "html", "nc/charlotte/water.html", width=390) as visited:
        page = visited.page
        page.get_by_label("Your bill a month, in dollars").fill("sixty")
        page.get_by_label("Income of your home a year, in dollars").fill("30,000")
        page.keyboard.press("Enter")
        page.locator("#own-bill-fault").wait_for()
        told = violations(page, AXE) + violations(page, TARGETS)
        page.get_by_label("Your bill a month, in dollars").fill("60")
        page.locator(".calculator .share").wait_for()
        page.emulate_media(color_scheme="dark")
        assert told + violations(page, AXE) == []


def test_headings_landmarks_tables_and_pictures_tell_the_structure(
    browser: Browser, built: Path, pages: list[str]
) -> None:
    titles = []
    for name in pages:
        with visit(browser, built / "html", name) as visited:
            page = visited.page
            levels = page.evaluate(HEADINGS)
            assert levels[0] == 1 and levels.count(1) == 1, name
            gaps = [one for one in range(1, len(levels)) if levels[one] > levels[one - 1] + 1]
            assert gaps == [], (name, levels)
            landmarks = page.evaluate(LANDMARKS)
            assert landmarks["single"] == [1, 1, 1], name
            assert "" not in landmarks["named"], name
            assert len(set(landmarks["named"])) == len(landmarks["named"]), name
            assert page.evaluate(TABLES) == [], name
            assert page.locator("img:not([alt])").count() == 0, name
            assert page.locator("html").get_attribute("lang") == "en", name
            titles.append(page.title())
    assert all(titles) and len(set(titles)) == len(titles)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    browser: Browser, built: Path, pages: list[str], width: int
) -> None:
    """From the skip link through menu, text, charts' data and tables to the foot, each once and seen."""
    for name in pages:
        with visit(browser, built / "html", name, width=width) as visited:
            page = visited.page
            page.emulate_media(reduced_motion="reduce")
            scroll_through(
                page
            )  # a chart that comes alive meanwhile would shift the names of elements
            page.evaluate("scrollTo(0, 0)")
            expected = page.evaluate(REACHABLE)
            reached = []
            for _ in range(len(expected) + 1):
                page.keyboard.press("Tab")
                at = page.evaluate(FOCUSED)
                if at["body"]:
                    break
                assert at["outlined"], (name, at["html"])
                assert at["seen"], (name, at["html"])
                reached.append(at["name"])
            assert reached[: len(expected)] == expected, name


def test_the_data_of_a_chart_opens_by_keyboard(browser: Browser, built: Path) -> None:
    with visit(browser, built / "html", "nc/charlotte/water.html") as visited:
        summary = visited.page.locator("figure.chart details.data > summary").first
        table = visited.page.locator("figure.chart details.data table").first
        assert not table.is_visible()
        summary.focus()
        visited.page.keyboard.press("Enter")
        assert table.is_visible()


def test_pages_reflow(browser: Browser, built: Path, pages: list[str]) -> None:
    """No page scrolls sideways: at 320 px (a zoom of 400 %), at 640 (200 %), with text twice as large.

    A table that grows wider than the page scrolls in its own box, which the keyboard reaches.
    """
    for name in pages:
        with opened(browser, built, name, width=320) as visited:
            page = visited.page
            for width, text in ((320, 16), (640, 16), (640, 32), (1280, 34)):
                page.set_viewport_size({"width": width, "height": 844})
                page.evaluate(GROWN, f"{text}px")
                told = (name, width, text)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, told
                assert page.evaluate(LOCKED) == [], told
