"""Scores: indicators of places on one scale, whatever their units.

z = (x − mean) / population standard deviation, after the logarithm where declared, cut at ±3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityresearch.errors import ResearchError

WINSOR = 3.0  # METHODS §5
Floats = npt.NDArray[np.float64]


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
