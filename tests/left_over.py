"""Looks at the processes of this machine, for tests of what a stopped command leaves behind (Linux)."""

from __future__ import annotations

import time
from pathlib import Path


def left_over(build: Path, looks: int = 50) -> list[Path]:
    """Processes that know of a build folder and are still there, after a moment to end in."""
    for _ in range(looks):
        left = processes(build)
        if not left:
            return []
        time.sleep(0.1)
    return left


def processes(build: Path, doing: str = "") -> list[Path]:
    """Folders of the processes that were started with the name of a build folder in their environment,
    and with `doing` in their command."""
    return [
        entry.parent
        for entry in Path("/proc").glob("[0-9]*/environ")
        if str(build).encode() in _read(entry)
        and doing.encode() in _read(entry.with_name("cmdline"))
    ]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended meanwhile, or is not ours to look at
        return b""
