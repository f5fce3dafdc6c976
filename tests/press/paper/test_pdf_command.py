"""`cityresearch pdf`: which PDFs its options make, and what it says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import sample_brief as sample
from sample_project import put_brief
from test_briefing import FIXTURE
from typer.testing import CliRunner, Result

from cityresearch import binding, commands, work
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.project import Project

CITIES = ("milwaukee-wi", "madison-wi", "chicago-il")


@pytest.fixture
def project(press_project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Three finished briefs; which are finished is what a plan would say."""
    found = [places.find(press_project, "city", slug) for slug in CITIES]
    briefs = sorted((("transit", place) for place in found), key=lambda brief: brief[1].path)
    for _, place in briefs:
        put_brief(press_project, "transit", place)
    monkeypatch.setattr(commands, "finished_briefs", lambda *_: briefs)
    monkeypatch.setattr(
        binding, "make_plan", lambda *_, **__: SimpleNamespace(jobs=[], left_out=[])
    )
    return press_project


def pdf(project: Project, *options: str) -> Result:
    return CliRunner().invoke(commands.app, ["pdf", "--project", str(project.root), *options])


def made(project: Project) -> set[str]:
    folder = project.build / "pdf"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf")}


def test_without_options_each_brief_gets_a_pdf(project: Project) -> None:
    done = pdf(project)
    assert done.exit_code == 0 and "3 PDFs to make, 0 up to date." in done.output
    assert pdf(project).output == "0 PDFs to make, 3 up to date.\n"
    assert made(project) == {
        "il/chicago/transit.pdf",
        "wi/madison/transit.pdf",
        "wi/milwaukee/transit.pdf",
    }


def test_a_pdf_goes_with_the_book_only_while_it_tells_what_the_page_tells(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "load_collection", lambda *_: sample.COLLECTION)
    page, linked = (project.build / f"html/wi/madison/transit.{end}" for end in ("html", "pdf"))
    portrait = page.parent / "index.html"
    assert "PDF" not in book(project).output  # none was made, so none is old
    assert not linked.exists() and 'href="transit.pdf"' not in page.read_text()
    assert "without 3 PDFs" in pdf(project).output
    for _ in range(2):  # the book's own links to the files change nothing
        assert "left out" not in book(project).output
    for path in (page, portrait):
        assert 'href="transit.pdf"' in path.read_text()
    assert "without" not in pdf(project).output
    old = linked.read_bytes()
    madison = places.find(project, "city", "madison-wi")
    put_brief(project, "transit", madison, title="A headline that was mended")
    assert "1 PDF of an earlier state left out" in book(project).output
    for path in (page, portrait):
        assert "was mended" in path.read_text() and 'href="transit.pdf"' not in path.read_text()
    assert not linked.exists()
    assert "without 1 PDF" in pdf(project).output
    assert "left out" not in book(project).output
    assert linked.read_bytes() != old and 'href="transit.pdf"' in page.read_text()


def book(project: Project) -> Result:
    done = CliRunner().invoke(commands.app, ["book", "--project", str(project.root), "-j", "1"])
    assert done.exit_code == 0, done.output
    return done


def test_cities_narrow_the_briefs(project: Project) -> None:
    assert pdf(project, "--city", "madison-wi").exit_code == 0
    assert made(project) == {"wi/madison/transit.pdf"}


def test_book_makes_a_volume_for_each_state(project: Project) -> None:
    done = pdf(project, "--book")
    assert done.exit_code == 0 and "2 volumes" in done.output
    assert made(project) == {"volumes/il.pdf", "volumes/wi.pdf"}


def test_book_of_cities_makes_one_volume_and_leaves_those_of_states(project: Project) -> None:
    pdf(project, "--book")
    assert pdf(project, "--book", "--city", "madison-wi", "--city", "chicago-il").exit_code == 0
    assert made(project) == {"volumes/il.pdf", "volumes/wi.pdf", "volumes/chosen-cities.pdf"}


def test_a_briefing_book_says_what_it_wrote(project: Project) -> None:
    done = pdf(project, "--briefing-book", str(FIXTURE))
    assert done.exit_code == 0, done.output
    names = {path.name for path in (project.build / "briefings").iterdir()}
    assert names == {"council.pdf", "council.html"}
    assert "council.html" in done.output


@pytest.mark.parametrize("other", [["--book"], ["--city", "madison-wi"]])
def test_a_briefing_book_takes_no_other_choice(project: Project, other: list[str]) -> None:
    done = pdf(project, "--briefing-book", str(FIXTURE), *other)
    assert isinstance(done.exception, ResearchError)
    assert f"Leave out {other[0]}, or" in str(done.exception)
    assert not (project.build / "briefings").exists()


def test_a_folder_is_no_briefing_book(project: Project) -> None:
    done = pdf(project, "--briefing-book", str(FIXTURE.parent))
    assert "this is a folder, not a file." in str(done.exception)


def test_a_briefing_book_plans_only_what_it_asks_for(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def planned(*_: object, **given: object) -> SimpleNamespace:
        asked.append(given)
        return SimpleNamespace(jobs=[], left_out=[])

    monkeypatch.setattr(binding, "make_plan", planned)
    assert pdf(project, "--briefing-book", str(FIXTURE)).exit_code == 0
    assert asked == [{"topics": ["transit"], "cities": ["madison-wi", "milwaukee-wi"]}]


def test_a_book_without_a_finished_brief_leaves_the_book_that_there_is(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "finished_briefs", lambda *_: [])
    page = project.build / "html" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("what readers have")
    done = CliRunner().invoke(commands.app, ["book", "--project", str(project.root)])
    assert done.exit_code == 1 and "no brief is finished" in done.output
    assert page.read_text() == "what readers have"
