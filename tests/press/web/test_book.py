"""The compiled book: whole, the same every time, without dead links or anything of another theme."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sample_brief as sample
from sample_project import empty_project, put_all, put_brief, sample_briefs

from cityresearch.errors import ResearchError
from cityresearch.press.web.book import Book, make_book
from cityresearch.project import Project

STATICS = {
    "calculator.js",
    "city.css",
    "city.js",
    "compare.js",
    "find.js",
    "icon.svg",
    "places.js",
    "sans-400-italic.woff2",
    "sans-400.woff2",
    "sans-600.woff2",
    "search.js",
    "serif-600.woff2",
    "tables.js",
    "vega.js",
}


class Reader(HTMLParser):
    """Collects the scripts, ids, classes and headings of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.classes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.classes += [given["class"] or ""] if "class" in given else []
        self.ids += [given["id"] or ""] if "id" in given else []
        told = given.get("type") == "application/ld+json"  # data, which no browser runs
        self.scripts += [given.get("src")] if tag == "script" and not told else []
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.levels.append(int(tag[1]))


def pages(folder: Path) -> Iterator[tuple[Path, Reader]]:
    for path in sorted(folder.rglob("*.html")):
        yield path, Reader(path.read_text())


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_addresses_are_those_that_others_rely_on(sample_book: Book) -> None:
    for name in (
        "index.html",
        "wi/index.html",
        "wi/budget.html",
        "wi/madison/index.html",
        "wi/madison/transit.html",
        "wi/madison/transit.ipynb",
        "wi/madison/transit.json",
        "wi/madison/transit.pdf",
        "wi/madison/transit-ridership.svg",
        "wi/madison/transit-ridership-narrow.svg",
        "topics/transit.html",
        "sources.html",
        "search.html",
        "compare.html",
        "404.html",
        "robots.txt",
        "sitemap.xml",
        "feed.xml",
        "pagefind/pagefind.js",
    ):
        assert (sample_book.folder / name).is_file(), name


def test_nothing_of_another_theme_is_left(sample_book: Book) -> None:
    assert {path.name for path in (sample_book.folder / "_static").iterdir()} == STATICS
    found = {path.name for path in sample_book.folder.iterdir()}
    assert not found & {"objects.inv", "searchindex.js", "genindex.html", ".buildinfo", "_sources"}
    for path, page in pages(sample_book.folder):
        up = "../" * len(path.relative_to(sample_book.folder).parts[:-1])
        root = "/cities/" if path.name == "404.html" else up
        assert page.scripts[0] == f"{root}_static/city.js"
        assert {f"{root}_static/{name}" for name in STATICS} > set(page.scripts)
        assert not {"cell", "output", "text_html"} & set(" ".join(page.classes).split())


def test_headings_are_in_order_and_ids_are_given_once(sample_book: Book) -> None:
    for path, page in pages(sample_book.folder):
        assert page.levels[0] == 1, path
        assert page.levels.count(1) == 1, path
        steps = zip(page.levels, page.levels[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), path
        assert len(page.ids) == len(set(page.ids)), path


def test_no_page_names_a_folder_of_this_machine(sample_book: Book, sample_project: Project) -> None:
    for path, text in contents(sample_book.folder).items():
        assert str(sample_project.root).encode() not in text, path


def test_a_second_call_finds_nothing_to_do(sample_book: Book, sample_project: Project) -> None:
    before = contents(sample_book.folder)
    again = make_book(sample_project, sample.COLLECTION, sample_briefs(sample_project), workers=1)
    assert not again.made
    assert contents(again.folder) == before


def test_a_mended_brief_gives_the_same_book_as_a_fresh_start(tmp_path: Path, shared: Path) -> None:
    """Guards the incremental build: pages that quote a changed headline must change with it."""
    old, new = (empty_project(tmp_path / name, shared) for name in ("old", "new"))
    wanted = put_all(old)
    make_book(old, sample.COLLECTION, wanted, workers=1)
    put_all(new)
    for project in (old, new):
        put_brief(project, *wanted[0], title="A headline that was mended")
    mended = make_book(old, sample.COLLECTION, wanted, workers=1)
    fresh = make_book(new, sample.COLLECTION, wanted, workers=1)
    assert mended.made
    assert contents(mended.folder) == contents(fresh.folder)


def test_faulty_pages_are_named_and_the_old_book_stays(press_project: Project) -> None:
    wanted = put_all(press_project)[:1]
    book = make_book(press_project, sample.COLLECTION, wanted, workers=1)
    before = contents(book.folder)
    guide = press_project.book / "guide.md"
    faults = {
        "See the [missing page](nowhere.html).": r"guide\.html: nowhere\.html",
        "```{nonsense}\n```": r"guide\.md.*is not read in pages",
    }
    for text, named in faults.items():
        guide.write_text(f"# Guide\n\nWords.\n\n{text}\n")
        for _ in range(2):  # what was compiled with a fault is not taken for whole the next time
            with pytest.raises(ResearchError, match=named):
                make_book(press_project, sample.COLLECTION, wanted, workers=1)
        assert contents(book.folder) == before


def test_pages_that_cannot_be_reached_are_named(press_project: Project) -> None:
    wanted = put_all(press_project)[:1]
    (press_project.book / "guide.md").write_text("# Guide\n\nWords, and [more](more.html).\n")
    (press_project.book / "more.md").write_text("# More\n\nSee the [guide](guide.html).\n")
    named = r"2 pages can't be reached from index\.html:\s+guide\.html\s+more\.html"
    with pytest.raises(ResearchError, match=named):
        make_book(press_project, sample.COLLECTION, wanted, workers=1)
    glossary = press_project.book / "glossary.md"
    glossary.write_text(glossary.read_text() + "\nSee the [guide](guide.html).\n")
    assert (
        make_book(press_project, sample.COLLECTION, wanted, workers=1).folder / "guide.html"
    ).is_file()


def test_one_page_and_one_link_are_told_as_one(press_project: Project) -> None:
    wanted = put_all(press_project)[:1]
    guide = press_project.book / "guide.md"
    for text, told in (
        ("Words.", "book: 1 page can't be reached from index"),
        ("Words, [gone](gone.html).", "book: 1 link leads nowhere:"),
    ):
        guide.write_text(f"# Guide\n\n{text}\n")
        with pytest.raises(ResearchError, match=told):
            make_book(press_project, sample.COLLECTION, wanted, workers=1)


def test_the_published_book_is_not_changed_while_the_next_is_made(
    press_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guards the shared files: the compiler and the press must never write into what readers have."""
    wanted = put_all(press_project)
    book = make_book(press_project, sample.COLLECTION, wanted, workers=1)
    before = contents(book.folder)
    put_brief(press_project, *wanted[0], title="A headline that was mended")
    monkeypatch.setattr("cityresearch.press.web.book.swap_in", lambda *_: None)
    make_book(press_project, sample.COLLECTION, wanted, workers=1)
    assert contents(book.folder) == before
