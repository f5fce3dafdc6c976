"""Tables are checked at every load: each broken rule names file, column, row and city."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cityresearch.errors import ResearchError
from cityresearch.evidence import sources, tables
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")
ADDRESSES = [
    f"{name}.{table}"
    for name, source in sources.list_sources(REAL).items()
    for table in source.tables
]
DECLARATION = """
title: A fixture
publisher: Nobody
homepage: https://example.org
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
    key: [geoid, year]
    derivation: Made up.
    columns:
      geoid: {type: text, meaning: code, pattern: '^[0-9]{7}$'}
      name: {type: text, meaning: name}
      year: {type: integer, meaning: year, range: [2002, 2023]}
      share: {type: number, meaning: share, range: [0, 1], nullable: true, missing: not counted}
      kind: {type: text, meaning: kind, choices: [a, b]}
      seen: {type: date, meaning: day}
      sure: {type: flag, meaning: whether it is sure}
"""
ROWS = [
    "geoid,name,year,share,kind,seen,sure",
    "0000001,Examplia,2022,0.5,a,2023-05,true",
    "0000001,Examplia,2023,,b,2023-05-31,false",
    "0000002,Sampleton,2023,1,a,2023,true",
]


def project_with(folder: Path, rows: list[str], declaration: str = DECLARATION) -> Project:
    home = folder / "data" / "fixture"
    home.mkdir(parents=True)
    (home / "source.yml").write_text(declaration, encoding="utf-8")
    (home / "things.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return Project(folder, folder / "_build")


def test_a_good_table_has_the_declared_types(tmp_path: Path) -> None:
    frame = tables.load(project_with(tmp_path, ROWS), "fixture.things")
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert kinds == {
        "geoid": "str",
        "name": "str",
        "year": "int64",
        "share": "float64",
        "kind": "str",
        "seen": "str",
        "sure": "bool",
    }
    assert frame["geoid"].iloc[0] == "0000001"
    assert frame["share"].isna().tolist() == [False, True, False]


def test_a_table_is_read_once_per_process(tmp_path: Path) -> None:
    project = project_with(tmp_path, ROWS)
    assert tables.load(project, "fixture.things") is tables.load(project, "fixture.things")


@pytest.mark.parametrize(
    ("line", "old", "new", "column", "message"),
    [
        (3, "Sampleton,2023,1", "Sampleton,2023,1.5", "share", "above the range's limit 1"),
        (3, "Sampleton,2023,1", "Sampleton,2023,-1", "share", "below the range's limit 0"),
        (3, "2023,1,a", "2024,1,a", "year", "above the range's limit 2023"),
        (3, "2023,1,a", "2023.5,1,a", "year", "is not a whole number"),
        (3, "2023,1,a", "2023,lots,a", "share", "is not a number"),
        (3, ",1,a,", ",1,c,", "kind", "is none of a, b"),
        (3, "0000002", "2", "geoid", "doesn't have the form"),
        (3, "Sampleton,", ",", "name", "where a value must be"),
        (3, ",2023,true", ",31 May 2023,true", "seen", "is not a date"),
        (3, ",2023,true", ",2023,perhaps", "sure", "is not true or false"),
    ],
)
def test_a_broken_value_is_refused_by_file_column_row_and_city(
    tmp_path: Path, line: int, old: str, new: str, column: str, message: str
) -> None:
    assert old in ROWS[line]
    rows = [*ROWS[:line], ROWS[line].replace(old, new), *ROWS[line + 1 :]]
    with pytest.raises(ResearchError) as caught:
        tables.load(project_with(tmp_path, rows), "fixture.things")
    assert caught.value.where == f"data/fixture/things.csv, column {column}, row {line + 1}"
    assert message in caught.value.what
    assert "Sampleton" in caught.value.city or column == "name"
    assert "geoid" in caught.value.city


def test_a_duplicate_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResearchError) as caught:
        tables.load(project_with(tmp_path, [*ROWS, ROWS[3]]), "fixture.things")
    assert caught.value.where == "data/fixture/things.csv, column geoid, year, row 4"
    assert "'0000002', '2023' is the key of another row" in caught.value.what
    assert "Sampleton" in caught.value.city


def test_a_missing_or_undeclared_column_is_refused(tmp_path: Path) -> None:
    renamed = [ROWS[0].replace("share", "shares"), *ROWS[1:]]
    with pytest.raises(ResearchError, match=r"'share' is missing.*'shares'"):
        tables.load(project_with(tmp_path / "a", renamed), "fixture.things")
    wider = [ROWS[0] + ",more", *(row + ",1" for row in ROWS[1:])]
    with pytest.raises(ResearchError, match="'more' is not declared"):
        tables.load(project_with(tmp_path / "b", wider), "fixture.things")


def test_a_missing_file_and_an_unknown_table_are_refused(tmp_path: Path) -> None:
    project = project_with(tmp_path, ROWS)
    with pytest.raises(ResearchError, match="Did you mean 'things'"):
        tables.load(project, "fixture.thing")
    (tmp_path / "data" / "fixture" / "things.csv").unlink()
    with pytest.raises(ResearchError, match="file is missing"):
        tables.load(project, "fixture.things")


def test_a_fingerprint_follows_bytes_and_declaration(tmp_path: Path) -> None:
    same = tables.fingerprint(project_with(tmp_path / "a", ROWS), "fixture.things")
    assert same == tables.fingerprint(project_with(tmp_path / "b", ROWS), "fixture.things")
    bytes_changed = project_with(tmp_path / "c", ROWS[:-1])
    said = DECLARATION.replace("meaning: share", "meaning: part")
    meaning_changed = project_with(tmp_path / "d", ROWS, said)
    assert same != tables.fingerprint(bytes_changed, "fixture.things")
    assert same != tables.fingerprint(meaning_changed, "fixture.things")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_real_table_keeps_its_declaration(address: str) -> None:
    frame = tables.load(REAL, address)
    table = tables.declaration(REAL, address)
    assert len(frame) > 0
    ordered = frame.sort_values(table.key, kind="stable").index
    assert ordered.equals(frame.index), "rows are sorted by their key"
    texts = frame.select_dtypes("str")
    assert (
        not (texts != texts.apply(lambda values: values.str.strip()))
        .where(texts.notna())
        .any(axis=None)
    ), "no text has blanks around it"
    assert pd.Index(frame.columns).tolist() == list(table.columns)


def test_all_data_stays_small() -> None:
    size = sum(path.stat().st_size for path in (ROOT / "data").rglob("*") if path.is_file())
    assert size < 25_000_000
