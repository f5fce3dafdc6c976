"""Rows of a table as plain dictionaries, None where a cell is empty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Row = dict[str, Any]


def rows(frame: pd.DataFrame) -> list[Row]:
    """The rows by column; numbers and flags are Python's own."""
    return [
        {str(name): None if empty(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def empty(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, NaT or pandas.NA."""
    if isinstance(value, float | np.floating):
        return bool(value != value)
    return value is None or value is pd.NA or value is pd.NaT
