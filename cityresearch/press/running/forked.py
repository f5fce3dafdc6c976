"""A process forked from this one: it shares what is in memory, and nothing that it does comes back.

The child answers requests over a pipe. It may be killed, run out of memory or never end: the parent
learns which, and that the work is lost, and goes on.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from cityresearch.press.lifetime import end_with
from cityresearch.press.running.limits import TOO_LARGE, ran_out_of_memory

LOOK = 0.5  # seconds between two looks at a silent child
LATE = "it ran past its time limit."
NO_MEMORY = 251  # exit code of a child that ran out of memory
FAREWELL = 5.0  # seconds that a child has to end after its last answer


_alive: set[int] = set()  # the children of this process


class ChildDied(Exception):
    """The child ended, or was ended, before it answered; the text says why."""


@dataclass(frozen=True)
class Usage:
    """What a child took: CPU seconds, and its peak resident memory in MB (shared pages included)."""

    cpu: float
    memory: float


def can_fork() -> bool:
    """Whether this system can fork."""
    return hasattr(os, "fork")


def end_all() -> None:
    """Ends every child of this process at once, and whatever it started: for one that is to end now."""
    for pid in tuple(_alive):
        for kill in (os.killpg, os.kill):  # alone, where it has not made its group yet
            with contextlib.suppress(OSError):
                kill(pid, signal.SIGKILL)


class Forked:
    """A forked process that runs `serve(pipe)`, which answers requests until the pipe closes.

    The last message of each answer is a tuple that begins with "reply"; those before it are passed on.
    """

    def __init__(self, serve: Callable[[Connection], None]) -> None:
        ours, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        ourselves = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            _be_child(serve, theirs, ourselves)
        _alive.add(self.pid)
        theirs.close()
        self._pipe = ours
        self._poll = select.poll()  # `Connection.poll` makes a selector anew for each message
        self._poll.register(ours, select.POLLIN)
        self._status: int | None = None
        self.usage = Usage(0.0, 0.0)

    def ask(self, request: Any, deadline: float) -> Iterator[Any]:
        """Sends a request and yields the messages of its answer, up to and with the reply.

        Args:
            deadline: on the clock of `time.monotonic`; the child is killed when it passes.

        Raises:
            ChildDied: it was killed, ended by itself, or had not answered at the deadline.
        """
        try:
            self._pipe.send(request)
            while True:
                self._wait_for_message(deadline)
                message = self._pipe.recv()
                yield message
                if message[0] == "reply":
                    return
        except (EOFError, ConnectionError):
            raise ChildDied(self._how_it_ended()) from None

    def _wait_for_message(self, deadline: float) -> None:
        while (left := deadline - time.monotonic()) > 0:
            if self._poll.poll(min(left, LOOK) * 1000):
                return
            # What the child forked may hold the pipe open after its end.
            if self._has_ended() and not self._poll.poll(0):
                raise EOFError
        self.kill()
        raise ChildDied(LATE)

    def end(self) -> None:
        """Closes the pipe and waits for the child, which ends by itself; kills it where it does not,
        and whatever it left behind."""
        self._pipe.close()
        limit = time.monotonic() + FAREWELL
        while not self._has_ended() and time.monotonic() < limit:
            time.sleep(0.001)
        self.kill()

    def kill(self) -> None:
        """Ends the child at once, and whatever it started."""
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            _alive.discard(self.pid)  # its number may be another's once it is reaped
            self._reap(0)

    def _has_ended(self) -> bool:
        """Looks without reaping, where the system can: the number of a group must not be free to be
        given to others before the group is killed."""
        if self._status is None and hasattr(os, "waitid"):
            look = os.WEXITED | os.WNOHANG | os.WNOWAIT
            return os.waitid(os.P_PID, self.pid, look) is not None
        return self._reap(os.WNOHANG)

    def _reap(self, options: int) -> bool:
        if self._status is None:
            pid, status, used = os.wait4(self.pid, options)
            if pid:
                self._status = status
                unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes here
                self.usage = Usage(used.ru_utime + used.ru_stime, used.ru_maxrss / unit)
        return self._status is not None

    def _how_it_ended(self) -> str:
        self.end()
        code = os.waitstatus_to_exitcode(self._status or 0)
        if code == NO_MEMORY:
            return TOO_LARGE
        if code >= 0:
            return f"its process ended by itself, with exit code {code}."
        hint = ", perhaps for lack of memory" if -code == signal.SIGKILL else ""
        return f"its process was killed by {signal.Signals(-code).name}{hint}."


def _be_child(serve: Callable[[Connection], None], pipe: Connection, parent: int) -> None:
    code = 1
    _alive.clear()
    try:
        os.setsid()  # a group of its own: what it starts ends with it, and Ctrl-C is not for it
        end_with(parent)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        serve(pipe)
        code = 0
    except (EOFError, ConnectionError):  # the parent has heard enough
        code = 0
    except BaseException as error:
        # Where cells run out of memory, their shell mostly says so. It may fail at that, for lack of it.
        code = NO_MEMORY if ran_out_of_memory(error) else 1
        if code == 1:
            traceback.print_exc()
    finally:
        os._exit(code)  # none of the parent's farewells: they are not the child's to say
