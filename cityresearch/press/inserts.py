"""Inserts and the facts beside them: whether these are still the ones that their authors saw.

What was seen is on record in `notebooks/<topic>/inserts/seen.yml`, kept in git, as approvals are.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection
from cityresearch.briefs.inserts import FOLDER, Insert, folder_of, read_insert
from cityresearch.briefs.topic import load_topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.declarations import Declaration, read_declaration
from cityresearch.evidence.places import Place
from cityresearch.press.editions.visible import shown_number
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import Manuscript, read_manuscript
from cityresearch.press.running.plan import Plan, make_plan
from cityresearch.project import Project

HEAD = """\
# What the facts beside each insert were when somebody last held both against each other, written by
# `cityresearch inserts --accept`. Keep this file in git.
"""
NAME = "seen.yml"
HEADING = re.compile(r"^##? ", re.MULTILINE)
PLACED = re.compile(r"\.insert\(\)")
Json = Mapping[str, Any]


class Fact(Declaration):
    """A fact as it stood beside an insert: as printed, and its exact value and margin."""

    label: str
    text: str
    value: str | None = None
    moe: str | None = None

    @property
    def told(self) -> str:
        """As printed, with what a printed number may hide."""
        exact = f"exactly {self.value}" if self.value else ""
        margin = f"± {self.moe}" if self.moe and self.moe != "0" else ""
        more = ", ".join(part for part in (exact, margin) if part)
        return f"{self.text} ({more})" if more else self.text


class Seen(Declaration):
    """When an insert was last held against the facts beside it, what they were, by their ids, and the
    SHA-256 of its file."""

    date: str
    insert: str
    facts: dict[str, Fact]


class _Record(Declaration):
    seen: dict[str, Seen]


@dataclass(frozen=True)
class State:
    """How an insert stands: `current`, `facts changed` (with `told`: which, from what to what), `new`
    where nobody accepted it, `text changed` where it was edited since, `not run` where its brief is not up
    to date, `not shown`, or `refused`."""

    topic: str
    place: str
    state: str
    author: str = ""
    date: str = ""
    told: tuple[str, ...] = ()

    @property
    def needs_a_look(self) -> bool:
        return self.state != "current"

    def __str__(self) -> str:
        by = f" by {self.author} of {self.date}" if self.author else ""
        end = f": {'; '.join(self.told)}" if self.told else ""
        return f"{self.topic} {self.place}: the insert{by}: {self.state}{end}"


# Files -------------------------------------------------------------------------------------------


def insert_files(project: Project, topic: str) -> list[Path]:
    """What lies in the folder of a topic's inserts, its record and hidden files aside."""
    folder = folder_of(project, topic)
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if path.name != NAME and not path.name.startswith("."))


def check_insert(project: Project, topic: str, path: Path) -> Insert:
    """Reads an insert and checks that it is for a place that there is.

    Raises:
        ResearchError: its name is no place's, or it holds more than an insert may.
    """
    where, geography = project.relative(path), load_topic(project, topic).geography
    if path.suffix != ".md":
        what = f"'{path.name}' is no insert."
        raise ResearchError(what, where=where, instead="Name it as its place: madison-wi.md.")
    try:
        slug = places.find(project, geography, path.stem).slug
    except ResearchError as error:
        what = f"the file has the name of no {geography}: {error.what}"
        raise ResearchError(what, where=where, instead=error.instead) from None
    if slug != path.stem:
        what = "the name of the file is not the slug of its place."
        raise ResearchError(what, where=where, instead=f"Rename it to {slug}.md.")
    return read_insert(project, path)


def check_placed(project: Project, topic: str, codes: Sequence[str]) -> None:
    """Refuses inserts that no cell of the notebook shows.

    Raises:
        ResearchError: there are inserts, and no cell places them.
    """
    if insert_files(project, topic) and not any(map(PLACED.search, codes)):
        raise ResearchError(
            f"the topic has inserts, but no cell shows them (notebooks/{topic}/{FOLDER}/).",
            where=f"notebooks/{topic}/brief.ipynb",
            instead="Where they should stand, add a code cell with: brief.insert()",
        )


def read_seen(project: Project, topic: str) -> dict[str, Seen]:
    """What was on record of the facts beside a topic's inserts, by the slug of the place.

    Raises:
        ResearchError: the file was edited into something else.
    """
    path = folder_of(project, topic) / NAME
    return read_declaration(_Record, path, project).seen if path.is_file() else {}


# The facts beside --------------------------------------------------------------------------------


def facts_beside(manuscript: Manuscript) -> dict[str, Fact] | None:
    """The facts of the section in which the brief shows its insert, by their ids; those of the whole
    brief where it stands in no section, or in one without facts. None where the brief shows none."""
    cells, facts = manuscript.notebook["cells"], manuscript.facts["facts"]
    sections: list[set[int]] = [set()]
    shown = None
    for cell in cells:
        for start, fact in _events(cell):
            if start:
                sections.append(set())
            elif fact is None:
                shown = len(sections) - 1
            else:
                sections[-1].add(fact)
    if shown is None:
        return None
    beside = sections[shown] if shown > 1 else set()
    chosen = [facts[number] for number in sorted(beside)] or facts
    return {fact["id"]: _fact(fact) for fact in chosen}


def _events(cell: Json) -> Iterator[tuple[bool, int | None]]:
    """What stands in a cell, in order: (True, None) for a heading, (False, number) for a printed fact,
    (False, None) for an insert."""
    figures = cell["metadata"].get("figures", [])
    if cell["cell_type"] == "markdown":
        heads = [(found.start(), True, None) for found in HEADING.finditer("".join(cell["source"]))]
        spans = [(start, False, number) for start, _, number in figures]
        yield from ((is_head, number) for _, is_head, number in sorted(heads + spans, key=_place))
    for output in cell.get("outputs", []):
        if output.get("data", {}).get(MIME, {}).get("kind") == "insert":
            yield False, None
        for _, spans in output.get("metadata", {}).get("figures", []):
            yield from ((False, number) for _, _, number in spans)


