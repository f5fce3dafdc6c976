"""How long a process lives: no longer than the one that started it, however that one ends.

Who works for a command that was killed would work on unseen, beside the next command.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl(2)


def end_with(parent: int) -> None:
    """This process ends at once when its parent does, where the system can (Linux); not what it forks.

    Args:
        parent: the parent's process id. If another is the parent by now, that one has ended already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def be_worker() -> None:
    """What a worker of a pool sets once: it ends with the process that the pool is of.

    That one is not its parent where workers are forked from a process of their own.
    """
    EndWithParent(lambda: os._exit(1)).start()


class EndWithParent(threading.Thread):
    """Ends this process when the one that started it is gone: nobody would give it work or stop it."""

    def __init__(self, end: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._end = end

    def run(self) -> None:
        """Waits for the parent's end."""
        parent = multiprocessing.parent_process()
        if parent:
            parent.join()
            self._end()
