"""Two editions of a small collection, published by the command as staff would: once, end to end."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import edition_project as made
import pytest

from cityresearch import publication
from cityresearch.briefs.collection import load_collection
from cityresearch.press.editions.edition import KeptEdition, kept_edition
from cityresearch.press.editions.summary import other_libraries
from cityresearch.project import Project

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def ok(project: Project, *words: str) -> str:
    done = made.call(project, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """A project with two editions, the second with one revised number and a draft beside it; and what
    the command said of the second."""
    project = made.make(tmp_path_factory.mktemp("published") / "project")
    ok(project, "build")
    ok(project, "publish", "2026-10")
    made.revise(project, made.CHICAGO, 2_600_000)
    shutil.copytree(project.notebooks / "people", project.notebooks / "sketch")
    made.edit(project.notebooks / "sketch/topic.yml", lambda said: said.update(draft=True))
    notebook = project.notebooks / "sketch/brief.ipynb"
    notebook.write_text(notebook.read_text().replace('Brief(\\"people\\"', 'Brief(\\"sketch\\"'))

    def renew(said: dict[str, Any]) -> None:
        said.update(edition="2026-11", date="2026-11-01", topics=["people", "sketch"])

    made.edit(project.book / "collection.yml", renew)
    ok(project, "build")
    return project, ok(project, "publish", "2026-11")


def test_both_editions_stay_at_their_addresses(published: tuple[Project, str]) -> None:
    html = published[0].build / "html"
    brief = "il/chicago/people.html"
    old, new, kept = (
        (html / each / brief).read_text() for each in ("editions/2026-10", ".", "editions/2026-11")
    )
    assert "October" in old and "November" in new
    assert new == kept
    assert not (html / "editions/2026-10/changes.html").exists()


def test_a_second_edition_costs_what_changed(published: tuple[Project, str]) -> None:
    project = published[0]
    first, second = (
        json.loads((project.root / f"editions/{name}.json").read_text())["files"]
        for name in ("2026-10", "2026-11")
    )
    # The table of places was written anew for the revision, and is packed: it costs all of itself.
    table = (project.data / "census_places/cities.parquet").stat().st_size
    assert second["box"] - table < first["box"] / 2
    assert "all " in ok(project, "editions", "--verify")


def test_a_draft_is_nowhere_in_the_edition(published: tuple[Project, str]) -> None:
    html = published[0].build / "html"
    assert (published[0].build / "facts/il/chicago/sketch.json").is_file()
    assert not list(html.rglob("sketch.html"))
    assert "sketch" not in (html / "index.html").read_text()
    assert '"sketch"' not in (published[0].root / "editions/2026-11.json").read_text()


def test_the_book_tells_what_changed_and_why(published: tuple[Project, str]) -> None:
    html = published[0].build / "html"
    assert "What changed since the edition of October 2026" in (html / "index.html").read_text()
    page = (html / "changes.html").read_text()
    assert "1 brief changed, 0 new, 0 gone." in page
    assert "The reasons here are what these runs show." in page
    lines = (html / "changes.csv").read_text().splitlines()
    assert lines[1].startswith('people,"Chicago, Illinois",Residents,')
    assert lines[1].endswith(",data revised,margins unknown,both computed anew")
    assert len(lines) == 2


def test_the_feed_tells_the_changed_brief_alone(published: tuple[Project, str]) -> None:
    root = ElementTree.fromstring((published[0].build / "html/feed.xml").read_bytes())
    told = [each.findtext("a:summary", "", ATOM) for each in root.findall("a:entry", ATOM)]
    assert len(told) == 2
    assert told[0].startswith("1 new or changed brief.") and told[1].endswith(" Data revised.")


def test_diff_tells_the_same_on_the_terminal_and_to_machines(
    published: tuple[Project, str],
) -> None:
    project = published[0]
    (row,) = json.loads(ok(project, "diff", "2026-10", "2026-11", "--json"))
    assert (row["place"], row["id"], row["reasons"]) == (
        "chicago-il",
        "residents",
        ["data revised"],
    )
    assert (row["new"]["value"], row["proof"]) == (2_600_000, "both computed anew")
    shown = ok(project, "diff", "2026-10", "2026-11")
    assert "Chicago, Illinois" in shown and "data revised" in shown
    assert "people:" not in ok(
        project, "diff", "2026-11"
    )  # the working build has the draft alone more


def test_the_next_book_hands_the_editions_on(
    published: tuple[Project, str], tmp_path: Path
) -> None:
    project = made.copied(published[0], tmp_path / "project")
    ok(project, "book")  # the working book, with the draft
    html = project.build / "html"
    assert 'class="draft"' in (html / "il/chicago/sketch.html").read_text()
    assert (html / "editions/2026-10/il/chicago/people.html").is_file()
    assert "(draft: do not cite)" in (html / "il/chicago/index.html").read_text()
    assert 'class="draft"' in (html / "topics/sketch.html").read_text()
    assert "draft" not in (html / "topics/people.html").read_text()


def renewed(published: tuple[Project, str], folder: Path) -> Project:
    """The project with a third edition to publish."""
    project = made.copied(published[0], folder / "project")

    def renew(said: dict[str, Any]) -> None:
        said.update(edition="2026-12", date="2026-12-01")

    made.edit(project.book / "collection.yml", renew)
    ok(project, "build")
    return project


@pytest.mark.fault(
    "broken page published", "a digit changed while the edition’s pages were made", "a second proof"
)
def test_the_pages_of_the_edition_itself_are_proof_read(
    published: tuple[Project, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = renewed(published, tmp_path)
    made_as_ever = publication.make_book

    def spoilt(*given: Any, **named: Any) -> Any:
        book = made_as_ever(*given, **named)
        page = book.folder / "il/chicago/people.html"
        text = page.read_text()
        assert "2.6 million" in text
        page.unlink()  # it is the same file as that of the book that readers have
        page.write_text(text.replace("2.6 million", "2.9 million"))
        return book

    monkeypatch.setattr(publication, "make_book", spoilt)
    before = (project.build / "html/index.html").read_bytes()
    asked, collection = publication.Asked("2026-12"), load_collection(project)
    faults = publication.publish(project, collection, asked, datetime.date(2026, 12, 2))
    assert faults and all(each.startswith("people chicago-il: ") for each in faults)
    assert "2.9 million" in faults[0]
    assert not publication.is_kept(project, "2026-12")
    assert (project.build / "html/index.html").read_bytes() == before


def test_other_versions_of_libraries_are_told(published: tuple[Project, str]) -> None:
    old, new = (edition(published[0], name) for name in ("2026-10", "2026-11"))
    assert other_libraries(old, new) == []
    pandas = old.libraries["pandas"]
    old.libraries = {**old.libraries, "pandas": "1.0"}
    new.libraries = {name: one for name, one in new.libraries.items() if name != "altair"}
    altair = old.libraries["altair"]
    assert other_libraries(old, new) == [f"altair {altair} → –", f"pandas 1.0 → {pandas}"]


def edition(project: Project, name: str) -> KeptEdition:
    return kept_edition(project, load_collection(project), name)


def test_an_edition_under_embargo_is_in_no_page_until_its_day(
    published: tuple[Project, str], tmp_path: Path
) -> None:
    project = renewed(published, tmp_path)
    before = (project.build / "html/index.html").read_bytes()
    day = (datetime.date.today() + datetime.timedelta(days=9)).isoformat()
    assert f"from {day} on" in ok(project, "publish", "2026-12", "--embargo", day)
    assert (project.build / "html/index.html").read_bytes() == before
    assert not (project.build / "html/editions/2026-12").exists()
    again = made.call(project, "publish", "2026-12")
    assert again.returncode == 1 and f"under embargo until {day}" in again.stderr
