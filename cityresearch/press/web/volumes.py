"""Volumes: the parts that the book is compiled in, each a Jupyter Book of its own.

A state is a volume, so that a changed brief costs its state alone, volumes can be made side by side, and
none needs more memory than another. Small states share volumes, because each costs a start; large ones are
split. Which volume a page is in depends on names, not on its neighbours: a page more moves no other, as long
as the number of volumes stays.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import yaml

SMALL = 60  # pages below which a state shares volumes with others
LARGEST = 150  # pages that a volume has, about, at most
HUB, SHARED = "hub", "states"


@dataclass(frozen=True)
class Volume:
    """One Jupyter Book: its name and the addresses of its pages, without ending, in order."""

    name: str
    documents: tuple[str, ...]


def volumes(documents: Iterable[str]) -> list[Volume]:
    """The volumes of a book: the pages of states, and in `hub` all that belongs to none.

    Args:
        documents: addresses without ending; a state is a folder with an index, as in `wi/index`.
    """
    ordered = sorted(documents)
    heads = {name.removesuffix("/index") for name in ordered if name.endswith("/index")}
    states: dict[str, list[str]] = defaultdict(list)
    for name in ordered:
        head, slash, _ = name.partition("/")
        states[head if slash and head in heads else HUB].append(name)
    hub = Volume(HUB, tuple(states.pop(HUB, [])))
    small = {head: states.pop(head) for head in list(states) if len(states[head]) < SMALL}
    made = [hub, *_shelves(SHARED, small)]
    for head, names in states.items():
        made += _shelves(head, {name: [name] for name in names}, depth=2)
    return [volume for volume in made if volume.documents]


def _shelves(name: str, groups: dict[str, list[str]], depth: int = 1) -> list[Volume]:
    """As many volumes as the pages need; pages of one folder, `depth` deep, stay together."""
    count = -(-sum(map(len, groups.values())) // LARGEST)
    shelves: list[list[str]] = [[] for _ in range(count)]
    for group, names in groups.items():
        folder = "/".join(group.split("/")[:depth])
        shelves[zlib.crc32(folder.encode()) % count].extend(names)
    return [
        Volume(f"{name}-{number}" if count > 1 else name, tuple(sorted(names)))
        for number, names in enumerate(shelves, start=1)
    ]


def contents(documents: Sequence[str]) -> str:
    """The table of contents of a volume, which only says which pages it has: our theme prints none."""
    first = "index" if "index" in documents else documents[0]
    chapters = [{"file": name} for name in documents if name != first]
    content = {"format": "jb-book", "root": first} | ({"chapters": chapters} if chapters else {})
    return yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False)
