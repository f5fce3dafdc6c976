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
    made = table(["Madison", {"text": "22.2", "sub": "± 1"}], ["Milwaukee", "−$1,234.50"])
    first, second = read(table_csv(made, figures, [FACT]))
    assert (first["Trips (per resident)"], first["Trips, note"]) == ("22.21", "± 1")
    assert (second["Trips (per resident)"], second["Trips, note"]) == ("-1234.50", "")
    assert first["Source"] == "Fixture, 2023"


def test_words_and_missing_values_stay_words() -> None:
    (row,) = read(table_csv(table(["a, “b”", "3.2 million"]), [], []))
    assert (row["City"], row["Trips (per resident)"]) == ("a, “b”", "3.2 million")
