"""Collects the planted faults of all tests into docs/planted-faults.md: `python tests/faults/table.py`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs/planted-faults.md"
Row = tuple[str, str, str]
HEAD = """# Planted faults, and what caught each

Each row is a fault that a test plants and that must be found. The table is made from the tests
(`python tests/faults/table.py`), {count} faults of {kinds} kinds.

| kind | planted | caught by |
|---|---|---|
"""


class _Collector:
    """Takes the marks of the tests that pytest finds, and runs none."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            self.rows += [mark.args for mark in item.iter_markers("fault")]


def text() -> str:
    """The table as Markdown.

    Raises:
        RuntimeError: pytest can't collect the tests.
    """
    found = _Collector()
    quiet = [
        "--collect-only",
        "-qq",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:nbval",
        "-p",
        "no:syrupy",
    ]
    folder = str(ROOT / "tests")
    done = pytest.main([*quiet, "-o", "addopts=", "--rootdir", str(ROOT), folder], [found])
    if done:
        raise RuntimeError(f"pytest could not collect {folder}")
    rows = sorted(set(found.rows))
    head = HEAD.format(count=len(rows), kinds=len(Counter(kind for kind, _, _ in rows)))
    return head + "".join(f"| {kind} | {planted} | {caught} |\n" for kind, planted, caught in rows)


if __name__ == "__main__":
    made = text()
    if "--check" in sys.argv:
        if TABLE.read_text(encoding="utf-8") != made:
            sys.exit("docs/planted-faults.md is not current: run python tests/faults/table.py")
    else:
        TABLE.write_text(made, encoding="utf-8")
