"""The peers of one place on its topic's declared variables, with names and how steady the choice is."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cityresearch.briefs import derive, reads
from cityresearch.briefs.facts import About
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.topic import PeerRule, Topic
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.methods.peers import Stability


@dataclass(frozen=True)
class PeerGroup:
    """The peers, nearest first. Empty, with the reason, where there are none.

    `variables` are the labels of what they were chosen by, `names` its indicators.
    """

    members: tuple[About, ...]
    variables: tuple[str, ...]
    stability: Stability
    reason: str
    measured: Callable[[], tuple[float, ...]]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.members)

    @property
    def distances(self) -> tuple[float, ...]:
        """How far each peer is, in standard deviations to two decimals.

        Read only when asked for: they change a little with any area, peers seldom do.
        """
        return self.measured()


def find_peers(prepared: Prepared, topic: Topic, place: Place, k: int | None = None) -> PeerGroup:
    """The `k` nearest places or areas (default: as the topic declares).

    Raises:
        ResearchError: the topic declares no peers.
    """
    rule = _rule(topic)
    code = place.ids.get(rule.of, "")
    read = _derived if k in (None, rule.k) else _found_now
    rows, measured = read(prepared, rule, code, k or rule.k)
    if rows.empty:
        reason = "it is not among the areas compared"
        return PeerGroup((), (), Stability({}, None), reason, tuple, tuple(rule.variables))
    row = rows.iloc[0]
    labels = tuple(topic.indicators[name].label for name in rule.variables)
    members = tuple(named(prepared, rule.of, member) for member in row["members"].split())
    stays = {name: float(row[f"stays_{name}"]) for name in rule.variables if members}
    steady = Stability({name: share for name, share in stays.items() if share == share}, None)
    return PeerGroup(members, labels, steady, row["reason"], measured, tuple(rule.variables))


def named(prepared: Prepared, kind: str, code: str) -> About:
    """An area by its code, with its name."""
    place = kind == "geoid"
    table = f"places-{prepared.topic.geography}" if place else derive.UNIT_NAMES[kind]
    reads.note(table, (kind,), (code,))
    name = name_of(prepared, kind, code)
    return About(kind, code, name or f"an area without a name on record ({code})")


def name_of(prepared: Prepared, kind: str, code: str) -> str:
    """The name of an area, as far as the topic's tables know it; empty otherwise."""
    if kind == "geoid":
        place = prepared.place(prepared.topic.geography, code)
        return place.full_name if place else ""
    with contextlib.suppress(KeyError, ResearchError):  # no such list, or the topic does not pin it
        return _names(prepared, derive.UNIT_NAMES[kind], kind).get(code, "")
    return ""


@functools.lru_cache(maxsize=64)
def _names(prepared: Prepared, table: str, kind: str) -> dict[str, str]:
    frame = prepared.frame(table)
    # As plain objects in one go: text that Arrow holds is slow to take one by one.
    codes, names = (frame[column].to_numpy(object).tolist() for column in (kind, "name"))
    return dict(zip(codes, names, strict=True))


Found = tuple[pd.DataFrame, Callable[[], tuple[float, ...]]]


def _derived(prepared: Prepared, rule: PeerRule, code: str, _: int) -> Found:
    def measured() -> tuple[float, ...]:
        return _numbers(_row("peer-distances"))

    def _row(table: str) -> pd.DataFrame:
        reads.note(table, (rule.of,), (code,))
        return prepared.rows(table, (rule.of,), (code,))

    return _row("peers"), measured


def _found_now(prepared: Prepared, rule: PeerRule, code: str, k: int) -> Found:
    """Another number of peers than all briefs have is found for one, and so from all areas."""
    reads.note_whole(f"indicators-{rule.of}")
    near, far = derive.peers_of_all(rule, prepared.indicators(rule.of), k)
    rows = far[far[rule.of] == code]
    return near[near[rule.of] == code], lambda: _numbers(rows)


def _numbers(rows: pd.DataFrame) -> tuple[Any, ...]:
    return tuple(float(text) for text in rows["distances"].iloc[0].split())


def _rule(topic: Topic) -> PeerRule:
    if topic.peers is None:
        raise ResearchError(
            "the topic declares no peers.", where=f"notebooks/{topic.name}/topic.yml"
        )
    return topic.peers
