"""Briefing books: what their declaration may say, and the PDF and the page that are made of it."""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path
from typing import Any

import pdfua
import pikepdf
import pytest
import sample_brief as sample
import yaml
from sample_project import put_brief
from test_pdf import pages_of, tags

from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.press.paper.briefing import load_briefing
from cityresearch.press.paper.briefing_book import make_briefing_book
from cityresearch.project import Project

FIXTURE = Path(__file__).parents[1] / "fixtures" / "council.yml"


@pytest.fixture
def project(press_project: Project) -> Project:
    for slug in ("madison-wi", "milwaukee-wi"):
        place = places.find(press_project, "city", slug)
        put_brief(press_project, "transit", place, title=f"Transit in {place.name} is back")
    return press_project


def make(project: Project, file: Path = FIXTURE, **given: Any) -> tuple[bytes, str]:
    pdf, page = make_briefing_book(project, sample.COLLECTION, file, **given)
    return pdf.read_bytes(), page.read_text(encoding="utf-8")


def changed(tmp_path: Path, change: Any) -> Path:
    """The fixture's declaration after a change, beside its guide."""
    content = yaml.safe_load(FIXTURE.read_text())
    change(content)
    (tmp_path / "guide.md").write_text((FIXTURE.parent / "guide.md").read_text())
    file = tmp_path / "council.yml"
    file.write_text(yaml.safe_dump(content))
    return file


def test_the_pdf_has_agenda_contents_sessions_materials_and_sources(project: Project) -> None:
    content, _ = make(project)
    pages = pages_of(content)
    assert "Getting around in Wisconsin December 3, 2026 A room of the tests" in pages[0]
    assert "Agenda" in pages[1] and "9:00 to 9:45 Riders come back" in pages[1]
    assert "Contents" in pages[2] and "Transit in Madison is back" in pages[2]
    assert "Session 1 · 9:00 to 9:45" in pages[3] and "Staff of a made-up agency" in pages[3]
    whole = " ".join(pages)
    assert "It says nothing about a real city." in whole
    assert "A made-up report. Fixture authors. Fixture journal, March 2025." in whole
    assert whole.count("Licence: US public domain") == 1 == pages[-1].count("Licence:")


def test_the_agenda_names_the_page_of_each_session(project: Project) -> None:
    pages = pages_of(make(project)[0])
    begins = next(at for at, text in enumerate(pages) if "Session 2 · 10:00 to 10:30" in text)
    assert f"Questions {begins - 2}" in pages[1]
    assert f"Page {begins - 2}" in pages[begins]


def test_the_pdf_is_tagged_and_bookmarked_by_session(project: Project, tmp_path: Path) -> None:
    content, _ = make(project)
    with pikepdf.open(io.BytesIO(content)) as document:
        with document.open_outline() as outline:
            assert [str(item.title) for item in outline.root] == [
                "1 Riders come back",
                "2 Questions",
                "Materials",
                "Methods, sources and how to cite",
            ]
            names = [str(item.title) for item in outline.root[0].children]
        kinds = {str(tag.S) for tag in tags(document.Root.StructTreeRoot)}
    assert names == [
        "1.1 Transit · Madison, Wisconsin",
        "1.2 Transit · Milwaukee, Wisconsin",
        "1.3 Guide",
    ]
    assert {"/Title", "/TOC", "/H3", "/TH", "/Figure"} <= kinds
    (tmp_path / "book.pdf").write_bytes(content)
    assert pdfua.validate(str(tmp_path / "book.pdf")).findings == ()


def test_the_page_stands_alone_and_its_names_are_its_own(project: Project) -> None:
    _, page = make(project)
    assert "<script" not in page
    assert re.findall(r'(?:src|srcset)="(?!data:)', page) == []
    names = re.findall(r'\sid="([^"]+)"', page)
    assert len(names) == len(set(names))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links and links <= set(names)


def test_the_agenda_of_the_page_leads_to_all_that_is_read(project: Project) -> None:
    _, page = make(project)
    agenda, _, sessions = page.partition("</nav>")
    assert re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', agenda) == [
        ("transit-madison-wi", "Transit · Madison, Wisconsin"),
        ("transit-milwaukee-wi", "Transit · Milwaukee, Wisconsin"),
        ("guide-1-1", "Guide · How to read a fixture"),
        ("materials-1", "Materials for this session"),
    ]
    guide = sessions.partition('<article id="guide-1-1">')[2].partition("</article>")[0]
    assert "It says nothing about a real city." in guide


