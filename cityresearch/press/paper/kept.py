"""Sheets of briefs, kept for volumes: where one brief of 200 has changed, the others are not read anew.

A sheet is kept beside the mark of its brief's PDF, with the state of what it was read from (see
`press/paper/fresh.py`): so it never outlives a change of brief, code, sources or collection.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from cityresearch.briefs.collection import Collection
from cityresearch.press.drawings import draw_missing
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import manuscript_files, pdf_file
from cityresearch.press.paper.fresh import state
from cityresearch.press.paper.pdf import Brief, mark_file, read_brief
from cityresearch.project import Project

Sheet = dict[str, Any]


def read_sheets(
    project: Project,
    collection: Collection,
    briefs: Sequence[Brief],
    shared: str,
    jobs: int | None = None,
) -> list[Sheet]:
    """What these executed briefs say, as `read_brief` has it.

    Args:
        shared: from `shared_key`.

    Raises:
        ResearchError: as `read_brief`.
    """
    kept = [_Kept(project, brief, shared) for brief in briefs]
    found = [one.sheet() for one in kept]
    missing = [brief for brief, sheet in zip(briefs, found, strict=True) if sheet is None]
    draw_missing(project, [manuscript_files(project, *brief)[0] for brief in missing], jobs)
    return [
        one.read(project, collection) if sheet is None else sheet
        for one, sheet in zip(kept, found, strict=True)
    ]


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
