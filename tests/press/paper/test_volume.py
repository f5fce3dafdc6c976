"""PDF volumes: parts and chapters with numbered pages, sources once, and never more than memory holds."""

from __future__ import annotations

import io
import itertools
import shutil
from collections.abc import Iterator

import pdfua
import pikepdf
import pytest
import sample_brief as sample
from sample_project import put_brief
from test_pdf import pages_of, tags

from cityresearch.evidence import places
from cityresearch.press.paper import volume
from cityresearch.project import Project

CITIES = ("madison-wi", "milwaukee-wi")


@pytest.fixture
def project(press_project: Project) -> Project:
    for slug in CITIES:
        place = places.find(press_project, "city", slug)
        put_brief(press_project, "transit", place, title=f"Transit in {place.name} is back")
    return press_project


def volumes(project: Project, limit: int = volume.LIMIT) -> list[volume.Volume]:
    briefs = [("transit", places.find(project, "city", slug)) for slug in CITIES]
    return volume.state_volumes(briefs, limit)


def made(project: Project, wanted: list[volume.Volume]) -> list[str]:
    """Makes volumes; the reasons of those that failed."""
    return [reason for reason in volume.make_volumes(project, sample.COLLECTION, wanted) if reason]


def content_of(project: Project, name: str = "wi") -> bytes:
    return (volume.volume_folder(project) / f"{name}.pdf").read_bytes()


@pytest.fixture
def bound(project: Project) -> Iterator[pikepdf.Pdf]:
    assert made(project, volumes(project)) == []
    with pikepdf.open(io.BytesIO(content_of(project))) as document:
        yield document


def test_bookmarks_are_cities_then_topics_then_headlines_then_sections(bound: pikepdf.Pdf) -> None:
    with bound.open_outline() as outline:
        parts = list(outline.root)
        assert [str(part.title) for part in parts] == [
            "1 Madison",
            "2 Milwaukee",
            "Methods, sources and how to cite",
        ]
        (topic,) = parts[0].children
        assert str(topic.title) == "1.1 Transit · Madison, Wisconsin"
        (headline,) = topic.children
        assert str(headline.title) == "Transit in Madison is back"
        assert "Why it matters" in [str(section.title) for section in headline.children]


def test_pages_are_counted_from_the_first_part(bound: pikepdf.Pdf, project: Project) -> None:
    pages = pages_of(content_of(project))
    assert [page.label for page in bound.pages][:4] == ["i", "ii", "1", "2"]
    assert "Page 1" in pages[2] and "Madison" in pages[2]
    assert "Page" not in pages[0]


def test_the_contents_name_the_page_where_each_part_begins(project: Project) -> None:
    made(project, volumes(project))
    pages = pages_of(content_of(project))
    begins = next(at for at, text in enumerate(pages) if "Part 2" in text)
    words = pages[1].replace(".", " ").split()
    at = words.index("Milwaukee")
    number = next(word for word in words[at + 1 :] if word.isdigit())
    assert number == str(begins - 1)


def test_running_heads_say_city_and_topic(project: Project) -> None:
    made(project, volumes(project))
    pages = pages_of(content_of(project))
    assert "Madison · Transit Wisconsin" in pages[3]
    assert "Milwaukee · Transit Wisconsin" in pages[-2]


def test_sources_methods_and_citation_stand_once_at_the_end(project: Project) -> None:
    made(project, volumes(project))
    pages = pages_of(content_of(project))
    whole = " ".join(pages)
    assert whole.count("Licence: US public domain") == 1 == pages[-1].count("Licence:")
    assert whole.count("Trips divided by residents") == 1 == pages[-1].count("Trips divided")
    assert "Fixture Press (2026). Fixture Collection: Wisconsin." in pages[-1]


def test_methods_that_differ_stay_with_their_brief() -> None:
    def sheet(*words: str) -> volume.Sheet:
        parts = [{"k": "p", "c": [word]} for word in words]
        return {"topic_label": "T", "sections": [{"heading": ["Methods"], "parts": parts}]}

    shared = [{"k": "p", "c": ["same"]}]
    common = volume.shared_methods([sheet("same", "one"), sheet("same", "two")])
    assert common["T"]["parts"] == shared
    without = [sheet(), {"topic_label": "T", "sections": []}]
    for sheets in itertools.permutations([*without, sheet("same", "one"), sheet("same")]):
        assert volume.shared_methods(sheets)["T"]["parts"] == shared
    assert volume.shared_methods(without) == {}


