"""Planted faults: texts from data, names and declarations that try to be more than text."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
import sample_brief as sample
from browser_checks import POLICY, chromium, scroll_through, served
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from sample_project import empty_project, put_brief

from cityresearch.briefs import prose, svg
from cityresearch.briefs.blocks import Cell, Column, Table
from cityresearch.briefs.html import block_html
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.checks import check
from cityresearch.evidence.declarations import load_yaml
from cityresearch.evidence.places import Place
from cityresearch.evidence.sources import Table as TableOf
from cityresearch.press import spreadsheets
from cityresearch.press.export import export_brief
from cityresearch.press.manuscripts import Manuscript
from cityresearch.press.paper.briefing import guide_text
from cityresearch.press.policy import sealed
from cityresearch.press.references import in_script, name_of
from cityresearch.press.running.store import unpack
from cityresearch.press.web.book import Book, make_book
from cityresearch.press.web.feed import feed
from cityresearch.project import Project

EVIL = '<img src=x onerror="hacked=1"><script>hacked=1</script>"\''
PAGES = (
    "index.html",
    "wi/index.html",
    "wi/madison/index.html",
    "wi/madison/transit.html",
    "topics/transit.html",
    "sources.html",
    "methods.html",
    "404.html",
)
TAKEN = """() => [
    typeof hacked,
    document.querySelectorAll("[onerror], img[src=x], script:not([src]):not([type])").length,
]"""
CALCULATOR = {
    "kind": "bill_calculator",
    "title": "Your own bill",
    "worked": "A made-up case: $100 of $30,000 a year is 4.0 percent.",
    "wage": 10.0,
    "burden": [4.0, 7.0],
    "poverty": [20.0, 35.0],
    "classes": ["low", "low to middle", "middle", "high to middle", "high"],
    "method": "Made-up cut-offs.",
}
fault = pytest.mark.fault


# ---- A book all of whose texts are poisoned, in a browser


def poisoned(content: Any, key: str = "") -> Any:
    """The content with a script after each text that is shown."""
    if isinstance(content, dict):
        return {name: poisoned(each, name) for name, each in content.items()}
    if isinstance(content, list):
        return [poisoned(each, key) for each in content]
    shown = ("text", "value", "label", "title", "caption", "note", "notes", "sub", "source", "alt")
    return f"{content} {EVIL}" if isinstance(content, str) and key in shown else content


def block(notebook: dict[str, Any], kind: str) -> dict[str, Any]:
    """The output of the first cell that shows a block of this kind."""
    for cell in notebook["cells"]:
        for out in cell.get("outputs", []):
            if out["data"].get(sample.MIME, {}).get("kind") == kind:
                return out  # type: ignore[no-any-return]
    raise AssertionError(kind)


def evil_brief(project: Project) -> Place:
    """Puts a brief of which names, headline, figures and charts are poisoned."""
    place = places.find(project, "city", "madison-wi")
    evil = dataclasses.replace(
        place, name=f"Madison {EVIL}", full_name=f"Madison {EVIL}, Wisconsin"
    )
    put_brief(project, "transit", evil, title=f"Trips are back {EVIL}", summary=f"Said {EVIL}")
    file = project.build / "notebooks" / evil.path / "transit.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    form = copy.deepcopy(block(notebook, "callout"))
    form["data"] = {sample.MIME: CALCULATOR}
    cell = {"cell_type": "code", "metadata": {}, "source": "", "execution_count": 1}
    notebook["cells"].append({**cell, "outputs": [form]})
    for each in notebook["cells"]:
        for out in each.get("outputs", []):
            if sample.MIME in out["data"]:
                out["data"][sample.MIME] = poisoned(out["data"][sample.MIME])
    file.write_text(json.dumps(notebook), "utf-8")
    facts = project.build / "facts" / evil.path / "transit.json"
    content = json.loads(facts.read_text("utf-8"))
    content["facts"] = poisoned(content["facts"])
    facts.write_text(json.dumps(content), "utf-8")
    return evil


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return empty_project(
        tmp_path_factory.mktemp("evil") / "project", tmp_path_factory.mktemp("shared")
    )


@pytest.fixture(scope="module")
def evil(project: Project) -> Place:
    return evil_brief(project)


@pytest.fixture(scope="module")
def book(project: Project, evil: Place) -> Book:
    other = places.find(project, "city", "milwaukee-wi")
    put_brief(project, "transit", other)
    briefs = [("transit", evil), ("transit", other)]
    return make_book(project, sample.COLLECTION, briefs, workers=1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(book: Book) -> Iterator[str]:
    with served(book.folder) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails at the end where the browser complained of a policy or of a script."""
    faults: list[str] = []
    opened = browser.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if POLICY in said.text else None)
    yield opened
    taken = opened.evaluate(TAKEN)
    opened.close()
    assert (faults, taken) == ([], ["undefined", 0])


