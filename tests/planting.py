"""Faults planted in the finished briefs of a build folder, and what proof-reading finds there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.evidence.places import Place
from cityresearch.press.manuscripts import pdf_file, read_manuscript
from cityresearch.press.paper.pdf import sheet_of
from cityresearch.press.paper.sheet import lay_out
from cityresearch.press.paper.typesetting import typeset
from cityresearch.press.proof import proof_read
from cityresearch.project import Project

Change = Callable[[str], str]
Undo = Callable[[], object]


def faults(project: Project, issue: Collection, brief: tuple[str, Place]) -> list[str]:
    return [str(fault) for fault in proof_read(project, issue, brief)]


def planted(path: Path, change: Change) -> Undo:
    """Changes a file; gives what undoes it."""
    sound = path.read_text(encoding="utf-8")
    made = change(sound)
    assert made != sound, "nothing was planted"
    path.write_text(made, encoding="utf-8")
    return lambda: path.write_text(sound, encoding="utf-8")


def planted_in_pdf(
    project: Project, issue: Collection, brief: tuple[str, Place], change: Change
) -> Undo:
    """Sets the PDF of a notebook whose text was changed; gives what undoes it."""
    manuscript, path = read_manuscript(project, *brief), pdf_file(project, *brief)
    wrong = json.loads(change(json.dumps(manuscript.notebook, ensure_ascii=False)))
    assert wrong != manuscript.notebook, "nothing was planted"
    kept = path.read_bytes()
    sheet = lay_out(sheet_of(wrong, manuscript.facts, project, issue))
    path.write_bytes(typeset("brief", sheet, issue, sheet["kicker"]))
    return lambda: path.write_bytes(kept)
