"""Indicators: from a declaration and checked tables to an Estimate, with the rows it came from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from cityresearch.briefs.columns import Column, read_column
from cityresearch.briefs.formulas import formula, source_of
from cityresearch.briefs.topic import INPUT, Indicator, Topic
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence import estimates
from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.sources import Table
from cityresearch.evidence.tables import row_key

if TYPE_CHECKING:
    import pandas as pd

# Of an indicator's declaration: words, and the years that it is about.
NO_METHOD = {
    "label",
    "definition",
    "direction",
    "comparison",
    "reference",
    "inputs",
    "year",
    "years",
}
AT_YEAR = re.compile(r"@\d{4}$")
ID_WORDS = {
    "geoid": "no Census code is recorded for it",
    "uace": "it lies in no urban area of the 2020 census",
    "cbsa": "it lies in no metropolitan or micropolitan area",
    "state": "no state is recorded for it",
}


class Tables(Protocol):
    """Where an indicator reads: tables by name, what is declared of them, where rows are, and why a cell
    is empty."""

    def frame(self, name: str) -> pd.DataFrame: ...

    def declared(self, name: str) -> Table: ...

    def positions(self, name: str, columns: tuple[str, ...]) -> dict[str, list[int]]: ...

    def missing(self, name: str, column: str, at: int | str) -> str | None: ...


Note = Callable[[str, tuple[str, ...], tuple[Any, ...]], None]


@dataclass(frozen=True)
class Address:
    """Where one input is found: the parts of its address, and the columns that choose its rows."""

    table: str
    column: str
    keys: tuple[str, ...]
    year: int | None
    equals: dict[str, str]
    sums: bool


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
    """Computes the indicators of one topic. Look-ups are built once per column, not once per place.

    Args:
        note: is told of every row looked up: table, key columns and their values (see `reads`).
    """

    def __init__(self, topic: Topic, tables: Tables, note: Note | None = None) -> None:
        self.topic, self.tables, self._note = topic, tables, note
        self._addresses: dict[tuple[str, str], Address] = {}
        self._columns: dict[tuple[str, str], Column] = {}
        self._positions: dict[tuple[str, tuple[str, ...]], dict[str, list[int]]] = {}
        self._hashes: dict[str, str] = {}
        self._summands: dict[tuple[str, str, int | None, str], Estimate] = {}

    def __call__(self, name: str, ids: Mapping[str, str], year: int | None = None) -> Measured:
        """The indicator for the place or area with these ids, in `year` (default: its own year)."""
        indicator = self.topic.indicators[name]
        when = year or indicator.year
        found = {
            argument: self._input(text, indicator, ids, when)
            for argument, text in indicator.named_inputs.items()
        }
        rows = tuple(row for _, cells in found.values() for row in cells)
        if (
            indicator.requires
            and self._input(indicator.requires.flag, indicator, ids, when)[0].value == 0
        ):
            estimate = Estimate(None, unit=indicator.unit, reason=indicator.requires.reason)
        else:
            estimate = self._compute(indicator, {key: value for key, (value, _) in found.items()})
        return Measured(estimate, rows, tuple(value for value, _ in found.values()))

    def method_hash(self, name: str) -> str:
        """Changes when the indicator is computed in another way: inputs, constants, the source of its
        formula. Its words, and the years that it is about, are no method."""
        if name not in self._hashes:
            indicator = self.topic.indicators[name]
            declared = indicator.model_dump(exclude=NO_METHOD)
            inputs = {n: AT_YEAR.sub("", text) for n, text in indicator.named_inputs.items()}
            named = indicator.constants.values()
            constants = [self.topic.constants[each].value for each in named]
            parts = [declared, inputs, constants, source_of(indicator.formula)]
            self._hashes[name] = hashed(parts)
        return self._hashes[name]

    def check(self) -> None:
        """Refuses declarations that do not fit the tables.

        Raises:
            ResearchError: an indicator names a column or a formula that is not there.
        """
        for name, indicator in self.topic.indicators.items():
            self._looked_up(name)
            formula(indicator.formula, f"{self._where(name)}.formula")

    def load(self) -> None:
        """Reads every column and index that the indicators need, so that forks share them."""
        for name in self.topic.indicators:
            self.method_hash(name)
            for at in self._looked_up(name):
                self._places(at)
                self._column(at.table, at.column)

    def addresses(self, name: str) -> list[Address]:
        """Where the inputs of an indicator are found."""
        indicator = self.topic.indicators[name]
        return [self._address(text, indicator) for text in indicator.named_inputs.values()]

    def _looked_up(self, name: str) -> list[Address]:
        indicator = self.topic.indicators[name]
        flags = [indicator.requires.flag] if indicator.requires else []
        return [*self.addresses(name), *(self._address(flag, indicator) for flag in flags)]

    def nation(self, name: str) -> Measured:
        """The indicator over all areas that have every input: inputs are added up first."""
        indicator = self.topic.indicators[name]
        texts = indicator.named_inputs
        found = [
            [self._summand(text, indicator, unit) for text in texts.values()]
            for unit in self._ids(indicator)
        ]
        known = [row for row in found if all(value.value is not None for value in row)]
        sums = dict(zip(texts, map(estimates.total, zip(*known, strict=True)), strict=True))
        rows = tuple(f"{text} over {len(known)} areas" for text in texts.values())
        return Measured(self._compute(indicator, sums), rows, tuple(sums.values()))

    def _summand(self, text: str, indicator: Indicator, unit: str) -> Estimate:
        """An area's input to a national figure: the indicators of a topic share many."""
        known = (text, indicator.about, indicator.year, unit)
        if known not in self._summands:
            found, _ = self._input(text, indicator, {indicator.about: unit}, indicator.year)
            self._summands[known] = found
        return self._summands[known]

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
        if indicator.scale != 1:
            return estimates.scaled(result, indicator.scale, indicator.unit)
        same = result.unit == indicator.unit
        return result if same else dataclasses.replace(result, unit=indicator.unit)

    def _ids(self, indicator: Indicator) -> list[str]:
        table = INPUT.match(next(iter(indicator.named_inputs.values())))["table"]  # type: ignore[index]
        return sorted(self.tables.positions(table, (indicator.about,)))

    def _address(self, text: str, indicator: Indicator) -> Address:
        known = (text, indicator.about)
        if known not in self._addresses:
            self._addresses[known] = self._found(text, indicator)
        return self._addresses[known]

    def _found(self, text: str, indicator: Indicator) -> Address:
        parts = INPUT.match(text).groupdict()  # type: ignore[union-attr]
        table, column, by = str(parts["table"]), str(parts["column"]), parts["by"]
        declared = self.tables.declared(table)
        self._check(declared, table, column, indicator)
        keys: list[str] = [indicator.about] if parts["sum"] else list(declared.key)
        if parts["sum"] and "year" in declared.columns:
            keys.append("year")
        if by and by not in keys:
            keys.append(by)
        year = int(parts["year"]) if parts["year"] else None
        equals = {by: str(parts["equals"])} if by else {}
        return Address(table, column, tuple(keys), year, equals, bool(parts["sum"]))

    def _input(
        self, text: str, indicator: Indicator, ids: Mapping[str, str], year: int | None
    ) -> tuple[Estimate, tuple[str, ...]]:
        at = self._address(text, indicator)
        table, column, when = at.table, at.column, at.year or year
        given = {**ids, "year": when, **at.equals}
        key = tuple(given.get(part) for part in at.keys)
        if None in key:
            absent = at.keys[key.index(None)]
            reason = ID_WORDS.get(absent, f"no {absent} is recorded for it")
            return Estimate(None, unit=indicator.unit, reason=reason), ()
        if self._note:
            self._note(table, at.keys, key)
        values = [self._cell(table, column, row) for row in self._places(at).get(row_key(key), ())]
        if at.sums:
            values = [value for value in values if value.value is not None]
        label = ",".join([f"{part}={value}" for part, value in zip(at.keys, key, strict=True)])
        cells = (f"{table}[{label}].{column}",)
        if not values:
            told = _no_row(self.tables.declared(table), when)
            return Estimate(None, unit=indicator.unit, reason=told), cells
        return (estimates.total(values) if at.sums else values[0]), cells

    def _check(self, declared: Table, table: str, column: str, indicator: Indicator) -> None:
        if column not in declared.columns:
            name = next(key for key, each in self.topic.indicators.items() if each is indicator)
            raise ResearchError(
                f"table {table} has no column '{column}'.",
                where=f"{self._where(name)}.inputs",
                instead=did_you_mean(column, declared.columns)
                or f"Its columns are: {', '.join(declared.columns)}.",
            )

    def _where(self, name: str) -> str:
        return f"notebooks/{self.topic.name}/topic.yml, indicators.{name}"

    def _places(self, at: Address) -> dict[str, list[int]]:
        known = at.table, at.keys
        if known not in self._positions:
            self._positions[known] = self.tables.positions(*known)
        return self._positions[known]

    def _cell(self, table: str, column: str, at: int) -> Estimate:
        found = self._column(table, column)
        cell = found.estimate(at)
        return cell or Estimate(
            None, unit=found.unit, reason=self.tables.missing(table, column, at)
        )

    def _column(self, table: str, column: str) -> Column:
        known = table, column
        if known not in self._columns:
            frame, declared = self.tables.frame(table), self.tables.declared(table)
            self._columns[known] = read_column(frame, declared, column)
        return self._columns[known]


def _no_row(declared: Table, year: int | None) -> str:
    when = f" for {year}" if year else ""
    return f"the source has no figure for it{when} ({declared.title}, {declared.vintage})"


_json = json.JSONEncoder(sort_keys=True, default=str).encode  # made once: figures are many


def hashed(content: Any) -> str:
    return hashlib.sha256(_json(content).encode()).hexdigest()[:16]
