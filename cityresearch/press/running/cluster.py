"""Running briefs on a Dask cluster: batches go out, results come home through a store.

The main process alone writes to the build folder and to the ledger. It keeps few batches out at once,
so that a run that is stopped has little unfinished, and cuts smaller ones towards the end.
"""

from __future__ import annotations

import contextlib
import queue
import shutil
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.press.running.dask_client import connected, need_dask
from cityresearch.press.running.job import Job, Outcome
from cityresearch.press.running.store import Store
from cityresearch.press.running.task import (
    Task,
    put_inputs,
    read_result,
    refused,
    result_name,
    run_task,
    take_result,
)
from cityresearch.project import Project

Began = Callable[[Job], None]
LARGEST = 10  # briefs of a batch: a second or two of work, against milliseconds to hand it out
PATIENCE = 60  # seconds that a run waits for a first worker
GOES_ON = "What was finished is kept: on a new cluster, the same command goes on from there."
OTHER_ATTEMPTS = 2  # for a batch whose store did not answer, or whose process died


def run_on_cluster(
    project: Project,
    collection: Collection,
    jobs: list[Job],
    address: str,
    store: str | None = None,
    began: Began | None = None,
) -> Generator[Outcome, None, None]:
    """Runs the jobs on a cluster and yields each outcome once its files are in the build folder.

    Args:
        address: `tcp://HOST:PORT` (or tls://) of a Dask scheduler, or `local:N` for N worker processes.
        store: where workers find inputs and leave results, as fsspec writes it; a folder must be one
            that all machines see. Only a local cluster has a default, inside the build folder.
        began: called with each job before it is handed out.

    Raises:
        ResearchError: Dask is missing, no scheduler or worker answers, the scheduler was lost, or a
            worker's code or libraries are not those of this machine, or the store can't be used.
    """
    need_dask()
    own = project.build / "cluster"
    if not store and not address.startswith("local:"):
        raise ResearchError(
            "workers on other machines need a store for what they read and make.",
            where=f"--cluster {address}",
            instead="Add --store with a folder that all of them see, or an address such as s3://…",
        )
    where = Store(_absolute(store or str(own / "store")))
    if not jobs:
        return
    with connected(address, own) as client:
        with _stored(where):
            inputs = {
                job.topic: put_inputs(project, collection, job, where) for job in _first(jobs)
            }
        run = _Run(
            client, address, where, inputs, began, deque(sorted(jobs, key=lambda j: j.topic))
        )
        yield from run.outcomes(project)
    shutil.rmtree(own, ignore_errors=True)


def _absolute(store: str) -> str:
    """A folder's path as workers need it, whatever folder they work in."""
    return store if "://" in store else str(Path(store).absolute())


def _first(jobs: list[Job]) -> list[Job]:
    """One job of each topic."""
    return list({job.topic: job for job in jobs}.values())


