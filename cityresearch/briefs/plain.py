"""Rows of a table as plain dictionaries, None where a cell is empty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

Row = dict[str, Any]
NUMBERS = "biuf"  # and flags, by numpy's letters


def rows(frame: pd.DataFrame) -> list[Row]:
    """The rows by column; numbers and flags are Python's own."""
    names = [str(name) for name in frame]
    columns = [column(values) for _, values in frame.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def column(values: pd.Series[Any]) -> list[Any]:
    """The cells of a column."""
    kind = values.dtype
    if isinstance(kind, pd.StringDtype) or kind.kind in NUMBERS:  # Arrow gives them all in one go
        found: list[Any] = pa.array(values.array, from_pandas=True).to_pylist()
        return found
    return [None if empty(value) else _own(value) for value in values.to_numpy(object)]


def _own(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def empty(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, NaT or pandas.NA."""
    if isinstance(value, float | np.floating):
        return bool(value != value)
    return value is None or value is pd.NA or value is pd.NaT
