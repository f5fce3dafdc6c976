"""What briefs say, read once for their own PDFs and for volumes: where one brief of 200 has changed, the
others are not read anew.

A sheet is kept beside the mark of its brief's PDF, with the state of what it was read from (see
`press/paper/fresh.py`): so it never outlives a change of brief, code, sources or collection.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from cityresearch.briefs.collection import Collection
from cityresearch.evidence.places import Place
from cityresearch.press.closing import closing
from cityresearch.press.drawings import draw_missing, drawer
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import manuscript_files, pdf_file, read_manuscript
from cityresearch.press.paper.fresh import mark_file, state
from cityresearch.press.paper.sheet import read_sheet
from cityresearch.project import Project

Sheet = dict[str, Any]
Brief = tuple[str, Place]


def kept_sheets(
    project: Project,
    collection: Collection,
    briefs: Sequence[Brief],
    shared: str,
    jobs: int | None = None,
) -> list[Sheet]:
    """What these executed briefs say, as `kept_sheet` has it; drawings that they lack are made at once."""
    kept = [_Kept(project, brief, shared) for brief in briefs]
    found = [one.sheet() for one in kept]
    missing = [brief for brief, sheet in zip(briefs, found, strict=True) if sheet is None]
    draw_missing(project, [manuscript_files(project, *brief)[0] for brief in missing], jobs)
    return [
        one.read(project, collection) if sheet is None else sheet
        for one, sheet in zip(kept, found, strict=True)
    ]


def kept_sheet(project: Project, collection: Collection, brief: Brief, shared: str) -> Sheet:
    """What one executed brief says, from its files (see `press/paper/sheet.py`).

    Args:
        shared: from `shared_key`.

    Raises:
        ResearchError: it was never run, has no headline, or a chart can't be drawn.
    """
    kept = _Kept(project, brief, shared)
    return kept.sheet() or kept.read(project, collection)


def read_brief(project: Project, collection: Collection, brief: Brief) -> Sheet:
    """The same, from the files alone."""
    manuscript = read_manuscript(project, *brief)
    return sheet_of(manuscript.notebook, manuscript.facts, project, collection)


def sheet_of(notebook: Any, facts: Any, project: Project, collection: Collection) -> Sheet:
    """What one executed brief says, from its notebook and facts."""
    meta = notebook["metadata"]["cityresearch"]
    last = closing(project, facts, collection, meta["path"])
    return read_sheet(notebook, collection, last, drawer(project, meta))


class _Kept:
    """The file in which a brief's sheet is kept."""

    def __init__(self, project: Project, brief: Brief, shared: str) -> None:
        self._brief = brief
        self._file = mark_file(project, pdf_file(project, *brief)).with_suffix(".sheet")
        # Looked at before it is read: what changes meanwhile makes the sheet stale.
        self._state = state(manuscript_files(project, *brief), f"{shared} {brief!r}")

    def sheet(self) -> Sheet | None:
        """The sheet that is kept, unless something has changed since."""
        try:
            noted = from_json(self._file.read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        if not isinstance(noted, dict) or noted.get("state") != self._state:
            return None
        sheet: Sheet = noted["sheet"]
        return sheet

    def read(self, project: Project, collection: Collection) -> Sheet:
        """The sheet read anew, and kept."""
        sheet = read_brief(project, collection, self._brief)
        noted = {"state": self._state, "sheet": sheet}
        write_whole(self._file, json.dumps(noted, ensure_ascii=False).encode())
        return sheet
