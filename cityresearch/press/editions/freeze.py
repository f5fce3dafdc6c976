"""Freezing an edition: its files go on the shelf, and last of all its manifest says that it is there."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press.editions import listing, record
from cityresearch.press.editions.approvals import Approval
from cityresearch.press.editions.edition import KeptEdition, WorkingEdition
from cityresearch.press.editions.listing import Listing, files_below
from cityresearch.press.editions.manifest import (
    Kept,
    KeptBrief,
    Manifest,
    check_name,
    manifest_file,
    shelf_of,
    write_manifest,
)
from cityresearch.project import Project

Wanted = tuple[str, Place]


def check_free(project: Project, name: str) -> None:
    """Refuses a name that can't be used.

    Raises:
        ResearchError: no name for a file, or an edition of this name is there already.
    """
    check_name(name)
    if manifest_file(project, name).exists():
        raise ResearchError(
            f"the edition '{name}' is published already, and an edition never changes.",
            where=project.relative(manifest_file(project, name)),
            instead="Choose another name.",
        )


def freeze(
    project: Project,
    collection: Collection,
    name: str,
    working: WorkingEdition,
    pages: Path,
    *,
    approvals: Mapping[Wanted, Approval],
    without: Sequence[str] = (),
    embargo: str = "",
) -> Manifest:
    """Keeps an edition for good. Killed before its end, it leaves nothing that counts as an edition.

    Args:
        working: the briefs that it holds.
        pages: the folder of its compiled book, which holds these briefs and no others.

    Raises:
        ResearchError: the name can't be used, the book lacks a brief, or the shelf has damaged what the
            edition shares with those before it.
    """
    check_free(project, name)
    files: dict[str, bytes | Path] = {**files_below(pages, "html/")}
    files |= {f"inputs/{each}": path for each, path in working.files.items()}
    files |= {f"texts/{stem}.txt": working.text(stem).encode() for stem in working.briefs}
    shelf = shelf_of(project, collection)
    with shelf.new_box(name) as box:
        kept = listing.keep(box, files)
        briefs = {
            stem: _brief(kept, stem, working, approvals.get(working.wanted[stem]))
            for stem in sorted(working.briefs)
        }
        pieces = box.put(listing.written(kept))
    commit, clean = record.commit_of(project)
    manifest = Manifest(
        name=name,
        title=collection.title,
        edition=collection.edition,
        date=collection.date,
        embargo=embargo,
        commit=commit,
        clean=clean,
        python=platform.python_version(),
        libraries=record.libraries(),
        data=record.tables(project),
        without=list(without),
        files=Kept(
            listing=pieces,
            count=len(kept),
            bytes=listing.size_of(kept.values()),
            box=box.size,
        ),
        briefs=briefs,
    )
    KeptEdition(manifest, shelf).verify()  # pieces in the boxes before this one may be damaged
    write_manifest(project, manifest)
    return manifest


def _brief(
    kept: Listing, stem: str, working: WorkingEdition, approval: Approval | None
) -> KeptBrief:
    topic, place = working.wanted[stem]
    names = {kind: f"html/{stem}.{kind}" for kind in ("html", "pdf", "json", "ipynb")}
    for file in names.values():
        if file not in kept:
            what = f"the book has no file {file.removeprefix('html/')}."
            raise ResearchError(what, where="the book", city=place.full_name)
    beside = [
        one for name, one in kept.items() if name.startswith((f"html/{stem}.", f"html/{stem}-"))
    ]
    return KeptBrief(
        topic=topic,
        geoid=place.geoid,
        place=place.full_name,
        slug=place.slug,
        page=kept[names["html"]].sha256,
        pdf=kept[names["pdf"]].sha256,
        facts=kept[names["json"]].sha256,
        notebook=kept[names["ipynb"]].sha256,
        seen=working.briefs[stem].seen,
        size=listing.size_of(beside),
        approved_by=approval.by if approval else "",
    )
