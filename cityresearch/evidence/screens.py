"""Screens: values of a table that look like errors, listed for a person to look at. Nothing is changed.

What counts as far off is told by the table itself, by medians that a few errors can't move: a value is
far off where it deviates by more than `FAR` robust standard deviations (median absolute deviation by
0.6745) and by a factor of at least `FACTOR`. Sources of the methods:

- robust deviations: F. R. Hampel (1974), "The influence curve and its role in robust estimation", Journal
  of the American Statistical Association 69(346), 383-393; B. Iglewicz and D. C. Hoaglin (1993), How to
  Detect and Handle Outliers, ASQC;
- ratios to the year before: M. A. Hidiroglou and J.-M. Berthelot (1986), "Statistical editing and
  imputation for periodic business surveys", Survey Methodology 12(1), 73-83;
- slips by powers of ten, ratios of two measures, sums of parts: T. de Waal, J. Pannekoek and S. Scholtus
  (2011), Handbook of Statistical Data Editing and Imputation, Wiley.

The limits are ours and wide: a screen that lists hundreds of sound values is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from cityresearch.evidence.corrected import row_key, shown
from cityresearch.evidence.sources import Column, Table

NORMAL = 0.6745  # median absolute deviation of a normal distribution by its standard deviation
FAR = 8.0  # robust standard deviations
FACTOR = 3.0  # from one year to the next
SLIP = 8.0  # factor of one measure by another against what is usual
BACK = 1.5  # factor within which a value has come back to where it was
TENFOLD = 0.1  # how near to a power of ten, in decimal logarithms
CLOSE = 0.15  # spread of the ratio of two measures that go together: a factor of 1.4
FEW = 20  # fewer values tell no usual change
VOLATILE = 0.06  # spread of changes from year to year that tell nothing: a factor of 1.15
LEAST_SPREAD = 0.05  # in decimal logarithms, where a table is too small or too regular to tell
SHARE = re.compile(r"share|percent(?!_change)")
CHANGE = re.compile(r"change|growth|ratio")
# Bytes read by a wrong table of letters: control codes, the sign for a letter that was lost, and the two
# bytes of a letter in UTF-8 read as two letters.
BROKEN = re.compile("[\x80-\x9f\ufffd]|[ÃÂ][\xa0-\xbf]|â€")


@dataclass(frozen=True)
class Candidate:
    """A value that looks like an error. `size` is how far off it is in decimal logarithms, 9 for what
    can't be; `before` and `after` are the values of the years beside it, where the table has years."""

    screen: str
    row: int
    key: str
    column: str
    value: str
    before: str
    after: str
    why: str
    size: float


def candidates(frame: pd.DataFrame, table: Table) -> list[Candidate]:
    """All values of a table that a screen lists, the farthest off first, each cell once.

    Args:
        frame: as `tables.load` gives it.
    """
    found = [
        *_impossible(frame, table),
        *_letters(frame, table),
        *_years(frame, table),
        *_ratios(frame, table),
    ]
    found.sort(key=lambda one: -one.size)
    first: dict[tuple[int, str], Candidate] = {}
    for one in found:
        first.setdefault((one.row, one.column), one)
    return _with_years(frame, table, list(first.values()))


def _candidate(
    frame: pd.DataFrame, table: Table, screen: str, at: tuple[int, str], why: str, size: float = 9.0
) -> Candidate:
    row, column = at
    key, value = row_key(frame, table, row), _shown(frame[column].iloc[row])
    return Candidate(screen, row, key, column, value, "", "", why, abs(float(size)))


def _with_years(frame: pd.DataFrame, table: Table, found: list[Candidate]) -> list[Candidate]:
    """The candidates with the values of the years beside them, where the table has years."""
    if "year" not in table.key or not found:
        return found
    others = [name for name in table.key if name != "year"]
    keys = list(zip(*(frame[name] for name in others), frame["year"], strict=True))
    rows = {key: row for row, key in enumerate(keys)}

    def value(one: Candidate, years: int) -> str:
        *place, year = keys[one.row]
        row = rows.get((*place, year + years))
        return "" if row is None else _shown(frame[one.column].iloc[row])

    return [replace(one, before=value(one, -1), after=value(one, 1)) for one in found]


def _shown(value: object) -> str:
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None or plain is pd.NA or plain != plain:
        return ""
    return shown(int(plain) if isinstance(plain, float) and plain.is_integer() else plain)  # type: ignore[arg-type]


def _numbers(table: Table) -> list[str]:
    """The columns that measure something: with a unit, not the shares."""
    return [
        name
        for name, column in table.columns.items()
        if column.type in ("integer", "number") and column.unit and not _is_share(name, column)
    ]


def _is_share(name: str, column: Column) -> bool:
    told = f"{name} {column.meaning}".lower()
    if column.type not in ("integer", "number") or CHANGE.search(told):
        return False
    return bool(column.unit == "%" or (SHARE.search(name) and column.unit in (None, "")))


# What can't be ----------------------------------------------------------------------------------


def _impossible(frame: pd.DataFrame, table: Table) -> Iterator[Candidate]:
    """Shares outside 0 to 100 %, parts above their whole, margins below 0, values outside their bounds."""
    for name, column in table.columns.items():
        if _is_share(name, column):
            whole = 100 if column.unit == "%" else 1
            off = (frame[name] < 0) | (frame[name] > whole)
            yield from _each(frame, table, "share", name, off, f"a share is between 0 and {whole}")
        if column.moe:
            off = frame[column.moe] < 0
            yield from _each(frame, table, "margin", column.moe, off, "a margin is never below 0")
        if column.low and column.high:
            off = (frame[column.low] > frame[name]) | (frame[name] > frame[column.high])
            why = f"it is outside its own bounds, {column.low} and {column.high}"
            yield from _each(frame, table, "margin", name, off, why)
    for whole_name, parts in _wholes(table).items():
        total = frame[whole_name]
        above = frame[parts].gt(total, axis=0).any(axis=1) | (frame[parts].sum(axis=1) > total)
        why = f"less than its parts ({', '.join(parts)})"
        yield from _each(frame, table, "parts", whole_name, above, why)


