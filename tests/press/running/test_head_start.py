"""What a run is likely to need is loaded beforehand, by a guess that can cost time and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from fixture_project import ROOT

from cityresearch.briefs.collection import load_collection
from cityresearch.briefs.prepare import prepare
from cityresearch.briefs.prepared import Prepared
from cityresearch.errors import ResearchError
from cityresearch.press.running import head_start, server
from cityresearch.press.running.ledger import ledger_file
from cityresearch.press.running.plan import Plan, make_plan
from cityresearch.project import BUILD_VARIABLE, ROOT_VARIABLE, Project
from cityresearch.work import run_plan, way_to_run

LATER = 4_000_000_000  # a time that no file of a test was written at


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    """A project with a copy of the evidence, which tests change."""
    project = make_project()
    project.data.unlink()
    shutil.copytree(ROOT / "data", project.data)
    return project


@pytest.fixture
def prepared(project: Project) -> tuple[Project, Path]:
    """The same with one prepared topic and a ledger."""
    folder = prepare(project, "people").folder
    ledger_file(project).touch()
    return project, folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """What the server was told to load, each time that it was started."""
    calls: list[list[Path]] = []

    def start(foreseen: Iterable[Path] = ()) -> None:
        calls.append(list(foreseen))

    monkeypatch.setattr(server, "start", start)
    monkeypatch.setattr(head_start, "_loaded", set())
    return calls


def touch(path: Path, when: float = LATER) -> None:
    os.utime(path, (when, when))


def test_a_file_written_after_the_last_run_lets_one_expect_another(
    prepared: tuple[Project, Path],
) -> None:
    project, _ = prepared
    touch(ledger_file(project), LATER - 1)
    assert not head_start.is_behind(project)
    table = next(project.data.rglob("*.parquet"))
    touch(table)
    assert head_start.is_behind(project)
    run_plan(project, Plan([], [], []), way_to_run(project, load_collection(project), 1))
    touch(table, 1)
    assert not head_start.is_behind(project)
    ledger_file(project).unlink()
    assert head_start.is_behind(project)


def test_what_is_foreseen_is_the_folder_of_a_topic_whose_data_or_texts_changed(
    prepared: tuple[Project, Path],
) -> None:
    project, folder = prepared
    other = folder.with_name("other-0123456789abcdef")
    shutil.copytree(folder, other)
    (other / "declared.json").write_text(json.dumps({"sources": {}}))
    for one in (folder, other):
        touch(one, LATER - 1)
    assert head_start.outdated(project) == []
    [source] = json.loads((folder / "declared.json").read_bytes())["sources"]
    touch(project.data / source / "source.yml")
    assert head_start.outdated(project) == [folder]
    (project.notebooks / "other").mkdir()
    (project.notebooks / "other" / "topic.yml").touch()
    touch(project.notebooks / "other" / "topic.yml")
    assert head_start.outdated(project) == [other, folder]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["run"], True),
        (["build", "-j", "2"], True),
        (["plan"], False),
        (["run", "--help"], False),
        (["run", "--cluster", "local:2"], False),
        (["run", "--cluster=local:2"], False),
        ([], False),
    ],
)
def test_only_a_run_on_this_machine_gets_a_head_start(
    prepared: tuple[Project, Path],
    started: list[list[Path]],
    words: list[str],
    expected: bool,
) -> None:
    project, folder = prepared
    touch(project.notebooks / "people" / "topic.yml")
    here = ["--project", str(project.root), f"--build-dir={project.build}"]
    head_start.begin([*words, *(here if words else [])])
    assert started == ([[folder]] if expected else [])


def test_where_there_is_no_project_the_command_is_left_to_say_so(
    tmp_path: Path, started: list[list[Path]]
) -> None:
    head_start.begin(["run", "--project", str(tmp_path)])
    assert started == []


def test_a_module_saved_while_a_run_begins_is_never_taken_for_the_one_that_ran(
    prepared: tuple[Project, Path],
    started: list[list[Path]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    project, _ = prepared
    module = tmp_path / "package" / "methods.py"
    module.parent.mkdir()
    module.write_text("RATE = 1")
    touch(module)
    monkeypatch.setattr(head_start, "PACKAGE", module.parent)
    head_start.confirm()  # nothing began
    head_start.begin(["run", "--project", str(project.root), "--build-dir", str(project.build)])
    assert len(started) == 1
    head_start.confirm()
    module.with_name("saved").write_text("RATE = 2")
    touch(module.with_name("saved"), module.stat().st_mtime)
    module.with_name("saved").replace(
        module
    )  # as an editor does; size and time of writing are the same
    with pytest.raises(ResearchError, match="saved while the run began"):
        head_start.confirm()


LOAD = """
import cityresearch.press.running.preheated
from cityresearch.briefs import prepared
print(prepared._frame.cache_info().currsize)
"""


def test_a_foreseen_folder_is_loaded_and_one_that_is_gone_hurts_nobody(
    prepared: tuple[Project, Path], tmp_path: Path
) -> None:
    project, folder = prepared
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    for path in broken.glob("*.parquet"):
        path.write_bytes(b"half")
    loaded = {}
    for name, folders in {"none": [], "gone": [tmp_path / "gone", broken], "all": [folder]}.items():
        settings = {
            **os.environ,
            ROOT_VARIABLE: str(project.root),
            BUILD_VARIABLE: str(project.build),
            server.FORESEEN_VARIABLE: os.pathsep.join(map(str, folders)),
        }
        done = subprocess.run(
            [sys.executable, "-c", LOAD], cwd=ROOT, env=settings, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        loaded[name] = int(done.stdout)
    assert loaded["none"] == loaded["gone"] == 0 < loaded["all"]


def test_folders_share_a_table_by_the_bytes_of_its_file_alone(
    prepared: tuple[Project, Path], tmp_path: Path
) -> None:
    """A fingerprint tells what a table was made from; other code may have made another one of it."""
    _, folder = prepared
    same, other = tmp_path / "people-same", tmp_path / "people-other"
    shutil.copytree(folder, same)
    shutil.copytree(folder, other)
    name = "census_places.cities"
    frame = pd.read_parquet(folder / f"{name}.parquet")
    frame.assign(population=frame["population"] + 1).to_parquet(other / f"{name}.parquet")
    contents = json.loads((folder / "contents.json").read_bytes())
    (other / "contents.json").write_text(json.dumps({**contents, name: "another hash"}))
    one = Prepared(folder)
    assert Prepared(same).frame(name) is one.frame(name)
    assert Prepared(other).fingerprints == one.fingerprints
    assert Prepared(other).frame(name)["population"].sum() > one.frame(name)["population"].sum()


def test_a_changed_row_reaches_a_run_whose_server_had_loaded_the_old_tables(
    project: Project,
) -> None:
    command = [sys.executable, "-m", "cityresearch.cli", "run", "--project", str(project.root)]
    first = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "3 briefs run" in first.stdout, first.stdout + first.stderr
    plan = make_plan(project, load_collection(project))
    [job] = [job for job in plan.current if job.place.slug == "chicago-il"]
    path = next(path for path in project.data.rglob("cities*") if path.suffix == ".parquet")
    rows = pd.read_parquet(path)
    rows.loc[rows["slug"] == "chicago-il", "population"] += 1000
    rows.to_parquet(path, index=False)
    assert head_start.outdated(project) == [job.prepared]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "1 brief to run, 2 up to date" in second.stdout, second.stdout + second.stderr
    kept = json.loads(job.output(project, "facts", "json").read_bytes())["facts"]
    assert float(rows.loc[rows["slug"] == "chicago-il", "population"].iloc[0]) in {
        fact["value"] for fact in kept
    }
