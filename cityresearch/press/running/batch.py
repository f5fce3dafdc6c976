"""The process that runs batches of briefs beside a Dask worker, which has threads and must not fork.

It is started as `python -m cityresearch.press.running.batch DESCRIPTOR`, keeps its warm processes from batch
to batch, and ends with the worker: the pipe then closes.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from cityresearch.briefs.collection import Collection
from cityresearch.press.running.job import Job, Outcome
from cityresearch.project import Project

Batch = tuple[Project, Collection, list[Job]]


class BatchProcess:
    """The worker's end: starts the process and gives it batches."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-m", "cityresearch.press.running.batch", str(theirs.fileno())]
        # A session of its own: Ctrl-C is for the run, which ends its workers.
        self._process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            # Its end is sudden by intent (see `_listen`), and nothing to warn of.
            env={**os.environ, "PYTHONWARNINGS": "ignore:resource_tracker"},
        )
        theirs.close()

    def run(self, project: Project, collection: Collection, jobs: list[Job]) -> Iterator[Outcome]:
        """Yields the outcome of each job.

        Raises:
            EOFError, ConnectionError: the process died; what it had not yielded is lost.
        """
        self._pipe.send((project, collection, jobs))
        while outcome := self._pipe.recv():
            yield outcome

    def close(self) -> None:
        """Ends the process."""
        self._pipe.close()
        self._process.wait()


def serve(pipe: Connection) -> None:
    """Runs the batches that come over the pipe: an outcome for each brief, then None."""
    from cityresearch.press.running.pool import Workers

    waiting: queue.Queue[Batch] = queue.Queue()
    threading.Thread(target=_listen, args=(pipe, waiting), daemon=True).start()
    given, workers = None, None
    while True:
        project, collection, jobs = waiting.get()
        if workers is None or given != (project, collection):
            if workers:
                workers.close()
            given, workers = (project, collection), Workers(project, collection, 1)
        for outcome in workers.run(jobs):
            pipe.send(outcome)
        pipe.send(None)


def _listen(pipe: Connection, waiting: queue.Queue[Batch]) -> None:
    """Passes batches on, and ends this process when nobody is left to send one."""
    try:
        while True:
            waiting.put(pipe.recv())
    except (EOFError, ConnectionError):
        os._exit(0)  # the pool's processes see their parent gone, and end


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
