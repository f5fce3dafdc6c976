"""Markdown as data for Typst: complete, and nothing but strings and known marks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.press.paper import typst_markup as markup

MARKS = {"em", "strong", "link", "code", "br"}
KINDS = {"p", "heading", "list", "quote", "pre", "rule", "table"}


def test_paragraphs_with_their_marks() -> None:
    assert markup.blocks("A *b* **c *d*** `e`.\n\nNext") == [
        {
            "k": "p",
            "c": [
                "A ",
                {"k": "em", "c": ["b"]},
                " ",
                {"k": "strong", "c": ["c ", {"k": "em", "c": ["d"]}]},
                " ",
                {"k": "code", "text": "e"},
                ".",
            ],
        },
        {"k": "p", "c": ["Next"]},
    ]


def test_headings_lists_quotes_and_rules() -> None:
    found = markup.blocks("## A *b*\n\n3. x\n\n   y\n4. z\n\n- q\n\n> said\n\n---")
    assert [node["k"] for node in found] == ["heading", "list", "list", "quote", "rule"]
    assert (found[0]["level"], found[0]["c"]) == (2, ["A ", {"k": "em", "c": ["b"]}])
    assert (found[1]["start"], found[2]["start"]) == (3, None)
    assert found[1]["items"][0] == [{"k": "p", "c": ["x"]}, {"k": "p", "c": ["y"]}]
    assert found[3]["c"] == [{"k": "p", "c": ["said"]}]


def test_pipe_tables_take_the_shape_of_a_table_block() -> None:
    (table,) = markup.blocks("| City | *Trips* |\n|---|--:|\n| Reno | 1.5 |\n| Provo | 2 |")
    assert [column["align"] for column in table["columns"]] == ["left", "right"]
    assert table["columns"][1]["label"] == [{"k": "em", "c": ["Trips"]}]
    assert table["rows"] == [[["Reno"], ["1.5"]], [["Provo"], ["2"]]]
    assert len(table["widths"]["columns"]) == 2


def test_a_table_without_rows() -> None:
    (table,) = markup.blocks("| City |\n|---|")
    assert table["rows"] == []


@pytest.mark.parametrize("address", ["https://a.example", "http://a.example", "mailto:a@b.example"])
def test_links_that_paper_can_keep(address: str) -> None:
    assert markup.inline(f"[words]({address})") == [{"k": "link", "to": address, "c": ["words"]}]


@pytest.mark.parametrize("address", ["../methods.html", "#top", "ftp://a.example", "tel:5551234"])
def test_other_links_keep_their_words_alone(address: str) -> None:
    assert markup.inline(f"[words]({address})") == ["words"]


def test_scripts_are_no_links() -> None:
    assert "link" not in str(markup.blocks("[x](javascript:alert(1)) [y](data:text/html,z)"))


def test_html_prints_as_it_stands_but_comments_are_left_out() -> None:
    assert markup.text_of(markup.inline("a <b>b</b> <!-- note --> c")) == "a <b>b</b>  c"
    assert markup.blocks("<div>x</div>") == [{"k": "pre", "text": "<div>x</div>"}]
    assert markup.blocks("<!-- a note -->\n") == []


def test_quotes_are_set_as_on_the_page() -> None:
    assert markup.inline('"The city\'s own"') == ["“The city’s own”"]


def test_images_and_breaks() -> None:
    assert markup.text_of(markup.inline("see ![the map](map.png)\nhere\\\nnow")) == (
        "see the map here now"
    )


@pytest.mark.parametrize(
    "words", ["#panic(1)", "@ref", "= title", "/ term: x", "~ -- ...", "[x]", "#{1+1}", "//"]
)
def test_typst_is_plain_text(words: str) -> None:
    assert markup.text_of(markup.inline(f"a {words} b")) == f"a {words} b"


def test_unprintable_characters_are_left_out_everywhere() -> None:
    data = {"a": ["x\x00y", {"b": "\u200bz\ue000"}], "c": 1, "d": None}
    assert markup.printable(data) == {"a": ["xy", {"b": "z"}], "c": 1, "d": None}
    assert markup.printable("Tab\tline\nʻokina é − –") == "Tab\tline\nʻokina é − –"


@given(st.text(max_size=200))
def test_any_text_gives_known_kinds_and_strings(text: str) -> None:
    for node in markup.blocks(text):
        _check(node)


def _check(node: Any) -> None:
    if isinstance(node, str):
        return
    assert node["k"] in KINDS | MARKS
    for child in node.get("c", []):
        _check(child)
    for item in node.get("items", []):
        for child in item:
            _check(child)
