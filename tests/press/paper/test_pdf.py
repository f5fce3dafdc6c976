"""PDFs of briefs: tagged, complete, the same every time, and safe from what notebooks may hold."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfua
import pikepdf
import pypdfium2
import pytest
import sample_brief as sample
import typst

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press.files import write_whole
from cityresearch.press.paper import kept, pdf
from cityresearch.press.paper.sheet import lay_out
from cityresearch.press.paper.typesetting import typeset
from cityresearch.project import Project


def make(*cells: dict[str, Any], collection: Collection = sample.COLLECTION) -> bytes:
    with tempfile.TemporaryDirectory() as build:
        project = sample.project(Path(build))
        notebook = sample.notebook(*cells)
        sheet = lay_out(kept.sheet_of(notebook, sample.facts(), project, collection))
        return typeset("brief", sheet, collection, sheet["kicker"])


def pages_of(content: bytes) -> list[str]:
    """The text of each page, with runs of spaces and line ends as one space."""
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in document]
    return [" ".join(text.split()) for text in texts]


def tags(node: Any) -> Iterator[Any]:
    """The elements of the structure tree below a node."""
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from tags(kid)


@pytest.fixture(scope="module")
def content() -> bytes:
    return make()


@pytest.fixture(scope="module")
def opened(content: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(content)) as document:
        yield document


@pytest.fixture(scope="module")
def tree(opened: pikepdf.Pdf) -> list[Any]:
    return list(tags(opened.Root.StructTreeRoot))


def test_it_is_tagged_and_says_what_it_is(opened: pikepdf.Pdf) -> None:
    assert opened.Root.MarkInfo.Marked
    assert str(opened.Root.Lang) == "en-US"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert str(opened.docinfo.Title) == sample.HEADLINE
    assert str(opened.docinfo.Author) == "Fixture Press"
    with opened.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert "en-US" in metadata["dc:language"]


def test_it_is_dated_with_the_edition(opened: pikepdf.Pdf) -> None:
    assert str(opened.docinfo.CreationDate).startswith("D:20261122")


def test_every_figure_has_its_alternative_text(tree: list[Any]) -> None:
    alts = [str(tag.Alt) for tag in tree if tag.S == "/Figure" and "/Alt" in tag]
    assert alts == [sample.ALT]


def test_tables_have_header_cells_for_each_column_and_row_and_a_caption(tree: list[Any]) -> None:
    scopes = [str(tag.A[0].Scope) for tag in tree if tag.S == "/TH"]
    assert scopes.count("/Column") == len(sample.TABLE["columns"])
    assert scopes.count("/Row") == len(sample.TABLE["rows"])
    assert all("/Headers" not in tag.A[0] for tag in tree if tag.S == "/TD")
    assert [tag.S for tag in tree].count("/Caption") == 2  # of the chart and of the table


def test_the_checker_finds_nothing(content: bytes, tmp_path: Path) -> None:
    """pdfua checks a part of PDF/UA-1: tags, language, title, alternative texts, table structure,
    headings, links. Nothing found is no proof of conformance."""
    (tmp_path / "brief.pdf").write_bytes(content)
    report = pdfua.validate(str(tmp_path / "brief.pdf"))
    assert [finding.message for finding in report.findings] == []


def test_the_tags_are_in_the_order_of_reading(tree: list[Any]) -> None:
    kinds = [str(tag.S) for tag in tree]
    order = ["/H1", "/H2", "/Figure", "/Table"]
    assert [kinds.index(kind) for kind in order] == sorted(kinds.index(kind) for kind in order)
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert levels[0] == 1 and all(
        after - before <= 1 for before, after in itertools.pairwise(levels)
    )


def test_headings_are_bookmarks_in_order(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        top = outline.root
        assert [str(item.title) for item in top] == [sample.HEADLINE]
        assert [str(item.title) for item in top[0].children] == [
            "Why it matters",
            "Ridership is back to 84% of 2019",
            "Madison carries more trips than its peers",
            "What a mayor can do",
            "Methods",
            "Sources",
            "More on the page",
            "How to cite",
        ]


def test_the_text_can_be_read(content: bytes) -> None:
    pages = pages_of(content)
    first, whole = pages[0], " ".join(pages)
    assert sample.HEADLINE in first
    for words in ("22.2 Trips per resident, 2023", "$8.10", "Transit · Madison, Wisconsin"):
        assert words in first
    assert "November 22, 2026" in first and f"Page 1 of {len(pages)}" in first
    for words in (
        "Boise City reports no trips.",
        "Source: Fixture table",
        "Formerly",
        "the city’s own",
        "Licence: US public domain",
        "Fixture Press (2026).",
        "briefs.example.org/cities/wi/madison/transit.html",
    ):
        assert words in whole
    assert "secret_code" not in whole


def test_labels_inside_charts_are_text_in_our_font(content: bytes, opened: pikepdf.Pdf) -> None:
    assert "Drawn label" in " ".join(pages_of(content))
    bases = {str(item.BaseFont) for item in opened.objects if _is_font(item)}
    assert {base.split("+")[-1].split("-")[0] for base in bases} <= {
        "SourceSansPro",
        "SourceSerifPro",
        "DejaVuSansMono",  # inline code
    }


def _is_font(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"


def test_cells_for_the_page_alone_are_left_out(content: bytes) -> None:
    whole = " ".join(pages_of(content))
    assert "The figures are made up." not in whole
    assert "Trips divided by residents" in whole


def test_links_lead_out_of_the_document_only_where_they_can(opened: pikepdf.Pdf) -> None:
    found = {
        str(note.A.URI)
        for page in opened.pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get("/A", {})
    }
    assert {"https://agency.example.org", "https://law.example.org"} <= found
    assert all(address.startswith("https://") for address in found)


def test_the_running_head_begins_on_the_second_page(content: bytes) -> None:
    first, second = pages_of(content)[:2]
    assert "Transit in Madison Fixture Collection" in second
    assert "Transit in Madison Fixture Collection" not in first


def test_a_second_process_makes_the_same_bytes(content: bytes) -> None:
    code = "import hashlib, test_pdf; print(hashlib.sha256(test_pdf.make()).hexdigest())"
    environment = {
        "PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parents[1]}:{sample.ROOT}",
        "PYTHONHASHSEED": "7",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(content).hexdigest()


HOSTILE = [
    '#panic("x")',
    '#import "@preview/evil:1.0.0"',
    "@ref and <label>",
    "$x$ costs $5",
    "back\\slash \\n",
    "] } ) */ //",
    "= not a heading",
    "\"quoted\" and 'single'",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_is_taken_for_typst(words: str) -> None:
    number = {"value": words, "label": words, "margin": words, "comparison": words, "note": words}
    table = {
        **sample.TABLE,
        "caption": words,
        "rows": [[words, {"text": words, "sub": words}, words]],
    }
    whole = " ".join(
        pages_of(
            make(
                sample.text(f"# Headline\n\n`{words}`"),
                sample.shown({"kind": "numbers", "items": [number]}),
                sample.shown({"kind": "callout", "tone": "note", "title": words, "text": words}),
                sample.text("## Section"),
                sample.shown({**sample.CHART, "title": words, "alt": words, "source": words}),
                sample.shown(table),
            )
        )
    )
    plain = "".join(words.split())
    # Inline code, five parts of the number, two of the callout, two of the chart, five of the table.
    assert "".join(whole.split()).count(plain) == 15


def test_markdown_is_not_taken_for_typst_either() -> None:
    whole = " ".join(pages_of(make(sample.text('# A #panic("x") headline\n\nTo @ref \\$x\\$ = ]'))))
    assert "A #panic(“x”) headline" in whole
    assert "To @ref $x$ = ]" in whole


def test_characters_that_no_font_has_are_left_out_or_refused() -> None:
    assert "Headline here" in pages_of(make(sample.text("# Headline\u200b here\x0c")))[0]
    with pytest.raises(ResearchError, match=r"東.*Latin letters"):
        make(sample.text("# Tokyo is 東京"))


def test_what_keeps_a_pdf_from_being_accessible_is_told_with_its_paper() -> None:
    with pytest.raises(
        ResearchError, match=r"^Transit.*: no accessible PDF .*heading title is empty"
    ):
        make(sample.text("# Headline\n\nLead.\n\n##\n\nMore."))
    with pytest.raises(typst.TypstError):  # what a template lacks is no fault of the text
        typeset("brief", {}, sample.COLLECTION, "a test")


@pytest.mark.parametrize("lines", range(0, 30, 3))
def test_a_chart_stays_with_its_heading_and_text(lines: int) -> None:
    filler = "\n\n".join(["A paragraph that takes one line."] * lines)
    pages = pages_of(
        make(
            sample.text(f"# Headline\n\nLead.\n\n## Before\n\n{filler}"),
            sample.text("## The finding\n\nThe words before the chart."),
            sample.shown(sample.CHART),
        )
    )
    page = next(page for page in pages if "The finding" in page)
    assert "words before the chart" in page and "Drawn label" in page


@pytest.mark.parametrize("lines", [0, 12, 24])
def test_charts_are_never_wider_than_the_text_or_too_small_to_read(lines: int) -> None:
    filler = "\n\n".join(["A paragraph that takes one line."] * lines)
    charts = [sample.shown({**sample.CHART, "id": str(number)}) for number in range(5)]
    content = make(sample.text(f"# Headline\n\n## Before\n\n{filler}\n\n## Charts"), *charts)
    with pikepdf.open(io.BytesIO(content)) as document:
        figures = [tag for tag in tags(document.Root.StructTreeRoot) if tag.S == "/Figure"]
        boxes = [tuple(map(float, tag.A[0].BBox)) for tag in figures]
    assert len(boxes) == 5
    for left, _, right, _ in boxes:
        assert left >= 57 and right <= 612 - 57
        assert right - left >= 299  # 14 pixels of 700 are then at least 6 points


def test_a_chart_taller_than_a_page_is_made_to_fit() -> None:
    tall = {**sample.CHART, "spec": {**sample.CHART["spec"], "height": 1300}}
    cells = (sample.text("# Headline\n\n## Chart"), sample.shown(tall))
    with pikepdf.open(io.BytesIO(make(*cells))) as document:
        (figure,) = (tag for tag in tags(document.Root.StructTreeRoot) if tag.S == "/Figure")
        _, bottom, _, upper = map(float, figure.A[0].BBox)
    assert 50 < bottom < upper < 740


def test_a_collection_without_address_has_its_publisher_in_the_footer() -> None:
    nowhere = sample.COLLECTION.model_copy(update={"address": ""})
    first = pages_of(make(collection=nowhere))[0]
    assert "Fixture Press Edition of November 2026 Page 1 of" in first


def test_a_long_table_repeats_its_header() -> None:
    rows = [[f"Area {number}", "1.0", ""] for number in range(90)]
    pages = pages_of(
        make(sample.text("# Headline\n\n## Table"), sample.shown({**sample.TABLE, "rows": rows}))
    )
    with_rows = [page for page in pages if "Area " in page]
    assert len(with_rows) >= 2
    assert all("Trips per resident" in page for page in with_rows)


def test_long_sections_fill_two_columns_and_lose_nothing() -> None:
    words = [f"word{number}" for number in range(900)]
    paragraphs = "\n\n".join(" ".join(words[at : at + 60]) for at in range(0, 900, 60))
    whole = " ".join(pages_of(make(sample.text(f"# Headline\n\n## Long\n\n{paragraphs}"))))
    assert [word for word in whole.split() if word.startswith("word")] == words


def test_a_brief_without_headline_is_refused() -> None:
    with pytest.raises(ResearchError, match="does not begin with a headline"):
        make(sample.text("No headline here."))


# ---- All briefs of a collection


@pytest.fixture
def project(tmp_path: Path) -> Project:
    here = sample.project(tmp_path / "_build")
    for _, place in wanted(here):
        _write(here, place.path, sample.notebook(city=place.name, path=place.path), place.name)
    return here


def wanted(project: Project) -> list[tuple[str, Place]]:
    """The briefs of these tests."""
    slugs = ("madison-wi", "milwaukee-wi")
    return [("transit", places.find(project, "city", slug)) for slug in slugs]


def _write(project: Project, path: str, notebook: dict[str, Any], city: str) -> None:
    for kind, ending, content in (
        ("notebooks", "ipynb", notebook),
        ("facts", "json", sample.facts(city)),
    ):
        file = project.build / kind / path / f"transit.{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")


def _made(project: Project) -> dict[str, int]:
    found = (project.build / "pdf").rglob("*")
    return {file.parent.name: file.stat().st_mtime_ns for file in found if file.is_file()}


def failures(project: Project, collection: Collection) -> list[str]:
    """Makes the PDFs; the reasons of those that failed."""
    return [reason for reason in pdf.make_pdfs(project, collection, wanted(project), 2) if reason]


def test_all_executed_briefs_get_a_pdf_and_only_changed_ones_again(project: Project) -> None:
    assert failures(project, sample.COLLECTION) == []
    before = _made(project)
    assert set(before) == {"madison", "milwaukee"}
    changed = sample.notebook(sample.text("# Another headline"))
    _write(project, "wi/madison", changed, "Madison")
    assert failures(project, sample.COLLECTION) == []
    after = _made(project)
    assert after["milwaukee"] == before["milwaukee"]
    assert after["madison"] > before["madison"]
    content = (project.build / "pdf" / "wi" / "madison" / "transit.pdf").read_bytes()
    assert "Another headline" in pages_of(content)[0]


def test_a_new_edition_makes_all_again(project: Project) -> None:
    failures(project, sample.COLLECTION)
    before = _made(project)
    later = sample.COLLECTION.model_copy(update={"date": "2026-11-23"})
    assert failures(project, later) == []
    assert all(after > before[place] for place, after in _made(project).items())


def test_one_failure_stops_no_other_and_is_named(project: Project) -> None:
    _write(project, "wi/madison", sample.notebook(sample.text("No headline.")), "Madison")
    failed = failures(project, sample.COLLECTION)
    assert len(failed) == 1
    assert failed[0].startswith("transit madison-wi: notebooks/transit/brief.ipynb")
    assert set(_made(project)) == {"milwaukee"}


def test_a_pdf_without_its_key_is_made_again(project: Project) -> None:
    failures(project, sample.COLLECTION)
    before = _made(project)
    (project.build / "cache" / "pdf" / "wi" / "madison" / "transit.key").unlink()
    failures(project, sample.COLLECTION)
    after = _made(project)
    assert after["madison"] > before["madison"] and after["milwaukee"] == before["milwaukee"]


def test_nothing_is_read_while_nothing_changed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures(project, sample.COLLECTION)
    monkeypatch.setattr(kept, "read_manuscript", pytest.fail)
    assert failures(project, sample.COLLECTION) == []


def test_a_changed_brief_of_the_same_size_and_time_is_made_again(project: Project) -> None:
    failures(project, sample.COLLECTION)
    before = _made(project)
    file = project.build / "notebooks" / "wi" / "madison" / "transit.ipynb"
    was = file.stat()
    write_whole(file, file.read_bytes().replace(b"84%", b"85%"))
    os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (was.st_size, was.st_mtime_ns)
    failures(project, sample.COLLECTION)
    assert _made(project)["madison"] > before["madison"]


def test_a_pdf_that_was_tampered_with_is_made_again(project: Project) -> None:
    failures(project, sample.COLLECTION)
    file = project.build / "pdf" / "wi" / "madison" / "transit.pdf"
    whole = file.read_bytes()
    file.write_bytes(whole[:-9])
    failures(project, sample.COLLECTION)
    assert file.read_bytes() == whole


def test_a_copied_folder_is_fresh_without_setting_anything_again(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures(project, sample.COLLECTION)
    copied = Project(project.root, tmp_path / "copied")
    shutil.copytree(project.build, copied.build)
    monkeypatch.setattr(pdf, "typeset", pytest.fail)
    assert failures(copied, sample.COLLECTION) == []


@pytest.mark.parametrize("changed", ["markdown-it-py", "vl-convert-python", "typst"])
def test_a_new_version_of_a_library_is_looked_into(
    project: Project, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    failures(project, sample.COLLECTION)
    version = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "9.9" if name == changed else version(name)
    )
    seen: list[Any] = []
    read = kept.read_manuscript
    monkeypatch.setattr(kept, "read_manuscript", lambda *asked: seen.append(asked) or read(*asked))
    assert failures(project, sample.COLLECTION) == []
    assert len(seen) == 2


@pytest.mark.fault(
    "unmarked draft", "the PDF of a draft topic", "DRAFT on its first and every page"
)
def test_a_draft_bears_the_word_and_stays_tagged(tmp_path: Path) -> None:
    project = sample.project(tmp_path)
    notebook = sample.notebook()
    notebook["metadata"]["cityresearch"]["draft"] = True
    sheet = lay_out(kept.sheet_of(notebook, sample.facts(), project, sample.COLLECTION))
    made = typeset("brief", sheet, sample.COLLECTION, sheet["kicker"])
    first, *others = pages_of(made)
    assert "DRAFT · " in first
    assert all("DRAFT" in page for page in others)
    assert not any("DRAFT" in page for page in pages_of(make()))
    (tmp_path / "draft.pdf").write_bytes(made)
    assert pikepdf.Pdf.open(tmp_path / "draft.pdf").Root.MarkInfo.Marked
