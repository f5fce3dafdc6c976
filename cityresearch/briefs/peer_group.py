"""The peers of one place on its topic's declared variables, with names and how steady the choice is."""

from __future__ import annotations

from dataclasses import dataclass

from cityresearch.briefs.facts import About
from cityresearch.briefs.prepare import Prepared
from cityresearch.briefs.topic import PeerRule, Topic
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.methods import peers
from cityresearch.methods.peers import Stability


@dataclass(frozen=True)
class PeerGroup:
    """The peers, nearest first, with their distances. Empty, with the reason, where there are none."""

    members: tuple[About, ...]
    distances: tuple[float, ...]
    variables: tuple[str, ...]
    stability: Stability
    reason: str

    def __len__(self) -> int:
        return len(self.members)


def find_peers(prepared: Prepared, topic: Topic, place: Place, k: int | None = None) -> PeerGroup:
    """The `k` nearest places or areas (default: as the topic declares).

    Raises:
        ResearchError: the topic declares no peers.
    """
    rule = _rule(topic)
    frame = prepared.indicators(rule.of)
    values = frame[list(rule.variables)]
    # Scores are relative to places that could be peers: among all cities, every large one is an outlier.
    values = values[values.notna().mean(axis=1) >= peers.NEEDED]
    logs = [name for name, variable in rule.variables.items() if variable.log]
    values = values.assign(**{name: values[name].where(values[name] > 0) for name in logs})
    weights = {name: variable.weight for name, variable in rule.variables.items()}
    count, code = k or rule.k, place.ids.get(rule.of, "")
    if code not in values.index:
        return PeerGroup((), (), (), Stability({}, None), "it is not among the areas compared")
    found = peers.nearest(peers.standardise(values, logs, weights), code, count)
    members = tuple(About(rule.of, id_, str(frame.loc[id_, "name"])) for id_ in found.ids)
    steady = peers.stability(values, code, count, logs=logs, weights=weights)
    labels = tuple(topic.indicators[name].label for name in rule.variables)
    return PeerGroup(members, found.distances, labels, steady, found.reason or "")


def _rule(topic: Topic) -> PeerRule:
    if topic.peers is None:
        raise ResearchError(
            "the topic declares no peers.", where=f"notebooks/{topic.name}/topic.yml"
        )
    return topic.peers
