"""Reaching a Dask cluster: a scheduler somewhere, or worker processes of this machine for one run."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cityresearch.errors import ResearchError

DEATHS = 3  # of workers that a batch may cause on a local cluster; others have their own setting


def need_dask() -> None:
    """Raises a ResearchError where Dask is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise ResearchError(
            "Dask is not installed.",
            where="--cluster",
            instead="Install it with: pip install 'cityresearch[cluster]'",
        ) from None


@contextlib.contextmanager
def connected(address: str, own: Path) -> Iterator[Any]:
    """A client of the cluster; a local one is begun and ended with it."""
    import dask
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters, the run tells
    with contextlib.ExitStack() as stack:
        place: Any = address
        if address.startswith("local:"):
            stack.enter_context(
                dask.config.set({"distributed.scheduler.allowed-failures": DEATHS - 1})
            )
            place = stack.enter_context(_local(address, own))
        elif not address.startswith(("tcp://", "tls://")):
            raise _unknown(address)
        try:
            client = Client(place, timeout=20, set_as_default=False)
        except ValueError:  # an address without a port, or with none that is a number
            raise _unknown(address) from None
        except OSError as error:
            raise ResearchError(
                f"no Dask scheduler answers ({error}).",
                where=f"--cluster {address}",
                instead="Start one with: dask scheduler",
            ) from None
        stack.callback(client.close, timeout=2)
        yield client


def _unknown(address: str) -> ResearchError:
    return ResearchError(
        "this is no address of a cluster.",
        where=f"--cluster {address}",
        instead="Write tcp://HOST:PORT, or local:N for N processes of this machine.",
    )


@contextlib.contextmanager
def _local(address: str, own: Path) -> Iterator[Any]:
    """Worker processes of this machine. Nothing listens but on loopback, and there is no dashboard."""
    from distributed import LocalCluster

    count = address.removeprefix("local:")
    if not count.isdecimal() or int(count) < 1:
        raise _unknown(address)
    cluster = LocalCluster(
        n_workers=int(count),
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        memory_limit=None,
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        local_directory=str(own / "scratch"),
        silence_logs=logging.CRITICAL,
    )
    with cluster:
        try:
            yield cluster
        except BaseException:
            _kill_workers(cluster)  # a polite end waits for batches that nobody wants any more
            raise


def _kill_workers(cluster: Any) -> None:
    for nanny in cluster.workers.values():
        nanny.auto_restart = False
        if nanny.pid:
            os.kill(nanny.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
