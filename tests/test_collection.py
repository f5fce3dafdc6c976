"""The whole road on real data: two cities, three topics, from notebooks to pages and PDFs.

Guards what no part can show alone: that the commands fit together, that a second build makes the same
bytes, and that what a reader opens is whole, about its own city, and asks no other host for anything.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from browser_checks import assert_pdf, assert_sound, scroll_through, visit
from fixture_project import ROOT
from miniature import command
from playwright.sync_api import Browser

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
            for fact in facts["facts"]:
                assert fact["text"] and fact["source"] and fact["rows"] and fact["about"]["name"]
                assert fact["value"] is not None or fact["reason"]


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