def _wholes(table: Table) -> dict[str, list[str]]:
    """The columns that others are parts of, with these."""
    found: dict[str, list[str]] = {}
    for name, column in table.columns.items():
        if column.part_of:
            found.setdefault(column.part_of, []).append(name)
    return found


def _each(
    frame: pd.DataFrame, table: Table, screen: str, column: str, off: pd.Series, why: str
) -> Iterator[Candidate]:
    for row in np.flatnonzero(off.to_numpy(bool, na_value=False)):
        yield _candidate(frame, table, screen, (int(row), column), why)


def _letters(frame: pd.DataFrame, table: Table) -> Iterator[Candidate]:
    """Texts with broken letters."""
    for name, column in table.columns.items():
        if column.type == "text":
            off = frame[name].str.contains(BROKEN).fillna(False)
            yield from _each(
                frame, table, "letters", name, off, "a letter was read by a wrong code"
            )


# What is far off --------------------------------------------------------------------------------


def _years(frame: pd.DataFrame, table: Table) -> Iterator[Candidate]:
    """Values that jumped from the year before, compared with how all rows changed that year and with how
    much the row's own values mostly do. Where a measure mostly changes by more than a sixth each year, a
    jump tells nothing."""
    others = [name for name in table.key if name != "year"]
    if "year" not in table.key or not others:
        return
    ordered = frame.sort_values([*others, "year"], kind="stable")
    group = [ordered[other] for other in others]
    follows = ordered["year"].groupby(group).diff() == 1
    for name in _numbers(table):
        step = _logs(ordered[name]).groupby(group).diff().where(follows)
        own = step - _usual(step, ordered["year"])
        if (every := _spread(own)) > VOLATILE:
            continue
        spread = np.fmax(_spread_of_each(own, group), np.fmax(every, LEAST_SPREAD))
        far = (own.abs() >= np.log10(FACTOR)) & (own.abs() >= FAR * spread)
        back = far & ((own + own.groupby(group).shift(-1)).abs() < np.log10(BACK))
        came_back = back.groupby(group).shift(1, fill_value=False)
        for at in np.flatnonzero((far & ~came_back).to_numpy(bool)):
            why = f"{_times(float(step.iloc[at]))} the year before"
            why += ", and back the year after" if back.iloc[at] else ""
            cell = int(ordered.index[int(at)]), name
            yield _candidate(frame, table, _kind(own.iloc[at], "jump"), cell, why, own.iloc[at])


def _usual(step: pd.Series, year: pd.Series) -> pd.Series:
    """The middle change of each year, at each of its rows; 0 where few rows tell one."""
    usual = step.groupby(year).transform("median")
    return usual.where(step.groupby(year).transform("count") >= FEW, 0.0)


def _spread_of_each(values: pd.Series, group: list[pd.Series]) -> pd.Series:
    """The robust standard deviation of each group, at each of its values; NaN for fewer than five."""
    middle = values.groupby(group).transform("median")
    spread = (values - middle).abs().groupby(group).transform("median") / NORMAL
    return spread.where(values.groupby(group).transform("count") >= 5)


def _ratios(frame: pd.DataFrame, table: Table) -> Iterator[Candidate]:
    """Values that differ manyfold from what another measure of the same row makes likely, for each two
    measures that go together in nearly all rows."""
    logs = {name: _logs(frame[name]) for name in _numbers(table)}
    for first, second in combinations(logs, 2):
        ratio = logs[first] - logs[second]
        if ratio.count() < FEW or (spread := _spread(ratio)) > CLOSE:
            continue
        off = ratio - ratio.median()
        far = (off.abs() >= np.log10(SLIP)) & (off.abs() >= FAR * max(spread, LEAST_SPREAD))
        for at in np.flatnonzero(far.to_numpy(bool)):
            other = _shown(frame[second].iloc[at])
            why = f"{_times(off.iloc[at])} what is usual beside its {second}, {other}"
            screen, cell = _kind(off.iloc[at], "ratio"), (int(at), first)
            yield _candidate(frame, table, screen, cell, why, off.iloc[at])


def _logs(values: pd.Series) -> pd.Series:
    """Decimal logarithms; NaN for what is missing or not above 0."""
    numbers = pd.Series(values.to_numpy(float, na_value=np.nan), values.index)
    return pd.Series(np.log10(numbers.where(numbers > 0).to_numpy()), values.index)


def _spread(values: pd.Series) -> float:
    """The robust standard deviation; NaN for fewer than five values."""
    known = values.dropna()
    if len(known) < 5:
        return float("nan")
    return float((known - known.median()).abs().median() / NORMAL)


def _kind(size: float, other: str) -> str:
    """Which screen found a factor: one near to 10, 100, 1,000 …, or to one by them, is a slip."""
    slip = abs(size) > 0.5 and abs(size - round(size)) <= TENFOLD
    return "tenfold" if slip else other


def _times(size: float) -> str:
    """A factor in words, to two figures: "about 370 times", "about 1/28,000 of"."""
    factor = float(f"{10 ** abs(size):.2g}")
    told = f"{factor:,.0f}" if factor >= 10 else f"{factor:g}"
    return f"about {told} times" if size >= 0 else f"about 1/{told} of"
