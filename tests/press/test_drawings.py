"""Drawings: each chart drawn once for book, PDF and export; a bad chart costs its own brief alone."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sample_brief as sample
from sample_project import put_all, put_brief

from cityresearch.briefs import svg
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press import drawings, export
from cityresearch.press.manuscripts import manuscript_files
from cityresearch.press.paper.pdf import make_pdfs
from cityresearch.press.web.book import make_book
from cityresearch.press.web.pages import assemble
from cityresearch.project import Project

SPEC = sample.CHART["spec"]
BAD = {**sample.CHART, "id": "broken", "spec": {"mark": "no such mark"}}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The widths of the charts that were drawn in this process, in order."""
    widths: list[int] = []
    render = svg.render

    def counted(spec: Mapping[str, Any], width: int) -> str:
        widths.append(width)
        return render(spec, width)

    monkeypatch.setattr(svg, "render", counted)
    return widths


def spoil(project: Project, topic: str, place: Place) -> None:
    """Puts a chart that can't be drawn into an executed brief."""
    path = manuscript_files(project, topic, place)[0]
    notebook = json.loads(path.read_text())
    notebook["cells"].append({**sample.shown(BAD), "id": "bad"})
    path.write_text(json.dumps(notebook))


def test_equal_charts_are_drawn_once_and_changed_ones_anew(tmp_path: Path, made: list[int]) -> None:
    project = sample.project(tmp_path)
    turned = dict(reversed(copy.deepcopy(SPEC).items()))
    first = drawings.Chart(project, SPEC).drawn(700)
    assert first == drawings.Chart(project, turned).drawn(700) == svg.render(SPEC, 700)
    assert made == [700, 700]  # the second of them is this test's own
    assert drawings.Chart(project, SPEC).drawn(350) != first
    assert drawings.Chart(project, {**SPEC, "height": 100}).drawn(700) != first
    assert made == [700, 700, 350, 700]


def test_pages_have_the_same_drawing_in_their_own_dress(tmp_path: Path, made: list[int]) -> None:
    project = sample.project(tmp_path)
    files = [drawings.Chart(project, SPEC).web_file(700) for _ in range(2)]
    assert files[0] == files[1]
    assert files[0].read_text() == svg.for_web(drawings.Chart(project, SPEC).drawn(700))
    assert made == [700]


def test_book_pdf_and_export_share_their_drawings(press_project: Project, made: list[int]) -> None:
    wanted = put_all(press_project)
    made.clear()
    assert not any(make_pdfs(press_project, sample.COLLECTION, wanted))
    assert made == []  # the PDF that was put there has drawn it already
    assemble(press_project, sample.COLLECTION, wanted, workers=1)
    assert made == [350]
    made.clear()
    for to in export.ENDINGS:
        export.export_brief(press_project, *wanted[0], to)
    assert made == []


def test_downloaded_and_exported_notebooks_carry_their_drawings(press_project: Project) -> None:
    wanted = put_all(press_project)
    pages = assemble(press_project, sample.COLLECTION, wanted, workers=1)
    offered = Path(pages.copies[f"{wanted[0][1].path}/{wanted[0][0]}.ipynb"]).read_text()
    for text in (offered, export.export_brief(press_project, *wanted[0], "notebook")[1]):
        cells = json.loads(text)["cells"]
        data = [output["data"] for cell in cells for output in cell.get("outputs", [])]
        shown = ["".join(found[drawings.SVG]) for found in data if drawings.SVG in found]
        assert shown == [drawings.Chart(press_project, SPEC).drawn(700)]
    executed = manuscript_files(press_project, *wanted[0])[0].read_text()
    assert drawings.SVG not in executed


def test_a_bad_chart_names_brief_and_chart_and_stops_no_other(press_project: Project) -> None:
    wanted = put_all(press_project)
    bad = next(brief for brief in wanted if brief[1].slug == "madison-wi")
    spoil(press_project, *bad)
    told = (
        r"transit/brief\.ipynb, Madison, Wisconsin: chart 'broken' cannot be drawn: "
        r"TypeError: [^\n]+\. Mend"
    )
    with pytest.raises(ResearchError, match=told):
        export.export_brief(press_project, *bad, "html")
    reasons = list(make_pdfs(press_project, sample.COLLECTION, wanted))
    assert [bool(reason) for reason in reasons] == [brief == bad for brief in wanted]
    book = make_book(press_project, sample.COLLECTION, wanted, workers=1)
    for found in ("".join(reasons), *book.failed):
        assert re.search(told, found)
    assert len(book.failed) == 1
    pages = {path.relative_to(book.folder).as_posix() for path in book.folder.rglob("*.html")}
    assert "wi/milwaukee/transit.html" in pages and "wi/madison/transit.html" not in pages


def test_drawings_that_no_page_uses_go_with_the_next_book(press_project: Project) -> None:
    wanted = put_all(press_project)
    other = drawings.Chart(press_project, {**SPEC, "height": 99}).web_file(700)
    drawn = drawings.Chart(press_project, SPEC).drawn(700)
    assemble(press_project, sample.COLLECTION, wanted, workers=1)
    left = {path.read_text() for path in (press_project.build / "charts").rglob("*.svg")}
    assert (
        not other.is_file() and drawn in left and len(left) == 4
    )  # two widths, each in two dresses


def test_many_are_drawn_by_processes_and_a_bad_one_is_left_out(press_project: Project) -> None:
    wanted = put_all(press_project)
    topic, place = wanted[0]
    put_brief(press_project, topic, place)
    path = manuscript_files(press_project, topic, place)[0]
    notebook = json.loads(path.read_text())
    specs = [{**SPEC, "height": 100 + number} for number in range(3 * drawings.FEW)]
    for number, spec in enumerate(specs):
        notebook["cells"].append(
            {**sample.shown({**sample.CHART, "spec": spec}), "id": f"{number}"}
        )
    path.write_text(json.dumps(notebook))
    spoil(press_project, topic, place)
    drawings.draw_missing(press_project, [path], workers=2)
    found = {path.read_text() for path in (press_project.build / "charts").rglob("*.svg")}
    assert {svg.render(spec, 700) for spec in specs} <= found
