"""The command line: a researcher's mistake is a message and exit 1; every command is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_project import ROOT
from typer.main import get_command

from cityresearch.commands import app


def call(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    start = [sys.executable, "-m", "cityresearch.cli", *arguments]
    return subprocess.run(start, cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--city", "gotham-zz"], "there is no city 'gotham-zz'"),
        (["run", "--city", "seatle-wa"], "Did you mean 'seattle-wa'"),
        (["run", "--topic", "wather"], "Did you mean 'water'"),
        (["run", "-p", "gallons"], "Write name=value"),
        (["status", "--collection", "nowhere.yml"], "doesn't exist"),
        (["export", "water", "madison-wi", "--to", "docx"], "no format 'docx'"),
        (["data", "build", "--mirror", "nowhere"], "nowhere"),
    ],
)
def test_a_mistake_is_a_message_and_exit_1(arguments: list[str], message: str) -> None:
    done = call(*arguments)
    assert done.returncode == 1, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


REFUSED = """
import errno, os, sys
from cityresearch import checking, cli, commands
def refuse():
    number = getattr(errno, sys.argv[1])
    raise OSError(number, os.strerror(number), sys.argv[2] or None)
commands.app = refuse
cli.main()
"""


@pytest.mark.parametrize(
    ("number", "file", "message"),
    [
        ("ENOSPC", "", "The disk is full"),
        ("EROFS", "_build", "_build: this can't be read or written (Read-only file system)"),
        ("EACCES", "_build", "--build-dir"),
        ("EPERM", "_build", "--build-dir"),
        ("EPERM", "", "Traceback"),  # nothing of a file: a mistake of ours
        ("ENOENT", "_build", "Traceback"),
    ],
)
def test_what_the_machine_refuses_is_a_message(number: str, file: str, message: str) -> None:
    start = [sys.executable, "-c", REFUSED, number, file]
    done = subprocess.run(start, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and message in done.stderr
    assert ("Traceback" in done.stderr) == (message == "Traceback")


def test_wrong_usage_is_exit_2() -> None:
    assert call("run", "--cities", "x").returncode == 2


def test_outside_a_project_the_command_says_so(tmp_path: Path) -> None:
    done = call("status", folder=tmp_path)
    assert done.returncode == 1
    assert "not a cityresearch project" in done.stderr


def test_every_command_has_help_and_is_named_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text() + (
        ROOT / "docs/how-to/publish-a-collection.md"
    ).read_text()
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        assert command.help, name
        assert name in readme, name


def test_the_readme_names_real_files_and_every_dependency() -> None:
    readme = (ROOT / "README.md").read_text()
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", readme):
        assert (ROOT / target).exists(), target
    declared = re.findall(r'^    "([a-z0-9-]+)[><=]', (ROOT / "pyproject.toml").read_text(), re.M)
    stubs = {"pandas-stubs", "types-pyyaml", "pytest-xdist"}
    assert [
        name for name in declared if name not in stubs and name.lower() not in readme.lower()
    ] == []


def test_locks_carry_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-cluster.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text and "--index" not in text and "--find" not in text
