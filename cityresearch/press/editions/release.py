"""Release: the pages of editions as readers get them, the newest at the root of the book, each at
`editions/<name>/` for good."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.press.editions.edition import KeptEdition
from cityresearch.press.editions.manifest import Manifest, list_manifests, shelf_of
from cityresearch.press.files import link_or_copy
from cityresearch.press.web.shown import EDITIONS, show
from cityresearch.project import Project

PART = "edition"  # the folder of `_build` in which the book of an edition is made


def show_past(project: Project, collection: Collection, today: datetime.date) -> list[str]:
    """Puts every public edition at its address where it is not yet; the names of those put there.

    An edition is written once: later books hand the folder on. Embargoed ones are left out, and taken
    away where a clock was wrong.

    Raises:
        ResearchError: the shelf lacks or has damaged files of one.
    """
    shelf, made = shelf_of(project, collection), []
    for manifest in list_manifests(project):
        target = project.build / "html" / EDITIONS / manifest.name
        if not manifest.is_public(today):
            shutil.rmtree(target, ignore_errors=True)
        elif not target.is_dir():
            _put(KeptEdition(manifest, shelf), target)
            made.append(manifest.name)
    return made


def _put(edition: KeptEdition, target: Path) -> None:
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        edition.restore(part)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def put_frozen(project: Project, name: str, pages: Path) -> None:
    """Puts a freshly frozen edition at its address by giving its files second names."""
    target = project.build / "html" / EDITIONS / name
    part = target.with_name(f".{name}.part")
    shutil.rmtree(part, ignore_errors=True)
    for path in pages.rglob("*"):
        inner = path.relative_to(pages)
        if path.is_file() and inner.parts[0] != EDITIONS:
            (part / inner).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(path, part / inner)
    part.rename(target)


def released(
    project: Project, collection: Collection, manifest: Manifest, today: datetime.date
) -> bool:
    """Makes a kept edition the book that readers have: one whose embargo is over, or whose publication was
    killed after it was frozen. False, and nothing is done, where a newer edition is that book.

    Raises:
        ResearchError: its embargo is not over, or readers have it already.
    """
    if not manifest.is_public(today):
        raise ResearchError(
            f"the edition '{manifest.name}' is under embargo until {manifest.embargo}.",
            where=f"editions/{manifest.name}.json",
            instead="Its pages can be made public from that day on.",
        )
    if (project.build / "html" / EDITIONS / manifest.name).is_dir():
        raise ResearchError(
            f"the edition '{manifest.name}' is published already, and an edition never changes.",
            where=f"editions/{manifest.name}.json",
            instead="Choose another name.",
        )
    public = [each.name for each in list_manifests(project) if each.is_public(today)]
    if manifest.name != public[-1]:
        return False
    part = project.build / PART
    shutil.rmtree(part, ignore_errors=True)
    KeptEdition(manifest, shelf_of(project, collection)).restore(part)
    show(project, part.name)
    return True
