"""`data/` is rebuilt from a mirror byte for byte, or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from cityresearch.errors import ResearchError
from cityresearch.evidence import build, checks, tables
from cityresearch.evidence.sources import list_sources, load_source
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
REAL = Project(ROOT, ROOT / "_build")
FIXTURE = Path(__file__).parent / "fixtures" / "mirror"
SOURCE = "census_urban_areas"
MIRROR_VARIABLE = "CITYRESEARCH_MIRROR"


def fixture_project(folder: Path, mirror: Path = FIXTURE) -> Project:
    """A project with one source, whose declared hashes are those of the fixture mirror."""
    text = (ROOT / "data" / SOURCE / "source.yml").read_text(encoding="utf-8")
    for entry in load_source(REAL, SOURCE).inputs:
        digest = hashlib.sha256((mirror / entry.file).read_bytes()).hexdigest()
        text = text.replace(entry.sha256, digest)
    (folder / "data" / SOURCE).mkdir(parents=True)
    (folder / "data" / SOURCE / "source.yml").write_text(text, encoding="utf-8")
    return Project(folder, folder / "_build")


def changed_mirror(folder: Path, file: str, old: str, new: str) -> Path:
    mirror = folder / "mirror"
    shutil.copytree(FIXTURE, mirror)
    text = (mirror / file).read_text(encoding="utf-8")
    assert old in text
    (mirror / file).write_text(text.replace(old, new), encoding="utf-8")
    return mirror


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    built = []
    for name in ("one", "two"):
        project = fixture_project(tmp_path / name)
        assert build.build_data(project, FIXTURE) == [f"data/{SOURCE}/areas.csv"]
        folder = project.data / SOURCE
        assert sorted(path.name for path in folder.iterdir()) == ["areas.csv", "source.yml"]
        built.append((folder / "areas.csv").read_bytes())
    assert built[0] == built[1]
    assert built[0].decode() == (
        "uace,name,states,population_2020,population_acs2023,land_sqmi,lat,lon\n"
        '00001,"Examplia, WI",WI,4940,5084,4.95,43.1,-89.5\n'
        '00002,"Fixture Falls–Sampleton, WI–IL",WI IL,12345,,11.13,42.5,-88.25\n'
    )


@pytest.mark.skipif(
    MIRROR_VARIABLE not in os.environ,
    reason=f"needs a mirror of the publishers' files: set {MIRROR_VARIABLE} to its folder",
)
def test_every_source_rebuilds_byte_for_byte_from_the_mirror(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    project = Project(tmp_path, tmp_path / "_build")
    files = build.build_data(project, Path(os.environ[MIRROR_VARIABLE]))
    assert files
    for file in files:
        assert (tmp_path / file).read_bytes() == (ROOT / file).read_bytes(), file


def test_each_source_with_inputs_has_a_build_step() -> None:
    for name, source in list_sources(REAL).items():
        assert bool(source.inputs) == (name in build.builders()), name


def test_a_wrong_hash_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file = "identity/2020_ua_list_all.csv"
    mirror = changed_mirror(tmp_path, file, "12,345", "12,346")
    project = fixture_project(tmp_path / "project")
    with pytest.raises(ResearchError) as caught:
        build.build_data(project, mirror)
    assert caught.value.where == f"data/{SOURCE}/source.yml, inputs"
    assert f"the mirror's {file} has the hash" in str(caught.value)
    assert [path.name for path in (project.data / SOURCE).iterdir()] == ["source.yml"]


def test_a_missing_file_of_the_mirror_is_refused_with_its_address(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    shutil.copytree(FIXTURE, mirror)
    (mirror / "identity/urban_area_2023.json").unlink()
    with pytest.raises(ResearchError, match=r"urban_area_2023\.json.*https://api\.census\.gov"):
        build.build_data(fixture_project(tmp_path / "project"), mirror)


@pytest.mark.parametrize(
    ("old", "new", "column", "row", "message"),
    [
        ("4.95", "4999.95", "land_sqmi", 3, "above the range's limit 4000"),
        ("00001", "1", "uace", 3, "doesn't have the form"),
        ("00001", "00002", "uace", 2, "is the key of another row"),
    ],
)
def test_a_broken_rule_is_refused_by_file_column_row_and_area(
    tmp_path: Path, old: str, new: str, column: str, row: int, message: str
) -> None:
    mirror = changed_mirror(tmp_path, "identity/2020_ua_list_all.csv", old, new)
    project = fixture_project(tmp_path / "project", mirror)
    with pytest.raises(ResearchError) as caught:
        build.build_data(project, mirror)
    assert caught.value.where == f"data/{SOURCE}/areas.csv, column {column}, row {row}"
    assert message in caught.value.what
    assert "Examplia, WI" in caught.value.city or "Fixture Falls" in caught.value.city
    assert not (project.data / SOURCE / "areas.csv").exists()


def test_a_broken_rebuild_leaves_the_old_table(tmp_path: Path) -> None:
    mirror = changed_mirror(tmp_path, "identity/2020_ua_list_all.csv", "4.95", "-1")
    project = fixture_project(tmp_path / "project", mirror)
    (project.data / SOURCE / "areas.csv").write_text("old", encoding="utf-8")
    with pytest.raises(ResearchError):
        build.build_data(project, mirror)
    assert (project.data / SOURCE / "areas.csv").read_text(encoding="utf-8") == "old"
    assert not list((project.data / SOURCE).glob(".building-*"))


def test_an_unknown_source_or_mirror_is_refused(tmp_path: Path) -> None:
    project = fixture_project(tmp_path / "project")
    with pytest.raises(ResearchError, match="Did you mean 'census_urban_areas'"):
        build.build_data(project, FIXTURE, only=["census_urban_area"])
    with pytest.raises(ResearchError, match="not a folder"):
        build.build_data(project, tmp_path / "nowhere")


def test_csv_and_parquet_hold_the_same_values(tmp_path: Path) -> None:
    for address in ("census_places.states", "ntd.areas_2024"):
        frame, table = tables.load(REAL, address), tables.declaration(REAL, address)
        path = tmp_path / f"{address}.parquet"
        build.write_table(frame, table, path)
        again = checks.check(pd.read_parquet(path), table, path.name)
        pd.testing.assert_frame_equal(again, frame.reset_index(drop=True))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3.0, "3"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "0.0000001"),
        (-2.5e10, "-25000000000"),
    ],
)
def test_numbers_are_written_plainly_and_read_back(number: float, text: str) -> None:
    assert build.plain_number(number) == text
    assert float(text) == number


def corrected_project(folder: Path, expect: int) -> Project:
    """A project with a correction of a made-up area, whose publisher has 4,940 residents."""
    project = fixture_project(folder)
    entry = {
        **{"table": "areas", "vintage": "2020", "key": {"uace": "00001"}, "action": "scale"},
        **{"column": "population_2020", "expect": expect, "factor": 10, "reported": "2026-11-22"},
        **{"reason": "A made-up slip by ten.", "reference": "A test"},
    }
    text = yaml.safe_dump({"corrections": [entry]})
    (project.data / SOURCE / "corrections.yml").write_text(text, encoding="utf-8")
    return project


def test_a_built_table_holds_what_the_publisher_has(tmp_path: Path) -> None:
    plain, project = fixture_project(tmp_path / "a"), corrected_project(tmp_path / "b", 4940)
    build.build_data(plain, FIXTURE)
    build.build_data(project, FIXTURE)
    built = [(each.data / SOURCE / "areas.csv").read_bytes() for each in (plain, project)]
    assert built[0] == built[1]
    assert tables.load(project, f"{SOURCE}.areas").population_2020.tolist() == [49_400, 12_345]


def test_a_build_stops_at_a_correction_of_what_was_mended(tmp_path: Path) -> None:
    project = corrected_project(tmp_path, 494)
    with pytest.raises(ResearchError, match=r"corrections\.yml: entry 1 \(scale\).* holds 4,940"):
        build.build_data(project, FIXTURE)
    assert not (project.data / SOURCE / "areas.csv").exists()
