"""The manifest of an edition, `editions/<name>.json`: what it holds, by hashes; small, and kept in git."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.declarations import Declaration
from cityresearch.press.editions.shelf import Shelf, digest_of
from cityresearch.press.files import write_whole
from cityresearch.project import Project

NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
LONGEST = 60
RESERVED = {"store", "index", "working"}


class KeptBrief(Declaration):
    """One brief of an edition: whose it is, hashes of its files, their size in bytes (all that a reader
    may fetch), the hash of what readers see (see `visible`), and who approved it, where its topic asks."""

    topic: str
    geoid: str
    place: str
    slug: str
    page: str
    pdf: str
    facts: str
    notebook: str
    seen: str
    size: int
    approved_by: str = ""


class KeptTable(Declaration):
    """A data table: its vintage, file and SHA-256."""

    vintage: str
    file: str
    sha256: str


class Kept(Declaration):
    """The files of an edition: the pieces of their listing, how many and how large they are, and what
    the box of this edition takes on the shelf, in bytes."""

    listing: list[str]
    count: int
    bytes: int
    box: int


class Manifest(Declaration):
    """What an edition is. `clean` is false where the commit does not hold all of its sources, None where
    there is no git; `without` are briefs that were left out by name."""

    name: str
    title: str
    edition: str
    date: str
    embargo: str
    commit: str
    clean: bool | None
    python: str
    libraries: dict[str, str]
    data: dict[str, KeptTable]
    without: list[str]
    files: Kept
    briefs: dict[str, KeptBrief]

    def is_public(self, today: datetime.date) -> bool:
        """Whether readers may see it on that day."""
        return not self.embargo or datetime.date.fromisoformat(self.embargo) <= today


def check_name(name: str) -> None:
    """Refuses what can't be the name of a file and a part of an address.

    Raises:
        ResearchError: saying what a name is made of.
    """
    if not NAME.fullmatch(name) or len(name) > LONGEST or name in RESERVED:
        raise ResearchError(
            f"'{name}' can't be the name of an edition.",
            where="editions/",
            instead="Use small letters, digits, dots and hyphens, as in 2026-11.",
        )


def manifest_file(project: Project, name: str) -> Path:
    """Where a manifest lies."""
    return project.root / "editions" / f"{name}.json"


def shelf_of(project: Project, collection: Collection) -> Shelf:
    """The shelf of a collection's editions: `shelf` of its file, from the root of the project."""
    return Shelf(project.root / collection.shelf)


def list_manifests(project: Project) -> list[Manifest]:
    """Every edition, the oldest first."""
    found = [
        read_manifest(project, each.stem) for each in (project.root / "editions").glob("*.json")
    ]
    return sorted(found, key=lambda one: (one.date, one.name))


def read_manifest(project: Project, name: str) -> Manifest:
    """A manifest, checked against its own seal.

    Raises:
        ResearchError: no such edition, no JSON, or not as it was written.
    """
    check_name(name)
    path = manifest_file(project, name)
    where = project.relative(path)
    if not path.is_file():
        known = sorted(each.stem for each in path.parent.glob("*.json"))
        hint = did_you_mean(name, known) or f"Editions are: {', '.join(known) or 'none yet'}."
        raise ResearchError(f"there is no edition '{name}'.", where="editions/", instead=hint)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        seal = said.pop("seal", "") if isinstance(said, dict) else ""
        made = Manifest.model_validate(said)
    except (ValueError, ValidationError):
        raise ResearchError("this is no manifest.", where=where, instead=_restore(where)) from None
    if seal != seal_of(said) or made.name != name:
        what = "this manifest was changed after the edition was frozen."
        raise ResearchError(what, where=where, instead=_restore(where))
    return made


def _restore(where: str) -> str:
    return f"Take the file back from git: git checkout -- {where}"


def seal_of(said: dict[str, Any]) -> str:
    """A hash of all that a manifest says."""
    return digest_of(json.dumps(said, sort_keys=True, ensure_ascii=False).encode())


def write_manifest(project: Project, manifest: Manifest) -> Path:
    """Writes a manifest, a line for each brief, table and library: so git shows what changed."""
    said = manifest.model_dump()
    lines = [f' "{key}": {_written(value)}' for key, value in said.items()]
    text = "{\n" + ",\n".join([*lines, f' "seal": "{seal_of(said)}"']) + "\n}\n"
    path = manifest_file(project, manifest.name)
    write_whole(path, text.encode())
    return path


def _written(value: Any) -> str:
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    rows = [f'  "{key}": {json.dumps(each, ensure_ascii=False)}' for key, each in value.items()]
    return "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"
