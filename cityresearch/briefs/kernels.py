"""Warm kernels: forked from a process that has already imported what briefs import.

A cold kernel spends more on starting Python and importing pandas and Altair than on its brief. Here a
server process (the standard library's forkserver) imports them once; each brief still gets a process
of its own. Where `fork` is missing, or nobody asked for it, Jupyter starts its kernels as ever.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from typing import Any, cast

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

WARM_VARIABLE = "CITYRESEARCH_WARM"  # "1": the run asks for warm kernels
NAME = "cityresearch-warm"
IMPORTED = ["ipykernel.kernelapp", "cityresearch.briefs.warm"]


def warm_wanted() -> bool:
    """Whether kernels of this process are to be forked from a warm one."""
    able = "forkserver" in multiprocessing.get_all_start_methods()
    return able and os.environ.get(WARM_VARIABLE) == "1"


def end_with_parent() -> None:
    """Ends this process when the one that started it is gone: nobody would give it work or stop it."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def use_warm(manager: Any) -> None:
    """Makes a kernel manager start its kernel by `WarmProvisioner`."""
    factory = KernelProvisionerFactory.instance()
    at = f"{__name__}:WarmProvisioner"
    factory.provisioners[NAME] = EntryPoint(NAME, at, KernelProvisionerFactory.GROUP_NAME)
    manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": NAME}


class ForkedKernel:
    """A forked kernel's process, with the methods of `subprocess.Popen` that Jupyter calls."""

    stdin = stdout = stderr = None

    def __init__(
        self, arguments: list[str], folder: str | None, variables: Mapping[str, str]
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(IMPORTED)
        self._process = context.Process(
            target=_be_kernel, args=(arguments, folder, dict(variables))
        )
        self._process.start()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self) -> int | None:
        """Waits for the end; the exit code."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Sends a signal to the process."""
        if self.pid is not None and self._process.is_alive():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self._process.kill()

    def terminate(self) -> None:
        """Asks it to end."""
        self._process.terminate()


class WarmProvisioner(LocalProvisioner):
    """Starts IPython kernels as forks of the warm server; all else is Jupyter's own."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Forks a kernel; `cmd` is `python -m ipykernel_launcher -f FILE …`, whose tail counts."""
        tail = cmd[cmd.index("-f") :]
        forked = ForkedKernel(tail, kwargs.get("cwd"), kwargs.get("env") or {})
        self.process = cast(Any, forked)
        # The child leads a group of its own, so that what it starts ends with it.
        self.pid = self.pgid = forked.pid
        return self.connection_info


def _be_kernel(arguments: list[str], folder: str | None, variables: dict[str, str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    end_with_parent()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.update(variables)
    if folder:
        os.chdir(folder)
    # A kernel with a parent says nothing on the terminal, and ends when its parent, the server, is gone.
    IPKernelApp.launch_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
