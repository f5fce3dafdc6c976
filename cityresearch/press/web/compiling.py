"""The process that compiles volumes: it imports Jupyter Book once, and forks itself for each volume.

It is started as `python -m cityresearch.press.web.compiling PARENT`, with the process id of whoever waits for
it, and gets its order as JSON on standard input while it is still getting warm, or later. What became of each
volume is in the volume's folder: `log.txt`, its pages in `_build/html`, their `words/`, and `links.json` once
it is whole.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

from cityresearch.press.files import link_or_copy, write_changed, write_whole
from cityresearch.press.lifetime import end_with
from cityresearch.press.web.links import targets_of
from cityresearch.press.web.search import searched
from cityresearch.press.web.volumes import contents

PAGES = "_build/html"  # in the folder of a volume, where Jupyter Book puts them
# What Jupyter Book and Sphinx would else import in every fork.
WARM = (
    "cityresearch.press.web.sphinx_ext",
    "docutils.languages.en",
    "jinja2.ext",
    "jupyter_book.cli.main",
    "jupyter_book.sphinx",
    "myst_nb.sphinx_ext",
    "myst_nb.ext.glue.domain",
    "myst_parser.sphinx_ext.directives",
    "myst_parser.sphinx_ext.mathjax",
    "myst_parser.sphinx_ext.myst_refs",
    "sphinx.builders.html.transforms",
    "sphinx.builders.latex.transforms",
    "sphinx.ext.mathjax",
    "sphinx_external_toc.collectors",
    "sphinx_external_toc.events",
    "sphinx_jupyterbook_latex.events",
    "sphinx_multitoc_numbering",
)


def compile_volume(folder: Path, sources: Path, config: Path, files: list[str]) -> None:
    """Compiles one volume by Jupyter Book; then `PAGES` holds its HTML, `words/` what of it is searched,
    and `links.json` its links.

    Args:
        folder: of the volume; what an earlier build left in it saves the reading of unchanged pages.
        files: its pages by their names in `sources`, as in `wi/index.ipynb`.
    """
    from jupyter_book.cli.main import main

    note = folder / "links.json"
    note.unlink(missing_ok=True)
    _gather(folder / "source", sources, files)
    order = ["build", str(folder / "source"), "--path-output", str(folder), "--config", str(config)]
    main(order, standalone_mode=False)
    links = {}
    for name in (f"{file.rpartition('.')[0]}.html" for file in files):
        made = folder / PAGES / name
        if made.is_file():  # one that is missing is named by whoever puts the book together
            text = made.read_text(encoding="utf-8")
            _note_words(folder / "words" / name, searched(text))
            links[name] = targets_of(name, text)
    write_whole(note, json.dumps(links, ensure_ascii=False).encode())


def _note_words(path: Path, words: str) -> None:
    if words:
        write_changed(path, words.encode())
    else:
        path.unlink(missing_ok=True)


def _gather(source: Path, pages: Path, files: list[str]) -> None:
    """Links the volume's pages into a folder of their own: Sphinx lists every file that it finds."""
    kept = {source / name for name in files}
    for path in [path for path in source.rglob("*") if path.is_file() and path not in kept]:
        path.unlink()
    for name in files:
        path = source / name
        if not (path.is_file() and path.samefile(pages / name)):
            path.unlink(missing_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(pages / name, path)
    toc = contents([name.rpartition(".")[0] for name in files])
    write_changed(source / "_toc.yml", toc.encode())


def in_forks(tasks: Iterable[Callable[[], None]], workers: int) -> None:
    """Does each task in a fork of this process, which has no threads; `workers` at once."""
    running, parent = set[int](), os.getpid()
    for task in tasks:
        while len(running) >= workers:
            running.discard(os.wait()[0])
        child = os.fork()
        if not child:
            code = 1
            try:
                end_with(parent)
                task()
                code = 0
            finally:
                os._exit(code)
        running.add(child)
    for child in running:
        os.waitpid(child, 0)


def _logged(folder: Path, task: Callable[[], None]) -> Callable[[], None]:
    """The task with all that it says, its own traceback included, in the volume's log."""

    def run() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "log.txt").open("w", encoding="utf-8") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            os.chdir(folder)
            try:
                task()
            except SystemExit as end:
                print(f"Jupyter Book ended with {end.code}")
            except BaseException:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()

    return run


def warm_up() -> None:
    """Imports what every volume needs, so that forks find it in memory."""
    from cityresearch.press.web import lean

    lean.execute_nothing()
    from sphinx.application import builtin_extensions

    for name in (*WARM, *builtin_extensions):
        importlib.import_module(name)
    lean.leave_out()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)  # much of what Sphinx makes lives as long as the fork


def main() -> None:
    end_with(int(sys.argv[1]))
    warm_up()
    order = json.load(sys.stdin)
    tasks = []
    for name, files in order["volumes"].items():
        folder = Path(order["folder"]) / name

        def task(folder: Path = folder, files: list[str] = files) -> None:
            compile_volume(folder, Path(order["sources"]), Path(order["config"]), files)

        tasks.append(_logged(folder, task))
    in_forks(tasks, order["workers"])


if __name__ == "__main__":
    main()
