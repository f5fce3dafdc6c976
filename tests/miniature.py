"""The miniature of the real collection: two cities, three topics, built by the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from fixture_project import ROOT


def command(*arguments: str, build: Path) -> subprocess.CompletedProcess[str]:
    """The command as a user calls it, with outputs in `build`."""
    collection = ROOT / "tests/collection/collection.yml"
    options = ["--build-dir", str(build), "--collection", str(collection)]
    start = [sys.executable, "-m", "cityresearch.cli", *arguments, *options]
    return subprocess.run(
        start, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"}
    )
