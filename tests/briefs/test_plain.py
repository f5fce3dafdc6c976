"""Rows as plain dictionaries: what is empty is None, whatever pandas calls it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cityresearch.briefs import plain


def test_what_is_empty_is_none_and_numbers_are_pythons_own() -> None:
    frame = pd.DataFrame(
        {
            "text": pd.array(["a", None], dtype="str"),
            "count": pd.array([1, None], dtype="Int64"),
            "share": [0.5, float("nan")],
            "day": [pd.Timestamp("2026-11-22"), pd.NaT],
            "flag": [True, False],
        }
    )
    first, second = plain.rows(frame)
    assert first == {
        "text": "a",
        "count": 1,
        "share": 0.5,
        "day": pd.Timestamp("2026-11-22"),
        "flag": True,
    }
    assert [type(first[name]) for name in ("count", "share", "flag")] == [int, float, bool]
    assert second == {"text": None, "count": None, "share": None, "day": None, "flag": False}
    assert plain.rows(frame.head(0)) == []


def test_numbers_of_mixed_columns_are_pythons_own_too() -> None:
    held = pd.Series([np.int64(3), np.bool_(True), "text", None], dtype=object)
    assert [type(value) for value in plain.column(held)] == [int, bool, str, type(None)]
