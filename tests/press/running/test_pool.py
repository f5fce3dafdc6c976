"""A pool of processes that run briefs: one that dies costs a brief at most, and never the run."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixture_project import CELLS, PEOPLE

from cityresearch.briefs.collection import load_collection
from cityresearch.briefs.prepared import Prepared
from cityresearch.press.running import server
from cityresearch.press.running.job import Job
from cityresearch.press.running.plan import make_plan
from cityresearch.press.running.pool import Workers, run_jobs
from cityresearch.project import Project

Maker = Callable[..., Project]
# The process that forks the briefs is the parent of the brief's own.
KILL_PARENT = (
    "import os, signal\nif city.startswith('{}'):\n    os.kill(os.getppid(), signal.SIGKILL)"
)


def jobs_of(project: Project) -> list[Job]:
    return make_plan(project, load_collection(project)).jobs


def test_a_brief_that_kills_the_process_that_runs_it_fails_alone(make_project: Maker) -> None:
    cell = ("code", KILL_PARENT.format("chicago"))
    project = make_project({"people": (PEOPLE, [*CELLS, cell])})
    began: list[str] = []
    found = {
        outcome.job.place.slug: outcome
        for outcome in run_jobs(
            project,
            load_collection(project),
            jobs_of(project),
            2,
            lambda job: began.append(job.name),
        )
    }
    assert {slug: one.state for slug, one in found.items()} == {
        "chicago-il": "failed",
        "los-angeles-ca": "done",
        "new-york-ny": "done",
    }
    assert "died, twice" in found["chicago-il"].reason
    assert set(began) == {f"people {slug}" for slug in found}


def test_a_pool_lives_through_many_batches(make_project: Maker) -> None:
    project = make_project()
    jobs = jobs_of(project)
    with contextlib.closing(Workers(project, load_collection(project), 1)) as pool:
        first = next(iter(pool.run(jobs[:1])))
        [process] = pool._pool._processes.values()  # type: ignore[union-attr]
        rest = list(pool.run(jobs[1:]))
        assert [one.state for one in (first, *rest)] == ["done"] * 3
        assert list(pool._pool._processes.values()) == [process]  # type: ignore[union-attr]
        os.kill(process.pid, signal.SIGKILL)
        assert [one.state for one in pool.run(jobs)] == ["done"] * 3


def test_the_tables_of_all_jobs_are_loaded_before_workers_are_forked(
    make_project: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreseen: list[set[Path]] = []
    monkeypatch.setattr(server, "start", lambda folders=(): foreseen.append(set(folders)))
    project = make_project()
    jobs = jobs_of(project)
    assert [one.state for one in run_jobs(project, load_collection(project), jobs, 1)] == [
        "done"
    ] * 3
    assert foreseen == [{job.prepared for job in jobs}]


def test_a_table_that_is_pinned_and_lists_places_is_held_once(make_project: Maker) -> None:
    prepared = Prepared(jobs_of(make_project())[0].prepared)
    assert prepared.frame("places-city") is prepared.frame("census_places.cities")


def test_an_outcome_tells_what_a_brief_took_and_read(make_project: Maker) -> None:
    look = "from pathlib import Path\nassert Path('topic.yml').exists()\nopen('beside.txt').read()"
    project = make_project({"people": (PEOPLE, [*CELLS, ("code", look)])})
    (project.notebooks / "people" / "beside.txt").write_text("read past Brief")
    outcomes: list[Any] = list(run_jobs(project, load_collection(project), jobs_of(project), 2))
    for one in outcomes:
        assert one.reason == ""
        assert one.cpu > 0 and one.seconds > 0 and one.memory > 20
        assert list(one.files) == ["notebooks/people/beside.txt"]
        assert one.reads["census_places.cities"]["rows"]["geoid"].keys() == {one.job.place.geoid}
