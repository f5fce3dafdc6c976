"""Sitemap, feed, robots.txt, the page of lost addresses, and the order of the search index."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import sample_brief as sample
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.evidence import places
from cityresearch.press.manuscripts import Entry
from cityresearch.press.web import feed as feeds
from cityresearch.press.web import search
from cityresearch.press.web.search import searched
from cityresearch.press.web.search_order import MARK, decode, encode, put_in_order
from cityresearch.press.web.site_files import root_links, site_files
from cityresearch.project import Project

COLLECTION = sample.COLLECTION
ATOM = {"a": feeds.ATOM}
DOCUMENTS = ["wi/madison/transit", "index", "404", "search", "compare"]


@pytest.fixture(scope="module")
def entries(sample_project: Project) -> list[Entry]:
    slugs = ("madison-wi", "milwaukee-wi")
    found = [places.find(sample_project, "city", slug) for slug in slugs]
    return [Entry("transit", place, "Trips *rose* & <fell>", "A summary", None) for place in found]


def test_the_feed_is_atom_with_ids_that_stay(entries: list[Entry]) -> None:
    content = site_files(COLLECTION, DOCUMENTS, entries)["feed.xml"]
    root = ElementTree.fromstring(content)
    assert root.tag == f"{{{feeds.ATOM}}}feed"
    ids = [found.text for found in root.iterfind("a:entry/a:id", ATOM)]
    assert ids == [
        "tag:briefs.example.org,2026-11-22:edition/2026-11",
        "https://briefs.example.org/cities/wi/milwaukee/transit.html",
        "https://briefs.example.org/cities/wi/madison/transit.html",
    ]
    for part in [root, *root.iterfind("a:entry", ATOM)]:
        for needed in ("id", "title", "updated"):
            assert part.findtext(f"a:{needed}", namespaces=ATOM), needed
        assert part.findtext("a:updated", namespaces=ATOM) == "2026-11-22T00:00:00Z"
    assert root.findtext("a:author/a:name", namespaces=ATOM) == "Fixture Press"
    titles = [found.text for found in root.iterfind("a:entry/a:title", ATOM)]
    assert titles[1] == "Milwaukee, Wisconsin: Trips rose & <fell>"
    assert site_files(COLLECTION, DOCUMENTS, list(reversed(entries)))["feed.xml"] == content


def test_a_feed_has_a_bound_and_says_how_many_there_are(entries: list[Entry]) -> None:
    root = ElementTree.fromstring(feeds.feed(COLLECTION, entries[:1] * 1000))
    assert len(root.findall("a:entry", ATOM)) == feeds.MOST + 1
    assert "1,000 new or changed briefs" in str(root.findtext("a:entry/a:summary", namespaces=ATOM))


def test_the_sitemap_lists_pages_that_stand_by_themselves(entries: list[Entry]) -> None:
    root = ElementTree.fromstring(site_files(COLLECTION, DOCUMENTS, entries)["sitemap.xml"])
    found = [part.text for part in root.iter() if part.tag.endswith("}loc")]
    assert found == [
        "https://briefs.example.org/cities/index.html",
        "https://briefs.example.org/cities/wi/madison/transit.html",
    ]


def test_without_an_address_nothing_claims_one(entries: list[Entry]) -> None:
    bare = COLLECTION.model_copy(update={"address": ""})
    assert site_files(bare, DOCUMENTS, entries) == {"robots.txt": b"User-agent: *\nDisallow:\n"}
    robots = site_files(COLLECTION, DOCUMENTS, entries)["robots.txt"].decode()
    assert "Sitemap: https://briefs.example.org/cities/sitemap.xml" in robots


def test_the_page_of_lost_addresses_works_at_any_depth() -> None:
    page = '<body data-root=""><a href="index.html#find">x</a><a href="#content">y</a>'
    page += '<a href="https://example.org">z</a><script src="_static/city.js">'
    made = root_links(page, COLLECTION)
    assert 'data-root="/cities/"' in made
    assert 'href="/cities/index.html#find"' in made
    assert 'href="#content"' in made
    assert 'href="https://example.org"' in made
    assert 'src="/cities/_static/city.js"' in made


def test_only_the_text_of_marked_pages_is_searched() -> None:
    page = (
        '<head><meta data-pagefind-filter="topic[content]" content="Water"></head>'
        '<main id="content" data-pagefind-body><p class="kicker">Kicker</p><h1>A <em>find</em></h1>'
        '<p>Words.</p><table><tr><td>Cell</td></tr></table><figure><img alt="x"></figure>'
        '<section id="figures" class="closing"><h2>Figures</h2></section></main>'
    )
    assert searched(page) == (
        '<html lang="en"><head><meta data-pagefind-filter="topic[content]" content="Water"></head>'
        "<body><main data-pagefind-body> <h1>A find</h1><p>Words.</p>   </main></body></html>"
    )
    assert searched('<main id="content"><h1>Not marked</h1></main>') == ""


@given(st.sets(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9))), st.integers(1, 12))
def test_every_page_is_in_one_part_of_the_index_and_folders_stay_whole(
    pages: set[tuple[str, int]], most: int
) -> None:
    words = {f"{folder}/{number}/index.html": Path() for folder, number in pages}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "MOST", most)
        found = search.parts(words)
    assert [name for part in found for name in part] == sorted(words)
    assert all(len(part) <= most for part in found)
    for folder in {name[0] for name in words}:
        own = [name for name in words if name[0] == folder]
        assert sum(not part.keys().isdisjoint(own) for part in found) == -(-len(own) // most)


def of_table(head: str, rows: str) -> str:
    """What is searched of a table, in HTML as the book's pages have it."""
    table = (
        f"<table><caption>A</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
    text = searched(f'<main id="content" data-pagefind-body><h1>A</h1>{table}</main>')
    return text.partition("</h1>")[2].partition("</main>")[0]


def test_names_of_rows_are_searched_with_what_state_law_says() -> None:
    head = "<th scope=col>Policy area</th><th scope=col>State law</th><th scope=col>Law</th>"
    rows = (
        "<tr><th>Paid sick leave <small>Requiring it.</small>"
        "<td data-mark=P>Preempted <small>A ban.</small><td>1 Code 2"
        "<tr><th>Broadband<td data-mark=–>None recorded<td>A list <small>As of 2019</small>"
        '<tr><th><a href="https://example.org">A source</a><td data-mark=?>Unknown<td>x'
    )
    assert of_table(head, rows) == (
        '<p data-pagefind-weight="5">Paid sick leave. State law: Preempted (Requiring it; A ban).</p>'
        "<p>Broadband. State law: None recorded.</p>"
    )
    matrix = "<tr><th>Labor<td data-mark=P>Sick leave · Wages<td><td data-mark=?>Heat"
    columns = "".join(f"<th scope=col>{name}</th>" for name in ("Field", "Barred", "None", "Open"))
    assert of_table(columns, matrix) == (
        '<p data-pagefind-weight="5">Labor. Barred: Sick leave · Wages.</p><p>Labor. Open: Heat.</p>'
    )


def test_numbers_and_other_places_of_tables_are_not_searched() -> None:
    head = "<th scope=col>Agency</th><th scope=col class=num>Trips</th>"
    metro = "<tr><th>Metro<td><a href=#f-1>12</a>"
    assert of_table(head, f"{metro}{metro}<tr><th>2,000<td>3") == "<p>Metro.</p>"
    places = '<tr class="own"><th>Madison<td>1<tr><th>Chicago<td>2'
    assert of_table(head, places).strip() == ""


VALUES = st.recursive(
    st.integers(0, 2**40) | st.text(max_size=300), lambda inner: st.lists(inner, max_size=30)
)


@given(VALUES)
def test_what_is_encoded_is_decoded(value: Any) -> None:
    assert decode(encode(value)) == value


def test_known_bytes_of_the_standard() -> None:
    # RFC 8949, appendix A.
    for value, said in ((23, "17"), (24, "1818"), (1000, "1903e8"), ("IETF", "6449455446")):
        assert encode(value).hex() == said
    assert encode([1, [2, 3], [4, 5]]).hex() == "8301820203820405"


def index_of(folder: Path, order: int) -> Path:
    """An index as Pagefind writes it, its filters in one order or the other (`order` 1 or -1)."""
    filters = {"state": [["Ohio", [2]], ["Utah", [0, 1]]], "topic": [["Water", [0, 1, 2]]]}
    (folder / "filter").mkdir(parents=True)
    named = []
    for number, (name, values) in enumerate(list(filters.items())[::order]):
        hashed = f"en_{order % 7}{number}"
        content = gzip.compress(MARK + encode([name, values[::order]]), mtime=0)
        (folder / "filter" / f"{hashed}.pf_filter").write_bytes(content)
        named.append([name, hashed])
    meta = encode(["1.5.2", [["en_1", 9]], [], named, [], ["title"]])
    (folder / f"pagefind.en_{order % 7}.pf_meta").write_bytes(gzip.compress(MARK + meta, mtime=0))
    entry = {"version": "1.5.2", "languages": {"en": {"hash": f"en_{order % 7}", "page_count": 3}}}
    (folder / "pagefind-entry.json").write_text(json.dumps(entry))
    return folder


def test_the_search_index_is_the_same_in_whatever_order_it_came(tmp_path: Path) -> None:
    made = []
    for order in (1, -1):
        folder = index_of(tmp_path / str(order), order)
        put_in_order(folder)
        files = [path for path in folder.rglob("*") if path.is_file()]
        made.append({str(path.relative_to(folder)): path.read_bytes() for path in files})
    assert made[0] == made[1]
    assert len(made[0]) == 4


def test_a_feed_tells_only_new_and_changed_briefs_and_why(entries: list[Entry]) -> None:
    stem = entries[0].href.removesuffix(".html")
    content = feeds.feed(COLLECTION, entries, {stem: "new vintage, text changed"})
    told = ElementTree.fromstring(content).findall("a:entry", ATOM)
    assert len(told) == 2
    assert "1 new or changed brief." in str(told[0].findtext("a:summary", None, ATOM))
    summary = str(told[1].findtext("a:summary", None, ATOM))
    assert summary.endswith(" New vintage, text changed.")
    assert (
        len(ElementTree.fromstring(feeds.feed(COLLECTION, entries, {})).findall("a:entry", ATOM))
        == 1
    )
