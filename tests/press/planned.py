"""A miniature of three cities and two topics whose briefs were run on paper: for tests of the plan."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fixture_project import CELLS, PEOPLE

from cityresearch.briefs import prepared, reads
from cityresearch.briefs.collection import load_collection
from cityresearch.briefs.topic import load_topic
from cityresearch.press.running import keys, plan
from cityresearch.press.running.job import Job, Outcome
from cityresearch.press.running.ledger import Ledger
from cityresearch.press.running.plan import Plan, make_plan
from cityresearch.press.running.reasons import file_hashes
from cityresearch.project import Project

TABLE = "things.rows"
CITIES = {"1714000": "chicago-il", "0644000": "los-angeles-ca", "3651000": "new-york-ny"}
EXTRA = "notebooks/towns/extra.csv"
IMPORT = "from cityresearch.methods import water\n"
TITLE, PARAMETERS, CODE = CELLS


@dataclass(eq=False)
class Held:
    """Stands in for a prepared folder: one table in memory."""

    rows: Mapping[str, int]
    folder: Path = Path("prepared")
    lacking: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def fingerprints(self) -> dict[str, str]:
        return {TABLE: hashlib.sha256(str(sorted(self.rows.items())).encode()).hexdigest()}

    def held(self, name: str) -> prepared.Held:
        return prepared.Held(name, self.fingerprints[name], self)  # type: ignore[arg-type]

    def frame(self, _: str) -> pd.DataFrame:
        return pd.DataFrame({"geoid": list(self.rows), "value": list(self.rows.values())})

    def corrections(self, _: str) -> tuple[()]:
        return ()

    def positions(self, _: str, __: tuple[str, ...]) -> dict[str, list[int]]:
        return {geoid: [at] for at, geoid in enumerate(self.rows)}


class Miniature:
    """A project with topics `people`, whose briefs read their city's row and the next city's, and
    `towns`, whose briefs read their own row alone; only `towns` uses methods.water."""

    def __init__(self, make_project: Callable[..., Project], patch: pytest.MonkeyPatch) -> None:
        declared = copy.deepcopy(PEOPLE)
        declared["parameters"] = {
            "gallons": {"type": "integer", "default": 5, "description": "use of water"}
        }
        cells = [TITLE, ("parameters", PARAMETERS[1] + "\ngallons = 5"), CODE]
        towns = [*cells[:2], ("code", IMPORT + CODE[1])]
        topics = {"people": (declared, cells), "towns": (declared, towns)}
        self.project = make_project(topics)
        self.rows = dict.fromkeys(CITIES, 1)
        self.helpers = {"briefs/brief.py": "a", "methods/water.py": "a"}
        self.versions = dict.fromkeys(keys.LIBRARIES, "1.0")
        self.changes = 0  # made so far by a random test: makes each value a new one
        patch.setattr(keys.closure, "modules_reached", self._reached)
        patch.setattr(keys, "_version", lambda name: self.versions[name])
        patch.setattr(plan, "prepare", lambda *_: Held(dict(self.rows)))

    def _reached(self, names: list[str]) -> dict[str, str]:
        left_out = () if "cityresearch.methods.water" in names else ("methods/water.py",)
        return {path: text for path, text in self.helpers.items() if path not in left_out}

    def plan(self, **options: Any) -> Plan:
        """The plan as a fresh process would make it."""
        load_topic.cache_clear()
        load_collection.cache_clear()
        return make_plan(self.project, load_collection(self.project), **options)

    def file(self, name: str) -> Path:
        return self.project.root / name

    def read_by(self, job: Job) -> list[str]:
        """GEOIDs of the rows that a brief reads."""
        known = list(CITIES)
        at = known.index(job.place.geoid)
        return [known[at]] + ([known[(at + 1) % 3]] if job.topic == "people" else [])

    def outcome(self, job: Job) -> Outcome:
        """What a run of this brief would have ended with."""
        noted = {TABLE: {"geoid": [[geoid] for geoid in self.read_by(job)]}}
        extra = {EXTRA: file_hashes(self.project)(EXTRA)}
        files = extra if job.name == "towns chicago-il" else {}
        for kind, ending in (("notebooks", "ipynb"), ("facts", "json")):
            path = job.output(self.project, kind, ending)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}")
        held: Any = Held(dict(self.rows))
        return Outcome(job, "done", seconds=1.5, reads=reads.hashed(held, noted), files=files)

    def run(self, made: Plan) -> None:
        """Notes every brief of a plan as run."""
        with Ledger(self.project) as ledger:
            ledger.know(made.recipes)
            for job in made.jobs:
                ledger.began(job)
                ledger.ended(self.outcome(job))
            ledger.confirm(made.confirmed)


def names(jobs: list[Job]) -> set[str]:
    return {job.name for job in jobs}


def reasons(made: Plan) -> dict[str, str]:
    return {job.name: job.reason for job in made.jobs}
