"""The ledger and the lock: nothing stale is taken for done, and two runs never share a build folder."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fixture_project import ROOT
from planned import Miniature, reasons

from cityresearch.errors import ResearchError
from cityresearch.press.running import ledger, lock
from cityresearch.press.running.ledger import Ledger, ledger_file, read_past
from cityresearch.project import Project


@pytest.fixture
def mini(make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch) -> Miniature:
    made = Miniature(make_project, monkeypatch)
    made.run(made.plan())
    return made


def test_a_row_says_how_a_brief_ended(mini: Miniature) -> None:
    job = mini.plan().current[0]
    key = (job.topic, job.place.geoid)
    row = read_past(mini.project).rows[key]
    assert (row.state, row.seconds, row.recipe, row.path) == (
        "done",
        1.5,
        job.recipe,
        job.place.path,
    )
    assert row.ended is not None and row.started <= row.ended
    with Ledger(mini.project) as ledger:
        ledger.began(job)
        row = read_past(mini.project).rows[key]  # seen by others before its files are touched
        assert (row.state, row.prints, row.seconds, row.ended) == ("running", "{}", None, None)
        ledger.ended(replace(mini.outcome(job), state="failed", reason="why", memory=12.5))
    row = read_past(mini.project).rows[key]
    assert (row.state, row.reason, row.memory) == ("failed", "why", 12.5)


def test_a_run_killed_in_a_brief_leaves_it_running(mini: Miniature) -> None:
    """As after kill -9: no close, no commit by hand, the log of the database left as it is."""
    code = """
import os, pickle, sys
from pathlib import Path
from cityresearch.press.running.ledger import Ledger
from cityresearch.project import Project
project, job = pickle.load(sys.stdin.buffer)
ledger = Ledger(project)
ledger.began(job)
os.kill(os.getpid(), 9)
"""
    job = mini.plan().current[0]
    given = pickle.dumps((mini.project, job))
    done = subprocess.run([sys.executable, "-c", code], input=given, capture_output=True, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert reasons(mini.plan()) == {job.name: "stopped before it was finished"}


@pytest.mark.parametrize("content", [b"", b"no database at all, but a long enough text" * 40])
def test_a_damaged_ledger_is_begun_anew(mini: Miniature, content: bytes) -> None:
    ledger_file(mini.project).write_bytes(content)
    made = mini.plan()
    assert set(reasons(made).values()) == {"new"}
    assert "every brief counts as new" in made.past.trouble
    with Ledger(mini.project) as ledger:
        assert ledger.trouble == made.past.trouble
    assert ledger_file(mini.project).with_name("ledger.damaged.sqlite").read_bytes() == content
    mini.run(made)
    assert mini.plan().jobs == [] and mini.plan().past.trouble == ""


def test_a_ledger_damaged_inside_is_never_believed(mini: Miniature) -> None:
    path = ledger_file(mini.project)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)  # all pages but that which names the tables
    path.write_bytes(bytes(content))
    assert "is damaged" in mini.plan().past.trouble
    assert set(reasons(mini.plan()).values()) == {"new"}


def test_a_ledger_of_another_version_is_begun_anew(mini: Miniature) -> None:
    with sqlite3.connect(ledger_file(mini.project)) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    made = mini.plan()
    assert "another version" in made.past.trouble and len(made.jobs) == 6
    mini.run(made)
    assert mini.plan().jobs == []


HOLDER = """
import sys, time
from pathlib import Path
from cityresearch.press.running import lock
from cityresearch.project import Project
with lock.hold(Project(Path(sys.argv[1]), Path(sys.argv[2]))):
    print("held", flush=True)
    time.sleep(600)
