"""Column widths of printed tables."""

from __future__ import annotations

from cityresearch.press.widths import widths


def table(columns: list[dict[str, object]], *rows: list[object]) -> dict[str, object]:
    return {"columns": columns, "rows": list(rows)}


NAME = {"label": "Area"}
FIGURE = {"label": "Trips", "align": "right"}


def test_figures_get_points_and_words_share_the_rest() -> None:
    found = widths(table([NAME, FIGURE], ["Madison", "1.0"]))
    assert [column["fr"] for column in found["columns"]] == [True, False]


def test_a_column_is_never_narrower_than_its_longest_word() -> None:
    short = widths(table([NAME, FIGURE], ["Madison", "1.0"]))["columns"][1]["size"]
    label = {"label": "Unsubsidised", "align": "right"}
    long = widths(table([NAME, label], ["Madison", "1.0"]))["columns"][1]["size"]
    assert long > short
    sub = widths(table([NAME, FIGURE], ["Madison", {"text": "1.0", "sub": "not significantly"}]))
    assert sub["columns"][1]["size"] > short


def test_few_short_columns_take_part_of_the_page_and_many_take_it_all() -> None:
    assert widths(table([NAME, FIGURE], ["Madison", "1.0"]))["share"] == 0.5
    many = [NAME, *[{"label": f"Measure {number}", "align": "right"} for number in range(6)]]
    row = ["A longer name of an area", *["1,234.5"] * 6]
    assert widths(table(many, row))["share"] == 1.0


def test_too_many_figures_share_the_page_instead_of_leaving_it() -> None:
    many = [NAME, *[{"label": f"Measurement {number}", "align": "right"} for number in range(12)]]
    found = widths(table(many, ["Madison", *["1,234,567"] * 12]))
    assert all(column["fr"] for column in found["columns"])