def test_a_brief_that_two_sessions_read_has_its_own_names_in_each(
    project: Project, tmp_path: Path
) -> None:
    def read_again(content: dict[str, Any]) -> None:
        content["sessions"][1]["briefs"] = content["sessions"][0]["briefs"][:1]

    _, page = make(project, changed(tmp_path, read_again))
    names = re.findall(r'\sid="([^"]+)"', page)
    assert len(names) == len(set(names))
    agenda = re.findall(r'href="#(transit-madison-wi[^"]*)">Transit', page)
    assert agenda == ["transit-madison-wi", "transit-madison-wi-2"]
    second = page.index('id="session-2"')
    assert page.index('<article id="transit-madison-wi"') < second
    assert page.index('<article id="transit-madison-wi-2"') > second


def test_headings_of_the_page_leave_no_level_out(project: Project) -> None:
    _, page = make(project)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_guide_s_headings_have_the_same_levels_on_the_page_as_in_the_pdf(
    project: Project, tmp_path: Path
) -> None:
    file = changed(tmp_path, lambda _: None)
    (tmp_path / "guide.md").write_text(
        "# First\n\n### Skips\n\nx\n\n## Second\n\n###### Deep\n\n# Third\n\n> ## Quoted\n"
    )
    content, page = make(project, file)
    guide = page.partition('<article id="guide-1-1">')[2].partition("</article>")[0]
    levels = re.findall(r"<h(\d)>(\w+)</h(\d)>", guide)
    words = ["First", "Skips", "Second", "Deep", "Third", "Quoted"]
    assert levels == [(at, word, at) for at, word in zip("344545", words, strict=True)]
    with pikepdf.open(io.BytesIO(content)) as document:
        kinds = [
            str(tag.S)
            for tag in tags(document.Root.StructTreeRoot)
            if re.fullmatch(r"/H\d", str(tag.S))
        ]
    assert any(kinds[at : at + 6] == [f"/H{level}" for level in "344545"] for at in range(99))


def test_a_letter_that_no_font_shows_is_told_with_its_session(
    project: Project, tmp_path: Path
) -> None:
    file = changed(tmp_path, lambda content: content["sessions"][1].update(about="Made up: 市"))
    with pytest.raises(ResearchError, match=r"council\.yml, session 2 \('Questions'\): .*`\"市\"`"):
        make(project, file)


def test_the_same_declaration_gives_the_same_bytes(project: Project) -> None:
    assert make(project) == make(project)


