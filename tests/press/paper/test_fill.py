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


def table(rows: int, room: str = "page") -> Node:
    columns = [{"label": "Place"}, {"label": "Number"}]
    found = {"k": "table", "columns": columns, "rows": [["A place", "1"]] * rows, "notes": []}
    widths = {"columns": [100, 100], "dense": rows > 12, "room": room}
    return {**found, "caption": "x", "widths": widths}


def texts_of(unit: Node) -> list[Node]:
    return [part for side in ("left", "right") for one in unit[side] for part in one["parts"]]


def placed(*sections: Node, start: float = 0.0) -> list[Node]:
    return fill.place(fill.units(sections), start)


def test_a_long_section_is_parted_between_two_paragraphs_and_loses_none() -> None:
    parts = [words(80) for _ in range(5)]
    (unit,) = placed(section(*parts))
    assert unit["k"] == "columns" and texts_of(unit) == parts
    left, right = (
        heights.parts(unit[side][0]["parts"], heights.COLUMN) for side in ("left", "right")
    )
    assert abs(left - right) <= heights.part(parts[0], heights.COLUMN) + heights.PAR_GAP + 0.1


def test_a_numbered_list_goes_on_in_the_second_column() -> None:
    items = [[words(40)] for _ in range(4)]
    (unit,) = placed(section({"k": "list", "start": 1, "items": items}))
    assert [(part["start"], len(part["items"])) for part in texts_of(unit)] == [(1, 2), (3, 2)]


def test_headings_stand_with_the_text_below_them() -> None:
    (unit,) = placed(*[section(words(60), heading=f"Finding {at}") for at in range(4)])
    said = [[one["heading"] for one in unit[side]] for side in ("left", "right")]
    assert said == [[["Finding 0"], ["Finding 1"]], [["Finding 2"], ["Finding 3"]]]


def test_one_long_paragraph_keeps_to_the_width_of_text() -> None:
    (unit,) = placed(section(words(300)))
    assert unit["k"] == "picture" and unit["picture"] is None


def test_columns_fill_the_page_and_go_on_on_the_next() -> None:
    parts = [words(80) for _ in range(12)]
    first, second = placed(section(*parts), start=300)
    assert texts_of(first) + texts_of(second) == parts
    assert first["heading"] and not second["heading"]
    assert heights.unit(first) <= fill.ROOM - 300
    assert heights.unit(first) > fill.ROOM - 400


def test_no_paragraph_stands_in_a_column_alone() -> None:
    *_, last = placed(section(*[words(100)] * 7), start=fill.ROOM - 250)
    assert last["k"] == "picture" or (last["left"] and last["right"])


def test_few_words_stand_beside_a_picture_and_many_above_it() -> None:
    beside, above, small, wide = placed(
        section(words(30), chart(0.5)),
        section(words(90), chart(0.1)),
        section(words(10), table(9, "beside")),
        section(words(10), table(9, "page")),
    )
    assert [one["beside"] for one in (beside, above, small, wide)] == [True, False, True, False]


def test_a_narrow_table_goes_into_a_column() -> None:
    (unit,) = placed(section(words(30), table(5, "column")), section(words(60)))
    assert unit["k"] == "columns" and [part["k"] for part in texts_of(unit)] == ["p", "table", "p"]


def test_where_it_saves_a_page_the_next_section_goes_first_and_charts_shrink() -> None:
    sections = [
        section(words(9), chart(0.7), heading="Too high"),
        section(words(9), chart(0.3), heading="Fits"),
        section(words(9), chart(0.7), heading="Last"),
    ]
    body = [*fill.units(sections), fill.closing([SMALL, SMALL, SMALL])]
    found = fill.place(body, fill.ROOM - 200)
    assert [one["heading"] for one in found] == [["Fits"], ["Too high"], ["Last"], None]
    body = fill.units(sections[:1])
    usual = fill.GAP + heights.unit(body[0])
    assert fill.place(body, fill.ROOM - usual)[0]["size"] == heights.PICTURE
    assert heights.LEAST <= fill.place(body, fill.ROOM - usual + 9)[0]["size"] < heights.PICTURE


SMALL = {"k": "text", "text": "word " * 20, "to": "", "quiet": ""}


@pytest.mark.parametrize("start", range(0, 600, 50))
def test_what_is_reckoned_for_a_page_never_exceeds_it(start: int) -> None:
    sections = [section(words(30), chart(0.3 + 0.1 * (at % 4))) for at in range(9)]
    used = float(start)
    for unit in placed(*sections, start=start):
        high = heights.unit(unit, size=unit["size"])
        assert high <= fill.ROOM
        used = used + fill.GAP + high if used + fill.GAP + high <= fill.ROOM else high
        assert used <= fill.ROOM


def test_a_long_table_runs_on_and_a_short_one_does_not() -> None:
    (long,) = placed(section(table(75)), start=300)
    (short,) = placed(section(table(8)), start=fill.ROOM - 60)
    assert long["parted"] and not short["parted"]


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
