"""What all briefs of a topic share and no table holds: indicators of all areas, peers, the nation."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityresearch.briefs.indicators import Measure, Measured
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.topic import PeerRule, Topic
from cityresearch.evidence.estimates import Estimate
from cityresearch.methods import peers
from cityresearch.methods.peers import Peers, Stability

UNIT_NAMES = {
    "uace": "census_urban_areas.areas",
    "cbsa": "acs1_commuting.metros",
    "state": "census_places.states",
}
KINDS = ("geoid", "uace", "cbsa", "state")
FIGURES = (
    4  # of a national figure; pages print three of a large number, one decimal of a percentage
)
DECIMALS = 2  # of the distance between two peers
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def indicators(prepared: Prepared, measure: Measure, kind: str) -> pd.DataFrame:
    """Every area of a kind by its code, with the indicators that required sections and peers ask for.

    NaN where an area has no value, and where nobody asks for it: an area with too few of the
    variables that peers are chosen by has no peers and is none.
    """
    topic, units = measure.topic, _units(prepared, kind)
    names = asked(topic, kind)
    variables = list(topic.peers.variables) if topic.peers and topic.peers.of == kind else []
    known: dict[tuple[str, str], Flags] = {}
    held = {name: _held(measure, name, units, known) for name in names}
    if variables:
        enough = np.mean([held[name] for name in variables], axis=0) >= peers.NEEDED
        for name in set(variables) - _required(topic):
            held[name] &= enough
    values = {name: _values(measure, name, units, held[name]) for name in names}
    return units[[kind]].reset_index(drop=True).assign(**values)


def asked(topic: Topic, kind: str) -> list[str]:
    """The indicators about areas of a kind whose values for all of them are needed."""
    needed = _required(topic) | set(topic.peers.variables if topic.peers else ())
    return [n for n, each in topic.indicators.items() if n in needed and each.about == kind]


def _units(prepared: Prepared, kind: str) -> pd.DataFrame:
    """The codes of every area of a kind, and those of the wider areas that it lies in."""
    if kind != "geoid":
        return prepared.frame(UNIT_NAMES[kind])[[kind]].sort_values(kind)
    frame = prepared.places(prepared.topic.geography)
    return frame[[key for key in KINDS if key in frame]]


def _required(topic: Topic) -> set[str]:
    sections = [section for section in topic.sections.values() if not section.optional]
    return {need for section in sections for need in section.needs}


def _held(
    measure: Measure, name: str, units: pd.DataFrame, known: dict[tuple[str, str], Flags]
) -> Flags:
    """Whether each area has the rows that the indicator needs; without them it has no value.

    Formulas of `estimates` need all of their inputs; what others need, only they know.

    Args:
        known: which areas a table has rows of, by table and column; what is found is added.
    """
    keyed = [(at.table, key) for at in measure.addresses(name) for key in at.keys if key in KINDS]
    for table, key in keyed:
        if (table, key) not in known:
            codes = measure.tables.frame(table)[key].dropna().unique()
            none = np.zeros(len(units), dtype=bool)
            known[table, key] = units[key].isin(codes).to_numpy() if key in units else none
    if not keyed:
        return np.ones(len(units), dtype=bool)
    together = np.any if "." in measure.topic.indicators[name].formula else np.all
    return np.asarray(together([known[each] for each in keyed], axis=0))


def _values(measure: Measure, name: str, units: pd.DataFrame, wanted: Flags) -> Floats:
    values = np.full(len(units), np.nan)
    rows = units[wanted].to_dict("records")
    for at, row in zip(np.flatnonzero(wanted), rows, strict=True):
        ids = {str(key): code for key, code in row.items() if code == code}
        value = measure(name, ids).estimate.value
        values[at] = np.nan if value is None else value
    return values


def nation(measure: Measure) -> dict[str, dict[str, Any]]:
    """The national figures by indicator.

    They are rounded here, and their data hash is that of the rounded figure: else one changed row of
    one area would change them in the seventh digit, and so every brief that shows them.
    """
    names = [name for name, each in measure.topic.indicators.items() if each.nation == "sum"]
    return {name: dataclasses.asdict(_rounded(measure.nation(name))) for name in names}


def _rounded(measured: Measured) -> Measured:
    estimate = to_figures(measured.estimate)
    return Measured(estimate, measured.rows, (estimate,))


def to_figures(estimate: Estimate) -> Estimate:
    """The estimate to four figures; an amount below $1,000, which pages print so, at least to the cent."""
    size = abs(estimate.value or 0.0)
    if not size:
        return estimate
    cents = estimate.unit.startswith("USD") and size < 1000
    decimals = max(FIGURES - 1 - math.floor(math.log10(size)), 2 if cents else -math.inf)
    numbers = {name: getattr(estimate, name) for name in ("value", "moe", "low", "high")}
    told = {name: round(x, int(decimals)) for name, x in numbers.items() if x is not None}
    return dataclasses.replace(estimate, **told)


def peers_of_all(rule: PeerRule, frame: pd.DataFrame, k: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The `k` peers of every area that has enough of the variables, by its code; and how far they are.

    Members and distances are joined by spaces, nearest first; `stays_<variable>` is the share of the
    peers that stays without the variable.

    Args:
        frame: as `Prepared.indicators` gives it.
    """
    values = frame[list(rule.variables)]
    # Scores are relative to places that could be peers: among all cities, every large one is an outlier.
    values = values[values.notna().mean(axis=1) >= peers.NEEDED]
    logs = [name for name, variable in rule.variables.items() if variable.log]
    values = values.assign(**{name: values[name].where(values[name] > 0) for name in logs})
    weights = {name: variable.weight for name, variable in rule.variables.items()}
    found = peers.everywhere(values, k, logs=logs, weights=weights)
    near = [_peers(rule, *each) for each in found.values()]
    far = [
        {rule.of: each.place, "distances": " ".join(f"{x:.{DECIMALS}f}" for x in each.distances)}
        for each, _ in found.values()
    ]
    named = [rule.of, "members", "reason", *(f"stays_{name}" for name in rule.variables)]
    return pd.DataFrame(near, columns=named), pd.DataFrame(far, columns=[rule.of, "distances"])


