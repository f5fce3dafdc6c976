"""What the PDF's template is given: the brief's parts, in the order and the groups of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sample_brief as sample

from cityresearch.press.closing import Closing, SourceNote
from cityresearch.press.paper.sheet import lay_out, read_sheet

SOURCE = SourceNote(
    name="ntd",
    title="Database",
    citation="Agency. Database.",
    homepage="ftp://agency.example.org",
    licence="US public domain",
    licence_url="",
    held="November 2026",
    caveats=("Counts only.",),
)
CLOSING = Closing(
    sources=(SOURCE,),
    corrections=(),
    citation="Press (2026). Headline. https://a.example/x.html",
    address="https://a.example/x.html",
)


def draw(_block: Mapping[str, Any]) -> str:
    return sample.SVG


def sheet_of(*cells: dict[str, Any]) -> dict[str, Any]:
    return lay_out(read_sheet(sample.notebook(*cells), sample.COLLECTION, CLOSING, draw))


def test_the_head_is_parted_into_headline_lead_and_key_numbers() -> None:
    sheet = sheet_of()
    assert (sheet["title"], sheet["headline"]) == (sample.HEADLINE, [sample.HEADLINE])
    assert sheet["summary"] == "Each resident took about 22 trips."
    assert [part["k"] for part in sheet["opening"]] == ["numbers"]
    assert (sheet["kicker"], sheet["as_of"]) == ("Transit · Madison, Wisconsin", "Data for 2023")
    assert (sheet["edition"], sheet["date"]) == ("Edition of November 2026", "November 22, 2026")


def test_callouts_of_the_head_stand_beside_the_first_section() -> None:
    first = sheet_of()["body"][0]
    assert first["k"] == "columns"
    assert [section["heading"] for section in first["left"]] == [None]
    assert [section["heading"] for section in first["right"]] == [["Why it matters"]]


def test_each_picture_has_the_words_before_it_and_the_first_its_heading() -> None:
    units = sheet_of(
        sample.text("# H\n\n## Two charts\n\nBefore."),
        sample.shown(sample.CHART),
        sample.text("Between."),
        sample.shown(sample.TABLE),
        sample.text("After."),
    )["body"][:-1]
    found = [
        (unit["heading"], [part["c"] for part in unit["intro"]], (unit["picture"] or {}).get("k"))
        for unit in units
    ]
    assert found == [
        (["Two charts"], [["Before."]], "chart"),
        (None, [["Between."]], "table"),
        (None, [["After."]], None),
    ]
    assert units[0]["picture"]["ratio"] == round(260 / 700, 4)


def test_every_heading_after_the_headline_begins_a_section_or_stands_inside_one() -> None:
    body = sheet_of(sample.text("# H\n\n#### Deep\n\nx\n\n# Second\n\n### Inside\n\ny"))["body"]
    texts, _ = body
    assert [section["heading"] for section in texts["left"]] == [["Deep"]]
    assert [section["heading"] for section in texts["right"]] == [["Second"]]
    assert [part["k"] for part in texts["right"][0]["parts"]] == ["heading", "p"]


def test_sources_keep_their_terms_and_only_links_that_can_be_followed() -> None:
    closing = read_sheet(sample.notebook(), sample.COLLECTION, CLOSING, draw)["closing"]
    assert closing["sources"] == [
        {
            "citation": "Agency. Database.",
            "homepage": "",
            "terms": "Licence: US public domain. Copy of November 2026.",
            "caveats": ["Counts only."],
        }
    ]
    assert closing["citation"] == "Press (2026). Headline."


def test_sources_as_lists_of_lines_read_the_same() -> None:
    lined = sample.notebook()
    for cell in lined["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    assert lay_out(read_sheet(lined, sample.COLLECTION, CLOSING, draw)) == sheet_of()
