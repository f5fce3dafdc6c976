"""Manuscripts: executed briefs as they wait under `_build`, read for the press."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from cityresearch.briefs.prepare import prepare
from cityresearch.briefs.topic import Topic, load_topic
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place
from cityresearch.press.overview import EMPTY, Overview, overview_of
from cityresearch.press.surroundings import plain
from cityresearch.project import Project


@dataclass(frozen=True)
class Manuscript:
    """One executed brief: its notebook and facts as plain JSON. `stem` is its address without ending."""

    topic: Topic
    place: Place
    notebook: dict[str, Any]
    facts: dict[str, Any]

    @property
    def stem(self) -> str:
        return f"{self.place.path}/{self.topic.name}"


@dataclass(frozen=True)
class Entry:
    """What index pages say of a brief: its headline and summary as Markdown, its key numbers, what
    pages over many places show of it, and whether the book has its PDF."""

    topic: str
    place: Place
    headline: str
    summary: str
    numbers: dict[str, Any] | None
    overview: Overview = EMPTY
    has_pdf: bool = False

    @property
    def href(self) -> str:
        return f"{self.place.path}/{self.topic}.html"


def manuscript_files(project: Project, topic: str, place: Place) -> tuple[Path, Path]:
    """The executed notebook and the facts file of a brief."""
    return (
        project.build / "notebooks" / place.path / f"{topic}.ipynb",
        project.build / "facts" / place.path / f"{topic}.json",
    )


def pdf_file(project: Project, topic: str, place: Place) -> Path:
    """The brief's PDF, made or not."""
    return project.build / "pdf" / place.path / f"{topic}.pdf"


def read_manuscript(project: Project, topic: str, place: Place) -> Manuscript:
    """Reads one executed brief.

    Raises:
        ResearchError: it was never run, or its files are another place's.
    """
    paths = manuscript_files(project, topic, place)
    for path in paths:
        if not path.is_file():
            raise _absent(project, topic, place, path)
    notebook, facts = (from_json(path.read_bytes()) for path in paths)
    for path, said in zip(paths, (notebook["metadata"]["cityresearch"], facts), strict=True):
        if (said["topic"], said["place"]) != (topic, place.full_name):
            raise ResearchError(
                f"this file holds the brief '{said['topic']}' of {said['place']}.",
                where=project.relative(path),
                city=place.full_name,
                instead="Delete it and run the brief again.",
            )
    return Manuscript(load_topic(project, topic), place, notebook, facts)


def _absent(project: Project, topic: str, place: Place, path: Path) -> ResearchError:
    """Why there is no brief: the topic can't serve the place, or it was not run."""
    if missing := prepare(project, topic).lacking.get(place.geoid):
        return ResearchError(
            f"the topic '{topic}' can't serve this place: {load_topic(project, topic).lack(missing[1])}.",
            city=place.full_name,
            instead="Choose another topic or city; `cityresearch plan` names what is left out.",
        )
    return ResearchError(
        f"the brief '{topic}' has not been run.",
        where=project.relative(path),
        city=place.full_name,
        instead=f"Run: cityresearch run --topic {topic} --city {place.slug}",
    )


def entry_of(manuscript: Manuscript, *, has_pdf: bool) -> Entry:
    """What index pages say of the brief."""
    return Entry(
        topic=manuscript.topic.name,
        place=manuscript.place,
        headline=manuscript.facts["title"],
        summary=manuscript.facts["summary"],
        numbers=next((b for b in blocks(manuscript) if b["kind"] == "numbers"), None),
        overview=overview_of(manuscript.topic, manuscript.place, manuscript.facts),
        has_pdf=has_pdf,
    )


def blocks(manuscript: Manuscript, kind: str = "") -> list[dict[str, Any]]:
    """Every displayed block of the brief, in order; those of one kind alone where it is named."""
    from cityresearch.briefs.blocks import MIME

    outputs = (out for cell in manuscript.notebook["cells"] for out in cell.get("outputs", []))
    found = (out["data"][MIME] for out in outputs if MIME in out.get("data", {}))
    return [block for block in found if not kind or block["kind"] == kind]


def title_of(manuscript: Manuscript) -> str:
    """The topic's title for this place and its state, as in "Transit in Madison, Wisconsin"."""
    return plain(
        manuscript.topic.title.format(
            name=manuscript.place.full_name, full_name=manuscript.place.full_name
        )
    )
