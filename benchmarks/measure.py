"""Measuring a command with all of its processes: wall time, CPU time, memory. Linux only."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SUBREAPER = (
    36  # PR_SET_CHILD_SUBREAPER of prctl(2): what a child leaves behind becomes ours to wait for
)
EVERY = 0.5  # seconds between two looks at the memory


@dataclass(frozen=True)
class Used:
    """Seconds of wall and CPU time; in MB the largest process, and all together at their peak.

    `together` counts shared pages once (proportional set size), as looked at twice a second.
    """

    wall: float
    cpu: float
    largest: float
    together: float
    code: int
    said: str


def measured(command: list[str], environment: dict[str, str], folder: Path) -> Used:
    """Runs a command to the end of the last process that it started."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    watch = Watch(process.pid)
    watch.start()
    said, _ = process.communicate()
    wall = time.perf_counter() - start
    watch.done.set()
    watch.join()
    _wait_for_all()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Used(
        wall, cpu, watch.largest, watch.together, process.returncode, said.decode(errors="replace")
    )


def _wait_for_all() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


class Watch(threading.Thread):
    """Looks at the memory of a process and of all that descend from it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.done = threading.Event()
        self.largest = self.together = 0.0

    def run(self) -> None:
        """Looks until `done` is set."""
        while not self.done.wait(EVERY):
            sizes = [_memory(pid) for pid in _family(self.pid)]
            self.together = max(self.together, sum(shared for shared, _ in sizes))
            self.largest = max(self.largest, max((peak for _, peak in sizes), default=0.0))


def _family(pid: int) -> set[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family = {pid, os.getpid()}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family - {os.getpid()}


def _memory(pid: int) -> tuple[float, float]:
    """Proportional set size now, and peak resident size, in MB."""
    try:
        shares = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    share = sum(int(line.split()[1]) for line in shares if line.startswith("Pss:"))
    peak = sum(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    return share / 1024, peak / 1024
