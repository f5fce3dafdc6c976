"""Numbers as links: each to its own entry, with its exact value, and nothing else changed."""

from __future__ import annotations

from typing import Any

import sample_brief as sample

from cityresearch.briefs.html import block_html
from cityresearch.press.web.figure_links import NUMBER, FigureLinks, in_page

(FACT,) = sample.facts()["facts"]
FACTS = [
    {**FACT, "id": "first", "value": 12.04},
    {**FACT, "id": "second", "value": 11.96},
    {**FACT, "id": "missing", "value": None},
]


def cell(source: str, *figures: list[int]) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {"figures": list(figures)}}


def page_of(made: dict[str, Any]) -> str:
    links = FigureLinks(FACTS)
    return in_page(links.of_markdown(made), links.used())


def test_equal_numbers_lead_to_their_own_entries() -> None:
    assert page_of(cell("# From 12 to 12 *trips*", [7, 9, 0], [13, 15, 1])) == (
        "# From <a href=#f-first><data value=12.04>12</data></a> to "
        "<a href=#f-second><data value=11.96>12</data></a> *trips*"
    )


def test_a_figure_without_value_still_leads_to_its_reason() -> None:
    made = page_of(cell("It is not available.", [6, 19, 2]))
    assert made == "It is <a href=#f-missing>not available</a>."


def test_a_number_in_another_link_is_left_alone() -> None:
    assert page_of(cell("See [the 12 laws](laws.html).", [9, 11, 0])) == (
        "See [the 12 laws](laws.html)."
    )


def test_prose_without_figures_is_as_it_was() -> None:
    assert page_of(cell("It was 12.")) == "It was 12."


def test_cells_of_tables_are_links_and_stay_escaped() -> None:
    block = {
        "kind": "table",
        "id": "t",
        "caption": "Made up",
        "columns": [{"label": "City"}, {"label": "Trips", "align": "right"}],
        "rows": [["<b>", {"text": "12", "sub": "± <1"}], ["Other", "12"]],
    }
    output = {
        "metadata": {
            "figures": [[["rows", 0, 1, "text"], [[0, 2, 0]]], [["rows", 1, 1], [[0, 2, 1]]]]
        }
    }
    links = FigureLinks(FACTS)
    html = links.in_html(block_html(links.of_block(output, block), lean=True), "table")
    assert "&lt;b&gt;<td><a href=#f-first>12</a> <small>± &lt;1</small>" in html
    assert "<th>Other<td><a href=#f-second>12</a>" in html
    assert not NUMBER.search(html)
    assert block["rows"][0][1]["text"] == "12"  # the notebook's own block is not touched
