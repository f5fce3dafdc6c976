"""The example in the guide to briefing books can be made of real briefs, and `--city` chooses."""

from __future__ import annotations

import re
from pathlib import Path

import edition_project as made
import nbformat
import pytest
import yaml

from cityresearch.binding import chosen
from cityresearch.briefs.collection import load_collection
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press.paper.briefing import brief_asked, guide_text, load_briefing
from cityresearch.project import Project

ROOT = Path(__file__).parents[1]


def test_the_example_of_the_guide_is_a_good_declaration(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path / "_build")
    guide = (ROOT / "docs/how-to/make-a-briefing-book.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    file = tmp_path / "council-retreat.yml"
    file.write_text(example, encoding="utf-8")
    briefing = load_briefing(project, file)
    for session in briefing.sessions:
        for asked in session.briefs:
            assert brief_asked(project, asked, "x")[1].state == "WI"
        for name in session.guides:
            assert guide_text(project, tmp_path, name, "x").startswith("# ")


def test_cities_are_chosen_by_slug_or_census_code(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path)
    briefs = [("water", places.find(project, "city", slug)) for slug in ("madison-wi", "austin-tx")]
    collection = load_collection(project)

    def of(*cities: str) -> list[tuple[str, Place]]:
        return chosen(project, collection, briefs, cities)

    assert of() == briefs
    assert of("madison-wi") == briefs[:1] == of("5548000")
    with pytest.raises(
        ResearchError, match=r"--city: there is no finished brief for 'madson-wi'\. Did you mean"
    ):
        of("madson-wi")
    with pytest.raises(
        ResearchError,
        match=r"for '5553000'\. Run it first: cityresearch run --city milwaukee-wi$",
    ):
        of("5553000")
    for outside in ("des-moines-ia", "1921000", "wisconsin"):
        with pytest.raises(ResearchError) as told:
            of(outside)
        assert f"'{outside}' is not in this collection (book/collection.yml)" in str(told.value)
        assert "Run it first" not in str(told.value)
    with pytest.raises(ResearchError, match=r"'chicgo-il'\. Did you mean 'chicago-il'"):
        of("chicgo-il")


@pytest.fixture(scope="module")
def outsider(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a finished brief of a place that its collection does not hold."""
    project = made.make(tmp_path_factory.mktemp("outsider") / "project")
    done = made.call(project, "run", "--topic", "people", "--city", "madison-wi")
    assert done.returncode == 0, done.stdout + done.stderr
    session = {
        "title": "One",
        "time": "9:00",
        "briefs": [{"topic": "people", "city": "madison-wi"}],
    }
    told = {"title": "A test", "date": "2026-12-03", "place": "A room", "sessions": [session]}
    (project.root / "meeting.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    return project


def test_a_stale_brief_from_outside_the_collection_is_in_no_briefing_book(
    outsider: Project, tmp_path: Path
) -> None:
    project = made.copied(outsider, tmp_path / "project")
    words = ("pdf", "--briefing-book", "meeting.yml")
    done = made.call(project, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    book = project.build / "briefings" / "meeting.html"
    book.unlink()
    notebook = project.root / "notebooks/people/brief.ipynb"
    content = nbformat.read(notebook, as_version=4)
    content.cells[0].source += "\n\nA sentence more."
    nbformat.write(content, notebook)
    done = made.call(project, *words)
    assert done.returncode == 1 and not book.exists()
    assert "the brief 'people' is stale or failed. Run: cityresearch run" in done.stderr


def test_the_pdf_of_a_place_outside_the_collection_says_what_works(outsider: Project) -> None:
    for more in ([], ["--book"]):
        done = made.call(outsider, "pdf", *more, "--city", "madison-wi")
        assert done.returncode == 1
        assert "'madison-wi' is not in this collection (book/collection.yml)" in done.stderr
    advice = ("export", "people", "madison-wi")
    assert f"cityresearch {advice[0]} TOPIC {advice[2]}" in done.stderr
    assert made.call(outsider, *advice).returncode == 0
