"""A run that is stopped ends at once, keeps what is finished and leaves no process behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fixture_project import ROOT


def run_command(build: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "cityresearch.cli",
        "run",
        "--topic",
        "transit",
        "--build-dir",
        str(build),
    ]


def wait_for(build: Path) -> int:
    """Waits until a brief is done; how many there are."""
    for _ in range(1200):
        if done := len(list((build / "facts").glob("*/*/transit.json"))):
            return done
        time.sleep(0.1)
    raise AssertionError("no brief was ever finished")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_keeps_what_is_done(tmp_path: Path, number: signal.Signals) -> None:
    build = tmp_path / "build"
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
    assert process.returncode == 130
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    assert 0 < done <= len(list((build / "facts").glob("*/*/transit.json"))) < 86
    left = [
        entry
        for entry in Path("/proc").glob("[0-9]*/environ")
        if str(build).encode() in _read(entry)
    ]
    assert left == []


def _hear() -> None:
    """A shell makes what it starts in the background deaf to Ctrl-C; the command is to hear it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended meanwhile, or is not ours to look at
        return b""
