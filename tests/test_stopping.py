"""A run that is stopped or killed ends at once, keeps what is finished, leaves no process behind, and
goes on from there."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from fixture_project import CELLS, PEOPLE, ROOT
from left_over import left_over

from cityresearch.project import Project


def run_command(build: Path) -> list[str]:
    command = [sys.executable, "-m", "cityresearch.cli", "run", "--topic", "transit"]
    return [*command, "--build-dir", str(build)]


def wait_for(build: Path) -> int:
    """Waits until a brief is done; how many there are."""
    for _ in range(1200):
        if done := len(list((build / "facts").glob("*/*/transit.json"))):
            return done
        time.sleep(0.1)
    raise AssertionError("no brief was ever finished")


def stopped(build: Path, number: signal.Signals) -> tuple[int | None, str, int]:
    """A run that gets a signal when it has finished something: exit code, text, briefs done before."""
    with subprocess.Popen(
        run_command(build),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_hear,
    ) as process:
        done = wait_for(build)
        process.send_signal(number)
        told, _ = process.communicate(timeout=60)  # the pipe closes when the last child is gone
    return process.returncode, told, done


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_keeps_what_is_done(tmp_path: Path, number: signal.Signals) -> None:
    build = tmp_path / "build"
    code, told, done = stopped(build, number)
    assert code == 130
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    assert 0 < done <= len(list((build / "facts").glob("*/*/transit.json"))) < 86
    assert left_over(build) == []


def test_a_killed_run_loses_nothing_and_goes_on(tmp_path: Path) -> None:
    """`kill -9` at any moment: what was finished is kept, what was not is run, and only that."""
    build = tmp_path / "build"
    code, told, done = stopped(build, signal.SIGKILL)
    assert code == -signal.SIGKILL and "Traceback" not in told
    assert left_over(build) == []
    again = subprocess.run(run_command(build), cwd=ROOT, capture_output=True, text=True)
    assert again.returncode == 0, again.stdout + again.stderr
    facts, notebooks = (
        sorted((build / kind).glob(f"*/*/transit.{ending}"))
        for kind, ending in (("facts", "json"), ("notebooks", "ipynb"))
    )
    assert len(facts) == len(notebooks) == 86
    for one, other in zip(facts, notebooks, strict=True):
        assert json.loads(one.read_text())["facts"]
        nbformat.validate(nbformat.read(other, as_version=4))
    [line] = [line for line in again.stdout.splitlines() if " up to date" in line]
    kept = int(line.split(", ")[1].split()[0])
    assert 0 < kept < 86 and kept >= done - 4  # the last ones may have been written, but not noted
    third = subprocess.run(run_command(build), cwd=ROOT, capture_output=True, text=True)
    assert "0 briefs to run, 86 up to date" in third.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_program_that_a_brief_started_ends_with_the_run(
    make_project: Callable[..., Project], number: signal.Signals
) -> None:
    start = """import subprocess, time
from pathlib import Path
program = subprocess.Popen(["sleep", "600"])
Path("started").write_text("yes")
time.sleep(600)"""
    project = make_project({"people": (PEOPLE, [*CELLS, ("code", start)])})
    command = [sys.executable, "-m", "cityresearch.cli", "run", "-j", "2"]
    with subprocess.Popen([*command, "--project", str(project.root)], preexec_fn=_hear) as process:
        started = project.notebooks / "people" / "started"
        for _ in range(1200):
            if started.exists():
                break
            time.sleep(0.1)
        assert started.exists() and left_over(project.build, 1)
        process.send_signal(number)
        process.wait(60)
    assert left_over(project.build) == []


def _hear() -> None:
    """A shell makes what it starts in the background deaf to Ctrl-C; the command is to hear it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
