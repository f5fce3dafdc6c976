"""The table of planted faults in docs/ is that of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_table_is_current() -> None:
    # In a process of its own, since pytest is at work in this one.
    script = [sys.executable, str(ROOT / "tests/faults/table.py"), "--check"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
