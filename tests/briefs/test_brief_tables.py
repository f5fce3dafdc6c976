"""The data of charts as tables: values by year, named values, states of the law."""

from __future__ import annotations

import pytest

from cityresearch.briefs.blocks import Cell
from cityresearch.briefs.charts import tables
from cityresearch.briefs.charts.records import readings
from cityresearch.errors import ResearchError
from cityresearch.evidence.estimates import Estimate

# Made-up numbers: they test the layout and are no facts.


def test_a_cell_brings_its_margin_or_bounds() -> None:
    assert tables.cell(Estimate(22.21, 0.4), "{:,.1f}") == Cell("22.2", sub="±0.4")
    bounded = Estimate(20.0, low=18.0, high=21.0)
    assert tables.cell(bounded, "{:,.1f}") == Cell("20.0", sub="18.0 to 21.0")
    assert tables.cell(Estimate(8.1, 0.0), "${:,.2f}") == "$8.10"
    assert tables.cell(None, "{:,.1f}") == "not available"


def test_a_state_of_the_law_has_words_and_mark() -> None:
    assert tables.status("preempted", "x") == Cell("Preempted", state="preempted", mark="P")
    with pytest.raises(ResearchError, match=r"'limit' is not a state of the law.*'limited'"):
        tables.status("limit", "table 's'")


def test_values_by_year_have_a_column_a_series() -> None:
    rows = [
        {"year": 2022, "series": "Own", "value": 1234.0},
        {"year": 2021, "series": "Own", "value": None, "reason": "not surveyed"},
        {"year": 2022, "series": "Nation", "value": 5.0, "low": 4.0, "high": 7.0},
    ]
    found = readings(rows, "a test", "year", "series", "value")
    columns, cells = tables.by_year(found, ["Own", "Nation"], "{:,.0f}")
    assert [column.label for column in columns] == ["Year", "Own", "Nation"]
    assert cells == [
        ["2021", Cell("not available", sub="not surveyed"), Cell("not available")],
        ["2022", "1,234", Cell("5", sub="4 to 7")],
    ]
