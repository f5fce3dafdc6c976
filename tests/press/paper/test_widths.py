"""Column widths of printed tables."""

from __future__ import annotations

from typing import Any

import pytest
from fontTools.ttLib import TTFont

from cityresearch.briefs import look
from cityresearch.press.paper.widths import BESIDE, COLUMN, OTHER, PAGE, WIDEST, _certain, widths

NAME = {"label": "Area"}
FIGURE = {"label": "Trips", "align": "right"}
LONG = "A sentence of some length that tells what the law says and where it may be read"


def of(columns: list[dict[str, str]], *rows: list[Any]) -> list[float]:
    found: list[float] = widths({"columns": columns, "rows": list(rows)})["columns"]
    return found


def test_short_rows_take_a_column_or_stand_beside_their_words() -> None:
    assert sum(of([NAME, FIGURE], ["Madison", "1.0"])) == pytest.approx(COLUMN, abs=1)
    named = {
        "columns": [NAME, FIGURE, FIGURE],
        "rows": [["A longer name of an area", "1.0", "2.0"]],
    }
    assert widths(named)["room"] == "column"
    more = {"columns": [NAME, *[FIGURE] * 4], "rows": [["A longer name of an area", *["1.0"] * 4]]}
    assert widths(more)["room"] == "beside"
    assert sum(widths(more)["columns"]) == pytest.approx(BESIDE, abs=1)
    assert widths({"columns": [NAME, NAME], "rows": [[LONG, LONG]]})["room"] == "page"


def test_room_goes_where_it_makes_the_table_lower() -> None:
    rows = [["short", LONG, ""]] * 5
    first, long, empty = of([NAME, NAME, NAME], *rows)
    assert long > 2 * first and long > 2 * empty


def test_long_rows_take_the_page_and_no_more() -> None:
    many = [NAME, *[{"label": f"Measure {number}", "align": "right"} for number in range(6)]]
    assert sum(of(many, ["A longer name of an area", *["1,234.5"] * 6])) == pytest.approx(
        PAGE, abs=1
    )
    assert sum(of([NAME, NAME, NAME], [LONG, LONG, LONG])) == pytest.approx(PAGE, abs=1)
    wide = [NAME, *[{"label": f"Measurement {number}", "align": "right"} for number in range(14)]]
    assert sum(of(wide, ["Madison", *["1,234,567"] * 14])) == pytest.approx(PAGE, abs=1)


def test_a_short_column_leaves_its_room_to_a_long_one() -> None:
    short, long = of([NAME, NAME], ["Madison", LONG])
    assert short < 0.25 * PAGE < 0.75 * PAGE < long


def test_a_column_of_long_words_is_never_narrower_than_they_are() -> None:
    without, _ = of([NAME, NAME], ["a b c", LONG])
    with_word, _ = of([NAME, NAME], ["Antidisestablishmentarianism", LONG])
    assert with_word > without


def test_second_lines_count_as_lines_of_their_own() -> None:
    plain = of([NAME, NAME, NAME], ["x", "1.0", LONG])[1]
    under = of([NAME, NAME, NAME], ["x", {"text": "1.0", "sub": "not significantly higher"}, LONG])[
        1
    ]
    assert under > plain


def test_only_long_tables_are_dense() -> None:
    rows = [["Madison", "1.0"]] * 12
    assert not widths({"columns": [NAME, FIGURE], "rows": rows})["dense"]
    assert widths({"columns": [NAME, FIGURE], "rows": [*rows, ["Reno", "2"]]})["dense"]


def test_markdown_cells_and_empty_tables() -> None:
    marked = [{"k": "strong", "c": ["Madison"]}, " ", {"k": "code", "text": "WI"}]
    assert of([NAME, FIGURE], [marked, ["1.0"]]) == of([NAME, FIGURE], ["Madison WI", "1.0"])
    assert len(of([NAME, FIGURE])) == 2


def test_no_letter_is_wider_than_it_is_reckoned() -> None:
    folder = look.font_folder("Source Sans Pro")
    for face in ("Regular", "Semibold"):
        font = TTFont(folder / f"SourceSansPro-{face}.ttf")
        names, advances, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        assert max(width for width, _ in advances.metrics.values()) <= OTHER * unit
        for letter, width in WIDEST.items():
            name = names[ord(letter)]
            own = [one for one in (name, f"{name}.tnum") if one in advances.metrics]
            assert max(advances[one][0] for one in own) <= width * unit, letter


def test_rows_have_certain_lines_only_where_nothing_can_run_on() -> None:
    long = "Words " * 40
    rows = [
        ["a", "1"],
        ["a", {"text": "1", "sub": "of 2"}],
        [long, "1"],
        [[{"k": "em", "c": ["a"]}], "1"],
    ]
    found = widths({"columns": [NAME, FIGURE], "rows": rows})
    assert found["lines"] == [[1, 2, 0, 0], [1, 1, 0, 0]]


@pytest.mark.parametrize("letter", [" ", "\u2003", "\u00a0"])
def test_what_a_text_is_indented_by_counts(letter: str) -> None:
    """Set just as wide as its words: with what stands before them they need two lines."""
    words = "Owner-occupied housing"
    block = {"columns": [NAME, FIGURE], "rows": [[words, "1"], [letter * 12 + words, "1"]]}
    columns = [12 + 8.8 * sum(WIDEST[each] for each in words), 40.0]
    assert [_certain(row, columns, dense=False) for row in block["rows"]] == [1, 0]
