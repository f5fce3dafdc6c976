"""Pages before they are compiled: whose they are, what they hold, what they refuse."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest
import sample_brief as sample
import yaml
from sample_project import put_all, put_brief, sample_briefs

from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.sources import list_sources
from cityresearch.press import fonts, surroundings
from cityresearch.press.manuscripts import Entry
from cityresearch.press.paper.volume import make_volumes, state_volumes
from cityresearch.press.surroundings import escaped
from cityresearch.press.web.finding_pages import places_script
from cityresearch.press.web.index_pages import folders
from cityresearch.press.web.pages import assemble
from cityresearch.press.web.reference_pages import written_page
from cityresearch.project import Project

COLLECTION = sample.COLLECTION


@pytest.fixture(scope="module")
def assembled(sample_project: Project) -> Path:
    return assemble(sample_project, COLLECTION, sample_briefs(sample_project), workers=1).folder


def page(folder: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / f"{name}.ipynb").read_text())
    return content


def words(notebook: dict[str, Any]) -> str:
    """All that a page shows, Markdown and HTML, as one text."""
    texts = []
    for cell in notebook["cells"]:
        shown = [out["data"]["text/html"] for out in cell.get("outputs", [])]
        texts += shown or [cell["source"]]
    return "\n".join(texts)


def test_a_brief_is_stripped_of_code_and_of_what_is_only_for_paper(assembled: Path) -> None:
    text = words(page(assembled, "wi/madison/transit"))
    assert "secret_code" not in text
    assert "Trips divided by residents" not in text
    assert "The figures are made up." in text


def test_a_brief_has_its_surroundings(assembled: Path) -> None:
    brief = page(assembled, "wi/madison/transit")
    around = brief["metadata"]["page"]
    assert around["title"] == "Transit in Madison, Wisconsin · Fixture Collection"
    assert around["kicker"] == "Transit in Madison, Wisconsin"
    assert [link["label"] for link in around["trail"]] == [
        "Fixture Collection",
        "Wisconsin",
        "Madison",
        "Transit",
    ]
    assert around["trail"][1]["href"] == "wi/index.html"
    assert around["address"] == "https://briefs.example.org/cities/wi/madison/transit.html"
    assert brief["cells"][0]["source"] == f"# {sample.HEADLINE}"
    dateline = brief["cells"][1]["outputs"][0]["data"]["text/html"]
    assert "November 22, 2026" in dateline
    assert "Data for 2023" in dateline


def test_a_state_offers_its_volume_only_while_that_is_up_to_date(press_project: Project) -> None:
    wanted = [brief for brief in put_all(press_project) if brief[1].path.startswith("wi/")]
    assert list(make_volumes(press_project, COLLECTION, state_volumes(wanted))) == [""]
    made = assemble(press_project, COLLECTION, wanted, workers=1)
    assert 'href="wi.pdf">Wisconsin</a>' in words(page(made.folder, "wi/index"))
    assert 'href="wi/wi.pdf">Wisconsin</a>' in words(page(made.folder, "index"))
    assert Path(made.copies["wi/wi.pdf"]).is_file()
    topic, place = wanted[0]
    put_brief(press_project, topic, place, as_of="data for another year")
    made = assemble(press_project, COLLECTION, wanted, workers=1)
    for name in ("index", "wi/index"):
        assert "wi.pdf" not in words(page(made.folder, name))
    assert "wi/wi.pdf" not in made.copies


def test_the_pdf_is_offered_only_where_it_was_made(assembled: Path) -> None:
    assert 'href="transit.pdf"' in words(page(assembled, "wi/madison/transit"))
    assert ".pdf" not in words(page(assembled, "wi/milwaukee/transit"))


def test_a_brief_closes_with_figures_sources_citation_and_downloads(assembled: Path) -> None:
    text = html.unescape(words(page(assembled, "wi/madison/transit")))
    for part in ("Figures in this brief", "Sources", "How to cite", "Downloads"):
        assert f"<h2>{part}</h2>" in text
    assert "ntd.areas[uace=53200,year=2023].upt" in text
    assert "· counted" in text
    assert f"Fixture Press (2026). {sample.HEADLINE}. Madison, Wisconsin." in text


def test_a_state_has_briefs_of_its_own_beside_its_cities(assembled: Path) -> None:
    assert (assembled / "wi" / "budget.ipynb").is_file()
    text = words(page(assembled, "wi/index"))
    assert 'href="budget.html"' in text
    assert 'href="madison/index.html"' in text
    assert "2 cities, 3 briefs" in text
    trail = page(assembled, "wi/budget")["metadata"]["page"]["trail"]
    assert [link["label"] for link in trail] == ["Fixture Collection", "Wisconsin", "State budget"]


def test_the_table_of_contents_goes_from_state_to_city_to_brief(assembled: Path) -> None:
    toc = yaml.safe_load((assembled / "_toc.yml").read_text())
    assert toc["root"] == "index"
    assert toc["parts"][0]["chapters"] == [
        {
            "file": "dc/index",
            "sections": [
                {"file": "dc/washington/index", "sections": [{"file": "dc/washington/transit"}]}
            ],
        },
        {
            "file": "wi/index",
            "sections": [
                {"file": "wi/budget"},
                {"file": "wi/madison/index", "sections": [{"file": "wi/madison/transit"}]},
                {"file": "wi/milwaukee/index", "sections": [{"file": "wi/milwaukee/transit"}]},
            ],
        },
    ]
    others = [chapter["file"] for chapter in toc["parts"][1]["chapters"]]
    assert {"sources", "methods", "about", "topics/transit", "topics/budget"} <= set(others)


def test_places_are_searched_largest_first(assembled: Path) -> None:
    script = (assembled / "_static" / "places.js").read_text()
    rows = json.loads(script.removeprefix("cityPlaces(").removesuffix(");\n"))
    assert rows == [
        ["Wisconsin", "WI", "wi"],
        ["Washington, D.C.", "DC", "dc/washington", "", "District of Columbia"],
        ["Milwaukee, Wisconsin", "WI", "wi/milwaukee", "", "MKE"],
        ["Madison, Wisconsin", "WI", "wi/madison"],
    ]


def test_the_census_name_is_kept_where_it_has_other_words(sample_project: Project) -> None:
    slugs = ("louisville-ky", "st-paul-mn")
    found = [places.find(sample_project, "city", slug) for slug in slugs]
    script = places_script(sample_project, found)
    rows = json.loads(script.removeprefix("cityPlaces(").removesuffix(");\n"))
    assert rows[0][0] == "Louisville, Kentucky"
    assert "Jefferson County" in rows[0][3]
    assert rows[1][3:] == ["", "Twin Cities"]


def test_every_source_is_on_the_page_of_sources(assembled: Path, sample_project: Project) -> None:
    text = html.unescape(words(page(assembled, "sources")))
    for name, source in list_sources(sample_project).items():
        assert f'<section id="{name}">' in text
        assert source.licence.name in text
        for caveat in source.caveats:
            assert caveat in text


def test_names_and_headlines_are_text_wherever_they_stand(press_project: Project) -> None:
    place = places.find(press_project, "city", "madison-wi")
    evil = "<script>alert(1)</script> & *two* words"
    put_brief(press_project, "transit", place, title=evil, summary=evil)
    folder = assemble(press_project, COLLECTION, [("transit", place)], workers=1).folder
    for name in ("wi/madison/index", "topics/transit", "wi/madison/transit"):
        shown = [
            out["data"]["text/html"]
            for cell in page(folder, name)["cells"]
            for out in cell.get("outputs", [])
        ]
        assert "<script" not in "".join(shown)
    assert "&lt;script&gt;" in words(page(folder, "wi/madison/index"))
    assert "<em>two</em>" in words(page(folder, "wi/madison/index"))


def test_a_file_of_another_place_is_refused(press_project: Project) -> None:
    madison, milwaukee = (
        places.find(press_project, "city", slug) for slug in ("madison-wi", "milwaukee-wi")
    )
    put_brief(press_project, "transit", madison)
    stray = press_project.build / "notebooks" / milwaukee.path
    (press_project.build / "notebooks" / madison.path).rename(stray)
    (press_project.build / "facts" / madison.path).rename(
        press_project.build / "facts" / milwaukee.path
    )
    with pytest.raises(ResearchError, match="holds the brief 'transit' of Madison, Wisconsin"):
        assemble(press_project, COLLECTION, [("transit", milwaukee)], workers=1)


def test_a_brief_that_was_not_run_is_named(press_project: Project) -> None:
    madison = places.find(press_project, "city", "madison-wi")
    with pytest.raises(ResearchError, match="cityresearch run --topic transit --city madison-wi"):
        assemble(press_project, COLLECTION, [("transit", madison)], workers=1)


def test_what_is_no_longer_published_disappears(press_project: Project) -> None:
    wanted = sample_briefs(press_project)
    for topic, place in wanted:
        put_brief(press_project, topic, place)
    folder = assemble(press_project, COLLECTION, wanted, workers=1).folder
    kept = (folder / "wi" / "madison" / "transit.ipynb").stat().st_mtime_ns
    fewer = [brief for brief in wanted if brief[1].slug != "milwaukee-wi"]
    assemble(press_project, COLLECTION, fewer, workers=1)
    assert not (folder / "wi" / "milwaukee").exists()
    assert (folder / "wi" / "madison" / "transit.ipynb").stat().st_mtime_ns == kept


def test_a_written_page_begins_with_a_title(press_project: Project) -> None:
    (press_project.book / "guide.md").write_text("No title here.\n")
    with pytest.raises(ResearchError, match=r"book/guide.md.*begins with a title"):
        written_page(press_project, COLLECTION, "guide")


def test_a_state_without_briefs_of_its_own_is_named_by_its_cities(sample_project: Project) -> None:
    washington = places.find(sample_project, "city", "washington-dc")
    (state,) = folders([Entry("transit", washington, "Headline", "Summary", None)])
    assert (state.path, state.name, state.place) == ("dc", "District of Columbia", None)
    assert (state.contents, state.count) == ("1 city", 1)
    assert [inner.name for inner in state.inside] == ["Washington"]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Trips *rose* by 5%", "Trips rose by 5%"),
        ("A [link](https://example.org) & `code`", "A link & code"),
        (r"It costs \$5", "It costs $5"),
    ],
)
def test_plain_text_of_markdown(markdown: str, text: str) -> None:
    assert surroundings.plain(markdown) == text


@pytest.mark.parametrize("name", ["St. Paul", "O'Fallon", "Nashville_*x*", "<b>", "#1", "a`b"])
def test_escaped_names_are_read_as_they_are(name: str) -> None:
    assert surroundings.plain(escaped(name)) == name


@pytest.mark.parametrize(
    ("number", "kinds", "text"),
    [
        (1, ["city"], "1 city"),
        (2, ["city", "city"], "2 cities"),
        (1200, ["state"], "1,200 states"),
        (2, ["city", "state"], "2 places"),
    ],
)
def test_places_are_counted_by_their_kind(number: int, kinds: list[str], text: str) -> None:
    assert surroundings.counted(number, kinds) == text


def test_the_fonts_are_few_small_and_the_same_every_time(tmp_path: Path) -> None:
    made = fonts.web_fonts(tmp_path)
    assert len(made) <= 4
    assert all(len(content) < 30_000 for content in made.values())
    assert fonts.web_fonts(tmp_path / "again") == made
