"""Finding in a real browser, from a static server: places, words, tables, two places side by side."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sample_brief as sample
from browser_checks import chromium, served, visit, visit_served
from playwright.sync_api import Browser, Page, expect
from sample_project import empty_project, put_all, put_brief

from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.estimates import Estimate, differs
from cityresearch.press.figure_list import printed
from cityresearch.press.web import search
from cityresearch.press.web.book import Book, make_book
from cityresearch.press.web.finding_pages import lost_page, places_script
from cityresearch.project import Project


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(sample_book: Book) -> Iterator[str]:
    with served(sample_book.folder) as found:
        yield found


@pytest.mark.parametrize(
    ("typed", "path"),
    [("milwakee", "wi/milwaukee"), ("WASHINGTON dc", "dc/washington"), ("dc", "dc/washington")],
)
def test_a_city_is_found_by_keyboard_alone(
    browser: Browser, address: str, typed: str, path: str
) -> None:
    with visit_served(browser, address, "index.html") as page:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "city":
                break
        page.keyboard.type(typed)
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{path}/index.html")


SAID = {
    "philly": "Philadelphia",
    "okc": "Oklahoma City",
    "mpls": "Minneapolis",
    "nola": "New Orleans",
    "jax": "Jacksonville",
    "slc": "Salt Lake City",
    "st pete": "St. Petersburg",
    "twin cities": "Minneapolis|St. Paul",
    "forth worth": "Fort Worth",
    "stockt": "Stockton",
    "sanfrancisco": "San Francisco",
    "stlouis": "St. Louis",
    "newyorkcity": "New York",
    "winston salem": "Winston-Salem",
    "kansas city ks": "Kansas City, Kansas",
    "kansas city ne": "Kansas City, Missouri|Kansas City, Kansas",
    "kansas city mo": "Kansas City, Missouri",
    "oklahoma city": "Oklahoma City",
    "new york city": "New York",
    "new york city ny": "New York",
    "new yrok city": "New York",
    "st louis city": "St. Louis",
    "city": "Oklahoma City|Kansas City, Missouri",
    "oregon city": "",
    "michigan city": "",
    "texas city": "",
    "City of Madison": "Madison",
    "city of los angeles": "Los Angeles",
    "The City and County of Denver": "Denver",
    "town of gilbert": "Gilbert",
    "county of jefferson": "Louisville",
    "county of los angeles": "",
    "district of columbia": "Washington",
    "washington dc": "Washington",
    "nowhere xx": "",
}


def test_names_as_people_say_them_lead_to_their_places(
    browser: Browser, address: str, sample_project: Project
) -> None:
    found = places.where(sample_project, "city", "population >= 150000")
    largest = sorted(found, key=lambda place: -(place.population or 0))
    script = places_script(sample_project, largest)
    with visit_served(browser, address, "index.html") as page:
        page.route("**/places.js", lambda route: route.fulfill(body=script))
        box = page.locator("#city")
        for typed, names in SAID.items():
            box.fill(typed)
            page.locator(".finder [role=status]").filter(has_text="place").wait_for()
            shown = page.get_by_role("option").all_inner_texts()
            assert len(shown) >= len(names.split("|")) if names else not shown, (typed, shown)
            assert typed != "forth worth" or len(shown) == 1  # others need more slips
            for text, name in zip(shown, names.split("|"), strict=False):
                assert " ".join(text.split()).replace(" ,", ",").startswith(name), (typed, shown)


def test_a_short_name_of_no_city_is_told(press_project: Project) -> None:
    path = press_project.book / "short-names.yml"
    path.write_text("names:\n  philadelfia-pa: [Philly]\n", encoding="utf-8")
    with pytest.raises(
        ResearchError, match=r"short-names\.yml, names: there is no city 'philadelf"
    ):
        places_script(press_project, [])


def test_a_page_that_is_gone_may_be_of_an_earlier_edition() -> None:
    for changes in (True, False):
        page = lost_page(sample.COLLECTION, changes=changes)
        assert "have been in an earlier edition only" in page and "index.html" in page
        assert ("changes.html" in page) is changes


def rows(page: Page) -> list[str]:
    shown = page.locator("table.of-places tbody tr:visible th a")
    return shown.all_inner_texts()


def test_a_table_is_sorted_by_its_headings(browser: Browser, address: str) -> None:
    with visit_served(browser, address, "topics/transit.html") as page:
        assert rows(page) == ["Washington", "Madison", "Milwaukee"]
        place = page.get_by_role("columnheader", name="Place")
        place.get_by_role("button").focus()
        page.keyboard.press("Enter")
        assert rows(page) == ["Madison", "Milwaukee", "Washington"]
        assert place.get_attribute("aria-sort") == "ascending"
        page.keyboard.press("Enter")
        assert rows(page) == ["Washington", "Milwaukee", "Madison"]
        assert place.get_attribute("aria-sort") == "descending"
        people = page.get_by_role("columnheader", name="Residents")
        people.get_by_role("button").click()
        assert rows(page) == ["Washington", "Milwaukee", "Madison"]
        assert place.get_attribute("aria-sort") is None
        page.emulate_media(media="print")  # a heading on paper is no button
        boxes = (
            "[...document.querySelectorAll('thead button')].map(b => getComputedStyle(b).display)"
        )
        assert set(page.evaluate(boxes)) == {"contents"}


def test_a_table_is_filtered_with_a_count(browser: Browser, address: str) -> None:
    with visit_served(browser, address, "topics/transit.html", width=390) as page:
        status = page.locator(".filters [role=status]")
        assert status.inner_text() == "3 of 3 places shown"
        page.get_by_label("Filter by name").fill("mil")
        assert rows(page) == ["Milwaukee"]
        assert status.inner_text() == "1 of 3 places shown"
        for typed, count in (("WI", 2), ("district-of col", 1), ("madison wisc", 1), ("dison", 0)):
            page.get_by_label("Filter by name").fill(typed)
            assert len(rows(page)) == count, typed
        for typed, names in (
            ("City of Madison", ["Madison"]),
            ("the city and county of milwaukee", ["Milwaukee"]),
            ("madison city", ["Madison"]),
            ("wisconsin city", []),
        ):
            page.get_by_label("Filter by name").fill(typed)
            assert rows(page) == names, typed
        page.get_by_label("Filter by name").fill("")
        page.get_by_label("State").select_option("Wisconsin")
        assert rows(page) == ["Madison", "Milwaukee"]


def test_a_filter_is_no_wider_than_a_phone_with_large_letters(
    browser: Browser, address: str
) -> None:
    with visit_served(browser, address, "topics/transit.html", width=390) as page:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        for box in page.locator(".filters :is(input, select)").all():
            edges = box.bounding_box()
            assert edges and edges["x"] + edges["width"] <= 390


def test_tables_are_whole_without_scripts(browser: Browser, sample_book: Book) -> None:
    folder = sample_book.folder
    with visit(browser, folder, "topics/transit.html", scripts=False) as visited:
        assert rows(visited.page) == ["Washington", "Madison", "Milwaukee"]
        assert not visited.page.locator(".filters").is_visible()
        assert visited.page.locator("thead button").count() == 0


def test_words_of_a_brief_are_found_and_narrowed(browser: Browser, address: str) -> None:
    with visit_served(browser, address, "search.html") as page:
        page.get_by_label("Words").fill('"reach work without a car"')
        told = page.locator("#told")
        told.filter(has_text="4 pages found").wait_for()
        page.get_by_label("State").select_option("District of Columbia")
        told.filter(has_text="1 page found").wait_for()
        result = page.locator("#results li")
        assert result.locator(".kicker").inner_text() == "Washington, D.C. · Transit"
        assert result.get_by_role("link").inner_text().startswith("Transit in the Madison area")
        assert "reach+work" in page.url
        result.get_by_role("link").click()
        page.wait_for_url("**/dc/washington/transit.html")


def test_a_field_of_policy_leads_first_to_the_law_on_it(browser: Browser, tmp_path: Path) -> None:
    """A status in a table counts by what it tells, in Pagefind's own index."""
    statuses = {"a": ("–", "None recorded"), "b": ("P", "Preempted"), "c": ("?", "Unknown")}
    words = {}
    for name, (mark, said) in statuses.items():
        table = (
            "<table><thead><tr><th>Policy area</th><th>State law</th></tr></thead><tbody>"
            f"<tr><th>Municipal broadband<td data-mark={mark}>{said}</tbody></table>"
        )
        page = f'<main id="content" data-pagefind-body><h1>State {name}</h1>{table}</main>'
        words[f"{name}.html"] = tmp_path / f"{name}.words"
        words[f"{name}.html"].write_text(search.searched(page), encoding="utf-8")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "index.html").write_text("<title>Empty</title>")
    search.make_index(words, tmp_path / "kept")
    search.put_index(tmp_path / "book", tmp_path / "kept")
    with served(tmp_path / "book") as at, visit_served(browser, at, "index.html") as page:
        found = page.evaluate(
            """async () => {
              const engine = await import("/pagefind/pagefind.js");
              const { results } = await engine.search("broadband");
              return Promise.all(results.map((hit) => hit.data().then((it) => [it.url, it.excerpt])));
            }"""
        )
    assert len(found) == 3
    assert found[0][0] == "/b.html"
    assert "Municipal <mark>broadband.</mark> State law: Preempted." in found[0][1]


