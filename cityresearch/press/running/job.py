"""One brief to run, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cityresearch.evidence.places import Place
from cityresearch.project import Project


@dataclass(frozen=True)
class Job:
    """One brief to run: its parameters, the hash of its topic's recipe, the prepared folder that it
    reads, and why it runs (empty where it is up to date)."""

    topic: str
    place: Place
    parameters: Mapping[str, Any]
    recipe: str
    prepared: Path
    reason: str = ""

    @property
    def name(self) -> str:
        return f"{self.topic} {self.place.slug}"

    def output(self, project: Project, kind: str, ending: str) -> Path:
        """A file of this brief below `_build/<kind>/`, as in `_build/facts/wi/madison/water.json`."""
        # A path in one go: a plan asks for thousands, and each `/` costs as much as all of it.
        return Path(f"{project.build}/{kind}/{self.place.path}/{self.topic}.{ending}")


@dataclass(frozen=True)
class Outcome:
    """How one brief ended: state `done` or `failed`, with the reason of a failure.

    `seconds` is wall time and `cpu` CPU seconds, all processes together; `memory` is the peak of its
    process in MB, shared pages included. `reads` and `files` say what data it read, with hashes
    (see `briefs.reads`). `note` says where it was run in another way than usual.
    """

    job: Job
    state: str
    reason: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0
    reads: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