def _place(event: tuple[int, bool, int | None]) -> tuple[int, bool]:
    return event[0], not event[1]


def _fact(fact: Json) -> Fact:
    value, moe = shown_number(fact["value"]), shown_number(fact["moe"])
    return Fact(label=fact["label"], text=fact["text"], value=value, moe=moe)


def _changes(before: Mapping[str, Fact], now: Mapping[str, Fact]) -> Iterator[str]:
    for name in dict.fromkeys([*before, *now]):
        old, new = before.get(name), now.get(name)
        label = (new or old).label  # type: ignore[union-attr]
        if old is None or new is None:
            yield f"{label} is {'new beside it' if old is None else 'no longer beside it'}"
        elif (old.text, old.value, old.moe) != (new.text, new.value, new.moe):
            told = (old.text, new.text) if old.text != new.text else (old.told, new.told)
            yield f"{label}: {told[0]} → {told[1]}"


# How they stand ----------------------------------------------------------------------------------


def states(project: Project, plan: Plan, topics: Sequence[str]) -> list[State]:
    """How each insert of these topics stands; those of places that the plan has no brief of as well."""
    current = {(job.topic, job.place.slug): job.place for job in plan.current}
    others = {(out.topic, out.place.slug): ("not shown", out.reason) for out in plan.left_out}
    others |= {(job.topic, job.place.slug): ("not run", job.reason) for job in plan.jobs}
    found = []
    for topic in topics:
        seen = read_seen(project, topic)
        for path in insert_files(project, topic):
            try:
                insert = check_insert(project, topic, path)
            except ResearchError as error:
                found.append(State(topic, path.stem, "refused", told=(str(error),)))
                continue
            key = (topic, path.stem)
            if key in current:
                state, *told = _state(project, topic, current[key], seen.get(path.stem))
            else:
                state, *told = others.get(key, ("not shown", "the collection has no such brief"))
            found.append(State(*key, state, insert.author, insert.date, tuple(told)))
    return found


def to_look_at(project: Project, plan: Plan) -> list[State]:
    """The inserts of finished briefs that nobody held against the facts beside them as they are now."""
    finished = {(job.topic, job.place.slug) for job in plan.current}
    found = states(project, plan, sorted({topic for topic, _ in finished}))
    return [each for each in found if each.needs_a_look and (each.topic, each.place) in finished]


def plan_of_inserts(project: Project, collection: Collection, topic: str) -> Plan:
    """The plan of the briefs of a topic that have inserts, and of no other."""
    slugs = []
    for path in insert_files(project, topic):
        with contextlib.suppress(ResearchError):  # `states` tells of it
            check_insert(project, topic, path)
            slugs.append(path.stem)
    return (
        make_plan(project, collection, topics=[topic], cities=slugs) if slugs else Plan([], [], [])
    )


def _state(project: Project, topic: str, place: Place, seen: Seen | None) -> list[str]:
    """The state, and what is to be told of it."""
    now = facts_beside(read_manuscript(project, topic, place))
    if now is None:
        return ["not shown", "the brief leaves out the cell that would show it"]
    hint = f"hold it against its brief, then: cityresearch inserts --accept {place.slug}"
    if seen is None:
        return ["new", hint]
    if changes := list(_changes(seen.facts, now)):
        return ["facts changed", *changes]
    is_same = seen.insert == _fingerprint(project, topic, place)
    return ["current"] if is_same else ["text changed", hint]


def _fingerprint(project: Project, topic: str, place: Place) -> str:
    path = folder_of(project, topic) / f"{place.slug}.md"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def accept_all(project: Project, plans: Mapping[str, Plan], slugs: Sequence[str]) -> Iterator[Path]:
    """Records the facts beside the inserts of places in each topic that has one; yields the records.

    Raises:
        ResearchError: no topic has an insert of that name, or its brief is not up to date.
    """
    known = [job for plan in plans.values() for job in plan.all]
    for slug in slugs:
        jobs = [job for job in known if slug in (job.place.slug, job.place.geoid)]
        if not jobs:
            what = "no brief shows an insert for it."
            hint = "`cityresearch inserts` lists them."
            raise ResearchError(what, where="--accept", city=slug, instead=hint)
        for job in jobs:
            if job.reason:
                what = f"{job.name} is not up to date: {job.reason}."
                raise ResearchError(what, instead="Run it, look at it, then accept the insert.")
            yield accept(project, job.topic, job.place)


def accept(project: Project, topic: str, place: Place) -> Path:
    """Records the facts that stand beside the insert of a place now; returns the record's file. What is
    on record of places without insert goes.

    Raises:
        ResearchError: the brief shows no insert.
    """
    facts = facts_beside(read_manuscript(project, topic, place))
    if facts is None:
        raise ResearchError(f"the brief on {topic} shows no insert.", city=place.full_name)
    known = {path.stem for path in insert_files(project, topic)}
    record = {slug: seen for slug, seen in read_seen(project, topic).items() if slug in known}
    today, text = datetime.date.today().isoformat(), _fingerprint(project, topic, place)
    record[place.slug] = Seen(date=today, insert=text, facts=facts)
    said = {slug: record[slug].model_dump(exclude_none=True) for slug in sorted(record)}
    text = yaml.safe_dump(
        {"seen": said}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1000
    )
    path = folder_of(project, topic) / NAME
    write_whole(path, (HEAD + text).encode())
    return path
