"""Indicators: from a declaration and checked tables to an Estimate, with the rows it came from."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from cityresearch.briefs.topic import INPUT, Indicator, Topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import estimates
from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.sources import Table

ID_WORDS = {
    "geoid": "no Census code is recorded for it",
    "uace": "it lies in no urban area of the 2020 census",
    "cbsa": "it lies in no metropolitan or micropolitan area",
    "state": "no state is recorded for it",
}


class Tables(Protocol):
    """Where an indicator reads: tables by name, and what is declared of them."""

    def frame(self, name: str) -> pd.DataFrame: ...

    def declared(self, name: str) -> Table: ...


@dataclass(frozen=True)
class Measured:
    """An estimate with the table cells that it was computed from, as `table[key=value].column`."""

    estimate: Estimate
    rows: tuple[str, ...]
    inputs: tuple[Estimate, ...]

    @property
    def data_hash(self) -> str:
        """Changes when a value that was read changes. Computed when asked: most are never printed."""
        return hashed([[str(value) for value in self.inputs], self.rows])


class Measure:
    """Computes the indicators of one topic. Look-ups are built once per column, not once per place."""

    def __init__(self, topic: Topic, tables: Tables) -> None:
        self.topic, self.tables = topic, tables
        self._index: dict[tuple[str, ...], dict[tuple[Any, ...], list[int]]] = {}
        self._columns: dict[tuple[str, str], list[Any]] = {}

    def __call__(self, name: str, ids: Mapping[str, str], year: int | None = None) -> Measured:
        """The indicator for the place or area with these ids, in `year` (default: its own year)."""
        indicator = self.topic.indicators[name]
        when = year or indicator.year
        found = {
            argument: self._input(text, indicator, ids, when, name)
            for argument, text in indicator.named_inputs.items()
        }
        rows = tuple(row for _, cells in found.values() for row in cells)
        if (
            indicator.requires
            and self._input(indicator.requires.flag, indicator, ids, when, name)[0].value == 0
        ):
            estimate = Estimate(None, unit=indicator.unit, reason=indicator.requires.reason)
        else:
            estimate = self._compute(indicator, {key: value for key, (value, _) in found.items()})
        return Measured(estimate, rows, tuple(value for value, _ in found.values()))

    def nation(self, name: str) -> Measured:
        """The indicator over all areas that have every input: inputs are added up first."""
        indicator = self.topic.indicators[name]
        when = indicator.year
        known = [
            unit for unit in self._ids(indicator) if self._complete(indicator, unit, when, name)
        ]
        sums = {
            argument: estimates.total(
                [
                    self._input(text, indicator, {indicator.about: unit}, when, name)[0]
                    for unit in known
                ]
            )
            for argument, text in indicator.named_inputs.items()
        }
        rows = tuple(f"{text} over {len(known)} areas" for text in indicator.named_inputs.values())
        return Measured(self._compute(indicator, sums), rows, tuple(sums.values()))

    def _compute(self, indicator: Indicator, inputs: Mapping[str, Estimate]) -> Estimate:
        function = formula(indicator.formula)
        constants = {
            argument: self.topic.constants[constant].value
            for argument, constant in indicator.constants.items()
        }
        if isinstance(indicator.inputs, dict):
            result = function(**inputs, **constants)
        else:
            result = function(*inputs.values(), **constants)
        scaled = result if indicator.scale == 1 else estimates.scaled(result, indicator.scale)
        return dataclasses.replace(scaled, unit=indicator.unit)

    def _ids(self, indicator: Indicator) -> list[str]:
        table = INPUT.match(next(iter(indicator.named_inputs.values())))["table"]  # type: ignore[index]
        return sorted(set(self.tables.frame(table)[indicator.about].dropna()))

    def _complete(self, indicator: Indicator, unit: str, year: int | None, name: str) -> bool:
        return all(
            self._input(text, indicator, {indicator.about: unit}, year, name)[0].value is not None
            for text in indicator.named_inputs.values()
        )

    def _input(
        self, text: str, indicator: Indicator, ids: Mapping[str, str], year: int | None, name: str
    ) -> tuple[Estimate, tuple[str, ...]]:
        parts = INPUT.match(text).groupdict()  # type: ignore[union-attr]
        table, column = str(parts["table"]), str(parts["column"])
        when = int(parts["year"]) if parts["year"] else year
        declared = self.tables.declared(table)
        self._check(declared, table, column, name)
        keys: list[str] = [indicator.about] if parts["sum"] else list(declared.key)
        if parts["sum"] and "year" in declared.columns:
            keys.append("year")
        given = {**ids, "year": when, **({parts["by"]: parts["equals"]} if parts["by"] else {})}
        if parts["by"] and parts["by"] not in keys:
            keys.append(str(parts["by"]))
        absent = [key for key in keys if given.get(key) is None]
        if absent:
            reason = ID_WORDS.get(absent[0], f"no {absent[0]} is recorded for it")
            return Estimate(None, unit=indicator.unit, reason=reason), ()
        key = tuple(given[part] for part in keys)
        label = ",".join(f"{part}={value}" for part, value in zip(keys, key, strict=True))
        positions = self._positions(table, keys).get(key, [])
        values = [self._cell(table, column, at) for at in positions]
        if parts["sum"]:
            values = [value for value in values if value.value is not None]
        row = (f"{table}[{label}].{column}",)
        if not values:
            return Estimate(None, unit=indicator.unit, reason=_no_row(declared, when)), row
        return (estimates.total(values) if parts["sum"] else values[0]), row

    def _check(self, declared: Table, table: str, column: str, name: str) -> None:
        if column not in declared.columns:
            raise ResearchError(
                f"table {table} has no column '{column}'.",
                where=f"notebooks/{self.topic.name}/topic.yml, indicators.{name}",
                instead=f"Its columns are: {', '.join(declared.columns)}.",
            )

    def _positions(self, table: str, keys: list[str]) -> dict[tuple[Any, ...], list[int]]:
        known = (table, *keys)
        if known not in self._index:
            index: dict[tuple[Any, ...], list[int]] = {}
            columns = [self._column(table, key) for key in keys]
            for at, key in enumerate(zip(*columns, strict=True)):
                index.setdefault(key, []).append(at)
            self._index[known] = index
        return self._index[known]

    def _cell(self, table: str, column: str, at: int) -> Estimate:
        declared = self.tables.declared(table).columns[column]
        value, unit = self._column(table, column)[at], declared.unit or ""
        if value is None:
            return Estimate(None, unit=unit, reason=declared.missing)
        if declared.error == "bounds":
            low, high = (
                self._column(table, str(name))[at] for name in (declared.low, declared.high)
            )
            if low is None or high is None:
                return Estimate(float(value), unit=unit)
            return Estimate(float(value), unit=unit, low=float(low), high=float(high))
        if declared.error == "moe":
            margin = self._column(table, str(declared.moe))[at]
            return Estimate(float(value), None if margin is None else float(margin), unit)
        return Estimate(float(value), None if declared.error == "unknown" else 0.0, unit)

    def _column(self, table: str, column: str) -> list[Any]:
        """A column as plain values, None where it is empty: a cell costs a list look-up."""
        if (table, column) not in self._columns:
            values = self.tables.frame(table)[column]
            self._columns[table, column] = (
                values.astype(object).where(values.notna(), None).tolist()
            )
        return self._columns[table, column]


def _no_row(declared: Table, year: int | None) -> str:
    when = f" for {year}" if year else ""
    return f"the source has no figure for it{when} ({declared.title}, {declared.vintage})"


def formula(name: str) -> Callable[..., Estimate]:
    """The function that a declaration names: one of estimates, or `module.function` of methods.

    Raises:
        ResearchError: there is no such formula.
    """
    if name == "value":
        return lambda estimate: estimate
    try:
        if "." not in name:
            return getattr(estimates, name)  # type: ignore[no-any-return]
        module, function = name.split(".", 1)
        return getattr(importlib.import_module(f"cityresearch.methods.{module}"), function)  # type: ignore[no-any-return]
    except (ImportError, AttributeError):
        raise ResearchError(
            f"there is no formula '{name}'.",
            where="topic.yml",
            instead="Write value, ratio, difference, proportion, percent_change, product, total, or "
            "a function of cityresearch.methods such as water.affordable_bill.",
        ) from None


def method_hash(indicator: Indicator) -> str:
    """Changes when the declaration or the source of its formula changes."""
    source = "" if indicator.formula == "value" else inspect.getsource(formula(indicator.formula))
    return hashed([indicator.model_dump(), source])


def hashed(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
