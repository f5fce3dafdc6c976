"""The process that workers are forked from, where the system can fork: it imports what briefs need.

Light to load, so that a command can start it before all else.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Iterable, Iterator
from multiprocessing import forkserver
from pathlib import Path

PRELOADED = ["cityresearch.press.running.collector", "cityresearch.press.running.preheated"]
SETTINGS = {
    "CITYRESEARCH_DEFER_SVG": "1",  # the press draws charts
    "CITYRESEARCH_MARK_FIGURES": "1",  # and links each number to its figure
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # it has no threads of its own, so it can be forked
}
FORESEEN_VARIABLE = "CITYRESEARCH_FORESEEN"  # prepared folders, for `preheated` alone


def start(foreseen: Iterable[Path] = ()) -> None:
    """Starts it, unless it runs or this system has none.

    Args:
        foreseen: prepared folders most of whose tables are likely to be read; it loads them.
    """
    if way_to_start() == "forkserver":
        forkserver.set_forkserver_preload(PRELOADED)
        folders = os.pathsep.join(map(str, foreseen))
        with environment({**SETTINGS, FORESEEN_VARIABLE: folders}):  # heard only as Python starts
            forkserver.ensure_running()


def way_to_start() -> str:
    """How workers are started, as `multiprocessing` calls it."""
    able = multiprocessing.get_all_start_methods()
    return "forkserver" if "forkserver" in able else "spawn"


@contextlib.contextmanager
def environment(settings: dict[str, str]) -> Iterator[None]:
    """These variables in the environment of this process, and of what it starts, for a block."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
