"""Volumes set in pieces: joined they are what they would be in one, and nothing of a piece gets lost."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
import sample_brief as sample
from hypothesis import given
from hypothesis import strategies as st
from sample_project import put_brief
from test_pdf import pages_of, tags
from test_volume import CITIES, content_of, made, volumes

from cityresearch.evidence import places
from cityresearch.press.paper import joining, pieces, typesetting, volume
from cityresearch.project import Project

# What looks like the words of a PDF, and brackets in pairs, alone and escaped.
NASTY = "On line 5 0 R (the /Next 1 0 R (old) one) /ID(3) :( and \\) /StructParent 7 /Dest 2 0 R"


@pytest.fixture
def project(press_project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    written = NASTY.replace("\\", "\\\\")
    for slug, title in zip(CITIES, (written, "Transit in Milwaukee is back"), strict=True):
        put_brief(press_project, "transit", places.find(press_project, "city", slug), title=title)
    monkeypatch.setattr(pieces, "BRIEFS", 1)
    return press_project


@pytest.fixture
def joined(project: Project) -> Iterator[pikepdf.Pdf]:
    assert made(project, volumes(project)) == []
    with pikepdf.open(io.BytesIO(content_of(project))) as document:
        yield document


def bookmarks(document: pikepdf.Pdf) -> list[tuple[int, str, int, tuple[float, ...]]]:
    """Level, words, page and place of each, in order."""
    numbers = {page.objgen: at for at, page in enumerate(document.pages)}
    found: list[tuple[int, str, int, tuple[float, ...]]] = []

    def walk(items: Any, level: int) -> None:
        for item in items:
            page, _, *place = item.destination
            where = tuple(float(number) for number in place)
            found.append((level, str(item.title), numbers[page.objgen], where))
            walk(item.children, level + 1)

    with document.open_outline() as outline:
        walk(outline.root, 1)
    return found


def links(document: pikepdf.Pdf) -> list[tuple[int, str, Any]]:
    """Page, words and target of each."""
    numbers = {page.objgen: at for at, page in enumerate(document.pages)}
    return [
        (
            at,
            str(note.Contents),
            (numbers[note.Dest[0].objgen], float(note.Dest[3])) if "/Dest" in note else note.A.URI,
        )
        for at, page in enumerate(document.pages)
        for note in page.get("/Annots", [])
    ]


def shape(document: pikepdf.Pdf) -> list[tuple[str, str]]:
    """Kind and alternative text of each tag, in order."""
    return [(str(tag.S), str(tag.get("/Alt", ""))) for tag in tags(document.Root.StructTreeRoot)]


def test_a_volume_in_pieces_is_what_it_is_in_one(
    project: Project, joined: pikepdf.Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = pages_of(content_of(project))
    monkeypatch.setattr(pieces, "BRIEFS", 24)
    volume.volume_file(project, volumes(project)[0]).unlink()
    assert made(project, volumes(project)) == []
    assert text == pages_of(content_of(project))
    with pikepdf.open(io.BytesIO(content_of(project))) as whole:
        assert shape(joined) == shape(whole)
        assert bookmarks(joined) == bookmarks(whole)
        assert links(joined) == links(whole)
        assert [page.label for page in joined.pages] == [page.label for page in whole.pages]


def test_its_syntax_is_sound_and_it_says_how_many_pages_it_has(joined: pikepdf.Pdf) -> None:
    assert joined.check_pdf_syntax() == []
    assert b"NPages>%d<" % len(joined.pages) in joined.Root.Metadata.read_bytes()
    numbers = {one.objgen[0] for one in joined.objects if one.is_indirect}
    assert len(numbers) == int(joined.trailer.Size) - 1


def test_words_that_look_like_a_pdf_are_words(project: Project, joined: pikepdf.Pdf) -> None:
    assert NASTY in [words for _, words, _, _ in bookmarks(joined)]
    text = "".join(pages_of(content_of(project))).replace(" ", "")
    assert text.count(NASTY.replace(" ", "")) == 3  # contents, page of the part, headline


def test_all_that_is_marked_on_a_page_is_found_in_the_tags(joined: pikepdf.Pdf) -> None:
    """From the page by its key in the parent tree to the tag, and from the root to the same tag."""
    root = joined.Root.StructTreeRoot
    in_tree = {tag.objgen: tag for tag in tags(root)}
    flat = list(root.ParentTree.Nums)
    tree = dict(zip(map(int, flat[::2]), flat[1::2], strict=True))
    assert list(tree) == sorted(tree) and max(tree) < int(root.ParentTreeNextKey)
    assert all(tag.P.objgen == root.K[0].objgen for tag in root.K[0].K)
    for page in joined.pages:
        marked = {int(one) for one in re.findall(rb"/MCID (\d+)", page.Contents.read_bytes())}
        owners = tree[int(page.obj.StructParents)]
        assert marked == set(range(len(owners)))
        for number, owner in enumerate(owners):
            assert number in marks(in_tree[owner.objgen], page.objgen)
        for note in page.get("/Annots", []):
            kids = in_tree[tree[int(note.StructParent)].objgen].K
            assert note.objgen in [kid.Obj.objgen for kid in kids if "/Obj" in dir_of(kid)]


def dir_of(kid: Any) -> set[str]:
    return set(kid.keys()) if isinstance(kid, pikepdf.Dictionary) else set()


def marks(tag: Any, page: tuple[int, int]) -> set[int]:
    """The marked content of a tag on a page."""
    found = set()
    for kid in tag.K:
        if "/MCID" in dir_of(kid):
            found |= {int(kid.MCID)} if kid.get("/Pg", tag.get("/Pg")).objgen == page else set()
        elif not isinstance(kid, pikepdf.Dictionary) and tag.Pg.objgen == page:
            found.add(int(kid))
    return found


def test_each_header_cell_has_a_name_of_its_own(joined: pikepdf.Pdf) -> None:
    flat = list(joined.Root.StructTreeRoot.IDTree.Names)
    names = [str(name) for name in flat[::2]]
    assert names == sorted(set(names))
    cells = [tag for tag in tags(joined.Root.StructTreeRoot) if "/ID" in tag]
    assert {(str(tag.ID), tag.objgen) for tag in cells} == {
        (name, cell.objgen) for name, cell in zip(names, flat[1::2], strict=True)
    }


@pytest.mark.usefixtures("joined")
def test_a_changed_brief_has_its_own_piece_made_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = places.find(project, "city", CITIES[1])
    put_brief(project, "transit", second, title="Transit in Milwaukee is gone")
    again = []

    class Noted(typesetting.Draft):
        def __init__(self, paper: dict[str, Any]) -> None:
            again.append((paper["piece"], [part["name"] for part in paper.get("parts", [])]))
            super().__init__(paper)

    monkeypatch.setattr(typesetting, "Draft", Noted)
    assert made(project, volumes(project)) == []
    assert again == [("parts", ["Milwaukee"]), ("front", [])]
    assert "Transit in Milwaukee is gone" in " ".join(pages_of(content_of(project)))


def test_pieces_set_at_once_are_what_they_are_one_by_one(project: Project) -> None:
    contents = set()
    for jobs in (1, 2):
        shutil.rmtree(project.build / "cache" / "pdf", ignore_errors=True)
        wanted = volumes(project)
        assert not any(volume.make_volumes(project, sample.COLLECTION, wanted, jobs))
        contents.add(content_of(project))
    assert len(contents) == 1


@pytest.mark.usefixtures("joined")
def test_a_piece_that_only_begins_elsewhere_is_set_there(project: Project) -> None:
    before = len(pages_of(content_of(project)))
    first = places.find(project, "city", CITIES[0])
    longer = "Transit in Madison. " + "It goes on and on, for all who read it. " * 90
    put_brief(project, "transit", first, title=longer)
    assert made(project, volumes(project)) == []
    kept = content_of(project)
    assert len(pages_of(kept)) > before
    shutil.rmtree(project.build / "cache" / "pdf")
    assert made(project, volumes(project)) == []
    assert content_of(project) == kept


@pytest.mark.usefixtures("joined")
def test_pieces_that_are_no_longer_of_use_are_removed(project: Project) -> None:
    folder = project.build / "cache" / "pdf" / "volumes" / "wi"
    before = {path.name for path in folder.iterdir()}
    second = places.find(project, "city", CITIES[1])
    put_brief(project, "transit", second, title="Transit in Milwaukee is gone")
    assert made(project, volumes(project)) == []
    after = {path.name for path in folder.iterdir()}
    assert len(before) == len(after) == 4 and len(before & after) == 2
    volume.forget_volumes(project, [])
    assert not folder.exists()


@given(st.lists(st.integers(1, 60), min_size=1), st.integers(1, 40))
def test_pieces_hold_all_parts_in_order_and_no_more_than_they_may(
    sizes: list[int], most: int
) -> None:
    parts = [{"name": str(at), "chapters": [{}] * size} for at, size in enumerate(sizes)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pieces, "BRIEFS", most)
        shares = list(pieces.shares(parts))
    assert [part["name"] for share in shares for part in share] == [part["name"] for part in parts]
    assert [part["number"] for share in shares for part in share] == list(range(1, len(parts) + 1))
    sums = [sum(len(part["chapters"]) for part in share) for share in shares]
    assert all(held <= most or len(share) == 1 for held, share in zip(sums, shares, strict=True))
    assert all(
        held + len(after[0]["chapters"]) > most
        for held, after in zip(sums, shares[1:], strict=False)
    )


def test_a_heading_is_read_from_digits_and_from_brackets() -> None:
    assert joining._text(b"<FEFF00E9>") == "é"
    assert joining._text(b"(How \\(to\\) cite)") == "How (to) cite"
