"""The parts that the book is compiled in: whole, of bounded size, and the same whoever compiles them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sample_brief as sample
import yaml
from sample_project import empty_project, put_all, put_brief
from test_book import contents

from cityresearch.errors import ResearchError
from cityresearch.press.web import compiling
from cityresearch.press.web.book import make_book
from cityresearch.press.web.compiler import Compiler
from cityresearch.press.web.pages import assemble
from cityresearch.press.web.volumes import HUB, LARGEST, volumes
from cityresearch.press.web.volumes import contents as toc_of
from cityresearch.project import Project

OTHERS = ["index", "sources", "topics/water"]


def state(path: str, cities: int) -> list[str]:
    """The pages of a state whose cities have a brief each."""
    places = [f"{path}/city-{number}" for number in range(cities)]
    return [
        f"{path}/index",
        *(f"{place}/{page}" for place in places for page in ("index", "water")),
    ]


def by_volume(documents: list[str]) -> dict[str, tuple[str, ...]]:
    return {volume.name: volume.documents for volume in volumes(documents)}


def test_every_page_is_in_one_volume() -> None:
    documents = [*OTHERS, *state("ca", 300), *state("tx", 40), *state("wi", 5), *state("wy", 1)]
    found = by_volume(documents)
    assert sorted(name for names in found.values() for name in names) == sorted(documents)
    assert found[HUB] == tuple(sorted(OTHERS))
    assert found["tx"] == tuple(sorted(state("tx", 40)))
    assert found["states"] == tuple(sorted([*state("wi", 5), *state("wy", 1)]))
    assert {name for name in found if name.startswith("ca-")} == {f"ca-{n}" for n in range(1, 6)}
    assert all(len(names) < 1.5 * LARGEST for names in found.values())


def test_a_new_page_changes_its_own_volume_alone() -> None:
    documents = [*OTHERS, *state("ca", 200), *state("wi", 5)]
    before, after = by_volume(documents), by_volume([*documents, "ca/city-7/transit"])
    changed = [name for name in after if after[name] != before[name]]
    assert len(changed) == 1
    assert "ca/city-7/transit" in after[changed[0]]


def test_a_volume_has_a_table_of_contents_that_jupyter_book_reads() -> None:
    assert yaml.safe_load(toc_of(["a/index", "a/b"])) == {
        "format": "jb-book",
        "root": "a/index",
        "chapters": [{"file": "a/b"}],
    }


@pytest.fixture
def two_volumes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cityresearch.press.web.volumes.SMALL", 4)


@pytest.mark.usefixtures("two_volumes")
def test_any_number_of_workers_makes_the_same_book(tmp_path: Path, shared: Path) -> None:
    books = []
    for workers in (1, 3):
        project = empty_project(tmp_path / str(workers), shared)
        book = make_book(project, sample.COLLECTION, put_all(project), workers=workers)
        books.append(contents(book.folder))
        assert {path.name for path in volume_folders(project)} == {"hub", "states", "wi"}
    assert books[0] == books[1]


@pytest.mark.usefixtures("two_volumes")
def test_only_what_changed_is_compiled_and_neighbours_are_not_forgotten(
    tmp_path: Path, shared: Path
) -> None:
    project = empty_project(tmp_path / "project", shared)
    wanted = put_all(project)
    book = make_book(project, sample.COLLECTION, wanted, workers=1)
    logs = {path.name: stamp(path) for path in volume_folders(project)}
    page = book.folder / "dc" / "washington" / "transit.html"
    kept = page.stat().st_ino
    put_brief(project, *wanted[-1], title="A mended headline")
    mended = make_book(project, sample.COLLECTION, wanted, workers=1)
    assert book.compiled == book.pages > mended.compiled > 0  # what the command tells
    compiled = {p.name for p in volume_folders(project) if stamp(p) != logs[p.name]}
    assert compiled == {"wi"}  # and not the volume of Washington, D.C., nor the hub
    assert page.stat().st_ino == kept
    portrait = book.folder / wanted[-1][1].path / "index.html"
    assert "A mended headline" in portrait.read_text()


@pytest.mark.usefixtures("two_volumes")
def test_a_book_brought_up_to_date_is_the_one_made_from_nothing(
    tmp_path: Path, shared: Path
) -> None:
    """With the search index made anew where words changed, and kept where they did not."""
    project, other = (empty_project(tmp_path / name, shared) for name in ("kept", "new"))
    wanted = put_all(project)
    book = make_book(project, sample.COLLECTION, wanted, workers=1)
    index = index_file(book.folder)
    inode, words = index.stat().st_ino, index.read_bytes()
    shutil.rmtree(book.folder)
    make_book(project, sample.COLLECTION, wanted, workers=1)
    assert index.stat().st_ino == inode
    put_all(other)
    for each in (project, other):
        put_brief(each, *wanted[-1], title="A mended headline")
    books = [make_book(each, sample.COLLECTION, wanted, workers=1) for each in (project, other)]
    assert contents(books[0].folder) == contents(books[1].folder)
    assert index_file(book.folder).read_bytes() != words


def index_file(book: Path) -> Path:
    return book / "pagefind" / "pagefind-entry.json"


def volume_folders(project: Project) -> list[Path]:
    return sorted((project.build / "book" / "volumes").iterdir())


def stamp(volume: Path) -> int:
    return (volume / "links.json").stat().st_mtime_ns


def test_what_is_left_out_of_the_libraries_changes_no_page(
    tmp_path: Path, sample_project: Project
) -> None:
    """Compiles the book's pages once more by Jupyter Book's own command, without `lean`."""
    book = make_book(sample_project, sample.COLLECTION, workers=1)
    command = "from jupyter_book.cli.main import main; main()"
    order = ["build", str(sample_project.build / "pages"), "--path-output", str(tmp_path)]
    subprocess.run(
        [sys.executable, "-c", command, *order, "--config", str(sample_project.config)],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    plain = contents(tmp_path / "_build" / "html")
    for name, text in contents(book.folder).items():
        if name.endswith(".html") and name != "404.html":  # its links are made absolute afterwards
            assert plain[name] == text, name


def test_a_task_that_fails_stops_no_other(tmp_path: Path) -> None:
    def failing() -> None:
        raise RuntimeError

    tasks = [failing, *(tmp_path.joinpath(name).touch for name in "abc")]
    compiling.in_forks(tasks, 2)
    assert {path.name for path in tmp_path.iterdir()} == set("abc")


def test_a_volume_whose_process_died_is_named(
    press_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = put_all(press_project)
    monkeypatch.setattr("cityresearch.press.web.compiler.Compiler.compile", lambda *_: None)
    with pytest.raises(ResearchError, match="volume hub: its process died"):
        make_book(press_project, sample.COLLECTION, wanted, workers=1)
    assert not (press_project.build / "html").exists()


def test_a_compiler_that_got_no_order_ends_with_its_block() -> None:
    with Compiler() as compiler:
        compiler.begin()
        process = compiler._process
    assert process
    assert process.returncode == -signal.SIGKILL


def test_the_compiler_begins_only_where_pages_of_briefs_are_new(
    press_project: Project,
) -> None:
    wanted, begun = put_all(press_project), []
    for _ in range(2):
        assemble(press_project, sample.COLLECTION, wanted, 1, lambda: begun.append("begun"))
    assert begun == ["begun"]
