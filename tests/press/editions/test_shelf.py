"""The shelf: what is put on it comes back byte for byte, and an edition costs what changed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.press.editions import listing
from cityresearch.press.editions.shelf import Shelf, cut


@given(st.binary(max_size=9000) | st.text("ab\n", max_size=9000).map(str.encode))
def test_pieces_make_the_whole(content: bytes) -> None:
    assert b"".join(cut(content)) == content


def pages(seed: int) -> list[bytes]:
    """Lines that are like nothing else, as of a page."""
    chance = random.Random(seed)
    return [b"%x" % chance.getrandbits(300) for _ in range(3000)]


def test_a_change_costs_the_pieces_around_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    lines = pages(1)
    with shelf.new_box("first") as first:
        listing.keep(first, {"a.html": b"\n".join(lines)})
    later = [b"a new line", *lines[:2000], b"another", *lines[2000:]]
    with shelf.new_box("second") as second:
        kept = listing.keep(second, {"a.html": b"\n".join(later), "same.html": b"\n".join(later)})
    assert second.size < first.size / 10
    assert listing.content(Shelf(tmp_path), kept, "a.html") == b"\n".join(later)


def test_files_come_back_with_a_listing_that_was_kept_as_text(tmp_path: Path) -> None:
    files: dict[str, bytes | Path] = {
        "html/a/b.bin": bytes(range(256)) * 100,
        "html/empty": b"",
        "inputs/c.txt": "Zoë\r\n".encode(),
    }
    shelf = Shelf(tmp_path / "shelf")
    with shelf.new_box("one") as box:
        kept = listing.keep(box, files)
    again = listing.read(listing.written(kept))
    assert again == kept
    assert listing.lay_out(shelf, again, "html/", tmp_path / "out") == 2
    found = {p.name: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert found == {"b.bin": files["html/a/b.bin"], "empty": b""}


def test_a_box_that_was_not_finished_is_not_there(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    with pytest.raises(KeyboardInterrupt), shelf.new_box("one") as box:
        box.put(b"x" * 5000)
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_the_same_files_make_the_same_box(tmp_path: Path) -> None:
    for name in ("here", "there"):
        with Shelf(tmp_path / name).new_box("one") as box:
            listing.keep(box, {"b": b"2\n" * 3000, "a": b"1"})
    boxes = [(tmp_path / name / "one.zip").read_bytes() for name in ("here", "there")]
    assert boxes[0] == boxes[1]
