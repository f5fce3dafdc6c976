"""A batch of briefs as a task for a Dask worker: it carries hashes and places; all else is in the store."""

from __future__ import annotations

import functools
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import cityresearch
from cityresearch.briefs.collection import Collection
from cityresearch.errors import ResearchError
from cityresearch.press.files import write_whole
from cityresearch.press.running.batch import BatchProcess
from cityresearch.press.running.job import Job, Outcome
from cityresearch.press.running.keys import differences, make_recipe
from cityresearch.press.running.store import Store, pack, unpack
from cityresearch.project import Project, python_files

MADE = {"notebooks": "ipynb", "facts": "json"}
_own = threading.local()  # a process of its own for each thread of a Dask worker


@dataclass(frozen=True)
class Task:
    """Briefs of one topic: the store's address, the hash of what they need, the briefs."""

    store: str
    inputs: str
    jobs: list[Job]


def put_inputs(project: Project, collection: Collection, job: Job, store: Store) -> str:
    """Puts what the briefs of a job's topic need into the store, where it is not there yet; its hash."""
    rooms = ("notebooks", "data", "_config.yml", "book/collection.yml")
    said = {
        "project": store.keep(pack({room: project.root / room for room in rooms})),
        "prepared": store.keep(pack({"prepared": job.prepared})),
        "collection": collection.model_dump(mode="json"),
        "versions": versions(project, collection, job.topic),
    }
    return store.keep(json.dumps(said, sort_keys=True).encode())


def versions(project: Project, collection: Collection, topic: str) -> dict[str, Any]:
    """What must be the same on all machines for one of them to make what another would."""
    return {**make_recipe(project, collection, topic), "the code of cityresearch": _code()}


@functools.cache
def _code() -> str:
    root = Path(cityresearch.__file__).parent
    digest = hashlib.sha256()
    for path in python_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def result_name(inputs: str, job: Job) -> str:
    """The result's name in the store, by all that shapes it."""
    said = json.dumps([inputs, job.place.geoid, dict(job.parameters)], sort_keys=True)
    return f"results/{hashlib.sha256(said.encode()).hexdigest()}.json"


def run_task(task: Task) -> str:
    """Runs a batch on a Dask worker and puts a result for each brief into the store.

    A brief that is done in the store already is not run again: a worker that died may have left it.

    Returns:
        Why this worker refuses the batch; empty where it ran.
    """
    from distributed import get_worker

    worker = get_worker()
    store = Store(task.store)
    room = Path(worker.local_directory) / "cityresearch"
    project, collection, prepared, differs = _open_inputs(store, task.inputs, room, task.jobs[0])
    if differs:
        return f"the worker {worker.address} is not like this machine: {'; '.join(differs)}."
    names = {result_name(task.inputs, job): job for job in task.jobs}
    there = {name for name, content in store.read(names).items() if _is_done(content)}
    jobs = [replace(job, prepared=prepared) for name, job in names.items() if name not in there]
    for outcome in _run_beside(project, collection, jobs):
        store.write(result_name(task.inputs, outcome.job), _result(project, outcome))
    return ""


_known: dict[tuple[str, Path], tuple[Project, Collection, Path, list[str]]] = {}


def _open_inputs(
    store: Store, inputs: str, room: Path, job: Job
) -> tuple[Project, Collection, Path, list[str]]:
    """The project, collection and prepared folder that this worker has fetched, once, and in what its
    surroundings differ from those of the run."""
    if (inputs, room) not in _known:
        said = json.loads(store.kept(inputs))
        root, prepared = (_fetch(store, said[kind], room) for kind in ("project", "prepared"))
        project = Project(root, room / "build")
        collection = Collection.model_validate(said["collection"])
        differs = differences(said["versions"], versions(project, collection, job.topic))
        _known[inputs, room] = (project, collection, prepared / "prepared", differs)
    return _known[inputs, room]


def _fetch(store: Store, digest: str, room: Path) -> Path:
    folder = room / digest
    if not folder.is_dir():
        unpack(store.kept(digest), folder)
    return folder


def _run_beside(project: Project, collection: Collection, jobs: list[Job]) -> Iterator[Outcome]:
    if not jobs:
        return
    if not hasattr(_own, "process"):
        _own.process = BatchProcess()
    whole = False
    try:
        yield from _own.process.run(project, collection, jobs)
        whole = True
    except (EOFError, ConnectionError):
        what = "the process that runs briefs died; its worker's log may say why"
        raise RuntimeError(what) from None
    finally:
        if not whole:  # what it has not said yet must not be taken for the next batch's
            _own.__dict__.pop("process").close()


def _result(project: Project, outcome: Outcome) -> bytes:
    kept = [each.name for each in fields(Outcome) if each.name != "job"]
    said: dict[str, Any] = {"outcome": {name: getattr(outcome, name) for name in kept}, "made": {}}
    if outcome.state == "done":
        said["made"] = {
            kind: outcome.job.output(project, kind, ending).read_text(encoding="utf-8")
            for kind, ending in MADE.items()
        }
    return json.dumps(said, ensure_ascii=False).encode()


def _is_done(content: bytes) -> bool:
    said = read_result(content)
    return said is not None and said["outcome"]["state"] == "done"


def read_result(content: bytes | None) -> dict[str, Any] | None:
    """A result's content; None where it is missing, or cut off in a store that shows half objects."""
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def take_result(project: Project, job: Job, said: Mapping[str, Any]) -> Outcome:
    """Writes a brief's files where a run of this machine would, and tells its outcome."""
    for kind, text in said["made"].items():
        write_whole(job.output(project, kind, MADE[kind]), text.encode())
    return Outcome(job, **said["outcome"])


def refused(address: str, why: str) -> ResearchError:
    """The error for a worker's refusal."""
    return ResearchError(
        why, where=address, instead="Install the same release and requirements on every machine."
    )
