"""Our engine against papermill's own, on the project's real notebooks. Linux only, offline.

    python benchmarks/run.py compare     # 60 briefs in each way (`ways.py`), about six minutes
    python benchmarks/run.py scale       # 100, 400 and 1,600 briefs
    python benchmarks/run.py change      # all that can be served, nothing to do, one changed row
    python benchmarks/run.py cluster     # one Dask worker against two

Several parts may be named; with --write their tables replace those in RESULTS.md. Ratios are of one run
on one machine; CPU time is of all processes together.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import yaml
from measure import Used, measured
from results import machine, write_section

HERE = Path(__file__).parent
ROOT = HERE.parent
WAYS = {
    "papermill": "papermill's own engine, one after another",
    "papermill-pool": "papermill's own engine, in a pool of two",
    "ours-1": "ours, `-j 1`",
    "ours-2": "ours, `-j 2`",
    "functions": "plain functions (the floor)",
}
SIZES = (100, 400, 1600)
MANY = {"city": "population >= 40000"}
STAFF = {"city": "population >= 75000"}
SETTINGS = {"CITYRESEARCH_DEFER_SVG": "1", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}


class Bench:
    """A copy of the project in a folder of its own, so that data can be changed in it. Our modules are
    compiled, as pip leaves them: Python may be told not to keep what it compiles."""

    def __init__(self, folder: Path) -> None:
        compileall.compile_dir(ROOT / "cityresearch", quiet=1)
        self.root = folder / "project"
        for name in ("book", "data", "notebooks"):
            shutil.copytree(ROOT / name, self.root / name)
        shutil.copy(ROOT / "_config.yml", self.root)
        self.collection = yaml.safe_load((self.root / "book/collection.yml").read_text())

    def command(self, words: list[str], build: Path) -> Used:
        """A command of ours on the copy, with a build folder; stops where it fails."""
        environment = {
            **os.environ,
            **SETTINGS,
            "CITYRESEARCH_PROJECT": str(self.root),
            "CITYRESEARCH_BUILD": str(build),
        }
        used = measured([sys.executable, *words], environment, self.root)
        if used.code:
            sys.exit(f"{' '.join(words)} ended with {used.code}:\n{used.said[-3000:]}")
        return used

    def cityresearch(self, words: str, build: Path) -> Used:
        """One of the commands, as staff would type it."""
        return self.command(["-m", "cityresearch.cli", *words.split()], build)

    def choose(self, places: dict[str, str]) -> None:
        """Which cities the collection is about."""
        kept = {**self.collection, "places": places}
        (self.root / "book/collection.yml").write_text(yaml.safe_dump(kept, sort_keys=False))

    def planned(self, build: Path) -> list[dict[str, str]]:
        """The briefs that would run, and all that could, as `plan --json` lists them."""
        rows = json.loads(self.cityresearch("plan --all --json", build).said)
        return [row for row in rows if row["state"] != "left out"]


def evenly(rows: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    """Some of the rows, as many of each topic as can be, spread over the country."""
    topics = sorted({row["topic"] for row in rows})
    chosen = []
    for number, topic in enumerate(topics):
        own = [row for row in rows if row["topic"] == topic]
        share = min(count // len(topics) + (number < count % len(topics)), len(own))
        chosen += [own[at * len(own) // share] for at in range(share)]
    return chosen


def compare(bench: Bench, folder: Path, count: int) -> Iterator[str]:
    """The same briefs in each way; the table's lines."""
    seed = folder / "seed"
    bench.choose(STAFF)
    briefs = evenly(bench.planned(seed), count)
    prepared = {path.name.rpartition("-")[0]: path for path in (seed / "prepared").iterdir()}
    listed = folder / "briefs.json"
    listed.write_text(
        json.dumps([[b["topic"], b["place"], str(prepared[b["topic"]])] for b in briefs])
    )
    used = {}
    for way in WAYS:
        build = folder / way
        shutil.copytree(seed, build)
        used[way] = bench.command([str(HERE / "ways.py"), way, str(listed)], build)
        print(f"{way}: {used[way].wall:.0f} s", file=sys.stderr)
    least, most = used["functions"].cpu, used["papermill"].cpu
    yield f"{len(briefs)} briefs of {len({b['topic'] for b in briefs})} topics.\n"
    yield (
        "| way | CPU s a brief | wall s a brief | papermill / it, CPU | it / floor, CPU "
        "| largest process, MB | all together, MB |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for way, one in used.items():
        yield (
            f"| {WAYS[way]} | {one.cpu / count:.3f} | {one.wall / count:.3f} | {most / one.cpu:.1f} "
            f"| {one.cpu / least:.2f} | {one.largest:.0f} | {one.together:.0f} |"
        )


def scale(bench: Bench, folder: Path) -> Iterator[str]:
    """Runs of more and more briefs by the command itself."""
    yield "| briefs | CPU s a brief | wall s | largest process, MB | all together, MB |"
    yield "| ---: | ---: | ---: | ---: | ---: |"
    bench.choose(MANY)
    rows = bench.planned(folder / "seed-many")
    for size in SIZES:
        build = folder / f"scale-{size}"
        shutil.copytree(folder / "seed-many", build)
        cities = sorted({row["place"] for row in rows})
        wanted = evenly(rows, size)
        listed = folder / f"scale-{size}.json"
        prepared = {path.name.rpartition("-")[0]: path for path in (build / "prepared").iterdir()}
        listed.write_text(
            json.dumps([[b["topic"], b["place"], str(prepared[b["topic"]])] for b in wanted])
        )
        one = bench.command([str(HERE / "ways.py"), "ours-2", str(listed)], build)
        print(f"{len(wanted)} of {len(cities)} cities: {one.wall:.0f} s", file=sys.stderr)
        yield (
            f"| {len(wanted)} | {one.cpu / len(wanted):.3f} | {one.wall:.0f} "
            f"| {one.largest:.0f} | {one.together:.0f} |"
        )


def change(bench: Bench, folder: Path) -> Iterator[str]:
    """All that the topics can serve at 75,000 people and more; nothing to do; one changed row."""
    build = folder / "all"
    bench.choose(STAFF)
    yield "`cityresearch run` for every city of 75,000 people and more that a topic can serve.\n"
    yield "| what | briefs run | wall s | CPU s |"
    yield "| --- | ---: | ---: | ---: |"
    steps = [("from nothing", ""), ("again, nothing to do", ""), ("after one changed row", "row")]
    for what, edit in steps:
        if edit:
            change_a_row(bench.root / "data/ntd/areas.csv")
        one = bench.cityresearch("run", build)
        [ran] = re.findall(r"^(\d[\d,]*) briefs? to run", one.said, re.MULTILINE) or ["0"]
        print(f"{what}: {ran} in {one.wall:.1f} s", file=sys.stderr)
        yield f"| {what} | {ran} | {one.wall:.1f} | {one.cpu:.1f} |"


def change_a_row(table: Path) -> None:
    """One more trip in 2023 for the urban area of Madison, Wisconsin, in the copy of the data."""
    rows = pd.read_csv(table, dtype="str")
    at = rows.index[(rows["uace"] == "53200") & (rows["year"] == "2023")][0]
    rows.loc[at, "upt"] = str(int(rows.loc[at, "upt"]) + 1)
    rows.to_csv(table, index=False)


def cluster(bench: Bench, folder: Path) -> Iterator[str]:
    """The transit briefs by Dask workers on this machine, start-up included."""
    bench.choose(STAFF)
    yield "`cityresearch run --topic transit --cluster local:N`, start-up included.\n"
    yield "| workers | briefs | wall s | CPU s | as fast as one |"
    yield "| ---: | ---: | ---: | ---: | ---: |"
    bench.planned(folder / "seed-cluster")
    first = 0.0
    for count in (1, 2):
        build = folder / f"cluster-{count}"
        shutil.copytree(folder / "seed-cluster", build)
        one = bench.cityresearch(f"run --topic transit --cluster local:{count}", build)
        [ran] = re.findall(r"^(\d+) briefs run", one.said, re.MULTILINE)
        first = first or one.wall
        print(f"{count}: {ran} in {one.wall:.0f} s", file=sys.stderr)
        yield f"| {count} | {ran} | {one.wall:.0f} | {one.cpu:.0f} | {first / one.wall:.2f} × |"


PARTS = {
    "compare": "Against papermill's own engine",
    "scale": "More and more briefs, `-j 2`",
    "change": "All briefs, nothing to do, and one changed row",
    "cluster": "One Dask worker and two",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=["compare"])
    parser.add_argument("-n", type=int, default=60, help="briefs in the comparison")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    options = parser.parse_args()
    for part in options.parts:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            folder = Path(name)
            bench = Bench(folder)
            ways = {"scale": scale, "change": change, "cluster": cluster}
            lines = ways[part](bench, folder) if part in ways else compare(bench, folder, options.n)
            text = "\n".join(lines) + f"\n\nMeasured {machine()}.\n"
        print(text)
        if options.write:
            write_section(PARTS[part], text)


if __name__ == "__main__":
    main()
