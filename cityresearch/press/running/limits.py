"""Limits of time and memory that a process sets for itself, where its system can."""

from __future__ import annotations

import contextlib
import functools
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

AGAIN = 1.0  # seconds until a block that caught the end of its time is told once more
TOO_LARGE = "it ran past its memory limit."
STATUS = Path("/proc/self/status")  # of Linux, where the limit below bounds all private memory

NARROW = 32 * 2**20  # bytes below the bound that are as good as none

_lifts: list[Callable[[], None]] = []
_bounds: list[int] = []


class OutOfTime(BaseException):
    """The time of a block is over; not an `Exception`, which the block may suppress."""


@contextlib.contextmanager
def seconds(limit: float) -> Iterator[None]:
    """Raises OutOfTime in the block once the limit has passed; bounds nothing where there are no such
    alarms, as in other threads than the main one."""
    able = hasattr(signal, "setitimer")
    if not able or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, limit, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(*_: object) -> None:
    raise OutOfTime


def bound_memory(megabytes: int) -> None:
    """From now on this process may take no more private memory than this, besides what it has.

    Programs that it starts may take as much each. Only the soft limit is set, so that `lift_memory`
    can make room for the words about its end.
    """
    if not STATUS.is_file():
        return
    import resource

    wanted = _private_memory() + megabytes * 2**20
    kind, (_, most) = resource.RLIMIT_DATA, resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(
        kind, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most)
    )
    _lifts.append(functools.partial(resource.setrlimit, kind, (most, most)))
    _bounds.append(wanted)


def _private_memory() -> int:
    """Bytes that the limit counts."""
    [line] = [each for each in STATUS.read_text().splitlines() if each.startswith("VmData:")]
    return int(line.split()[1]) * 1024


def ran_out_of_memory(error: BaseException | None) -> bool:
    """Whether an error is for lack of memory, came of one that is, or was raised where little is left:
    what runs out in the midst of something may fail in many ways."""
    while error is not None and not isinstance(error, MemoryError):
        error = error.__cause__ or error.__context__
    if error is not None or not _bounds:
        return error is not None
    lift_memory()
    return _private_memory() > _bounds[-1] - NARROW


def lift_memory() -> None:
    """Takes the bound away. It is ready before it is needed: then there is no memory to make it from."""
    for lift in _lifts:
        lift()