@dataclass
class _Run:
    """One run: what is left, what is out, and the briefs that must go alone, since their batch failed."""

    client: Any
    address: str
    store: Store
    inputs: dict[str, str]
    began: Began | None
    left: deque[Job]
    suspects: deque[Job] = field(default_factory=deque)
    alone: set[str] = field(default_factory=set)
    out: dict[Any, list[Job]] = field(default_factory=dict)
    ended: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)

    def outcomes(self, project: Project) -> Iterator[Outcome]:
        """Hands out batches and yields the outcomes that come back, until none is left."""
        with self._scheduler(), contextlib.suppress(TimeoutError):
            self.client.wait_for_workers(1, timeout=PATIENCE)
        if not self._threads():
            raise self._failed(
                f"no worker has joined the scheduler within {PATIENCE} seconds.",
                "Start some with: dask worker",
            )
        self._hand_out()
        while self.out:
            future = self._next()
            batch = self.out.pop(future)
            yield from self._take_home(project, batch, self._fault(future))
            self._hand_out()

    def _threads(self) -> int:
        with self._scheduler():
            return sum(self.client.nthreads().values())

    def _hand_out(self) -> None:
        """Two batches for each thread, so that none waits; alone, where a brief may spoil its batch."""
        if self.suspects:
            if not self.out:
                job = self.suspects.popleft()
                self.alone.add(job.name)
                self._submit([job])
            return
        threads = max(1, self._threads()) if self.left else 0
        while self.left and len(self.out) < 2 * threads:
            size = min(LARGEST, max(1, len(self.left) // (3 * threads)))
            batch = [self.left.popleft()]
            while self.left and len(batch) < size and self.left[0].topic == batch[0].topic:
                batch.append(self.left.popleft())
            self._submit(batch)

    def _submit(self, batch: list[Job]) -> None:
        for job in batch if self.began else []:
            self.began(job)  # type: ignore[misc]
        task = Task(self.store.address, self.inputs[batch[0].topic], batch)
        with self._scheduler():
            future = self.client.submit(run_task, task, pure=False, retries=OTHER_ATTEMPTS)
            self.out[future] = batch
            future.add_done_callback(self.ended.put)

    def _next(self) -> Any:
        """The next batch that ended, in whatever way."""
        seen = time.monotonic()
        while True:
            with contextlib.suppress(queue.Empty):
                return self.ended.get(timeout=0.5)
            if self.client.status != "running" or any(each.status == "lost" for each in self.out):
                raise self._lost()
            if self._threads():
                seen = time.monotonic()
            elif time.monotonic() - seen > PATIENCE:
                raise self._failed("all workers are gone.", GOES_ON)

    def _fault(self, future: Any) -> BaseException | None:
        """Why a batch has ended without results, or None.

        Raises:
            ResearchError: the worker refused it, or the scheduler is gone.
        """
        from distributed.client import FutureCancelledError

        try:
            why = future.result(timeout=PATIENCE)
        except (FutureCancelledError, TimeoutError):
            raise self._lost() from None
        except ImportError as error:
            raise refused(self.address, f"a worker lacks what briefs need: {error}.") from None
        except Exception as error:
            return error
        if why:
            raise refused(self.address, why)
        return None

    def _take_home(
        self, project: Project, batch: list[Job], fault: BaseException | None
    ) -> Iterator[Outcome]:
        names = {result_name(self.inputs[job.topic], job): job for job in batch}
        with _stored(self.store):
            found = self.store.read(names)
        for name, job in names.items():
            said = read_result(found.get(name))
            if said is not None:
                yield take_result(project, job, said)
            elif job.name not in self.alone:
                self.suspects.append(job)  # alone, the guilty one cannot hurt others
            else:
                yield Outcome(job, "failed", _reason(fault))
        # The ledger has them all by now: the store keeps nothing for a later run to mistake as fresh.
        with _stored(self.store):
            self.store.remove(found)

    @contextlib.contextmanager
    def _scheduler(self) -> Iterator[None]:
        """Around what asks the scheduler: the error that tells that it is gone."""
        try:
            yield
        except TimeoutError:
            raise
        except OSError:
            raise self._lost() from None

    def _lost(self) -> ResearchError:
        return self._failed("the scheduler was lost.", GOES_ON)

    def _failed(self, what: str, instead: str) -> ResearchError:
        return ResearchError(what, where=f"--cluster {self.address}", instead=instead)


@contextlib.contextmanager
def _stored(store: Store) -> Iterator[None]:
    """Around what this machine does with the store. Each kind of store has errors of its own."""
    try:
        yield
    except ResearchError:
        raise
    except Exception as error:
        raise ResearchError(
            f"the store can't be used ({type(error).__name__}: {error}).",
            where=f"--store {store.address}",
            instead="Name a folder or bucket that is there, that answers and that you may write to.",
        ) from None


def _reason(fault: BaseException | None) -> str:
    if fault is None:
        return "its result is not in the store."
    if type(fault).__name__ == "KilledWorker":
        return "the workers that ran it died, one after another."
    return f"on the cluster: {type(fault).__name__}: {fault}"
