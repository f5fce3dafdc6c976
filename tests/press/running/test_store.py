"""The store: a folder and S3 behave alike, archives are the same for the same files and leave no folder."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from s3_server import s3_address

from cityresearch.errors import ResearchError
from cityresearch.press.running.store import Store, pack, unpack


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        yield Store(str(tmp_path / "store"))
        return
    with s3_address() as address:
        yield Store(address)


def test_objects_come_back_and_missing_ones_are_missing(store: Store) -> None:
    assert store.read(["results/a"]) == {}
    store.write("results/a", b"one")
    store.write("results/a", b"two")
    store.write("results/b", b"")
    assert store.read(["results/a", "results/b", "results/c"]) == {
        "results/a": b"two",
        "results/b": b"",
    }
    store.remove(["results/a", "results/c"])
    assert store.read(["results/a", "results/b"]) == {"results/b": b""}


def test_content_is_kept_once_under_its_hash(store: Store) -> None:
    digest = store.keep(b"content")
    assert store.keep(b"content") == digest
    assert store.kept(digest) == b"content"
    store.write(f"inputs/{digest}", b"other")
    with pytest.raises(ResearchError, match="damaged"):
        store.kept(digest)
    with pytest.raises(ResearchError, match="not there"):
        store.kept("0" * 64)


def test_a_write_that_fails_leaves_the_old_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(str(tmp_path))
    store.write("results/a", b"old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        store.write("results/a", b"new")
    assert store.read(["results/a"]) == {"results/a": b"old"}
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["a"]


def test_an_archive_holds_what_counts_and_is_the_same_again(tmp_path: Path) -> None:
    room = tmp_path / "room"
    for name in ("a.txt", "deep/b.txt", "__pycache__/c.pyc", ".checkpoints/d.txt", ".hidden"):
        (room / name).parent.mkdir(parents=True, exist_ok=True)
        (room / name).write_text(name)
    (tmp_path / "one.yml").write_text("x")
    first = pack({"room": room, "one.yml": tmp_path / "one.yml"})
    (room / "a.txt").touch()
    assert pack({"one.yml": tmp_path / "one.yml", "room": room}) == first
    unpack(first, tmp_path / "there")
    found = {path.relative_to(tmp_path / "there").as_posix() for path in _files(tmp_path / "there")}
    assert found == {"one.yml", "room/a.txt", "room/deep/b.txt"}
    assert (tmp_path / "there/room/deep/b.txt").read_text() == "deep/b.txt"


@pytest.mark.parametrize("name", ["../out", "a/../../out", "/out", "C:/out", "a\\..\\..\\out"])
def test_an_archive_that_leaves_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("fine", "x")
        archive.writestr(zipfile.ZipInfo(name), "x")
    with pytest.raises(ResearchError, match="outside of its folder"):
        unpack(made.getvalue(), tmp_path / "there")
    assert _files(tmp_path) == []


def test_an_unknown_kind_of_store_is_refused() -> None:
    with pytest.raises(ResearchError, match="--store pigeon://loft"):
        Store("pigeon://loft")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
