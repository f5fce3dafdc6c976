"""Peers: the places most alike on declared indicators, and how far that choice can be trusted.

Indicators are standardised (z = (x − mean) / population standard deviation, after the logarithm
where declared, cut at ±3), so units do not matter. The distance of two places is
√Σ weight · (z₁ − z₂)², over the variables that both have, times all variables over shared ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityresearch.errors import ResearchError
from cityresearch.evidence.estimates import Z_90, Estimate, missing

WINSOR = 3.0  # METHODS §5, as are the next two
NEEDED = 0.75
PEERS = 8

Floats = npt.NDArray[np.float64]


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


def standardise(
    frame: pd.DataFrame,
    logs: Collection[str] = (),
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """z-scores of a frame of places (index) × indicators (columns, NaN where missing).

    Cut at ±3 and then multiplied by the root of the weight (default 1), so that plain distances
    between rows are weighted ones. A variable that is the same everywhere becomes 0.

    Args:
        logs: columns to take the logarithm of first (population, income).

    Raises:
        ResearchError: a logarithm of a number that is not above zero, a weight or a logarithm of a
            column that is not there, or a weight that is not above zero.
    """
    weights = weights or {}
    _check_names(frame, {*logs, *weights})
    values = frame.to_numpy(dtype=float, copy=True)
    for name in logs:
        place = frame.columns.get_loc(name)
        values[:, place] = _log(frame[name])
    roots = np.sqrt([_weight(str(name), weights) for name in frame.columns])
    return pd.DataFrame(_scores(values) * roots, index=frame.index, columns=frame.columns)


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
    if place not in scores.index:
        return _none(place, "it has none of the indicators")
    values = scores.to_numpy(dtype=float)
    own = int(np.flatnonzero(scores.index == place)[0])
    row = values[own]
    has = ~np.isnan(row)
    variables = tuple(str(name) for name in scores.columns[has])
    if has.mean() < NEEDED:
        return _none(place, f"it has only {has.sum()} of the {has.size} indicators")
    distances = _distances((values - row) ** 2)
    distances[own] = np.inf
    if candidates is not None:
        distances[~scores.index.isin(list(candidates))] = np.inf
    order = _first(distances, scores.index, k)
    if not order:
        return _none(place, "no other place has enough of the indicators")
    ids = tuple(str(scores.index[i]) for i in order)
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
    _check_names(frame, {*logs, *(weights or {})})

    def peers(data: pd.DataFrame) -> set[str]:
        kept = set(data.columns)
        scores = standardise(
            data,
            [name for name in logs if name in kept],
            {name: weight for name, weight in (weights or {}).items() if name in kept},
        )
        return set(nearest(scores, place, k, candidates).ids)

    chosen = peers(frame)
    if not chosen:
        return Stability({}, None)
    dropped = {
        str(name): len(chosen & peers(frame.drop(columns=name))) / len(chosen)
        for name in frame.columns
        if frame.shape[1] > 1
    }
    if margins is None or not (margins.fillna(0) > 0).any(axis=None):
        return Stability(dropped, None)
    moved = [
        len(chosen & peers(data)) / len(chosen) for data in _moved(frame, margins, draws, logs)
    ]
    return Stability(dropped, float(np.mean(moved)))


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


def _check_names(frame: pd.DataFrame, names: set[str]) -> None:
    unknown = sorted(names - set(frame.columns))
    if unknown:
        known = ", ".join(str(name) for name in frame.columns)
        raise ResearchError(
            f"peers: no indicator is called '{unknown[0]}'.", instead=f"There are: {known}."
        )


def _log(column: pd.Series) -> Floats:
    values = column.to_numpy(dtype=float)
    bad = np.flatnonzero(values <= 0)
    if bad.size:
        raise ResearchError(
            f"peers: {column.name} of {column.index[bad[0]]} is {values[bad[0]]:g}, which has no"
            " logarithm.",
            instead="Leave the value empty, or take the indicator out of the logarithms.",
        )
    return np.asarray(np.log(values), dtype=float)


def _weight(name: str, weights: Mapping[str, float]) -> float:
    weight = weights.get(name, 1.0)
    if weight <= 0:
        raise ResearchError(f"peers: the weight of {name} is {weight:g}.", instead="Leave it out.")
    return weight


def _scores(values: Floats) -> Floats:
    """Columns standardised and cut; all-empty ones stay empty, constant ones become 0."""
    known = ~np.isnan(values)
    count = np.maximum(known.sum(axis=0), 1)
    gaps = np.where(known, values, 0.0)
    mean = gaps.sum(axis=0) / count
    off = np.where(known, values - mean, 0.0)
    sd = np.sqrt((off**2).sum(axis=0) / count)
    # A spread at the level of rounding is no spread.
    flat = sd <= 1e-12 * np.maximum(np.abs(mean), 1e-300)
    scores = np.clip(off / np.where(flat, 1.0, sd), -WINSOR, WINSOR)
    return np.where(known, np.where(flat, 0.0, scores), np.nan)


def _distances(squares: Floats) -> Floats:
    """Distances from squared gaps; infinite where fewer than 75 % of the variables are shared."""
    shared = (~np.isnan(squares)).sum(axis=1)
    size = squares.shape[1]
    scaled = np.nansum(squares, axis=1) * size / np.maximum(shared, 1)
    return np.where(shared >= NEEDED * size, np.sqrt(scaled), np.inf)


def _first(distances: Floats, ids: pd.Index[str], k: int) -> list[int]:
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
