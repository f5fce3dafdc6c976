"""The reader's book at more and more pages, and beside Jupyter Book's own theme. Linux only, offline.

    python benchmarks/book.py scale      # 100, 400, 1,600 and 5,000 pages
    python benchmarks/book.py peer       # Jupyter Book's defaults on the same pages, 100 to 800
    python benchmarks/book.py change     # nothing, one body, one title, one new brief; -n briefs
    python benchmarks/book.py paper      # a PDF for each brief
    python benchmarks/book.py view       # the first view in Chromium over a slow line (needs the test tools)

Needs the briefs of the default collection (`cityresearch run`). Above their number, real pages are taken
again under other slugs, and the table says how many. Charts are drawn before: `run` and `book` draw each
once. With --write the tables replace those in RESULTS.md. CPU time is of all processes together.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from measure import Used, measured
from results import machine, write_section

from cityresearch.briefs.collection import load_collection
from cityresearch.evidence.places import Place
from cityresearch.press.manuscripts import manuscript_files, pdf_file
from cityresearch.press.web.book import make_book
from cityresearch.project import Project, find_project
from cityresearch.work import finished_briefs

HERE = Path(__file__).parent
SIZES = (100, 400, 1600, 5000)
PEER_SIZES = (100, 400, 800)
Brief = tuple[str, Place]


def other(place: Place, number: int) -> Place:
    """The same place under another slug; the first time as it is."""
    if not number:
        return place
    slug = (
        f"{place.slug.removesuffix('-' + place.state.lower())}-{number + 1}-{place.state.lower()}"
    )
    return dataclasses.replace(place, slug=slug, path=f"{place.path}-{number + 1}")


def chosen(briefs: list[Brief], pages: int) -> list[Brief]:
    """Briefs for a book of about so many pages: whole places, spread over the country, then again."""
    places: dict[str, list[Brief]] = {}
    for brief in briefs:
        places.setdefault(brief[1].path, []).append(brief)
    spread = [own for start in range(5) for own in list(places.values())[start::5]]
    found: list[Brief] = []
    count, number, states = 12, 0, set()  # the pages of the hub are about a dozen
    while True:
        for own in spread:
            state = own[0][1].state
            if count + len(own) + 1 + (state not in states) > pages:
                return sorted(found, key=lambda brief: brief[1].path)
            found += [(topic, other(place, number)) for topic, place in own]
            count += len(own) + 1 + (state not in states)
            states.add(state)
        number += 1


class Bench:
    """A build folder of its own, with the executed briefs of the project under their slugs."""

    def __init__(self, folder: Path) -> None:
        self.real = find_project()
        self.project = Project(self.real.root, folder / "build")
        self.collection = load_collection(self.real)
        self.briefs = finished_briefs(self.real, self.collection)
        if not self.briefs:
            sys.exit("No briefs: run `cityresearch run` first.")
        for name in ("shared", "prepared"):  # as a run, which comes before the book, leaves them
            shutil.copytree(self.real.build / name, self.project.build / name)

    def put(self, briefs: list[Brief]) -> None:
        """Puts executed briefs, with their PDFs, where a run would leave them."""
        known = {(topic, place.geoid): place for topic, place in self.briefs}
        for topic, place in briefs:
            first = known[topic, place.geoid]
            for source, target in zip(
                (*manuscript_files(self.real, topic, first), pdf_file(self.real, topic, first)),
                (
                    *manuscript_files(self.project, topic, place),
                    pdf_file(self.project, topic, place),
                ),
                strict=True,
            ):
                if source.is_file():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, target)
            change(manuscript_files(self.project, topic, place)[0], moved_to(place.path))

    def make(self, briefs: list[Brief], way: str = "book") -> Used:
        """Runs a part of this file in a process of its own. Its workers import what that one was started
        from: little, as with the command, and not this file."""
        listed = self.project.build / "briefs.json"
        listed.write_text(json.dumps([[t, dataclasses.asdict(p)] for t, p in briefs]))
        begin = (
            f"import sys; sys.path.insert(0, {str(HERE)!r}); import book; book.do(*sys.argv[1:])"
        )
        command = [sys.executable, "-c", begin, way, str(self.project.build)]
        used = measured(command, dict(os.environ), self.real.root)
        if used.code:
            sys.exit(f"{way} ended with {used.code}:\n{used.said[-3000:]}")
        return used


def change(path: Path, edit: Any) -> None:
    """Edits a JSON file, as a new file: what is linked to the old one stays."""
    content = json.loads(path.read_text())
    edit(content)
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(content, ensure_ascii=False))
    aside.replace(path)


def moved_to(path: str) -> Any:
    def edit(notebook: dict[str, Any]) -> None:
        notebook["metadata"]["cityresearch"]["path"] = path

    return edit


def do(way: str, folder: str) -> None:
    """What is measured: the work of `cityresearch book` or `pdf`, with the look at what is up to date."""
    real, build = find_project(), Path(folder)
    project, collection = Project(real.root, build), load_collection(real)
    finished_briefs(real, collection)
    briefs = [
        (topic, Place(**given)) for topic, given in json.loads((build / "briefs.json").read_text())
    ]
    if way == "book":
        print(make_book(project, collection, briefs).pages)
    else:
        from cityresearch.press.paper.pdf import make_pdfs

        failed = [reason for reason in make_pdfs(project, collection, briefs) if reason]
        sys.exit("\n".join(failed[:3]) or None)


def pages_of(book: Path) -> list[Path]:
    return sorted(book.rglob("*.html"))


def repeated(briefs: list[Brief], all_of_them: list[Brief]) -> str:
    """How many of the briefs are real ones taken again."""
    paths = {place.path for _, place in all_of_them}
    again = sum(place.path not in paths for _, place in briefs)
    return f"{again:,} again" if again else "all real"


def scale(bench: Bench, options: argparse.Namespace) -> Iterator[str]:
    """Books of more and more pages, made from nothing."""
    yield "`cityresearch book` from nothing, charts drawn before.\n"
    yield (
        "| pages | briefs | CPU ms a page | wall s | largest process, MB | all together, MB "
        "| HTML kB a page | largest brief, kB |"
    )
    yield "| ---: | :--- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for size in options.pages or SIZES:
        briefs = chosen(bench.briefs, size)
        bench.put(briefs)
        fresh(bench)
        used = bench.make(briefs)
        made = pages_of(bench.project.build / "html")
        sizes = [path.stat().st_size / 1000 for path in made]
        largest = max(
            (bench.project.build / "html" / place.path / f"{topic}.html").stat().st_size / 1000
            for topic, place in briefs
        )
        print(f"{len(made)} pages: {used.wall:.0f} s", file=sys.stderr)
        yield (
            f"| {len(made):,} | {len(briefs):,}, {repeated(briefs, bench.briefs)} "
            f"| {1000 * used.cpu / len(made):.1f} | {used.wall:.0f} | {used.largest:.0f} "
            f"| {used.together:.0f} | {sum(sizes) / len(sizes):.1f} | {largest:.0f} |"
        )


def fresh(bench: Bench) -> None:
    """Forgets all that was made of briefs; their charts are those that the project has drawn."""
    for name in ("book", "cache", "charts", "downloads", "html", "pages"):
        shutil.rmtree(bench.project.build / name, ignore_errors=True)
    shutil.copytree(bench.real.build / "charts", bench.project.build / "charts")


def peer(bench: Bench, options: argparse.Namespace) -> Iterator[str]:
    """Jupyter Book with its own theme and settings, on the very pages that ours are made of."""
    yield "The same pages, compiled from nothing: `jupyter-book build` with its defaults, and our book.\n"
    yield (
        "| pages | defaults, CPU ms a page | ours, CPU ms a page | defaults / ours "
        "| defaults, HTML kB a page | ours, kB |"
    )
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    config = bench.project.build / "defaults.yml"
    plain = {"only_build_toc_files": True, "execute": {"execute_notebooks": "off"}}
    config.write_text(yaml.safe_dump({"title": "Defaults", **plain}))
    for size in options.pages or PEER_SIZES:
        briefs = chosen(bench.briefs, size)
        bench.put(briefs)
        fresh(bench)
        ours = bench.make(briefs)
        made = pages_of(bench.project.build / "html")
        theirs, folder = defaults(bench, config)
        their_pages = [folder / path.relative_to(bench.project.build / "html") for path in made]
        print(f"{len(made)} pages by the defaults: {theirs.wall:.0f} s", file=sys.stderr)
        yield (
            f"| {len(made)} | {1000 * theirs.cpu / len(made):.0f} | {1000 * ours.cpu / len(made):.1f} "
            f"| {theirs.cpu / ours.cpu:.1f} × | {mean_kb(their_pages):.0f} | {mean_kb(made):.0f} |"
        )


def mean_kb(paths: list[Path]) -> float:
    return sum(path.stat().st_size for path in paths) / len(paths) / 1000


def defaults(bench: Bench, config: Path) -> tuple[Used, Path]:
    """Compiles the assembled pages as `jupyter-book build` does by itself."""
    output = bench.project.build / "defaults"
    shutil.rmtree(output, ignore_errors=True)
    command = "from jupyter_book.cli.main import main; main()"
    order = ["build", str(bench.project.build / "pages"), "--path-output", str(output)]
    words = [sys.executable, "-c", command, *order, "--config", str(config), "-q"]
    used = measured(words, dict(os.environ), bench.project.build)
    if used.code:
        sys.exit(used.said[-3000:])
    return used, output / "_build" / "html"


def change_one(bench: Bench, options: argparse.Namespace) -> Iterator[str]:
    """What a book that is there costs to bring up to date."""
    briefs = bench.briefs
    while len(briefs) < options.n:
        number = len(briefs) // len(bench.briefs)
        briefs = briefs + [(topic, other(place, number)) for topic, place in bench.briefs]
    briefs = briefs[: options.n]
    bench.put(briefs)
    topic, place = briefs[len(briefs) // 2]
    notebook, facts = manuscript_files(bench.project, topic, place)
    rest = [brief for brief in briefs if brief != (topic, place)]
    fresh(bench)
    bench.make(rest, "pdf")
    bench.make(rest)

    def body(content: dict[str, Any]) -> None:
        last = [cell for cell in content["cells"] if cell["cell_type"] == "markdown"][-1]
        last["source"] = "".join(last["source"]) + "\n\nOne more sentence."

    def headline(content: dict[str, Any]) -> None:
        first = next(cell for cell in content["cells"] if cell["cell_type"] == "markdown")
        first["source"] = "".join(first["source"]).replace("\n", ", as mended\n", 1)

    def title(content: dict[str, Any]) -> None:
        content["title"] += ", as mended"

    yield f"PDFs, then the book, of {len(briefs):,} briefs ({repeated(briefs, bench.briefs)}).\n"
    yield "| what changed | pages | PDFs: wall s | CPU s | book: wall s | CPU s |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    steps: list[tuple[str, list[tuple[Path, Any]]]] = [
        ("one new brief", []),
        ("nothing", []),
        ("one body", [(notebook, body)]),
        ("one headline", [(notebook, headline), (facts, title)]),
    ]
    for what, edits in steps:
        for path, edit in edits:
            change(path, edit)
        paper, book = bench.make(briefs, "pdf"), bench.make(briefs)
        print(f"{what}: {paper.wall + book.wall:.1f} s", file=sys.stderr)
        count = len(pages_of(bench.project.build / "html"))
        yield (
            f"| {what} | {count:,} | {paper.wall:.1f} | {paper.cpu:.1f} | {book.wall:.1f} | {book.cpu:.1f} |"
        )


def paper(bench: Bench, options: argparse.Namespace) -> Iterator[str]:
    """A PDF for each brief, from nothing."""
    yield "`cityresearch pdf` from nothing, charts drawn before.\n"
    yield "| briefs | CPU ms a brief | wall s | largest process, MB | kB a PDF |"
    yield "| ---: | ---: | ---: | ---: | ---: |"
    briefs = bench.briefs[: options.n]
    fresh(bench)
    bench.put(briefs)
    shutil.rmtree(bench.project.build / "pdf", ignore_errors=True)
    used = bench.make(briefs, "pdf")
    made = [pdf_file(bench.project, *brief) for brief in briefs]
    yield (
        f"| {len(briefs)} | {1000 * used.cpu / len(briefs):.0f} | {used.wall:.0f} "
        f"| {used.largest:.0f} | {mean_kb(made):.0f} |"
    )


def view(bench: Bench, _: argparse.Namespace) -> Iterator[str]:
    """The first view of one brief of each topic, over 1.6 Mbit/s with 150 ms of latency."""
    from first_view import first_views

    book = bench.real.build / "html"
    named = {topic: f"{place.path}/{topic}.html" for topic, place in reversed(bench.briefs)}
    yield (
        "Headless Chromium at 390 × 844 px, empty cache, a local server behind 1.6 Mbit/s down and "
        "150 ms of latency.\n"
    )
    yield "| page | scripts | largest paint, s | HTML kB | all that it asked for, kB |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for one in first_views(book, ["index.html", *sorted(named.values())]):
        yield (
            f"| {one.page} | {'on' if one.scripts else 'off'} | {one.largest_paint:.2f} "
            f"| {one.html_kb:.0f} | {one.all_kb:.0f} |"
        )


PARTS = {
    "scale": ("The book at more and more pages", scale),
    "peer": ("The book beside Jupyter Book's defaults", peer),
    "change": ("The book after a change", change_one),
    "paper": ("PDFs", paper),
    "view": ("The first view of a page", view),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    parser.add_argument("-n", type=int, default=268, help="briefs of `change` and `paper`")
    parser.add_argument("--pages", type=int, action="append", help="only a book of so many pages")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    options = parser.parse_args()
    for part in options.parts or ["scale"]:
        name, measure = PARTS[part]
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            lines = list(measure(Bench(Path(folder)), options))
        text = "\n".join(lines) + f"\n\nMeasured {machine()}.\n"
        print(text)
        if options.write:
            write_section(name, text)


if __name__ == "__main__":
    main()
