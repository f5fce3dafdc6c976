"""A fixture: an executed brief with every kind of block. Its numbers are made up for these tests."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection
from cityresearch.project import Project

ROOT = Path(__file__).parents[2]
HEADLINE = "Transit in the Madison area carries 84% of its 2019 trips"
ALT = "Line chart of trips in a made-up area where 2023 stands at 84% of 2019."
COLLECTION = Collection(
    title="Fixture Collection",
    subtitle="Made-up briefs for tests",
    publisher="Fixture Press",
    edition="2026-11",
    date="2026-11-22",
    address="https://briefs.example.org/cities",
    topics=["transit"],
    places={"city": "population >= 250000"},
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="260" viewBox="0 0 700 260" '
    'font-family="Source Sans Pro, sans-serif"><path d="M20,200L400,40L680,90" fill="none" '
    'stroke="#0B5FA5" stroke-width="2"/><text x="600" y="80" font-size="14">Drawn label</text></svg>'
)
NUMBERS = {
    "kind": "numbers",
    "items": [
        {
            "value": "22.2",
            "label": "Trips per resident, 2023",
            "margin": "a count: no sampling error",
            "comparison": "more than in six of its eight peers",
            "note": "",
        },
        {"value": "$8.10", "label": "Cost per trip", "margin": "", "comparison": "", "note": ""},
    ],
}
CALLOUT = {
    "kind": "callout",
    "tone": "warning",
    "title": "About the area",
    "text": "Figures are about the urbanized area.",
}
TABLE = {
    "kind": "table",
    "id": "peers",
    "caption": "The area and its peers",
    "columns": [
        {"label": "Urbanized area"},
        {"label": "Trips per resident", "unit": "2023", "align": "right"},
        {"label": "Status of the law"},
    ],
    "rows": [
        [
            "Madison, WI",
            {"text": "22.2", "sub": "tied"},
            {
                "text": "Preempted",
                "state": "preempted",
                "mark": "P",
                "href": "https://law.example.org",
            },
        ],
        ["Fargo, ND", "11.0", {"text": "Limited", "state": "limited", "mark": "L"}],
        ["Boise City, ID", "not available", {"text": "Unknown", "state": "unknown", "mark": "?"}],
        ["Reno, NV", "12.4", {"text": "None recorded", "state": "none", "mark": "–"}],
        [
            "Provo, UT",
            "9.3",
            {"text": "Formerly", "state": "formerly", "mark": "F", "href": "../../methods.html"},
        ],
    ],
    "highlight": [0],
    "notes": ["Boise City reports no trips."],
    "source": "Fixture table",
}
CHART = {
    "kind": "chart",
    "id": "ridership",
    "title": "Transit trips a year, millions",
    "alt": ALT,
    "spec": {
        "data": {"values": [{"year": 2019, "trips": 13.1}, {"year": 2023, "trips": 11.0}]},
        "mark": "line",
        "encoding": {
            "x": {"field": "year", "type": "quantitative", "title": "Drawn label"},
            "y": {"field": "trips", "type": "quantitative"},
        },
        "height": 260,
    },
    "table": {**TABLE, "id": "ridership-data", "caption": "Trips by year", "source": ""},
    "source": "Fixture chart",
}
ACTIONS = """## What a mayor can do

1. **Give buses their own lanes.** *Owner: city.* Streets are the city's own.
2. **Sign a service agreement** with the [agency](https://agency.example.org).
3. **Put the question on a ballot.** See the [methods](../../methods.html)."""


def text(markdown: str, *tags: str) -> dict[str, Any]:
    """A Markdown cell."""
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "markdown", "id": "m", "metadata": metadata, "source": markdown}


def shown(block: dict[str, Any]) -> dict[str, Any]:
    """A code cell that displayed a block."""
    data = {MIME: copy.deepcopy(block), "text/plain": "shown"}
    output = {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
    return {
        "cell_type": "code",
        "id": "c",
        "metadata": {},
        "source": "secret_code()",
        "execution_count": 1,
        "outputs": [output],
    }


def notebook(
    *cells: dict[str, Any], city: str = "Madison", path: str = "wi/madison"
) -> dict[str, Any]:
    """An executed brief: the cells given, or one of each kind."""
    body = list(cells) or [
        text(f"# {HEADLINE}\n\nEach resident took *about* 22 trips."),
        shown(NUMBERS),
        shown(CALLOUT),
        text("## Why it matters\n\nTransit lets people reach work without a car."),
        text("## Ridership is back to 84% of 2019\n\nTrips fell in 2020."),
        shown(CHART),
        text("## Madison carries more trips than its peers\n\nThere are eight peers."),
        shown(TABLE),
        text(ACTIONS),
        text("## Limits\n\nThe figures are made up.", "page-only"),
        text("## Methods\n\nTrips divided by residents, as in `upt`.", "pdf-only"),
    ]
    for number, cell in enumerate(body):
        cell["id"] = f"cell-{number}"
    metadata = {
        "topic": "transit",
        "topic_title": f"Transit in {city}",
        "topic_label": "Transit",
        "geography": "city",
        "geoid": "5548000",
        "place": f"{city}, Wisconsin",
        "place_name": city,
        "path": path,
        "edition": "2026-11",
        "vintages": ["ntd.areas 2023"],
        "as_of": "data for 2023",
    }
    return {
        "cells": body,
        "metadata": {"cityresearch": metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def facts(city: str = "Madison") -> dict[str, Any]:
    """The facts file of the brief."""
    fact = {
        "id": "trips_per_resident",
        "label": "Transit trips per resident",
        "value": 22.21,
        "moe": 0.0,
        "low": None,
        "high": None,
        "unit": "trips",
        "text": "22.2",
        "about": {"kind": "uace", "id": "53200", "name": "Madison, WI urbanized area"},
        "source": "ntd",
        "vintage": "2023",
        "rows": ["ntd.areas[uace=53200,year=2023].upt"],
        "method": "ratio",
        "method_hash": "abc",
        "data_hash": "def",
        "reason": None,
    }
    return {
        "city": "5548000",
        "geography": "city",
        "place": f"{city}, Wisconsin",
        "topic": "transit",
        "edition": "2026-11",
        "title": HEADLINE,
        "summary": "Each resident took about 22 trips.",
        "parameters": {},
        "peers": [],
        "quotes": [],
        "corrections": [],
        "facts": [fact],
        "sources": ["ntd"],
        "cited": {},
        "notebook_hash": "abc",
    }


def project(build: Path) -> Project:
    """The real project, with outputs of its own."""
    return Project(ROOT, build)