"""


def test_two_at_once_are_refused_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path / "build")
    start = [sys.executable, "-c", HOLDER, str(project.root), str(project.build)]
    with subprocess.Popen(start, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with (
            pytest.raises(ResearchError, match=f"process {other.pid}, started 20"),
            lock.hold(project),
        ):
            pass
        command = ["run", "--city", "madison-wi", "--build-dir", str(project.build)]
        asked = [sys.executable, "-m", "cityresearch.cli", *command]
        refused = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True)
        assert refused.returncode == 1 and f"process {other.pid}" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert f"process {other.pid}" in lock.holder(project)
        os.kill(other.pid, signal.SIGKILL)
    assert lock.holder(project) == ""
    with lock.hold(project):
        assert f"process {os.getpid()}" in lock.holder(project)
    assert lock.holder(project) == ""


def test_who_looks_at_the_lock_keeps_no_run_and_no_other_look_out(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path / "build")
    with lock.hold(project):
        pass
    stop = threading.Event()
    seen: set[str] = set()

    def look() -> None:
        while not stop.is_set():
            seen.add(lock.holder(project))

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for one in lookers:
        one.start()
    try:
        time.sleep(0.5)
        assert seen == {""}
        for _ in range(50):
            with lock.hold(project):
                pass
    finally:
        stop.set()
        for one in lookers:
            one.join()


def test_a_lock_that_is_none_is_begun_anew(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path / "build")
    file = project.build / "run.lock"
    file.parent.mkdir()
    file.write_text("no lock at all, but a long enough text" * 40)
    assert lock.holder(project) == ""
    with lock.hold(project):
        assert f"process {os.getpid()}" in lock.holder(project)


@pytest.mark.parametrize("name", ["run.lock", "ledger.sqlite"])
def test_a_folder_in_a_files_place_is_told(tmp_path: Path, name: str) -> None:
    project = Project(ROOT, tmp_path / "build")
    (project.build / name).mkdir(parents=True)
    with pytest.raises(ResearchError, match=rf"{name}: .*--build-dir"), lock.hold(project):
        Ledger(project)
    assert lock.holder(project) == ""


def test_a_ledger_that_may_not_be_begun_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder that may be read and not written: the system's own word, whoever runs the test."""
    project = Project(ROOT, tmp_path / "build")
    connect = ledger._connect
    monkeypatch.setattr(ledger, "_connect", lambda path, _: connect(path, "ro"))
    with pytest.raises(ResearchError, match="ledger can't be used now"):
        Ledger(project)


@pytest.mark.parametrize(
    ("column", "text"),
    [("files", "{"), ("prints", ""), ("reads", "{"), ("files", None), ("prints", "[]")],
)
def test_a_row_that_cannot_be_read_counts_as_new(
    mini: Miniature, column: str, text: str | None
) -> None:
    if column == "reads":  # asked for where a table changed
        mini.rows["1714000"] += 1
    job = mini.plan().all[0]
    with contextlib.closing(sqlite3.connect(ledger_file(mini.project))) as connection, connection:
        change = f"UPDATE briefs SET {column} = ? WHERE topic = ? AND geoid = ?"
        connection.execute(change, (text, job.topic, job.place.geoid))
    assert reasons(mini.plan())[job.name] == "new"
    mini.run(mini.plan())
    assert mini.plan().jobs == []


def test_a_lock_ends_with_an_error_too(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path / "build")
    with pytest.raises(ValueError, match="mine"), lock.hold(project):
        raise ValueError("mine")
    with lock.hold(project):
        pass


def test_a_ledger_that_another_program_holds_is_not_lost(
    make_project: Callable[..., Project],
) -> None:
    project = make_project()
    with Ledger(project):
        pass
    file = ledger_file(project)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as browser:
        browser.execute("PRAGMA locking_mode = EXCLUSIVE")
        browser.execute("BEGIN EXCLUSIVE")
        browser.execute("UPDATE recipes SET parts = parts")
        with pytest.raises(ResearchError, match="can't be used now"):
            read_past(project)
        browser.execute("COMMIT")
    assert file.is_file() and not file.with_name("ledger.damaged.sqlite").exists()
    assert read_past(project).trouble == ""
    with (
        contextlib.closing(sqlite3.connect(file, isolation_level=None)) as browser,
        pytest.raises(ResearchError, match="can't be used now"),
        Ledger(project) as ledger,
    ):
        browser.execute("BEGIN IMMEDIATE")
        ledger.know({"a": {}})
