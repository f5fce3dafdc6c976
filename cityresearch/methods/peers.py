"""Peers: the places most alike on declared indicators, and how far that choice can be trusted.

Indicators are standardised first (see `scores`), so units do not matter. The distance of two places
is √Σ weight · (z₁ − z₂)², over the variables that both have, times all variables over shared ones.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityresearch.evidence.estimates import Z_90, Estimate, missing
from cityresearch.methods.scores import Floats, standardise

NEEDED = 0.75  # METHODS §5, as is the next
PEERS = 8

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Peers:
    """The peers of a place, nearest first, with their distances; `reason` where there are none."""

    place: str
    ids: tuple[str, ...]
    distances: tuple[float, ...]
    variables: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True)
class Stability:
    """Shares (0 to 1) of the peers that stay.

    `dropped`: when a variable is left out, by variable. `moved`: on average when inputs move
    within their margins of error; None where no margins are known.
    """

    dropped: Mapping[str, float]
    moved: float | None


def nearest(
    scores: pd.DataFrame,
    place: str,
    k: int = PEERS,
    candidates: Collection[str] | None = None,
) -> Peers:
    """The `k` places nearest to `place` in a frame made by `standardise`; ties go by id.

    A peer must share at least 75 % of the variables with the place, and the place must have as
    many itself. `candidates` (default: all) are ids that a filter by state, region or size left.
    """
    table = _Table(scores)
    allowed = None if candidates is None else scores.index.isin(list(candidates))
    return _nearest(table, place, k, allowed)


class _Table:
    """Scores as plain arrays: a frame costs more to look into than a place to compare."""

    def __init__(self, scores: pd.DataFrame) -> None:
        self.ids = [str(place) for place in scores.index]
        self.at = {place: at for at, place in enumerate(self.ids)}
        self.names = [str(name) for name in scores.columns]
        self.values = scores.to_numpy(dtype=float)

    def without(self, name: str) -> _Table:
        found = copy.copy(self)
        kept = [other != name for other in self.names]
        found.names, found.values = [n for n in self.names if n != name], self.values[:, kept]
        return found


def _nearest(table: _Table, place: str, k: int, allowed: Flags | None) -> Peers:
    if place not in table.at:
        return _none(place, "it has none of the indicators")
    own = table.at[place]
    row = table.values[own]
    has = ~np.isnan(row)
    if has.mean() < NEEDED:
        return _none(place, f"it has only {has.sum()} of the {has.size} indicators")
    distances = _distances((table.values - row) ** 2)
    distances[own] = np.inf
    if allowed is not None:
        distances[~allowed] = np.inf
    order = _first(distances, table.ids, k)
    if not order:
        return _none(place, "no other place has enough of the indicators")
    variables = tuple(name for name, known in zip(table.names, has, strict=True) if known)
    ids = tuple(table.ids[i] for i in order)
    return Peers(place, ids, tuple(float(distances[i]) for i in order), variables)


def stability(
    frame: pd.DataFrame,
    place: str,
    k: int = PEERS,
    *,
    logs: Collection[str] = (),
    weights: Mapping[str, float] | None = None,
    candidates: Collection[str] | None = None,
    margins: pd.DataFrame | None = None,
    draws: int = 100,
) -> Stability:
    """How many of a place's peers stay when the inputs are others.

    Args:
        frame: indicators as given to `standardise`.
        margins: 90 % margins, same index, columns and units as `frame`; NaN counts as 0.
        draws: how often the inputs are moved, by normal errors with a fixed seed, so that the
            same inputs always give the same shares.

    Raises:
        ResearchError: as `standardise`.
    """
    allowed = None if candidates is None else frame.index.isin(list(candidates))
    table = _Table(standardise(frame, logs, weights))
    found = _nearest(table, place, k, allowed)
    dropped = _dropped(found, _without_each(table), k, allowed)
    if not found.ids or margins is None or not (margins.fillna(0) > 0).any(axis=None):
        return Stability(dropped, None)
    moved = [
        _kept(found, _nearest(_Table(standardise(data, logs, weights)), place, k, allowed))
        for data in _moved(frame, margins, draws, logs)
    ]
    return Stability(dropped, float(np.mean(moved)))


def everywhere(
    frame: pd.DataFrame,
    k: int = PEERS,
    *,
    logs: Collection[str] = (),
    weights: Mapping[str, float] | None = None,
) -> dict[str, tuple[Peers, Stability]]:
    """`nearest` and `stability` (without margins) for every place of a frame, as for `standardise`.

    Everything is standardised once, not once a place.

    Raises:
        ResearchError: as `standardise`.
    """
    table = _Table(standardise(frame, logs, weights))
    without = _without_each(table)
    found = {place: _nearest(table, place, k, None) for place in table.ids}
    return {
        place: (peers, Stability(_dropped(peers, without, k, None), None))
        for place, peers in found.items()
    }


def _without_each(table: _Table) -> dict[str, _Table]:
    """The scores with each variable left out, where there are others: scores of one do not depend
    on another."""
    return {name: table.without(name) for name in table.names if len(table.names) > 1}


def _dropped(
    found: Peers, without: Mapping[str, _Table], k: int, allowed: Flags | None
) -> dict[str, float]:
    if not found.ids:
        return {}
    return {
        name: _kept(found, _nearest(table, found.place, k, allowed))
        for name, table in without.items()
    }


def _kept(found: Peers, other: Peers) -> float:
    return len(set(found.ids) & set(other.ids)) / len(found.ids)


def dissimilarity(group: npt.ArrayLike, others: npt.ArrayLike) -> Estimate:
    """Index of dissimilarity D = ½ Σ |b/B − w/W| of two groups over areas, a share of 0 to 1.

    Its margin is not known. A group without members makes it missing.

    Source: Duncan and Duncan, "A Methodological Analysis of Segregation Indexes" (1955).

    Raises:
        ValueError: unequal numbers of areas.
    """
    b, w = np.asarray(group, dtype=float), np.asarray(others, dtype=float)
    if b.shape != w.shape:
        raise ValueError(f"{b.size} and {w.size} areas")
    if b.sum() == 0 or w.sum() == 0:
        return missing("zero denominator: one of the groups has no members", "share")
    return Estimate(float(np.abs(b / b.sum() - w / w.sum()).sum() / 2), None, "share")


def _none(place: str, reason: str) -> Peers:
    return Peers(place, (), (), (), reason)


def _distances(squares: Floats) -> Floats:
    """Distances from squared gaps; infinite where fewer than 75 % of the variables are shared."""
    shared = (~np.isnan(squares)).sum(axis=1)
    size = squares.shape[1]
    scaled = np.nansum(squares, axis=1) * size / np.maximum(shared, 1)
    return np.where(shared >= NEEDED * size, np.sqrt(scaled), np.inf)


def _first(distances: Floats, ids: Sequence[str], k: int) -> list[int]:
    """Places of the `k` least finite distances, ties by id."""
    # Rounded, so that the dust of another unit does not reorder places that are equally near.
    near = np.round(distances, 9)
    if near.size > k:
        near[near > np.partition(near, k - 1)[k - 1]] = np.inf
    found = [int(i) for i in np.flatnonzero(np.isfinite(near))]
    return sorted(found, key=lambda i: (near[i], ids[i]))[:k]


def _moved(
    frame: pd.DataFrame, margins: pd.DataFrame, draws: int, logs: Collection[str]
) -> Iterator[pd.DataFrame]:
    """The inputs, each moved by a normal error of its standard error, `draws` times."""
    random = np.random.default_rng(0)
    spread = margins.reindex_like(frame).fillna(0).to_numpy(dtype=float) / Z_90
    values = frame.to_numpy(dtype=float)
    positive = np.array([name in set(logs) for name in frame.columns])
    for _ in range(draws):
        data = values + spread * random.standard_normal(values.shape)
        # An error as large as the value may take it below zero, where it has no logarithm.
        data = np.where(positive & (data <= 0), values, data)
        yield pd.DataFrame(data, index=frame.index, columns=frame.columns)
