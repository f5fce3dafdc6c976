"""Running on a cluster: the same bytes as here, whatever machine dies meanwhile; who differs is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fixture_project import CELLS, PEOPLE
from s3_server import s3_address

from cityresearch.briefs.collection import load_collection
from cityresearch.errors import ResearchError
from cityresearch.press.running import dask_client, task
from cityresearch.press.running.cluster import run_on_cluster
from cityresearch.press.running.job import Job, Outcome
from cityresearch.press.running.plan import Plan, make_plan
from cityresearch.press.running.pool import run_jobs
from cityresearch.project import Project
from cityresearch.work import run_plan

Maker = Callable[..., Project]
TITLE, PARAMETERS, CODE = CELLS
LARGE = {"city": "population >= 1200000"}  # ten cities


def plan_of(project: Project, **options: Any) -> Plan:
    return make_plan(project, load_collection(project), **options)


def on_cluster(
    project: Project, jobs: list[Job], address: str, store: str | None = None
) -> Generator[Outcome, None, None]:
    return run_on_cluster(project, load_collection(project), jobs, address, store)


def made(build: Path) -> dict[str, bytes]:
    """What the run left of notebooks and facts."""
    files = [path for kind in ("notebooks", "facts") for path in (build / kind).rglob("*.*")]
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in files}


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask's, ended with all that it started."""
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    options = ("--host", "tcp://127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    with started("scheduler", *options) as process:
        while not file.is_file() or not file.read_text().endswith("}"):
            assert process.poll() is None
            time.sleep(0.05)
        yield process, json.loads(file.read_text())["address"]


@contextmanager
def workers(address: str, folder: Path, count: int) -> Iterator[None]:
    options = ("--nworkers", str(count), "--nthreads", "1", "--local-directory", str(folder))
    with started("worker", address, *options):
        yield


def worker_processes(address: str) -> dict[str, int]:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        return client.run(os.getpid)  # type: ignore[no-any-return]


def left_behind(folder: Path) -> list[str]:
    """Processes that know of a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if entry.name != str(os.getpid()) and any(
                str(folder).encode() in (entry / name).read_bytes()
                for name in ("environ", "cmdline")
            ):
                found.append(entry.name)
        except OSError:  # it ended meanwhile, or is not ours to look at
            continue
    return found


def test_a_local_cluster_makes_the_same_bytes(make_project: Maker, tmp_path: Path) -> None:
    failing = CODE[1] + "\nassert city != 'dallas-tx', 'no Dallas'"
    project = make_project({"people": (PEOPLE, (TITLE, PARAMETERS, ("code", failing)))}, LARGE)
    here = Project(project.root, tmp_path / "here")
    ours = {
        each.job.name: each for each in run_jobs(here, load_collection(here), plan_of(here).jobs)
    }
    begun: list[str] = []
    jobs = plan_of(project).jobs
    outcomes = list(
        run_on_cluster(
            project,
            load_collection(project),
            jobs,
            "local:2",
            None,
            lambda job: begun.append(job.name),
        )
    )
    assert sorted(begun) == sorted(each.job.name for each in outcomes) == sorted(ours)
    assert made(project.build) == made(here.build)
    assert len(made(project.build)) == 2 * (len(jobs) - 1)
    for each in outcomes:
        other = ours[each.job.name]
        assert (each.state, each.reason, each.reads, each.files, each.note) == (
            *(other.state, other.reason, other.reads, other.files, ""),
        )
    assert ["no Dallas" in each.reason for each in outcomes if each.state == "failed"] == [True]
    assert left_behind(project.build) == []
    assert not (project.build / "cluster").exists()


def test_killed_workers_lose_and_double_no_brief(make_project: Maker, tmp_path: Path) -> None:
    """Two machines with a store on S3; one worker is killed in mid-run, its nanny brings it back."""
    slow = CODE[1] + "\nimport time\ntime.sleep(0.3)"
    project = make_project({"people": (PEOPLE, (TITLE, PARAMETERS, ("code", slow)))}, LARGE)
    jobs = plan_of(project).jobs
    with ExitStack() as stack:
        store = stack.enter_context(s3_address())
        _, address = stack.enter_context(scheduler(tmp_path))
        stack.enter_context(workers(address, tmp_path, 2))
        work = on_cluster(project, jobs, address, store)
        outcomes = [next(work)]
        os.kill(next(iter(worker_processes(address).values())), signal.SIGKILL)
        outcomes += work
        assert sorted(each.job.name for each in outcomes) == sorted(job.name for job in jobs)
        assert {each.reason for each in outcomes} == {""}
        assert len(made(project.build)) == 2 * len(jobs)
        _refuses_what_differs(project, jobs, address, store)
    assert left_behind(tmp_path) == []


def _refuses_what_differs(project: Project, jobs: list[Job], address: str, store: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(task, "_code", lambda: "another release")
        with pytest.raises(
            ResearchError, match=r"is not like this machine: the code of cityresearch"
        ):
            list(on_cluster(project, jobs[:1], address, store))


def test_a_lost_scheduler_ends_the_run_and_a_new_one_goes_on(
    make_project: Maker, tmp_path: Path
) -> None:
    slow = CODE[1] + "\nimport time\ntime.sleep(0.3)"
    project = make_project({"people": (PEOPLE, (TITLE, PARAMETERS, ("code", slow)))}, LARGE)
    store = str(tmp_path / "store")
    first, second = plan_of(project), []

    def way(jobs: list[Job], began: Callable[[Job], None]) -> Generator[Outcome, None, None]:
        with scheduler(tmp_path) as (process, address), workers(address, tmp_path, 1):
            for number, outcome in enumerate(
                run_on_cluster(project, load_collection(project), jobs, address, store, began)
            ):
                second.append(outcome.job.name)
                yield outcome
                if number == 1 and len(jobs) == len(first.jobs):
                    process.kill()

    with pytest.raises(ResearchError, match="the scheduler was lost"):
        run_plan(project, first, way)
    done = list(second)
    left = plan_of(project)
    assert sorted(job.name for job in left.current) == sorted(done)
    assert 2 <= len(done) < len(first.jobs) == len(left.jobs) + len(done)
    assert run_plan(project, left, way) == []
    assert sorted(second) == sorted(job.name for job in first.jobs)
    assert plan_of(project).jobs == []
    assert left_behind(tmp_path) == []


def test_a_brief_that_kills_its_workers_fails_alone(
    make_project: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some generations up from a brief's process is the Dask worker that asked for it."""
    monkeypatch.setattr(dask_client, "DEATHS", 1)  # of three, to spare time
    deadly = f"""{CODE[1]}
if city == "chicago-il":
    import os, pathlib, signal
    pid = os.getpid()
    while b"multiprocessing.spawn" not in pathlib.Path(f"/proc/{{pid}}/cmdline").read_bytes():
        pid = int(pathlib.Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(pid, signal.SIGKILL)"""
    project = make_project({"people": (PEOPLE, (TITLE, PARAMETERS, ("code", deadly)))})
    outcomes = list(on_cluster(project, plan_of(project).jobs, "local:1"))
    assert {each.job.place.slug: each.reason for each in outcomes} == {
        "chicago-il": "the workers that ran it died, one after another.",
        "los-angeles-ca": "",
        "new-york-ny": "",
    }


def test_a_brief_that_spoils_its_batch_fails_alone(make_project: Maker) -> None:
    """Three generations up from a brief's process is the one that runs batches beside a Dask worker."""
    deadly = f"""{CODE[1]}
if city == "chicago-il":
    import os, pathlib, signal
    pid = os.getpid()
    while b"cityresearch.press.running.batch" not in pathlib.Path(f"/proc/{{pid}}/cmdline").read_bytes():
        pid = int(pathlib.Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(pid, signal.SIGKILL)"""
    project = make_project({"people": (PEOPLE, (TITLE, PARAMETERS, ("code", deadly)))}, LARGE)
    jobs = plan_of(project).jobs
    outcomes = {each.job.place.slug: each for each in on_cluster(project, jobs, "local:1")}
    assert len(outcomes) == len(jobs) > 6
    assert "process that runs briefs died" in outcomes.pop("chicago-il").reason
    assert {each.reason for each in outcomes.values()} == {""}


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("tcp://127.0.0.1:9", "workers on other machines need a store"),
        ("local:none", "no address of a cluster"),
        ("somewhere", "workers on other machines need a store"),
    ],
)
def test_a_mistaken_address_is_told(make_project: Maker, address: str, message: str) -> None:
    project = make_project()
    with pytest.raises(ResearchError, match=message):
        list(on_cluster(project, plan_of(project).jobs, address))


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1", "tcp://127.0.0.1:abc", "local:²", "local:0"]
)
def test_an_address_that_is_none_is_told(make_project: Maker, tmp_path: Path, address: str) -> None:
    project = make_project()
    with pytest.raises(ResearchError, match="no address of a cluster"):
        list(on_cluster(project, plan_of(project).jobs, address, str(tmp_path / "store")))


@pytest.mark.parametrize("kind", ["no bucket", "no server", "no folder"])
def test_a_store_that_cannot_be_used_is_told(
    make_project: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    project = make_project()
    with ExitStack() as stack:
        if kind == "no folder":
            (tmp_path / "file").touch()
            store = f"file://{tmp_path}/file"
        else:
            store = stack.enter_context(s3_address())
        if kind == "no bucket":
            store = "s3://no-such-bucket/store"
        if kind == "no server":
            fsspec.get_filesystem_class("s3").clear_instance_cache()
            monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
            monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        with pytest.raises(ResearchError, match=f"^--store {store}: the store can't be used"):
            list(on_cluster(project, plan_of(project).jobs, "local:1", store))
    assert left_behind(project.build) == []


def test_without_dask_the_error_says_what_to_install(
    make_project: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ResearchError, match=r"pip install 'cityresearch\[cluster\]'"):
        list(on_cluster(project, plan_of(project).jobs, "local:2"))
