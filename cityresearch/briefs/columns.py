"""A column of a pinned table as estimates: its values with the margins or bounds that stand beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cityresearch.evidence.estimates import Estimate

if TYPE_CHECKING:
    import pandas as pd

    from cityresearch.evidence.sources import Table

Values = list[Any]  # None where a cell is empty


class Column(NamedTuple):
    """Plain lists, row by row, so that a cell costs a look-up. `error` is as source.yml declares it."""

    values: Values
    unit: str
    error: str | None
    margins: Values | None
    bounds: tuple[Values, Values] | None

    def estimate(self, at: int) -> Estimate | None:
        """The cell in a row, counted from 0; None where it is empty."""
        value = self.values[at]
        if value is None:
            return None
        if self.bounds:
            low, high = (side[at] for side in self.bounds)
            if low is None or high is None:
                return Estimate(float(value), unit=self.unit)
            return Estimate(float(value), unit=self.unit, low=float(low), high=float(high))
        if self.margins:
            margin = self.margins[at]
            return Estimate(float(value), None if margin is None else float(margin), self.unit)
        return Estimate(float(value), None if self.error == "unknown" else 0.0, self.unit)


def read_column(frame: pd.DataFrame, table: Table, name: str) -> Column:
    """A column with those that its declaration names for its margin or bounds.

    Args:
        frame: the table as checked.
        table: what source.yml declares of it.
    """
    from cityresearch.briefs import plain  # here, because a plan reads no table

    declared = table.columns[name]
    margins = plain.column(frame[str(declared.moe)]) if declared.error == "moe" else None
    bounds = None
    if declared.error == "bounds":
        bounds = plain.column(frame[str(declared.low)]), plain.column(frame[str(declared.high)])
    return Column(plain.column(frame[name]), declared.unit or "", declared.error, margins, bounds)
