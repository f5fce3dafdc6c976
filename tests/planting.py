"""Faults planted in the finished briefs of a build folder, and what proof-reading finds there."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.evidence.places import Place
from cityresearch.press.manuscripts import pdf_file, read_manuscript
from cityresearch.press.paper.kept import sheet_of
from cityresearch.press.paper.sheet import lay_out
from cityresearch.press.paper.typesetting import typeset
from cityresearch.press.proof import proof_read
from cityresearch.project import Project

Change = Callable[[str], str]


def faults(project: Project, issue: Collection, brief: tuple[str, Place]) -> list[str]:
    return [str(fault) for fault in proof_read(project, issue, brief)]


@contextlib.contextmanager
def planted(path: Path, change: Change) -> Iterator[None]:
    """A file that is changed as long as this lasts."""
    sound = path.read_text(encoding="utf-8")
    made = change(sound)
    assert made != sound, "nothing was planted"
    with _replaced(path, made.encode()):
        yield


@contextlib.contextmanager
def planted_in_pdf(
    project: Project, issue: Collection, brief: tuple[str, Place], change: Change
) -> Iterator[None]:
    """The PDF is that of a notebook whose text was changed, as long as this lasts."""
    manuscript, path = read_manuscript(project, *brief), pdf_file(project, *brief)
    wrong = json.loads(change(json.dumps(manuscript.notebook, ensure_ascii=False)))
    assert wrong != manuscript.notebook, "nothing was planted"
    sheet = lay_out(sheet_of(wrong, manuscript.facts, project, issue))
    with _replaced(path, typeset("brief", sheet, issue, sheet["kicker"])):
        yield


@contextlib.contextmanager
def _replaced(path: Path, content: bytes) -> Iterator[None]:
    kept = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(kept)
