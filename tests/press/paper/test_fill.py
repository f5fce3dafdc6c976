"""How the parts of a brief take their places on paper: columns, full pages, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from cityresearch.press.paper import fill, heights

Node = dict[str, Any]


def words(number: int) -> Node:
    return {"k": "p", "c": [" ".join(["word"] * number)]}


def section(*parts: Node, heading: str = "Finding") -> Node:
    return {"heading": [heading], "parts": list(parts)}


def chart(ratio: float) -> Node:
    return {"k": "chart", "ratio": ratio, "notes": ["Source: Fixture"], "title": "x", "alt": "x"}


def long_table() -> Node:
    """A table of more than a page."""
    columns = [{"label": "Place"}, {"label": "Number"}]
    table = {"k": "table", "columns": columns, "rows": [["A place", "1"]] * 75, "notes": []}
    return {**table, "caption": "x", "widths": {"columns": [200, 200], "dense": True}}


def texts_of(unit: Node) -> list[Node]:
    return [part for side in ("left", "right") for one in unit[side] for part in one["parts"]]


def test_a_long_section_is_parted_between_two_paragraphs_and_loses_none() -> None:
    parts = [words(80) for _ in range(5)]
    (unit,) = fill.units([section(*parts)])
    assert unit["k"] == "columns" and texts_of(unit) == parts
    left, right = (
        heights.parts(unit[side][0]["parts"], heights.COLUMN) for side in ("left", "right")
    )
    assert abs(left - right) <= heights.part(parts[0], heights.COLUMN) + heights.PAR_GAP + 0.1


def test_a_numbered_list_goes_on_in_the_second_column() -> None:
    items = [[words(40)] for _ in range(4)]
    (unit,) = fill.units([section({"k": "list", "start": 1, "items": items})])
    assert [part["start"] for part in texts_of(unit)] == [1, 2, 3, 4]


def test_one_long_paragraph_keeps_to_the_width_of_text() -> None:
    (unit,) = fill.units([section(words(300))])
    assert unit["k"] == "picture" and unit["picture"] is None


def test_a_text_longer_than_a_page_may_run_on() -> None:
    (unit,) = fill.place(fill.units([section(*[words(100)] * 30)]), 300)
    assert unit["k"] == "picture" and unit["parted"]


def test_charts_of_a_page_shrink_together_before_one_goes_to_the_next() -> None:
    units = fill.units([section(chart(0.55)), section(chart(0.55))])
    placed = fill.place(units, 120)
    assert len({unit["size"] for unit in placed}) == 1
    assert fill.LEAST <= placed[0]["size"] < fill.USUAL


def test_charts_before_the_end_of_a_page_grow_to_fill_it_but_not_beyond_the_width() -> None:
    placed = fill.place(fill.units([section(chart(0.9)), section(chart(0.9))]), 0)
    assert placed[0]["size"] == fill.MOST
    assert placed[1]["size"] == fill.USUAL


@pytest.mark.parametrize("start", range(0, 600, 50))
def test_what_is_reckoned_for_a_page_never_exceeds_it(start: int) -> None:
    units = fill.units([section(words(30), chart(0.3 + 0.1 * (at % 4))) for at in range(9)])
    left = 0.0
    for at, unit in enumerate(fill.place(units, start)):
        high = heights.unit(unit) + unit["size"] * unit["picture"]["ratio"] * heights.PAGE_WIDTH
        used = start if at == 0 else left
        left = used + fill.GAP + high if used + fill.GAP + high <= fill.ROOM + fill.GAP else high
        assert left <= fill.ROOM + fill.GAP


def test_the_small_print_is_cut_in_three_and_never_after_a_title() -> None:
    atoms = [
        {"k": "title", "text": "Sources"},
        *[
            {"k": "text", "text": "word " * number, "to": "", "quiet": ""}
            for number in (90, 10, 60)
        ],
        {"k": "title", "text": "How to cite"},
        {"k": "text", "text": "Citation.", "to": "", "quiet": ""},
    ]
    columns = fill.closing(atoms)["columns"]
    assert [atom for column in columns for atom in column] == atoms
    assert all(column[-1]["k"] == "text" for column in columns)


def test_words_are_never_parted_in_the_reckoning() -> None:
    assert heights.lines("aaaa bbbb", 5 * 10 * heights.LETTER, 10) == 2
    assert heights.lines("aaaa bbbb", 9 * 10 * heights.LETTER, 10) == 1


def test_a_chart_after_the_rest_of_a_long_table_goes_to_the_next_page_not_small() -> None:
    table = long_table()
    for more in range(6):
        start = 100 + 60 * more
        _, last = fill.place(fill.units([section(table), section(chart(0.8))]), start)
        assert last["size"] >= fill.LEAST


def test_a_chart_before_a_table_that_runs_on_keeps_its_size() -> None:
    table = long_table()
    for more in range(6):
        first, _ = fill.place(fill.units([section(chart(0.4)), section(table)]), 60 * more)
        assert first["size"] >= fill.LEAST