@pytest.mark.parametrize("name", PAGES)
@fault(
    "script in data", "a script in every name, headline, label and cell", "escaping; browser test"
)
def test_no_page_obeys_a_script_in_its_data(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/{name}")
    scroll_through(page)
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1


@fault("script in data", "a script in the specification of a live chart", "policy; browser test")
def test_charts_and_calculator_live_under_the_policy(page: Page, address: str) -> None:
    page.goto(f"{address}/wi/madison/transit.html")
    scroll_through(page)
    assert page.locator("figure.chart .live svg").count() >= 1
    page.locator("figure.chart .live svg path").first.hover(force=True)
    page.get_by_label("Your bill a month").fill("100")
    page.get_by_label("Income of your home").fill("30000")
    page.get_by_role("button", name="Work it out").click()
    assert page.locator(".calculator .share").inner_text().strip() == "4.0"


@fault("script in data", "live charts from a folder, without a web host", "policy; browser test")
def test_a_book_opened_from_a_folder_keeps_its_style_and_scripts(page: Page, book: Book) -> None:
    page.goto((book.folder / "wi/madison/transit.html").as_uri())
    scroll_through(page)
    assert page.locator("figure.chart .live svg").count() >= 1
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Source Sans')


@fault("script in data", "a script in the words that the search shows", "text alone is taken")
def test_the_search_shows_words_and_obeys_none(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html")
    page.get_by_label("Words").fill("hacked")
    page.locator("#results li").first.wait_for()
    assert page.locator("#results mark").count() >= 1
    assert page.locator("#results img").count() == 0


@fault("script in data", "a script in the name of a place that is compared", "text alone is taken")
def test_comparing_obeys_no_name(page: Page, address: str) -> None:
    page.goto(f"{address}/compare.html?topic=transit&a=wi/milwaukee&b=wi/madison")
    page.locator("#side-by-side", has_text="Madison <img").wait_for()
    assert page.locator("#side-by-side img").count() == 0


@fault("script in data", "an inline script that slipped into a page", "the policy of the page")
def test_the_policy_stops_a_script_that_slipped_in(browser: Browser, address: str) -> None:
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    slip = "<script>hacked=1</script><p onclick='hacked=1' style='color:red'>Here</p></body>"

    def slipped(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", slip))

    opened.route("**/methods.html", slipped)
    opened.goto(f"{address}/methods.html")
    opened.get_by_text("Here", exact=True).click()
    assert opened.evaluate("typeof hacked") == "undefined"
    assert any(POLICY in message for message in said)
    opened.close()


@fault("script in data", "an export and its poisoned brief, opened from disk", "hash of its style")
def test_an_export_obeys_nothing(page: Page, project: Project, evil: Place, tmp_path: Path) -> None:
    (project.build / "evil.html").unlink(missing_ok=True)
    (tmp_path / "brief.html").write_bytes(export_brief(project, "transit", evil, "html")[1])
    page.goto((tmp_path / "brief.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Source Sans')
    pictures = "[...document.images].every(one => one.complete && one.naturalWidth > 0)"
    assert page.evaluate(pictures)


@fault(
    "script in data", "a second style in a page that stands alone", "the seal refuses it by hash"
)
def test_a_seal_holds_one_style_and_no_script() -> None:
    whole = '<head>\n<meta charset="utf-8">\n<style>p { color: red }</style></head>'
    policy = sealed(whole)
    assert "style-src 'sha256-" in policy and "script-src" not in policy
    assert "default-src 'none'" in policy
    with pytest.raises(ValueError, match="one style"):
        sealed("<head></head>")


@fault("script in data", "</script> in the title of a brief, inside JSON-LD", "escaped sign")
def test_linked_data_cannot_end_its_element() -> None:
    said = in_script({"name": "</script><script>hacked=1</script>", "other": "<!--"})
    assert "<" not in said
    assert json.loads(said)["name"].startswith("</script>")


@fault("script in data", "a script in the label of a chart, in its SVG file", "escaping")
def test_a_drawing_holds_no_element_of_a_label() -> None:
    spec = {
        "data": {"values": [{"name": EVIL, "value": 1}]},
        "mark": "text",
        "encoding": {"text": {"field": "name"}, "y": {"field": "name"}},
        "description": EVIL,
    }
    drawn = ElementTree.fromstring(svg.for_web(svg.render(spec)))
    names = {each.tag.rpartition("}")[2] for each in drawn.iter()}
    assert not names & {"script", "image", "img", "foreignObject"}
    assert not any(name.startswith("on") for each in drawn.iter() for name in each.attrib)
    assert "hacked" in "".join(drawn.itertext())


@fault("script in data", "a script in a title of the feed", "escaping")
def test_the_feed_holds_titles_as_text() -> None:
    collection = sample.COLLECTION.model_copy(update={"subtitle": EVIL, "new": [EVIL]})
    written = feed(collection, [])
    assert b"<script" not in written and b"<img" not in written
    assert EVIL in "".join(ElementTree.fromstring(written).itertext())


# ---- Links


@pytest.mark.parametrize(
    "href",
    [
        "javascript:hacked=1",
        "JaVaScRiPt:hacked=1",
        " javascript:hacked=1",
        "java\nscript:hacked=1",
        "data:text/html,<script>hacked=1</script>",
        "vbscript:x",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
    ],
)
@fault("harmful link", "an address of a script or of another host, in a cell", "refused by name")
def test_a_link_of_a_cell_is_http_or_within_the_site(href: str) -> None:
    with pytest.raises(ResearchError, match="neither"):
        Table("t", "Laws", [Column("Law")], [[Cell("A law", href=href)]])
    row = {"kind": "table", "id": "t", "caption": "Laws", "columns": [{"label": "Law"}]}
    html = block_html({**row, "rows": [[{"text": "A law", "href": href}]]})
    assert "<a" not in html and "A law" in html


def test_links_of_laws_and_pages_stay() -> None:
    for href in ("https://law.example.org/a:b", "../../methods.html#a", "/cities/index.html"):
        Table("t", "Laws", [Column("Law")], [[Cell("A law", href=href)]])


@pytest.mark.parametrize(
    "text",
    ["[a](javascript:hacked=1)", "<javascript:hacked=1>", "[a](https://elsewhere.example)", "`x`"],
)
@fault("harmful link", "a link in the name of a place, in prose", "prose takes data as words")
def test_prose_prints_data_as_words(text: str) -> None:
    from cityresearch.press.export import prose_html

    said = prose.resolve("It is {eval}`name`.", {"name": text})
    html = prose_html(said)
    assert "<a" not in html and "<code" not in html


@fault("harmful link", "a heading and HTML on further lines of a name", "one line of words")
def test_a_text_of_data_stays_on_its_line() -> None:
    said = prose.resolve("In {eval}`name` it is.", {"name": "A\n\n# B\r\n```{raw} html\n"})
    assert "\n" not in said and "\r" not in said and "\\`" in said


@pytest.mark.parametrize(
    "written",
    [
        "```{raw} html\n<script>hacked=1</script>\n```",
        "```{include} ../../../_config.yml\n```",
        "```{eval-rst}\n.. raw:: html\n\n   <script>hacked=1</script>\n```",
        ":::{raw} html\n<script>hacked=1</script>\n:::",
    ],
)
@fault("script in an insert", "a directive for raw HTML or for a file", "the book names the page")
def test_no_directive_is_obeyed_in_a_page(tmp_path: Path, project: Project, written: str) -> None:
    own = empty_project(tmp_path / "project", (project.build / "shared").resolve())
    (own.book / "about.md").write_text(f"# About\n\nA paragraph.\n\n{written}\n")
    place = places.find(own, "city", "madison-wi")
    put_brief(own, "transit", place)
    with pytest.raises(ResearchError, match=r"directive '.*' is not read"):
        make_book(own, sample.COLLECTION, [("transit", place)], workers=1)


# ---- Spreadsheets


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("https://elsewhere.example","Open")',
        "+1+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "\t=1+1",
        "\ufeff=1+1",
        "\n=1+1",
        "＝1+1",
    ],
)
@fault("formula in a cell", "a formula in the name of an agency", "an apostrophe before it")
def test_no_text_is_a_formula(text: str) -> None:
    assert spreadsheets.text(text).startswith("'")
    table = {"columns": [{"label": text}], "rows": [[text]], "caption": text, "source": text}
    for row in spreadsheets.table_csv(table, [], []).splitlines():
        assert not row.startswith(spreadsheets.FORMULA)
        assert not row.strip('"').startswith(spreadsheets.FORMULA)


@pytest.mark.parametrize("number", ["-4", "-4.5", "+3", "-$1,200.50", "-12%"])
def test_numbers_stay_numbers(number: str) -> None:
    assert spreadsheets.text(number) == number


@given(st.text(min_size=1))
def test_no_text_at_all_is_a_formula(text: str) -> None:
    cell = spreadsheets.text(text)
    assert not cell.startswith(spreadsheets.FORMULA) or spreadsheets.PLAIN.fullmatch(cell)
    assert not set(cell) & set("\n\r\t")


# ---- Paths


@pytest.mark.parametrize(
    "path", ["../../etc/cron.d", "/etc", "wi/..", "wi\\x", "wi/./a", "", "a//b"]
)
@fault("path that leads away", "../ in the path of a city", "refused by name of the city")
def test_a_place_cannot_lie_outside_of_the_book(path: str) -> None:
    row = {"geoid": "55", "name": "A", "possessive": "A's", "slug": "a-wi", "path": path}
    row |= {"state": "WI", "state_name": "Wisconsin", "full_name": "A, Wisconsin"}
    frame = pd.DataFrame([{**row, "population": 1}])
    with pytest.raises(ResearchError, match="can't be an address"):
        places.place_at(frame, "city", 0)


@pytest.mark.parametrize(
    "name",
    ["../secret.md", "sub/../../secret.md", "link.md", "{outside}/secret.md", "a\0.md", "x" * 5000],
)
@fault("path that leads away", "../, a link or a root in a briefing book's guide", "no such guide")
def test_a_guide_lies_beside_its_briefing_book(tmp_path: Path, project: Project, name: str) -> None:
    folder = tmp_path / "meeting"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("# Secret\n\nText.\n")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(ResearchError, match="there is no guide"):
        guide_text(project, folder, name.format(outside=tmp_path), "session 1")


@pytest.mark.parametrize("name", ["../a", "/etc/a", "a/../../b", "c:\\a", "a\\..\\b"])
@fault("path that leads away", "../ in a member of an archive", "refused, nothing is written")
def test_a_member_of_an_archive_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ResearchError, match="outside"):
        unpack(archive(name, zipfile.ZIP_STORED), tmp_path / "in")
    assert list(tmp_path.iterdir()) == []


@fault("endless input", "an archive that unfolds to a thousand times its size", "refused")
def test_an_archive_that_unfolds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResearchError, match="is compressed"):
        unpack(archive("a", zipfile.ZIP_DEFLATED), tmp_path / "in")


def archive(name: str, how: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as opened:
        opened.writestr(zipfile.ZipInfo(name), b"0" * 100_000, how)
    return made.getvalue()


@fault("path that leads away", "../ in the publisher, which names a package's folder", "left out")
def test_a_publisher_cannot_lead_out_of_a_package(evil: Place) -> None:
    collection = sample.COLLECTION.model_copy(update={"publisher": "../../etc\\x"})
    topic: Any = type("Named", (), {"name": "transit"})
    name = name_of(Manuscript(topic, evil, {}, {}), collection)
    assert not set(name) & set("/\\.")


# ---- Declarations and tables

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
WRONG = {
    "a bomb of aliases": BOMB,
    "an alias inside its own list": "a: &a [*a]",
    "lists nested 200,000 deep": "a: " + "[" * 200_000,
    "keys nested 3,000 deep": "\n".join(" " * depth + "a:" for depth in range(3000)),
    "an object of Python": "a: !!python/object/apply:os.system ['true']",
    "a tag that turns a text into a number": "a: !!int x",
    "a tag that turns a text into a flag": "a: !!bool x",
    "a tag that turns a text into a date": "a: !!timestamp x",
    "a number of 5,000 digits": "a: " + "9" * 5000,
    "a list as a key": "? [a, b]\n: c",
    "keys as a key": "? {a: b}\n: c",
    "a sign of a private plane": 'a: "\\U000F0001"',
    "a sign that turns the text round": 'a: "Madison\\u202Enosidam"',
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
@fault("endless or harmful YAML", "bombs, objects, depth, digits, tags, signs", "refused by line")
def test_a_declaration_is_plain_data(text: str) -> None:
    with pytest.raises(ResearchError, match="not valid YAML"):
        load_yaml(text, "topic.yml")


TABLE = TableOf.model_validate(
    {
        "title": "Made up",
        "vintage": "2023",
        "file": "a.csv",
        "key": ["name"],
        "derivation": "made up",
        "columns": {
            "name": {"type": "text", "meaning": "name"},
            "trips": {"type": "integer", "meaning": "trips"},
            "share": {"type": "number", "meaning": "share"},
        },
    }
)
CELLS = [
    ("A", "99999999999999999999", "1", "not a whole number"),
    ("A", "1e30", "1", "not a whole number"),
    ("A", "1", "1e999", "not a number"),
    ("A", "1", "inf", "not a number"),
    ("A", "1", "9" * 400, "not a number"),
    ("Mad\u202eison", "1", "1", "not text that can be printed"),
    ("Mad\0ison", "1", "1", "not text that can be printed"),
    ("Mad\U000f0003ison", "1", "1", "not text that can be printed"),
]


@pytest.mark.parametrize(("name", "trips", "share", "said"), CELLS)
@fault("cell that no page can hold", "an endless number, a sign nobody sees", "refused by row")
def test_a_cell_is_printable_and_finite(name: str, trips: str, share: str, said: str) -> None:
    rows = pd.DataFrame([{"name": name, "trips": trips, "share": share}], dtype=str)
    with pytest.raises(ResearchError, match=said):
        check(rows, TABLE, "data/made/a.csv")
