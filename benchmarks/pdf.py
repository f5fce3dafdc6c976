"""PDFs of the briefs that `_build` holds: each alone, volumes, and nothing to do. Linux only, offline.

    cityresearch build && python benchmarks/pdf.py

Charts are drawn already. Each line is a process of its own; its start and imports are not counted, in
memory they are; CPU seconds are those of its children too. Every brief is real; one is given a word more in
its headline before its volume is made again. Only 268 are in the default collection: of 1,458, the cost of
nothing to do is what the same briefs cost, listed again and again.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

from cityresearch.briefs.collection import briefs, load_collection
from cityresearch.press.manuscripts import manuscript_files, pdf_file
from cityresearch.press.paper import pdf, volume
from cityresearch.press.paper.fresh import mark_file
from cityresearch.project import Project

ROOT = Path(__file__).parents[1]
LINES = (
    ("60 briefs, from nothing", "briefs", 60),
    ("60 briefs, nothing to do", "briefs", 60),
    ("1,458 times nothing to do but one", "stale", 1458),
    ("a volume of 6 briefs", "volume", 6),
    ("a volume of 60 briefs", "volume", 60),
    ("a volume of 200 briefs", "volume", 200),
    ("the same, of briefs that have their PDFs", "bound", 200),
    ("the same, one brief changed", "changed", 200),
)


def main() -> None:
    """Prints the table."""
    print("| what | CPU s | wall s | CPU s a brief | largest process, MB |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "_build" / "notebooks", Path(folder) / "notebooks")
        for name in ("facts", "charts", "checked"):
            (Path(folder) / name).symlink_to(ROOT / "_build" / name)
        for words, kind, number in LINES:
            done = subprocess.run(
                [sys.executable, __file__, kind, str(number), folder],
                stdout=subprocess.PIPE,
                check=True,
            )
            cpu, wall, peak = json.loads(done.stdout)
            print(f"| {words} | {cpu:.2f} | {wall:.2f} | {cpu / number:.4f} | {peak:.0f} |")


def work(kind: str, number: int, build: Path) -> None:
    """One line's work; its seconds of CPU and wall time and its peak of memory, as JSON."""
    project = Project(ROOT, build)
    collection = load_collection(project)
    made = [brief for brief in briefs(project, collection) if _was_run(project, brief)]
    bound = kind in ("volume", "bound", "changed")
    wanted = list(islice(cycle(made if bound else made[:60]), number))
    if kind == "stale":
        mark_file(project, pdf_file(project, *wanted[-1])).unlink()
    if kind == "volume":  # from nothing: what briefs say is kept where their own PDFs are noted
        shutil.rmtree(build / "cache", ignore_errors=True)
    if kind == "bound":
        shutil.rmtree(build / "cache" / "pdf" / "volumes")
    if kind == "changed":
        _change(manuscript_files(project, *wanted[number // 2])[0])

    def run() -> list[str]:
        if bound:
            chosen = volume.chosen_volumes(wanted, number)
            return [reason for reason in volume.make_volumes(project, collection, chosen) if reason]
        return [reason for reason in pdf.make_pdfs(project, collection, wanted) if reason]

    print(json.dumps(_measured(run)))


def _was_run(project: Project, brief: pdf.Brief) -> bool:
    return manuscript_files(project, *brief)[0].is_file()


def _change(notebook: Path) -> None:
    """Adds a word to the headline of an executed brief."""
    content = json.loads(notebook.read_text())
    cell = next(cell for cell in content["cells"] if cell["cell_type"] == "markdown")
    head, *rest = "".join(cell["source"]).split("\n")
    cell["source"] = "\n".join([f"{head} again", *rest])
    notebook.write_text(json.dumps(content))


def _measured(run: Callable[[], list[str]]) -> tuple[float, float, float]:
    wall, cpu = time.perf_counter(), _cpu()
    failed = run()
    assert not failed, failed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _cpu() - cpu, time.perf_counter() - wall, peak


def _cpu() -> float:
    """CPU seconds of this process and of those that it started."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    if sys.argv[1:]:
        work(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
