"""What a brief offers beside its page: whole, the same bytes each time, and harmless."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import sample_brief as sample
from sample_project import SLUGS

from cityresearch.evidence import places
from cityresearch.evidence.sources import list_sources
from cityresearch.press.closing import source_note
from cityresearch.press.figure_list import anchors
from cityresearch.press.manuscripts import read_manuscript
from cityresearch.press.web.brief_page import draw_pictures
from cityresearch.press.web.package import Offered, archive
from cityresearch.project import Project

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def offered(sample_project: Project, real: Project) -> Offered:
    topic, geography, slug = SLUGS[0]
    place = places.find(sample_project, geography, slug)
    manuscript = read_manuscript(sample_project, topic, place)
    pictures = draw_pictures(sample_project, manuscript)
    source = source_note(list_sources(real)["ntd"])
    return Offered(sample_project, sample.COLLECTION, manuscript, [source], pictures)


def size(path: Path) -> tuple[int, int]:
    content = path.read_bytes()
    assert content.startswith(PNG)
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def test_each_chart_has_its_data_and_its_picture(offered: Offered) -> None:
    files = offered.files()
    for chart in offered.pictures:
        rows = list(csv.reader(files[f"transit-{chart}.csv"].read_text("utf-8").splitlines()))
        assert len(rows) > 1 and rows[0][-1] == "Source of the data"
        assert size(files[f"transit-{chart}.png"])[0] == 925
    assert offered.pictures


def test_the_figures_say_how_tables_print_them_and_where_they_stand(offered: Offered) -> None:
    held = json.loads(offered.files()["transit.json"].read_text("utf-8"))
    (own,), (fact,) = offered.manuscript.facts["facts"], held["facts"]
    (anchor,) = anchors([own])
    assert fact == {**own, "cell": "22.2", "margin": "", "entry": anchor}


def test_the_card_has_the_size_that_others_ask_for(offered: Offered) -> None:
    assert size(offered.files()["transit.card.png"]) == (1200, 630)


def test_the_package_holds_figures_charts_citation_and_terms(offered: Offered) -> None:
    with zipfile.ZipFile(offered.files()["transit.zip"]) as opened:
        held = {name.partition("/")[2]: opened.read(name).decode() for name in opened.namelist()}
        assert opened.testzip() is None
    charts = {f"transit-{chart}.csv" for chart in offered.pictures}
    cited = {"transit.bib", "transit.csl.json"}
    assert set(held) == {"README.txt", "figures.csv", "figures.json", *charts, *cited}
    assert json.loads(held["figures.json"])["facts"] == offered.manuscript.facts["facts"]
    (row,) = csv.DictReader(io.StringIO(held["figures.csv"]))
    assert (row["id"], row["value"], row["unit"]) == ("trips_per_resident", "22.21", "trips")
    for told in (sample.HEADLINE, "National Transit Database", "Licence: US public domain"):
        assert told in held["README.txt"]


def test_the_same_brief_gives_the_same_bytes(offered: Offered) -> None:
    first = {name: path.read_bytes() for name, path in offered.files().items()}
    assert first == {name: path.read_bytes() for name, path in offered.files().items()}
    assert archive({"b": b"2", "a": b"1"}) == archive({"a": b"1", "b": b"2"})


def test_a_hostile_headline_is_text_in_every_file(offered: Offered) -> None:
    facts = {**offered.manuscript.facts, "title": '=cmd() #panic() <script>"\\', "place": "=cmd()"}
    evil = replace(offered, manuscript=replace(offered.manuscript, facts=facts))
    files = evil.files()
    assert size(files["transit.card.png"]) == (1200, 630)
    with zipfile.ZipFile(files["transit.zip"]) as opened:
        assert all(name.startswith("fixture-press-2026-11-") for name in opened.namelist())
    offered.files()  # the files of the fixture as they were
