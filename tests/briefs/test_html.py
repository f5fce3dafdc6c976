"""Blocks as HTML: structure that assistive technology relies on, and nothing unescaped."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from chart_samples import bars

from cityresearch.briefs.blocks import Callout, Cell, Column, Number, Numbers, Table
from cityresearch.briefs.html import block_html

EVIL = '<b>"O\'Fallon"</b> & co'


class Outline(HTMLParser):
    """Elements with their attributes and the text inside them."""

    VOID = ("img", "source", "br", "path", "rect", "line")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.stack: list[list[str]] = []
        self.feed(text)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside: list[str] = []
        self.found.append((tag, dict(attrs), inside))
        if tag not in self.VOID:
            self.open.append(tag)
            self.stack.append(inside)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        for inside in self.stack:
            inside.append(data)

    def all(self, tag: str, **wanted: str) -> list[tuple[dict[str, str | None], str]]:
        return [
            (attrs, "".join(inside))
            for name, attrs, inside in self.found
            if name == tag
            and all(attrs.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]


def outline(block: Any, image: dict[str, Any] | None = None) -> Outline:
    return Outline(block_html(block.to_json(), image))


def sample_table() -> Table:
    return Table(
        "grid",
        f"Caption {EVIL}",
        [Column("Area"), Column("Status"), Column("Trips", unit="2023", align="right")],
        [
            ["Wage", Cell("Preempted", state="preempted", mark="P"), Cell("1.0", sub="0.9 to 1.1")],
            [EVIL, Cell("Law", href='https://a.example/?a="1"&b=2'), "not available"],
        ],
        highlight=[1],
        notes=[EVIL],
        source=EVIL,
    )


def test_a_table_names_itself_its_rows_and_its_columns() -> None:
    page = outline(sample_table())
    assert len(page.all("caption")) == 1
    columns = page.all("th", scope="col")
    assert [text for _, text in columns] == ["Area", "Status", "Trips 2023"]
    assert columns[2][0]["class"] == "num"
    assert [text for _, text in page.all("th", scope="row")] == ["Wage", EVIL]
    assert all(text.strip() for _, text in page.all("th"))
    assert len(page.all("tr", class_="own")) == 1
    assert page.all("td", class_="num")[0][0]["data-label"] == "Trips"


def test_a_state_has_words_and_a_mark_not_colour_alone() -> None:
    page = outline(sample_table())
    (_, text), *others = page.all("td", class_="state state-preempted")
    assert text == "P Preempted" and not others
    assert page.all("span", class_="mark")[0][0]["aria-hidden"] == "true"


def test_everything_is_escaped() -> None:
    blocks = [
        sample_table(),
        Callout(EVIL, title=EVIL, tone="warning"),
        Numbers([Number(EVIL, EVIL, margin=EVIL, comparison=EVIL, note=EVIL)]),
    ]
    for block in blocks:
        page = outline(block)
        assert not page.all("b")
        assert any(EVIL in text for _, text in page.all("p"))
    assert outline(sample_table()).all("a")[0][0]["href"] == 'https://a.example/?a="1"&b=2'


def test_numbers_and_callouts_have_their_class_names() -> None:
    page = outline(Numbers([Number("14.5", "Trips", comparison="tied"), Number("8", "Cost")]))
    assert len(page.all("div", class_="number")) == 2
    assert [text for _, text in page.all("p", class_="value")] == ["14.5", "8"]
    assert len(page.all("p", class_="comparison")) == 1 and not page.all("p", class_="margin")
    callout = outline(Callout("Text", title="Title", tone="warning"))
    assert callout.all("div", class_="callout warning") and callout.all("p", class_="title")


def test_a_chart_with_files_is_a_picture_for_both_widths() -> None:
    chart = bars()
    page = outline(chart, {"wide": "a.svg", "narrow": "a-narrow.svg", "live": "spec-bars"})
    figure = page.all("figure", class_="chart")
    assert figure[0][0]["id"] == "bars"
    assert page.all("figcaption")[0][1] == chart.title
    assert page.all("source")[0][0] == {"media": "(max-width: 480px)", "srcset": "a-narrow.svg"}
    assert page.all("img")[0][0] == {"src": "a.svg", "alt": chart.alt}
    assert page.all("picture")[0][0] == {"data-live": "spec-bars"}
    details = page.all("details", class_="data")
    assert chart.title in page.all("summary")[0][1]
    assert "61.0" in details[0][1] and page.all("table", class_="data")


def test_a_chart_without_files_holds_its_drawing() -> None:
    page = outline(bars())
    assert not page.all("img")
    (svg, _), *others = page.all("svg")
    assert svg["role"] == "img" and svg["aria-label"] == bars().alt and not others


def test_an_unknown_kind_is_a_bug() -> None:
    with pytest.raises(KeyError):
        block_html({"kind": "video"})