def test_a_volume_is_tagged_like_a_brief(bound: pikepdf.Pdf, project: Project) -> None:
    tree = list(tags(bound.Root.StructTreeRoot))
    kinds = [str(tag.S) for tag in tree]
    assert {"/Title", "/TOC", "/TOCI", "/H1", "/H2", "/H3", "/TH"} <= set(kinds)
    assert (
        kinds.count("/Figure")
        == 2
        == len([tag for tag in tree if "/Alt" in tag and tag.S == "/Figure"])
    )
    assert str(bound.docinfo.Title) == "Wisconsin" and str(bound.Root.Lang) == "en-US"
    report = pdfua.validate(str(volume.volume_folder(project) / "wi.pdf"))
    assert [finding.message for finding in report.findings] == []


def test_links_of_the_contents_lead_into_the_volume(bound: pikepdf.Pdf) -> None:
    notes = bound.pages[1].get("/Annots", [])
    assert len(notes) >= 7
    assert all("/Dest" in note or note.A.S == "/GoTo" for note in notes)


def test_a_state_with_more_briefs_than_the_limit_has_numbered_volumes(project: Project) -> None:
    wanted = volumes(project, limit=1)
    assert [(one.name, one.title, len(one.briefs)) for one in wanted] == [
        ("wi-1", "Wisconsin, volume 1 of 2", 1),
        ("wi-2", "Wisconsin, volume 2 of 2", 1),
    ]
    assert made(project, wanted) == []
    assert "Wisconsin, volume 2 of 2" in pages_of(content_of(project, "wi-2"))[0]


def test_a_city_is_parted_only_where_it_has_more_briefs_than_a_volume(project: Project) -> None:
    madison, milwaukee = (places.find(project, "city", slug) for slug in CITIES)
    briefs = [(topic, place) for place in (madison, milwaukee) for topic in "abc"]
    shares = [[topic for topic, _ in one.briefs] for one in volume.state_volumes(briefs, 4)]
    assert shares == [["a", "b", "c"], ["a", "b", "c"]]


def test_unchanged_volumes_are_not_made_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(project, volumes(project))
    with monkeypatch.context() as patched:
        patched.setattr(volume, "set_volume", pytest.fail)
        assert made(project, volumes(project)) == []
    put_brief(project, "transit", places.find(project, "city", CITIES[0]), title="Another headline")
    assert made(project, volumes(project)) == []
    assert "Another headline" in " ".join(pages_of(content_of(project)))


def test_the_same_briefs_give_the_same_bytes(project: Project) -> None:
    made(project, volumes(project))
    first = content_of(project)
    (volume.volume_folder(project) / "wi.pdf").unlink()
    made(project, volumes(project))
    assert content_of(project) == first


def test_volumes_made_at_once_are_what_they_are_one_by_one(project: Project) -> None:
    contents = set()
    for jobs in (1, 2):
        shutil.rmtree(project.build / "cache" / "pdf", ignore_errors=True)
        wanted = volumes(project, limit=1)
        assert list(volume.make_volumes(project, sample.COLLECTION, wanted, jobs)) == ["", ""]
        contents.add((content_of(project, "wi-1"), content_of(project, "wi-2")))
    assert len(contents) == 1


def test_a_missing_brief_costs_its_volume_alone_and_is_named(project: Project) -> None:
    chicago = places.find(project, "city", "chicago-il")
    wanted = [*volume.state_volumes([("transit", chicago)]), *volumes(project)]
    (reason,) = made(project, wanted)
    assert reason.startswith("volume il: ") and "--city chicago-il" in reason
    assert content_of(project)


def test_chosen_cities_are_one_volume_that_names_them(project: Project) -> None:
    (one,) = volume.chosen_volumes(volumes(project)[0].briefs)
    assert (one.name, one.title) == ("chosen-cities", "Madison and Milwaukee")


def test_volumes_that_are_no_longer_made_are_removed(project: Project) -> None:
    made(project, volumes(project))
    old = volume.volume_folder(project) / "wi-9.pdf"
    old.write_bytes(b"old")
    volume.forget_volumes(project, volumes(project))
    assert not old.exists() and content_of(project)