def session(content: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = content["sessions"][0]
    return first


WRONG = [
    (lambda c: c.update(titel="x"), r"titel: unknown key\. Did you mean 'title'\?"),
    (
        lambda c: session(c).update(title=" "),
        r"session 1, title: this text is empty\. Write one\.$",
    ),
    (lambda c: c.update(place=""), r"place: this text is empty\. Write one\.$"),
    (lambda c: c.pop("place"), r"place: this key is missing\. Add 'place:' and a text\.$"),
    (lambda c: c.pop("sessions"), r"Add 'sessions:' and a list: one entry a line, each after '- '"),
    (
        lambda c: session(c).update(speakers="Ann"),
        r"session 1 \('Riders come back'\), speakers: this must be a list: one entry a line",
    ),
    (
        lambda c: session(c).update(guides=[["guide.md"]]),
        r"session 1 \('Riders come back'\), guides 1: this must be a text, not a list",
    ),
    (
        lambda c: c.update(date="3 December"),
        r"date: '3 December' is no day\. Write it in quotes, as in date: \"2026-12-03\"\.$",
    ),
    (lambda c: c.update(date="2026-02-30"), r"'2026-02-30' is no day"),
    (lambda c: c.update(sessions=[]), r"sessions: List should have at least 1 item"),
    (
        lambda c: session(c).update(speeker=["x"]),
        r"session 1 \('Riders come back'\), speeker: unknown key\. Did you mean 'speakers'\?$",
    ),
    (lambda c: c["sessions"][1].pop("title"), r"session 2, title: this key is missing"),
    (
        lambda c: session(c)["materials"][0].update(date="spring"),
        r"session 1 \('Riders come back'\), materials 1, date: 'spring' is no date\. Write \"2026-12-03\", ",
    ),
    (
        lambda c: session(c)["materials"][0].update(link="javascript:alert(1)"),
        r"materials 1, link: this is no address\. Write one that begins with https://",
    ),
    (
        lambda c: session(c)["briefs"][0].update(city=5548000),
        r"session 1 \('Riders come back'\), briefs 1, city: this must be a text\. Write it in quotes",
    ),
]


@pytest.mark.parametrize(("change", "told"), WRONG)
def test_a_wrong_declaration_is_told_with_session_and_key(
    project: Project, tmp_path: Path, change: Any, told: str
) -> None:
    with pytest.raises(ResearchError, match=rf"^\S*council\.yml: .*{told}"):
        load_briefing(project, changed(tmp_path, change))


ABSENT = [
    (lambda s: s["briefs"][0].update(city="gotham"), r"briefs: .*'gotham'.*"),
    (
        lambda s: s["briefs"][0].update(topic="transport"),
        r"briefs: there is no topic 'transport'\.",
    ),
    (
        lambda s: s["briefs"][0].update(city="chicago-il"),
        r"briefs, Chicago, Illinois: the brief 'transit' has not been run\. Run: cityresearch run",
    ),
    (
        lambda s: s.update(guides=["gone.md"]),
        r"guides: there is no guide 'gone\.md'\. Write a Markdown",
    ),
]


@pytest.mark.parametrize(("change", "told"), ABSENT)
def test_what_a_session_lacks_is_named(
    project: Project, tmp_path: Path, change: Any, told: str
) -> None:
    file = changed(tmp_path, lambda content: change(session(content)))
    with pytest.raises(
        ResearchError, match=rf"council\.yml, session 1 \('Riders come back'\), {told}"
    ):
        make(project, file)
    assert not (project.build / "briefings").exists()


def test_a_stale_brief_is_refused(project: Project) -> None:
    madison = places.find(project, "city", "madison-wi")
    with pytest.raises(ResearchError, match=r"the brief 'transit' is stale or failed\. Run:"):
        make(project, stale={("transit", madison)})


LOST = [
    (
        "See ![a plan](plan.png).",
        r"line 3: the picture 'plan\.png' can't be shown: .* Say in words",
    ),
    ("![gone][one]\n\n[one]: x.png", r"line 3: the picture 'x\.png' can't be shown"),
    ("Text.\n\n- [more](more.md)", r"line 5: the link 'more\.md' leads to no file .* https://"),
    ("[page](more.html)", r"line 3: the link 'more\.html' leads to no file"),
    ("Text.\n\n##\n\nmore", r"line 5: a heading has no words\. Write them after"),
    ("## <!-- x -->", r"line 3: a heading has no words"),
    ("## &#8203;", r"line 3: a heading has no words"),
    ("a [](https://a.example)", r"line 3: the link to 'https://a\.example' has no words\. Write"),
    ("[<!-- x --> ](https://a.example)", r"line 3: the link to 'https://a\.example' has no"),
]


@pytest.mark.parametrize(("text", "told"), LOST)
def test_what_a_guide_would_lose_is_refused_with_its_line(
    project: Project, tmp_path: Path, text: str, told: str
) -> None:
    file = changed(tmp_path, lambda _: None)
    (tmp_path / "guide.md").write_text(f"# A guide\n\n{text}\n")
    (tmp_path / "plan.png").write_bytes(b"a fixture")
    with pytest.raises(
        ResearchError, match=rf"session 1 \('Riders come back'\), guides, guide\.md, {told}"
    ):
        make(project, file)


def test_a_guide_s_links_to_what_lies_beside_it_keep_their_words(
    project: Project, tmp_path: Path
) -> None:
    file = changed(tmp_path, lambda _: None)
    (tmp_path / "more.md").write_text("# More\n")
    (tmp_path / "guide.md").write_text(
        "# A guide\n\n[Some words](more.md), [here](#here), [there](https://a.example).\n"
    )
    page = make(project, file)[1]
    assert "Some words" in page and "more.md" not in page
    assert 'href="https://a.example"' in page


def test_a_guide_without_title_is_refused(project: Project, tmp_path: Path) -> None:
    file = changed(tmp_path, lambda _: None)
    for text in ("No title.", "## Too low", "    # Code", ""):
        (tmp_path / "guide.md").write_text(text)
        with pytest.raises(
            ResearchError, match=r"guides: the guide 'guide.md' does not begin with a title"
        ):
            make(project, file)
    (tmp_path / "guide.md").write_text("#  \n")
    with pytest.raises(ResearchError, match=r"guides, guide\.md, line 1: a heading has no words"):
        make(project, file)
    (tmp_path / "guide.md").write_bytes(b"# A title\n\nCaf\xe9.\n")
    with pytest.raises(ResearchError, match=r"guides, guide\.md: line 3 holds .* UTF-8"):
        make(project, file)
