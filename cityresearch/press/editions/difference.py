"""The difference of two editions: compared, computed anew in both mixes, and told with reasons."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from cityresearch.briefs.collection import Collection
from cityresearch.press.editions.causes import Mixes
from cityresearch.press.editions.comparison import Change, compare
from cityresearch.press.editions.edition import Edition, KeptEdition
from cityresearch.press.editions.manifest import Manifest, list_manifests, shelf_of
from cityresearch.project import Project


@dataclass(frozen=True)
class Difference:
    """All changes from one edition to another."""

    old: Edition
    new: Edition
    changes: list[Change]


def difference(project: Project, old: Edition, new: Edition, *, remake: bool) -> Difference:
    """Compares two editions.

    Args:
        remake: computes changed briefs anew from the method of one and the data of the other, where
            that is not known yet; else what is known is taken.

    Raises:
        ResearchError: the shelf lacks or has damaged what is compared.
    """
    changes = compare(old, new)
    if not any(each.is_number for each in changes):
        return Difference(old, new, changes)
    mixes = Mixes(old, new, project.build / "editions" / "mixes")
    if remake:
        mixes.make(changes)
    return Difference(old, new, mixes.proven(changes))


def public_before(project: Project, collection: Collection, today: datetime.date) -> list[Manifest]:
    """The editions older than the collection that readers may see on that day, the oldest first."""
    return [
        one
        for one in list_manifests(project)
        if one.date < collection.date and one.is_public(today)
    ]


def last_edition(
    project: Project, collection: Collection, today: datetime.date
) -> KeptEdition | None:
    """The edition that a book of now is compared with; None where there is none, or its shelf is not on
    this machine."""
    earlier, shelf = public_before(project, collection, today), shelf_of(project, collection)
    return KeptEdition(earlier[-1], shelf) if earlier and shelf.names() else None
