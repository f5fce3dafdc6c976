"""The whole road on real data: two cities, three topics, from notebooks to pages and PDFs.

Guards what no part can show alone: that the commands fit together, that a second build makes the same
bytes, and that what a reader opens is whole, about its own city, and asks no other host for anything.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from html import unescape
from pathlib import Path

import pytest
from browser_checks import assert_pdf, assert_sound, scroll_through, visit
from fixture_project import ROOT
from miniature import command
from playwright.sync_api import Browser

from cityresearch.briefs.marks import MARK
from cityresearch.methods.numbers import SMALL

CITIES = {"charlotte": "Charlotte", "raleigh": "Raleigh"}
TOPICS = ("preemption", "transit", "water")


def published(build: Path) -> dict[str, str]:
    """A hash of every file that is published, by its address."""
    files = (
        path
        for kind in ("html", "pdf", "facts", "notebooks")
        for path in sorted((build / kind).rglob("*"))
        if path.is_file()
    )
    return {
        path.relative_to(build).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_every_brief_has_a_page_a_pdf_facts_and_a_notebook(built: Path) -> None:
    found = set(published(built))
    for city in CITIES:
        assert f"html/nc/{city}/index.html" in found
        for topic in TOPICS:
            brief = f"nc/{city}/{topic}"
            expected = {f"html/{brief}.html", f"pdf/{brief}.pdf", f"facts/{brief}.json"}
            assert expected | {f"notebooks/{brief}.ipynb"} <= found


def test_a_second_build_elsewhere_is_the_same_byte_for_byte(
    built: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    again = tmp_path_factory.mktemp("second")
    done = command("build", "-j", "1", build=again)
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = published(built), published(again)
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_a_build_with_nothing_to_do_runs_nothing(built: Path) -> None:
    before = published(built)
    done = command("build", build=built)
    assert "0 briefs to run, 6 up to date" in done.stdout
    assert published(built) == before


def test_status_is_told_in_words_and_as_json(built: Path) -> None:
    rows = json.loads(command("status", "--json", build=built).stdout)
    assert {(row["state"], row["page"], row["pdf"]) for row in rows} == {("done", True, True)}
    assert len(rows) == 6
    assert "water: 2 done; 2 pages, 2 PDFs" in command("status", build=built).stdout


def test_a_brief_names_no_place_of_another_brief(built: Path) -> None:
    """Facts are about the city itself, its wider areas and the peers it declares."""
    for city, name in CITIES.items():
        for topic in TOPICS:
            facts = json.loads((built / f"facts/nc/{city}/{topic}.json").read_text())
            assert facts["place"] == f"{name}, North Carolina"
            assert name in (built / f"html/nc/{city}/{topic}.html").read_text()
            assert facts["facts"], "a brief without facts"
            assert (
                len(facts["peers"]) == 8
            )  # whichever way a topic shows them, the city's page lists them
            for fact in facts["facts"]:
                assert fact["text"] and fact["source"] and fact["rows"] and fact["about"]["name"]
                assert fact["value"] is not None or fact["reason"]


# Numbers of prose that no figure prints: years and dates, ages of sources, the 20th percentile, and how
# many of the others a comparison names; and a note of a utility.
NO_FIGURE = re.compile(
    r"\b(?:19|20)\d\d\b|(?:January|July|November) \d+|\d+ months|\d+th percentile|counts \d+ gallons"
    r"|(?:than|as many as|as) (?:all )?\d+ of (?:the|its) |\d+ of (?:the other \d+|them)|other \d+"
)
LINK = re.compile(r"<a href=#(f-[\w-]+)>(?:<data value=([^>]*)>)?([^<]*)(?:</data>)?</a>")
SIZES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


def prose(page: str) -> list[str]:
    """The headings, paragraphs and list items of a page's own text."""
    text = page[page.index("<main") : page.index('id="figures-in-this-brief"')]
    # What a reader types has a worked case of its own beside it.
    text = re.sub(r'<div class="calculator".*?</form></div>', "", text, flags=re.DOTALL)
    text = re.sub(r"<(figure|table|div)\b.*?</\1>", "", text, flags=re.DOTALL)
    parts = re.findall(r"<(h[1-3]|p|li)(?: class=\"\w+\")?>(.*?)</\1>", text, flags=re.DOTALL)
    return [part for _, part in parts]


