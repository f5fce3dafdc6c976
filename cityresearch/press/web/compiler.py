"""The maker's side of the process that compiles volumes: begun as soon as it is known that there is work for
it, so that it imports Jupyter Book while pages are still being written (see `compiling`)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

COMMAND = (sys.executable, "-m", "cityresearch.press.web.compiling")


class Compiler:
    """A process that is warm and has no threads, and forks itself for each volume. It ends with the `with`
    block that it is used in."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Compiler:
        return self

    def begin(self) -> None:
        """Starts the process, unless that was done."""
        if self._process is None:
            command = [*COMMAND, str(os.getpid())]
            settings = {**os.environ, "PYTHONHASHSEED": "0"}
            self._process = subprocess.Popen(
                command, env=settings, text=True, stdin=subprocess.PIPE, start_new_session=True
            )

    def compile(self, order: Mapping[str, Any]) -> None:
        """Has volumes compiled; what became of each is in its folder. The process is used up by it.

        Raises:
            RuntimeError: the process failed; what it said stands on the error stream.
        """
        self.begin()
        assert self._process
        self._process.communicate(json.dumps(order))
        if self._process.returncode:
            raise RuntimeError(f"{' '.join(COMMAND)} ended with {self._process.returncode}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(
                self._process.pid, signal.SIGKILL
            )  # and its forks, which no one would wait for
            self._process.communicate()
