"""A project with made-up towns and figures, small enough to change and to prepare many times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from cityresearch.project import Project

# Made-up towns: they test the reading of rows and are no facts.
TOWNS = {
    "5500001": ("Ada", "WI", "00010", 1000, 31_000),
    "5500002": ("Bell", "WI", "00010", 2000, 35_000),
    "5500003": ("Cato", "WI", "00020", 3500, 28_000),
    "1700001": ("Dover", "IL", "00020", 5000, 52_000),
    "1700002": ("Elgar", "IL", "00030", 800, 47_000),
    "1700003": ("Fern", "IL", "", 12_000, 39_000),
    "1700004": ("Gale", "IL", "", 600, 0),
}
TEXT = {"type": "text", "meaning": "a fixture"}
NUMBER = {
    "type": "number",
    "meaning": "a fixture",
    "unit": "USD",
    "nullable": True,
    "missing": "none",
}
COUNT = {"type": "integer", "meaning": "a fixture", "unit": "people", "error": "counted"}


def make_small(folder: Path) -> Project:
    """The project, in a new folder."""
    root = folder / "small"
    _source(root, "census_places", {"cities": _cities(), "states": _states()})
    _source(root, "census_urban_areas", {"areas": _areas()})
    _source(root, "shops", {"counts": _counts(), "trips": _trips()})
    (root / "_config.yml").write_text("title: small\n")
    topic = root / "notebooks" / "small"
    topic.mkdir(parents=True)
    (topic / "topic.yml").write_text(yaml.safe_dump(TOPIC))
    return Project(root, folder / "build")


Made = tuple[dict[str, Any], list[str]]


def _source(root: Path, name: str, made: dict[str, Made]) -> None:
    folder = root / "data" / name
    folder.mkdir(parents=True)
    for declared, lines in made.values():
        (folder / declared["file"]).write_text(
            "\n".join([",".join(declared["columns"]), *lines]) + "\n"
        )
    declaration = {
        "title": "A fixture",
        "publisher": "Nobody",
        "homepage": "https://example.org",
        "licence": {"name": "US public domain", "confirmed": True},
        "cite_as": "Nobody. A fixture.",
        "description": "A fixture for tests.",
        "caveats": [],
        "inputs": [],
        "tables": {table: declared for table, (declared, _) in made.items()},
    }
    (folder / "source.yml").write_text(yaml.safe_dump(declaration, sort_keys=False))


def _table(name: str, key: list[str], columns: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"title": name, "vintage": "1", "file": f"{name}.csv", "derivation": "Made up."}
    return {**told, "key": key, "columns": columns, **more}


def _cities() -> Made:
    named = ("geoid", "name", "possessive", "slug", "path", "state", "full_name")
    uace = {**TEXT, "nullable": True, "missing": "none"}
    columns = {**dict.fromkeys(named, TEXT), "uace": uace, "population": COUNT}
    lines = []
    for geoid, (name, state, area, people, _) in TOWNS.items():
        slug, path = f"{name}-{state}".lower(), f"{state}/{name}".lower()
        told = [
            geoid,
            name,
            f"{name}’s",
            slug,
            path,
            state,
            f"{name} in {state}",
            area,
            str(people),
        ]
        lines.append(",".join(told))
    return _table("cities", ["geoid"], columns, geography="city"), lines


def _states() -> Made:
    named = ("geoid", "name", "possessive", "slug", "path", "state", "state_name", "full_name")
    lines = [
        "55,Wisconsin,Wisconsin’s,wi,wi,WI,Wisconsin,Wisconsin,9",
        "17,Illinois,Illinois’s,il,il,IL,Illinois,Illinois,9",
    ]
    columns = {**dict.fromkeys(named, TEXT), "population": COUNT}
    return _table("states", ["geoid"], columns, geography="state"), lines


def _areas() -> Made:
    lines = ["00010,Ada and Bell", "00020,Cato and Dover", "00030,Elgar"]
    return _table("areas", ["uace"], {"uace": TEXT, "name": TEXT}), lines


def _counts() -> Made:
    columns = {"geoid": TEXT, "year": {**COUNT, "unit": "year"}, "sales": NUMBER, "income": NUMBER}
    lines = [
        f"{geoid},{year},{people * 3},{income or ''}"
        for geoid, (_, _, _, people, income) in TOWNS.items()
        for year in (2020, 2021)
    ]
    return _table("counts", ["geoid", "year"], columns), lines


def _trips() -> Made:
    columns = {"agency": TEXT, "uace": TEXT, "upt": {**COUNT, "unit": "trips"}}
    return _table("trips", ["agency"], columns), [
        "a,00010,500",
        "b,00010,70",
        "c,00020,9",
        "d,00030,4",
    ]


def _indicator(label: str, unit: str, address: str, **more: Any) -> dict[str, Any]:
    told = {"label": label, "unit": unit, "definition": label, "direction": "neutral"}
    return {**told, "about": "geoid", "inputs": [address], "reference": "made up", **more}


TOPIC: dict[str, Any] = {
    "label": "Small",
    "title": "Small {name}",
    "summary": "A fixture",
    "as_of": "made up",
    "vintages": {
        "census_places.cities": "1",
        "census_urban_areas.areas": "1",
        "shops.counts": "1",
        "shops.trips": "1",
    },
    "parameters": {"peers": {"type": "integer", "description": "number of peers", "default": 2}},
    "sections": {
        "money": {"needs": ["income"]},
        "shops": {"needs": ["shops.trips"]},
        "more": {"needs": ["trips"], "optional": True},
    },
    "indicators": {
        "residents": _indicator("residents", "people", "census_places.cities.population"),
        "income": _indicator("income", "USD", "shops.counts.income", year=2020),
        "trips": _indicator("trips", "trips", "sum(shops.trips.upt)", about="uace", nation="sum"),
    },
    "peers": {"of": "geoid", "k": 2, "variables": {"residents": {"log": True}, "income": {}}},
}