def test_everyday_words_lead_to_the_areas_that_briefs_name_otherwise(
    browser: Browser, tmp_path: Path, sample_book: Book
) -> None:
    """A word of three letters that no text has is told, too."""
    book, words = tmp_path / "book", {}
    shutil.copytree(sample_book.folder, book)
    shutil.rmtree(book / "pagefind")
    for name in ("Firearms", "Rent control", "Short-term rentals", "Ride-hailing", "Tobacco"):
        words[f"{name[:4]}.html"] = tmp_path / f"{name}.words"
        page = f'<main id="content" data-pagefind-body><h1>{name}</h1><p>A law.</p></main>'
        words[f"{name[:4]}.html"].write_text(search.searched(page), encoding="utf-8")
    search.make_index(words, tmp_path / "kept")
    search.put_index(book, tmp_path / "kept")
    with served(book) as at, visit_served(browser, at, "search.html") as page:
        found, told = page.locator("#results li"), page.locator("#told")
        for typed, name in {
            "gun": "Firearms",
            "guns": "Firearms",
            "gun control": "Firearms",
            "airbnb": "Short-term rentals",
            "vacation rental": "Short-term rentals",
            "Uber": "Ride-hailing",
            "e-cigarettes": "Tobacco",
            "vaping": "Tobacco",
        }.items():
            page.get_by_label("Words").fill(typed)
            told.filter(has_text=f"Pages on “{name.lower()}”, which may be").wait_for()
            expect(found).to_have_count(1)
            assert name in found.inner_text(), typed
            page.get_by_label("Words").fill("")
        page.get_by_label("Words").fill("rent xyz")
        told.filter(has_text="No text has “xyz” quite so").wait_for()
        page.get_by_label("Words").fill("rent control")
        expect(told).to_have_text("1 page found.")


