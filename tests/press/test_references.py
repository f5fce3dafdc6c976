"""How to cite a brief, as programs read it; hostile names stay text."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import sample_brief as sample
from sample_project import SLUGS

from cityresearch.evidence import places
from cityresearch.evidence.sources import list_sources
from cityresearch.press.closing import source_note
from cityresearch.press.manuscripts import Manuscript, read_manuscript
from cityresearch.press.references import bibtex, csl, in_script, linked_data
from cityresearch.project import Project


@pytest.fixture
def manuscript(sample_project: Project) -> Manuscript:
    topic, geography, slug = SLUGS[0]
    return read_manuscript(sample_project, topic, places.find(sample_project, geography, slug))


def titled(manuscript: Manuscript, title: str) -> Manuscript:
    return replace(manuscript, facts={**manuscript.facts, "title": title})


def graph(manuscript: Manuscript, real: Project, **changed: Any) -> list[dict[str, Any]]:
    collection = sample.COLLECTION.model_copy(update=changed)
    source = source_note(list_sources(real)["ntd"])
    return json.loads(linked_data(manuscript, collection, [source], "a.png"))["@graph"]  # type: ignore[no-any-return]


def test_bibtex_names_headline_place_edition_and_address(manuscript: Manuscript) -> None:
    text = bibtex(manuscript, sample.COLLECTION)
    assert text.startswith("@techreport{fixture-press-2026-11-transit-madison-wi,\n")
    assert "title = {{Transit in the Madison area carries 84\\% of its 2019 trips. Madison" in text
    assert "month = nov," in text and "note = {Edition of November 2026}" in text
    assert "url = {https://briefs.example.org/cities/wi/madison/transit.html}" in text


def test_bibtex_obeys_no_sign_of_a_headline(manuscript: Manuscript) -> None:
    text = bibtex(titled(manuscript, "A & B {c} $d$ #1 50% x_y \\input{z} ~^"), sample.COLLECTION)
    assert r"A \& B \{c\} \$d\$ \#1 50\% x\_y \textbackslash{}input\{z\}" in text
    assert r"\textasciitilde{}\textasciicircum{}" in text


def test_csl_is_a_report_with_its_date(manuscript: Manuscript) -> None:
    (entry,) = json.loads(csl(manuscript, sample.COLLECTION))
    assert (entry["type"], entry["issued"]) == ("report", {"date-parts": [[2026, 11, 22]]})
    assert entry["URL"].endswith("/wi/madison/transit.html")
    nowhere = sample.COLLECTION.model_copy(update={"address": ""})
    assert "URL" not in json.loads(csl(manuscript, nowhere))[0]


def test_report_and_data_are_told_to_search_engines(manuscript: Manuscript, real: Project) -> None:
    report, data = graph(manuscript, real)
    assert (report["@type"], data["@type"]) == ("Report", "Dataset")
    for needed in ("headline", "author", "publisher", "datePublished", "image", "url"):
        assert report[needed], needed
    for needed in ("name", "description", "creator", "license", "isBasedOn", "distribution"):
        assert data[needed], needed
    assert report["hasPart"]["@id"] == data["@id"]
    assert report["spatialCoverage"]["containedInPlace"]["name"] == "Wisconsin"
    assert len(data["description"]) >= 50
    address = "https://briefs.example.org/cities/wi/madison/transit"
    assert [one["contentUrl"] for one in data["distribution"]] == [
        f"{address}.zip",
        f"{address}.json",
    ]


def test_without_an_address_nothing_claims_one(manuscript: Manuscript, real: Project) -> None:
    report, data = graph(manuscript, real, address="")
    assert "url" not in report
    assert "http" not in json.dumps([report, data["distribution"], data["@id"]])


def test_a_headline_cannot_end_the_script(manuscript: Manuscript, real: Project) -> None:
    evil = titled(manuscript, "</script><script>alert(1)</script>")
    ntd = source_note(list_sources(real)["ntd"])
    text = linked_data(evil, sample.COLLECTION, [ntd], "a.png")
    assert "<" not in text
    assert "</script>" in json.loads(text)["@graph"][0]["headline"]
    assert in_script({"a": "<!--"}) == '{"a":"\\u003c!--"}'
