"""Declarations are strict: what they must say, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cityresearch.errors import ResearchError
from cityresearch.evidence import sources
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")
GOOD = """
title: A fixture
publisher: Nobody
homepage: https://example.org/data
licence: {name: US public domain, confirmed: true}
cite_as: Nobody. A fixture.
description: A fixture for tests.
caveats: []
inputs: []
tables:
  things:
    title: Things
    vintage: "2023"
    file: things.csv
    key: [geoid]
    derivation: Made up.
    columns:
      geoid: {type: text, meaning: code, pattern: '^[0-9]{2}$'}
      trips: {type: integer, unit: trips, meaning: trips, range: [0, 10], error: counted}
"""


def project_with(folder: Path, text: str) -> Project:
    (folder / "data" / "fixture").mkdir(parents=True)
    (folder / "data" / "fixture" / "source.yml").write_text(text, encoding="utf-8")
    return Project(folder, folder / "_build")


def test_a_complete_declaration_is_read(tmp_path: Path) -> None:
    source = sources.load_source(project_with(tmp_path, GOOD), "fixture")
    assert source.name == "fixture"
    assert source.tables["things"].columns["trips"].range == [0, 10]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("publisher: Nobody\n", "", "publisher: this key is missing"),
        ("title: A fixture", "title: A fixture\ncolour: red", "colour: unknown key"),
        ("unit: trips", "units: trips", "tables.things.columns.trips.units: unknown key"),
        ("confirmed: true", "confirmed: maybe", "licence.confirmed"),
        ('vintage: "2023"', "vintage: 2023", "tables.things.vintage"),
        ("https://example.org/data", "ftp://example.org/data", "homepage"),
        ("key: [geoid]", "key: [geod]", "Did you mean 'geoid'?"),
        ("type: integer", "type: int", "columns.trips.type"),
        ("error: counted", "error: bounds", "bounds need low and high"),
        ("error: counted", "error: moe", "'error: moe' goes with 'moe'"),
        ("error: counted", "error: moe, moe: margin", "'margin' is not among the columns"),
        ("error: counted", "nullable: true", "says why"),
        ("meaning: code", "meaning: code, range: [0, 1]", "'range' is for numbers"),
        ("'^[0-9]{2}$'", "'^[0-9'", "not a regular expression"),
        ("file: things.csv", "file: ../things.csv", "tables.things.file"),
        ("caveats: []", "caveats: []\ncaveats: []", "'caveats' is written twice"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    project = project_with(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ResearchError) as caught:
        sources.load_source(project, "fixture")
    assert caught.value.where.partition(",")[0] == "data/fixture/source.yml"
    assert message in str(caught.value)


def test_dates_in_a_declaration_stay_text(tmp_path: Path) -> None:
    project = project_with(tmp_path, GOOD.replace('"2023"', "2023-11-22"))
    assert sources.load_source(project, "fixture").tables["things"].vintage == "2023-11-22"


def test_an_unknown_source_is_answered_with_the_nearest(tmp_path: Path) -> None:
    project = project_with(tmp_path, GOOD)
    with pytest.raises(ResearchError, match="Did you mean 'fixture'"):
        sources.load_source(project, "fixtur")


def test_every_folder_with_a_declaration_is_a_source() -> None:
    folders = {path.parent.name for path in (ROOT / "data").glob("*/source.yml")}
    assert set(sources.list_sources(REAL)) == folders >= {"census_places", "ntd"}


@pytest.mark.parametrize("name", sources.source_names(REAL))
def test_real_declarations_point_to_publishers_and_say_their_units(name: str) -> None:
    text = (ROOT / "data" / name / "source.yml").read_text(encoding="utf-8")
    assert "file://" not in text
    assert yaml.safe_load(text)
    for table in sources.load_source(REAL, name).tables.values():
        for column, rules in table.columns.items():
            assert rules.error is None or rules.unit, f"{name}: {column} is measured in no unit"


def test_a_declaration_that_is_not_in_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    project = project_with(tmp_path, "")
    (tmp_path / "data" / "fixture" / "source.yml").write_bytes(b"title: A\npublisher: Caf\xe9\n")
    with pytest.raises(ResearchError, match=r"fixture/source\.yml: line 2 holds .* UTF-8"):
        sources.load_source(project, "fixture")