def as_number(printed: str) -> float | None:
    """A printed number as a number; None for ranges and words that are none."""
    plain = printed.removeprefix("an estimated ").lower()
    if plain in ("none", "no"):
        return 0.0
    if plain in SMALL:
        return float(SMALL.index(plain))
    found = re.fullmatch(r"[−-]?\$?([\d,]+(?:\.\d+)?)%?(?: (\w+))?", plain)
    return float(found[1].replace(",", "")) * SIZES.get(found[2], 1.0) if found else None


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_number_in_the_prose_leads_to_its_figure(built: Path, city: str, topic: str) -> None:
    page = (built / f"html/nc/{city}/{topic}.html").read_text()
    entries = set(re.findall(r'<tr id="?(f-[\w-]+)', page))
    parts = prose(page)
    links = [link for part in parts for link in LINK.findall(part)]
    assert len(links) >= 8 and len(parts) > 20
    for anchor, value, text in links:
        assert anchor in entries
        printed = as_number(unescape(text))
        if printed is not None and value:
            scale = 100 if "%" in text and float(value) <= 1 < printed else 1
            # Prose rounds to two figures and more.
            assert printed == pytest.approx(abs(float(value)) * scale, rel=0.06, abs=0.5), text
    for part in parts:
        rest = NO_FIGURE.sub("", re.sub(r"<[^>]+>", "", LINK.sub("", part)))
        assert not re.search(r"\d", rest), rest


@pytest.mark.parametrize("city", CITIES)
def test_the_worked_case_says_nearly_what_its_own_numbers_give(built: Path, city: str) -> None:
    page = (built / f"html/nc/{city}/water.html").read_text()
    (worked,) = re.findall(r'<p class="?worked"?>(.*?)</p>', page)
    income, bill, wage = (
        float(one.replace(",", "")) for one in re.findall(r"\$([\d,.]*\d)", worked)
    )
    ((share, hours),) = re.findall(
        r"spends ([\d.]+)% .*(?:about|an estimated) ([\d.]+) hours", worked
    )
    assert abs(12 * 100 * bill / income - float(share)) < 0.1
    assert abs(bill / wage - float(hours)) <= 0.5 + 0.5 / wage  # both bill and hours are rounded


def test_no_mark_is_left_in_anything_that_is_published(built: Path) -> None:
    for name in published(built):
        path = built / name
        if path.suffix in (".html", ".js", ".json", ".ipynb", ".csv", ".svg", ".bib"):
            assert not MARK.search(path.read_text()), name
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as opened:
                for held in opened.namelist():
                    assert not MARK.search(opened.read(held).decode()), held
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        assert not MARK.search(path.read_text())


@pytest.mark.parametrize("topic", TOPICS)
def test_pages_are_light_and_tell_machines_what_they_are(built: Path, topic: str) -> None:
    page = (built / f"html/nc/charlotte/{topic}.html").read_text()
    assert len(page.encode()) <= 60_000
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    report, figures = json.loads(data)["@graph"]
    assert (report["@type"], figures["@type"]) == ("Report", "Dataset")
    assert report["headline"] and figures["distribution"][0]["contentUrl"] == f"{topic}.zip"
    assert f'<meta property="og:image" content="{topic}.card.png">' in page
    assert 'rel="canonical"' not in page  # this collection has no address


@pytest.mark.parametrize("topic", TOPICS)
def test_a_phone_shows_the_key_numbers_on_its_first_screen(
    built: Path, browser: Browser, topic: str
) -> None:
    with visit(browser, built / "html", f"nc/charlotte/{topic}.html", width=390) as visited:
        third = visited.page.locator(".numbers .number").nth(2).locator(".value")
        box = third.bounding_box()
        assert box and box["y"] + box["height"] <= 844


def test_a_click_on_a_number_opens_its_entry(built: Path, browser: Browser) -> None:
    with visit(browser, built / "html", "nc/charlotte/transit.html", width=390) as visited:
        link = visited.page.locator("h1 a").first
        entry = visited.page.locator(f"tr[id='{(link.get_attribute('href') or '')[1:]}']")
        assert not entry.is_visible()
        link.click()
        entry.wait_for(state="visible")
        assert link.inner_text() in entry.inner_text()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("topic", TOPICS)
def test_briefs_are_sound_in_a_browser(
    built: Path, browser: Browser, topic: str, width: int, scripts: bool
) -> None:
    page = f"nc/charlotte/{topic}.html"
    with visit(browser, built / "html", page, width=width, scripts=scripts) as visited:
        if scripts:
            scroll_through(visited.page)
        assert visited.page.locator("figure.chart").count() >= 1
        assert_sound(visited, width)
        assert_pdf(visited)


def test_an_export_needs_no_other_file(built: Path, tmp_path: Path) -> None:
    target = tmp_path / "water.html"
    start = [sys.executable, "-m", "cityresearch.cli", "export", "water", "charlotte-nc"]
    options = ["--to", "html", "-o", str(target), "--build-dir", str(built)]
    done = subprocess.run([*start, *options], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = target.read_text()
    assert ("Charlotte" in text and "<svg" in text) or "data:image/svg+xml" in text
    assert 'src="http' not in text and "<link" not in text
