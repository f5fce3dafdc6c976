"""The papermill engine of briefs: a fork of this warm process in the place of a kernel.

Where this system cannot fork, or a notebook asks for another kernel than ours, papermill starts a
kernel as ever, and the notebook's metadata says why.
"""

from __future__ import annotations

import os
import tempfile
import threading
from typing import Any

from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from cityresearch.press.running.forked import can_fork
from cityresearch.press.running.opened import OpenedFiles
from cityresearch.project import find_project

ENGINE = "cityresearch"  # its name among papermill's
OUR_KERNEL = "python3"
# One waits for our parent's end; the other redraws papermill's progress bar. Neither is used after a fork.
HARMLESS_THREADS = ("EndWithParent", "TMonitor")


class BriefEngine(NBClientEngine):  # type: ignore[misc]
    """Registered with papermill as `cityresearch`."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        time_limit: float | None = None,
        memory_limit: int | None = None,
        **kwargs: Any,
    ) -> Any:
        """Executes one notebook; arguments are papermill's, and `time_limit` (seconds for all cells)
        and `memory_limit` (MB; not for a kernel).

        Raises:
            DeadKernelError: the brief's process died or was ended at its limit, with the reason.
            ResearchError: an expression in the prose failed.
        """
        given = merge_kwargs(
            remove_args(["timeout", "startup_timeout", "input_path"], **kwargs),
            timeout=execution_timeout or kwargs.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log_output=log_output,
            shutdown_kernel="immediate",  # outputs are in; a polite farewell costs half a second
        )
        if why := why_plain(kernel_name):
            logger.warning(f"Plain papermill runs this notebook: {why}.")
            nb_man.nb.metadata["cityresearch_plain"] = why
            return _plain(nb_man, given, time_limit)
        # Imported late: papermill, which they need, loads this module while it is being loaded.
        from cityresearch.press.running.clients import ForkedClient

        client = ForkedClient(nb_man, **given)
        client.time_limit, client.memory_limit = time_limit, memory_limit
        return client.execute()


def why_plain(kernel_name: str) -> str:
    """Why a notebook cannot run in a fork of this process; empty where it can."""
    if kernel_name != OUR_KERNEL:
        return f"it asks for the kernel '{kernel_name}'"
    if not can_fork():
        return "this system cannot fork"
    if others := other_threads():  # one may hold a lock that a fork would wait for without end
        return f"other threads run in this process ({', '.join(others)})"
    return ""


def other_threads() -> list[str]:
    """Names of the threads of this process that may be in the middle of something."""
    return sorted(
        thread.name
        for thread in threading.enumerate()
        if thread is not threading.current_thread()
        and type(thread).__name__ not in HARMLESS_THREADS
    )


def _plain(nb_man: Any, given: dict[str, Any], time_limit: float | None) -> Any:
    from cityresearch.press.running.clients import BriefClient

    # A kernel tells nobody which files its cells open: all that lie beside the notebook may be among them.
    opened = OpenedFiles(find_project().root)
    opened.note_beside()
    # Short paths: a socket's may not be longer than about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="brief-") as folder:
        client = BriefClient(nb_man, **given)
        client.time_limit = time_limit
        client.sockets = folder if os.name == "posix" else ""
        executed = client.execute()
    nb_man.nb.metadata["cityresearch_opened"] = opened.stamps()
    return executed
