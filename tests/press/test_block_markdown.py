"""Blocks as Markdown: the same content, nothing in it taken for Markdown."""

from __future__ import annotations

import base64
import re

import sample_brief as sample
from markdown_it import MarkdownIt

from cityresearch.press.block_markdown import block_markdown, escaped


def test_numbers_are_a_list() -> None:
    assert block_markdown(sample.NUMBERS, "") == (
        "- **22.2** Trips per resident, 2023 "
        "(more than in six of its eight peers; a count: no sampling error)\n"
        "- **\\$8.10** Cost per trip"
    )


def test_a_callout_is_a_quotation() -> None:
    assert block_markdown(sample.CALLOUT, "") == (
        "> **About the area** Figures are about the urbanized area."
    )


def test_a_table_is_a_pipe_table_with_caption_notes_and_source() -> None:
    text = block_markdown(sample.TABLE, "")
    assert "**The area and its peers**" in text
    assert (
        "| Urbanized area | Trips per resident (2023) | Status of the law |\n|---|--:|---|" in text
    )
    assert (
        "| **Madison, WI** | **22.2** (tied) | **[Preempted](<https://law.example.org>)** |" in text
    )
    assert (
        "| Provo, UT | 9.3 | Formerly |" in text
    )  # a link within the site leads nowhere from a file
    assert text.endswith("Boise City reports no trips.\n\n*Source: Fixture table*")


def test_a_chart_carries_its_drawing_its_words_and_its_data() -> None:
    text = block_markdown(sample.CHART, sample.SVG)
    found = re.search(r"!\[(.*?)\]\(data:image/svg\+xml;base64,(.*?)\)", text)
    assert found and found[1] == sample.ALT
    assert base64.b64decode(found[2]).decode() == sample.SVG
    assert "| Urbanized area |" in text and "Fixture chart" in text


def test_cells_with_marks_stay_cells() -> None:
    odd = "a|b *c* `d` [e](f) <g>\nh_i_ \\ #"
    block = {**sample.TABLE, "rows": [[odd, odd, odd]], "highlight": []}
    html = MarkdownIt("commonmark").enable("table").render(block_markdown(block, ""))
    cells = re.findall(r"<td.*?>(.*?)</td>", html)
    assert cells == ["a|b *c* `d` [e](f) &lt;g&gt; h_i_ \\ #"] * 3


def test_escaped_text_reads_as_it_was() -> None:
    assert MarkdownIt().renderInline(escaped("1 * 2 * 3 [x] $5 ~a~")) == "1 * 2 * 3 [x] $5 ~a~"


def test_a_calculator_is_its_worked_case() -> None:
    block = {"kind": "bill_calculator", "worked": "A home pays $10 | 4% of *it*."}
    assert block_markdown(block, "") == r"A home pays \$10 \| 4% of \*it\*."
