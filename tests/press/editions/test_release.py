"""Past editions stay at their addresses, whatever book takes the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityresearch.press.editions.release import put_frozen
from cityresearch.press.web import shown
from cityresearch.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A build folder with a book that holds a past edition, and the next book beside it."""
    for name in ("html/editions/2026-09", "html", "next"):
        (tmp_path / "_build" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "_build" / name / "index.html").write_text(name)
    return Project(tmp_path, tmp_path / "_build")


def test_a_new_book_takes_the_past_editions_over(project: Project) -> None:
    shown.show(project, "next")
    html = project.build / "html"
    assert (html / "index.html").read_text() == "next"
    assert (html / "editions/2026-09/index.html").read_text() == "html/editions/2026-09"
    assert not (project.build / "html.old").exists()


@pytest.mark.fault(
    "killed build", "killed between the old book's leaving and the new one's place", "book"
)
def test_past_editions_outlive_a_killed_swap(project: Project) -> None:
    html = project.build / "html"
    html.rename(project.build / "html.old")
    (project.build / "next").rename(html)  # and here it was killed
    (project.build / "another").mkdir()
    shown.show(project, "another")
    assert (html / "editions/2026-09/index.html").is_file()


@pytest.mark.fault("killed build", "killed before the new book took the old one's place", "book")
def test_past_editions_outlive_a_swap_killed_half_way(project: Project) -> None:
    html = project.build / "html"
    html.rename(project.build / "html.old")  # and here it was killed
    shown.show(project, "next")
    assert (html / "index.html").read_text() == "next"
    assert (html / "editions/2026-09/index.html").is_file()
    assert not (project.build / "html.old").exists()


def test_an_edition_is_kept_without_the_editions_before_it(project: Project) -> None:
    put_frozen(project, "2026-10", project.build / "html")
    kept = project.build / "html/editions/2026-10"
    assert (kept / "index.html").read_text() == "html"
    assert not (kept / "editions").exists()