def test_a_search_can_be_given_as_an_address(browser: Browser, address: str) -> None:
    with visit_served(browser, address, "search.html?q=glossary") as page:
        page.locator("#results a[href$='/glossary.html']").first.wait_for()


def test_an_index_in_parts_is_searched_as_one(
    browser: Browser, tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST", 3)
    project = empty_project(tmp_path / "project", shared)
    wanted = put_all(project)
    book = make_book(project, sample.COLLECTION, wanted, workers=1).folder
    names = json.loads((book / "pagefind" / "parts.json").read_text())
    assert len(names) > 1
    entries = [book / "pagefind" / name / "pagefind-entry.json" for name in ("", *names)]
    before = [path.stat().st_ino for path in entries]
    with served(book) as address, visit_served(browser, address, "search.html") as page:
        page.get_by_label("Words").fill('"reach work without a car"')
        page.locator("#told").filter(has_text="4 pages found").wait_for()
        kickers = page.locator("#results .kicker").all_inner_texts()
        named = {text.rpartition(" · ")[0] for text in kickers}
        assert named > {"Madison, Wisconsin", "Washington, D.C."}
        page.get_by_label("State").select_option("District of Columbia")
        page.locator("#told").filter(has_text="1 page found").wait_for()
    put_brief(project, *wanted[-1], title="A mended headline")
    make_book(project, sample.COLLECTION, wanted, workers=1)
    again = [was == path.stat().st_ino for was, path in zip(before, entries, strict=True)]
    assert any(again) and not all(again), "parts whose words are the same are kept"


def test_a_search_that_finds_something_else_says_so(browser: Browser, address: str) -> None:
    """Pagefind takes what begins like a word that no page has; a place is often meant."""
    with visit_served(browser, address, "search.html?q=workqwer") as page:
        told = page.locator("#told")
        told.filter(has_text="No text has “workqwer” quite so.").wait_for()
        assert "Is it a place" not in told.inner_text()
        page.get_by_label("Words").fill("milwakee")
        told.get_by_role("link", name="Milwaukee, Wisconsin").click()
        page.wait_for_url("**/wi/milwaukee/index.html")
    with visit_served(browser, address, "search.html?q=%248.10") as page:
        page.locator("#told").filter(has_text="4 pages found.").wait_for()
    with visit_served(browser, address, "search.html?q=work") as page:
        page.locator("#told").filter(has_text="found.").wait_for()
        assert page.locator("#told").inner_text().endswith("pages found.")
        assert "No text" not in page.locator("#told").inner_text()


def test_a_search_from_a_folder_says_why_not(browser: Browser, sample_book: Book) -> None:
    with visit(browser, sample_book.folder, "search.html") as visited:
        visited.page.locator("#told", has_text="web address").wait_for()
        assert visited.complaints == []


def test_two_places_stand_side_by_side(browser: Browser, address: str) -> None:
    with visit_served(browser, address, "wi/madison/transit.html?with=dc/washington") as page:
        page.wait_for_url("**/compare.html?*")
        page.get_by_role("columnheader", name="Washington, D.C.").wait_for()
        cells = page.locator("table.compared tbody tr").first.locator("th, td")
        texts = [" ".join(text.split()) for text in cells.all_inner_texts()]
        assert texts == ["Transit trips per resident trips", "22.2", "38", "fewer"]
        assert page.get_by_label("First place").input_value() == "Madison, Wisconsin"
        page.get_by_role("link", name="22.2").click()
        page.wait_for_url("**/wi/madison/transit.html#f-*")
        entry = page.locator(":target")
        assert entry.is_visible() and "22.2" in entry.inner_text()


def test_the_figures_of_two_places_are_printed_as_the_tables_print_them(
    browser: Browser, address: str, sample_book: Book
) -> None:
    """With their margins: the script rounds nothing itself."""
    facts = json.loads((sample_book.folder / "wi/madison/transit.json").read_text("utf-8"))
    (fact,) = facts["facts"]
    given = {**fact, "value": 78.16, "moe": 6.0, "unit": "USD a month"}
    text = json.dumps({**facts, "facts": printed([given])})
    with visit_served(browser, address, "compare.html") as page:
        page.route("**/madison/transit.json", lambda route: route.fulfill(body=text))
        page.route("**/washington/transit.json", lambda route: route.fulfill(body=text))
        page.goto(f"{address}/compare.html?topic=transit&a=wi/madison&b=dc/washington")
        cells = page.locator("table.compared tbody td.num").first
        assert " ".join(cells.inner_text().split()) == "$78 ± $6"
        told = page.locator("#told").inner_text()
        assert "no difference to show" in told and "Madison, WI urbanized area" in told
        law = {**given, "id": "law", "label": "laws on record"}
        texts = [
            json.dumps({**facts, "facts": printed([given, {**law, "value": value}])})
            for value in (3.0, 4.0)
        ]
        page.route("**/madison/transit.json", lambda route: route.fulfill(body=texts[0]))
        page.route("**/washington/transit.json", lambda route: route.fulfill(body=texts[1]))
        page.reload()
        page.locator("#told", has_text="Others in the two briefs do").wait_for()
        bare = json.dumps({**facts, "facts": []})
        page.route("**/washington/transit.json", lambda route: route.fulfill(body=bare))
        page.reload()
        page.locator("#told", has_text="Nothing can be compared here").wait_for()
        assert page.locator("table.compared").count() == 0
        assert page.locator("#side-by-side a").count() == 2


def test_an_address_of_no_place_is_named_and_a_slash_is_forgiven(
    browser: Browser, address: str
) -> None:
    with visit_served(browser, address, "wi/madison/transit.html?with=dc/washington/") as page:
        page.get_by_role("columnheader", name="Washington, D.C.").wait_for()
    with visit_served(browser, address, "wi/madison/transit.html?with=il/chicagoo") as page:
        page.locator("#told", has_text="no place at the address “il/chicagoo”").wait_for()
    for copied in (
        "https://host.example/cities/dc/washington/transit.html",
        "dc/washington/transit",
        "DC/Washington/index.html#f-1",
    ):
        at = f"wi/madison/transit.html?with={quote(copied)}"
        with visit_served(browser, address, at) as page:
            page.get_by_role("columnheader", name="Washington, D.C.").wait_for()
    with visit_served(browser, address, "compare.html?a=xx&b=il") as page:
        page.locator("#told", has_text="no places at the addresses “xx” and “il”").wait_for()
    for at in ("wi/madison/index.html?with=dc/washington", "compare.html?with=dc/washington"):
        with visit_served(browser, address, at) as page:
            page.wait_for_function("document.querySelector('#b')?.value == 'Washington, D.C.'")
            first = "Madison, Wisconsin" if at.startswith("wi") else ""
            assert page.get_by_label("First place").input_value() == first
    with visit_served(browser, address, "wi/madison/transit.html?with=wi/madison") as page:
        page.locator("#told", has_text="Both are the same place").wait_for()


def test_places_are_chosen_for_comparison_by_keyboard(browser: Browser, address: str) -> None:
    with visit_served(browser, address, "compare.html?topic=transit") as page:
        for name, typed in (("First place", "milwau"), ("Second place", "madson")):
            box = page.get_by_label(name, exact=True)
            box.focus()
            page.keyboard.type(typed)
            page.locator("li[role=option]:visible").first.wait_for()
            page.keyboard.press("Enter")
        page.get_by_role("columnheader", name="Madison, Wisconsin").wait_for()
        assert "a=wi%2Fmilwaukee&b=wi%2Fmadison" in page.url


def test_a_box_that_is_left_names_the_place_that_is_compared(
    browser: Browser, address: str
) -> None:
    at = "compare.html?topic=transit&a=wi/madison&b=dc/washington"
    with visit_served(browser, address, at) as page:
        box = page.get_by_label("Second place", exact=True)
        page.get_by_role("columnheader", name="Washington, D.C.").wait_for()
        box.fill("Milwaukee")
        page.keyboard.press("Tab")
        page.get_by_role("columnheader", name="Milwaukee, Wisconsin").wait_for()
        assert "b=wi%2Fmilwaukee" in page.url
        for typed in ("", "wisconsin", "nowhere"):
            box.fill(typed)
            page.keyboard.press("Tab")
            expect(box).to_have_value("Milwaukee, Wisconsin")
            expect(page.locator("#told")).to_contain_text("and Milwaukee, Wisconsin")


def test_a_brief_that_is_not_there_is_named(browser: Browser, address: str) -> None:
    at = "compare.html?topic=budget&a=wi/madison&b=dc/washington"
    with visit_served(browser, address, at) as page:
        page.locator("#told", has_text="no brief on state budget for Madison, Wisconsin").wait_for()


ESTIMATES = [
    {"value": value, "moe": moe, "low": low, "high": high, "reason": None}
    for value, moe, low, high in [
        (10.0, 0.0, None, None),
        (10.0 + 1e-12, 0.0, None, None),
        (11.0, 0.0, None, None),
        (12.0, 1.5, None, None),
        (14.0, 1.5, None, None),
        (14.2, 1.5, None, None),
        (14.0, None, 13.5, 18.0),
        (11.5, None, 9.0, 11.7),
        (13.0, None, None, None),
        (-3.0, 2.0, None, None),
        (0.0, 0.0, None, None),
    ]
] + [{"value": None, "moe": None, "low": None, "high": None, "reason": "not there"}]


def test_the_script_tells_differences_as_python_does(browser: Browser, address: str) -> None:
    pairs: list[tuple[Any, Any]] = list(itertools.product(ESTIMATES, repeat=2))
    with visit_served(browser, address, "compare.html") as page:
        told = page.evaluate(
            f"{json.dumps(pairs)}.map(pair => window.cityDiffers(pair[0], pair[1]))"
        )
    expected = [differs(Estimate(**one), Estimate(**other)) for one, other in pairs]
    assert told == expected
    assert set(expected) == {True, False, None}
