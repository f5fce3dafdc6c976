"""A small project with briefs that were never run: made-up figures about real places, for tests."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import sample_brief as sample
import yaml

from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import manuscript_files
from cityresearch.press.paper.pdf import make_pdfs
from cityresearch.project import Project

TOPICS: dict[str, dict[str, Any]] = {
    "transit": {
        "label": "Transit",
        "title": "Transit in {name}",
        "geography": "city",
        "overview": {"trips_per_resident": "Transit trips per resident"},
        "vintages": {"ntd.areas": "2023"},
        "indicators": {
            "trips_per_resident": {
                "label": "Transit trips per resident",
                "unit": "trips per resident",
                "definition": "made up",
                "direction": "more",
                "comparison": "more",
                "about": "uace",
                "year": 2023,
                "inputs": ["ntd.areas.upt"],
                "reference": "made up",
            }
        },
    },
    "budget": {"label": "State budget", "title": "The budget of {name}", "geography": "state"},
}
SHARED = {
    "summary": "A made-up summary",
    "as_of": "data for 2023",
    "vintages": {},
    "sections": {},
    "indicators": {},
}
SLUGS = (
    ("transit", "city", "madison-wi"),
    ("transit", "city", "milwaukee-wi"),
    ("transit", "city", "washington-dc"),
    ("budget", "state", "wisconsin"),
)


VALUES = {"madison-wi": 22.21, "milwaukee-wi": 14.0, "washington-dc": 38.0}  # made up


def empty_project(root: Path, shared: Path) -> Project:
    """A project with the real settings, data and hand-written pages, and two fixture topics.

    `shared` keeps fonts and the script of live charts, which are dear to make, for all tests.
    """
    (root / "notebooks").mkdir(parents=True)
    shutil.copy(sample.ROOT / "_config.yml", root)
    shutil.copytree(sample.ROOT / "book", root / "book")
    (root / "data").symlink_to(sample.ROOT / "data")
    for name, declared in TOPICS.items():
        (root / "notebooks" / name).mkdir()
        text = yaml.safe_dump({**SHARED, **declared})
        (root / "notebooks" / name / "topic.yml").write_text(text)
    (root / "_build").mkdir()
    (root / "_build" / "shared").symlink_to(shared)
    return Project(root, root / "_build")


def put_brief(project: Project, topic: str, place: Place, **changed: Any) -> None:
    """Puts an executed fixture brief where a run would leave it; `changed` are facts to replace."""
    notebook = sample.notebook(city=place.name, path=place.path)
    said = {"topic": topic, "place": place.full_name, "geography": place.geography}
    notebook["metadata"]["cityresearch"] |= said
    facts = {**copy.deepcopy(sample.facts()), **said, **changed}
    for fact in facts["facts"]:
        fact["value"] = VALUES.get(place.slug, fact["value"])
        fact["about"]["id"] = place.ids.get("uace", fact["about"]["id"])
    if "title" in changed:
        first = notebook["cells"][0]
        first["source"] = first["source"].replace(sample.HEADLINE, changed["title"])
    for path, content in zip(
        manuscript_files(project, topic, place), (notebook, facts), strict=True
    ):
        up = "../" * (place.path.count("/") + 1)
        write_whole(path, json.dumps(content).replace("../../", up).encode())


def sample_briefs(project: Project) -> list[tuple[str, Place]]:
    """The fixture briefs as (topic, place), in the order of the book."""
    found = [(topic, places.find(project, geography, slug)) for topic, geography, slug in SLUGS]
    return sorted(found, key=lambda brief: brief[1].path)


def put_all(project: Project) -> list[tuple[str, Place]]:
    """Puts every fixture brief in its place; the first city's has a PDF."""
    wanted = sample_briefs(project)
    for topic, place in wanted:
        put_brief(project, topic, place)
    madison = places.find(project, "city", "madison-wi")
    assert list(make_pdfs(project, sample.COLLECTION, [("transit", madison)])) == [""]
    return wanted
