"""Approvals: who approved what of a topic's briefs, in `notebooks/<topic>/approvals.yml`, kept in git."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import yaml

from cityresearch.errors import ResearchError
from cityresearch.evidence.declarations import Declaration, read_declaration
from cityresearch.press.files import write_whole
from cityresearch.project import Project

HEAD = """\
# Who approved which brief, written by `cityresearch approve`. An approval is for what readers see: it
# lapses when a word or a fact of the brief changes. Keep this file in git.
"""
LONGEST = 80  # letters of a name


class Approval(Declaration):
    """One approval: by whom, when, and the hash of what readers saw then."""

    by: str
    date: str
    seen: str


class Approvals(Declaration):
    """All approvals of a topic, by the slug of the place."""

    approved: dict[str, Approval]


def approvals_file(project: Project, topic: str) -> Path:
    """Where the approvals of a topic lie."""
    return project.notebooks / topic / "approvals.yml"


def read_approvals(project: Project, topic: str) -> dict[str, Approval]:
    """The approvals of a topic by the slug of the place; none where nothing was approved.

    Raises:
        ResearchError: the file was edited into something else.
    """
    path = approvals_file(project, topic)
    return read_declaration(Approvals, path, project).approved if path.is_file() else {}


def approve(project: Project, topic: str, seen: Mapping[str, str], by: str) -> None:
    """Records that someone approved briefs of a topic.

    Args:
        seen: the hash of what readers see, by the slug of the place.

    Raises:
        ResearchError: no name is given, or one that is no line of text.
    """
    by = by.strip()
    if not by or len(by) > LONGEST or not by.isprintable():
        raise ResearchError(
            "an approval needs the name of a person.", where="--by", instead="As in --by 'R. Diaz'."
        )
    today = datetime.date.today().isoformat()
    new = {slug: Approval(by=by, date=today, seen=hash_) for slug, hash_ in seen.items()}
    kept = read_approvals(project, topic)
    # Who approved the very same before stays on record.
    new = {
        slug: one for slug, one in new.items() if slug not in kept or kept[slug].seen != one.seen
    }
    every = {slug: one.model_dump() for slug, one in sorted({**kept, **new}.items())}
    text = yaml.safe_dump({"approved": every}, allow_unicode=True, sort_keys=False)
    write_whole(approvals_file(project, topic), (HEAD + text).encode())


def verdict(approval: Approval | None, seen: str) -> str:
    """Why a brief is not approved; empty where it is."""
    if approval is None:
        return "not approved"
    if approval.seen != seen:
        return f"the approval by {approval.by} of {approval.date} has lapsed: words or facts changed since"
    return ""