def _peers(rule: PeerRule, found: Peers, steady: Stability) -> dict[str, Any]:
    stays = {f"stays_{name}": steady.dropped.get(name, math.nan) for name in rule.variables}
    members = " ".join(found.ids)
    return {rule.of: found.place, "members": members, "reason": found.reason or "", **stays}


def place_key(columns: Collection[str]) -> str:
    """The most local code of a place that a table has a column of; empty where it has none."""
    return next((kind for kind in KINDS if kind in columns), "")


def lacking(prepared: Prepared) -> list[tuple[str, str, list[str]]]:
    """The places that the topic cannot serve: a required section, what it needs, and the GEOIDs of
    those that lack it and nothing before it."""
    topic = prepared.topic
    rows = prepared.places(topic.geography)
    served = np.ones(len(rows), dtype=bool)
    found = []
    for name, section in topic.sections.items():
        for need in section.needs if not section.optional else []:
            has = _has(prepared, rows, need).to_numpy(dtype=bool)
            found.append((name, need, rows.index[served & ~has].to_numpy(object).tolist()))
            served &= has
    return found


def _has(prepared: Prepared, rows: pd.DataFrame, need: str) -> pd.Series:
    """Whether each place has rows of the table, or a value of the indicator."""
    key: str
    if need in prepared.topic.indicators:
        key = prepared.topic.indicators[need].about
        known = list(prepared.indicators(key)[need].dropna().index)
    else:
        frame = prepared.frame(need)
        key = place_key(frame.columns)
        known = list(frame[key].dropna().unique())
    return rows[key].isin(known) if key in rows else pd.Series(False, index=rows.index)
