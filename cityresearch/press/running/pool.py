"""Many briefs at once: a pool of warm processes; one brief's end, however bad, stops no other."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import traceback
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.press.lifetime import EndWithParent
from cityresearch.press.running import server
from cityresearch.press.running.forked import end_all
from cityresearch.press.running.job import Job, Outcome
from cityresearch.project import BUILD_VARIABLE, ROOT_VARIABLE, Project

Began = Callable[[Job], None]
ATTEMPTS = 2  # that a brief has when the process that runs briefs dies under it


def run_jobs(
    project: Project,
    collection: Collection,
    jobs: list[Job],
    workers: int | None = None,
    began: Began | None = None,
) -> Generator[Outcome, None, None]:
    """Runs the jobs in `workers` processes (default: one per core); yields each outcome as it ends.

    `began` is called with each job before anything of it is written. Closing the iterator (or
    Ctrl-C) drops what is in work; what is done stays.
    """
    count = min(workers or os.cpu_count() or 1, max(len(jobs), 1))
    with contextlib.closing(Workers(project, collection, count)) as pool:
        yield from pool.run(jobs, began)


class Workers:
    """Warm processes that run briefs, for one run or for many batches; `close` ends them."""

    def __init__(self, project: Project, collection: Collection, count: int) -> None:
        self._given = (project, collection)
        self._count = count
        self._pool: ProcessPoolExecutor | None = None
        self._busy = False

    def run(self, jobs: list[Job], began: Began | None = None) -> Iterator[Outcome]:
        """Yields the outcome of each job as it ends, and never raises for a brief's sake."""
        deaths: Counter[str] = Counter()
        left = deque(jobs)
        suspects: deque[Job] = deque()
        while left or suspects:
            # One of those in work killed its process: alone, the guilty one cannot hurt others.
            batch, at_once = (suspects, 1) if suspects else (left, 2 * self._count)
            for job, outcome in self._drain(batch, at_once, began):
                if outcome:
                    yield outcome
                    continue
                deaths[job.name] += 1
                if deaths[job.name] < ATTEMPTS:
                    suspects.append(job)
                else:
                    yield Outcome(job, "failed", "the process that ran it died, twice.")

    def _drain(
        self, batch: deque[Job], at_once: int, began: Began | None
    ) -> Iterator[tuple[Job, Outcome | None]]:
        """Runs jobs off the batch until it is empty or a process died; None for those then in work."""
        waiting: dict[Future[Outcome], Job] = {}
        self._busy, died = True, False
        while waiting or (batch and not died):
            while batch and not died and len(waiting) < at_once:
                pool = self._processes(batch)
                job = batch.popleft()
                if began:
                    began(job)
                try:
                    waiting[pool.submit(_run_here, job)] = job
                except BrokenProcessPool:  # it died since the last look
                    batch.appendleft(job)
                    died = True
            ended, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in sorted(ended, key=lambda future: waiting[future].name):
                job = waiting.pop(future)
                died = died or isinstance(future.exception(), BrokenProcessPool)
                yield job, _outcome(future, job)
        self._busy = False
        if died:
            self.close()

    def _processes(self, jobs: Iterable[Job]) -> ProcessPoolExecutor:
        if self._pool is None:
            server.start({job.prepared for job in jobs})  # tables are loaded once for all workers
            context = multiprocessing.get_context(server.way_to_start())
            self._pool = ProcessPoolExecutor(self._count, context, _settle, self._given)
        return self._pool

    def close(self) -> None:
        """Ends the processes; briefs in work are dropped: their files are whole or absent."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=not self._busy, cancel_futures=True)
        for process in processes if self._busy else []:
            process.terminate()
        self._busy = False


def _outcome(future: Future[Outcome], job: Job) -> Outcome | None:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenProcessPool):
        return None
    # A mistake of ours, not of the brief; the others go on, and its traceback is told at the end.
    told = "".join(traceback.format_exception(error)).strip()
    return Outcome(job, "failed", f"a mistake in cityresearch itself: {error!r}\n{told}")


_HERE: dict[str, Any] = {}


def _settle(project: Project, collection: Collection) -> None:
    """What every worker sets once; the briefs' processes inherit it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends its workers
    signal.signal(signal.SIGTERM, lambda *_: _end())
    EndWithParent(_end).start()
    os.environ.update(server.SETTINGS)
    os.environ[ROOT_VARIABLE], os.environ[BUILD_VARIABLE] = str(project.root), str(project.build)
    _HERE.update(project=project, collection=collection)


def _end() -> None:
    """Ends this process now, with the brief that it runs and the programs which that one started."""
    end_all()
    os._exit(1)


def _run_here(job: Job) -> Outcome:
    from cityresearch.press.running.run import run_job

    return run_job(_HERE["project"], _HERE["collection"], job)
