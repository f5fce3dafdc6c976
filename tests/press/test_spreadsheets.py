"""Figures and tables as CSV: exact numbers, and texts that no spreadsheet obeys."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import sample_brief as sample

from cityresearch.press.spreadsheets import figures_csv, table_csv, text

(FACT,) = sample.facts()["facts"]


def read(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def table(*rows: list[Any]) -> dict[str, Any]:
    columns = [{"label": "City"}, {"label": "Trips", "unit": "per resident", "align": "right"}]
    return {"columns": columns, "rows": list(rows), "source": "Fixture, 2023"}


def test_figures_are_numbers_with_unit_and_rows() -> None:
    (row,) = read(figures_csv([{**FACT, "value": -22.21, "moe": 1.5}]))
    assert (row["value"], row["unit"], row["margin_of_error_90"]) == ("-22.21", "trips", "1.5")
    assert row["reliability"] == "reliable"
    assert (row["printed"], row["about_id"], row["rows"]) == ("22.2", "53200", FACT["rows"][0])


@pytest.mark.parametrize("words", ["=cmd()", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_is_never_a_formula(words: str) -> None:
    assert text(words) == f"'{words.strip()}"
    (row,) = read(figures_csv([{**FACT, "label": words, "reason": words}]))
    assert (row["label"], row["reason"]) == (f"'{words.strip()}", f"'{words.strip()}")
    (row,) = read(table_csv(table([words, "1"]), [], []))
    assert row["City"] == f"'{words.strip()}"


def test_cells_that_are_figures_give_the_exact_value() -> None:
    figures = [[["table", "rows", 0, 1, "text"], [[0, 3, 0]]]]
    made = table(["Madison", {"text": "22.2", "sub": "tied"}], ["Milwaukee", "−$1,234.50"])
    first, second = read(table_csv(made, figures, [FACT]))
    assert (first["Trips (per resident)"], first["Trips, note"]) == ("22.21", "tied")
    assert (second["Trips (per resident)"], second["Trips, note"]) == ("-1234.50", "")
    assert first["Source of the data"] == "Fixture, 2023"


def test_each_row_tells_chart_and_source_beside_a_column_of_that_name() -> None:
    made = {**table(["Fares", "1"]), "caption": "Funds by source, %"}
    made["columns"] = [{"label": "Source"}, {"label": "Value"}]
    head, row = csv.reader(io.StringIO(table_csv(made, [], [])))
    assert head == ["Source", "Value", "Chart", "Source of the data"]
    assert row == ["Fares", "1", "Funds by source, %", "Fixture, 2023"]


def test_bounds_are_columns_of_numbers_with_the_unit_of_the_figures() -> None:
    bounded = {**FACT, "value": 109.42825, "low": 93.014, "high": 125.06, "unit": "USD a month"}
    wide = {**bounded, "value": 100.0, "low": None, "high": None, "moe": 12.5}
    absent = {**bounded, "value": None, "low": None, "high": None, "reason": "too few"}
    cells = [("$109", "$93 to $125"), ("$100", "±$13"), ("not available", "too few")]
    rows = [[f"City {at}", {"text": value, "sub": sub}] for at, (value, sub) in enumerate(cells)]
    rows += [
        ["No figure", {"text": "1.5", "sub": "±0.2"}],
        ["Range", {"text": "2", "sub": "1 to 3"}],
    ]
    made = {**table(*rows), "columns": [{"label": "City"}, {"label": "Bill"}]}
    figures = [[["table", "rows", at, 1, "text"], [[0, 4, at]]] for at in range(3)]
    found = list(csv.reader(io.StringIO(table_csv(made, figures, [bounded, wide, absent]))))
    month = "(USD a month)"
    assert found[0][1:5] == [
        f"Bill {month}",
        f"Bill, low {month}",
        f"Bill, high {month}",
        "Bill, note",
    ]
    assert [row[1:5] for row in found[1:]] == [
        ["109.42825", "93.014", "125.06", ""],
        ["100", "87.5", "112.5", ""],
        ["not available", "", "", "too few"],
        ["1.5", "1.3", "1.7", ""],
        ["2", "1", "3", ""],
    ]


def test_figures_that_a_page_prints_in_millions_are_told_in_ones() -> None:
    trips = {**FACT, "value": 11144325.0, "moe": 0.0, "unit": "USD a year"}
    made = table(["2002", "11.1"])
    made["columns"] = [{"label": "Year"}, {"label": "Cost, millions of 2023 dollars"}]
    (row,) = read(table_csv(made, [[["table", "rows", 0, 1], [[0, 4, 0]]]], [trips]))
    assert row["Cost, 2023 dollars (USD a year)"] == "11144325"


def test_words_and_missing_values_stay_words() -> None:
    (row,) = read(table_csv(table(["a, “b”", "3.2 million"]), [], []))
    assert (row["City"], row["Trips (per resident)"]) == ("a, “b”", "3.2 million")
