"""What tests make projects from: a fixture topic on real data, and notebooks from cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).parents[1]

# A fixture topic on real data: how many people live in a place of each geography.
PEOPLE: dict[str, Any] = {
    "label": "People",
    "title": "People of {name}",
    "summary": "How many people live here",
    "as_of": "data of the census",
    "geography": "city",
    "vintages": {"census_places.cities": "2025"},
    "sections": {"people": {"needs": ["residents"]}},
    "indicators": {
        "residents": {
            "label": "Residents",
            "unit": "people",
            "definition": "residents of the place",
            "direction": "neutral",
            "about": "geoid",
            "inputs": ["census_places.cities.population"],
            "reference": "Census Bureau",
        }
    },
}
CELLS = (
    (
        "markdown",
        "# {eval}`brief.place.name` has {eval}`brief['residents']` residents\n\nIt is a place.",
    ),
    ("parameters", 'city = "madison-wi"'),
    ("code", 'from cityresearch.briefs.brief import Brief\nbrief = Brief("people", city)'),
)


def notebook(cells: Sequence[tuple[str, str]]) -> Any:
    """A notebook from (kind, source) pairs; `parameters` is a code cell with that tag."""
    made = []
    for number, (kind, source) in enumerate(cells):
        new = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        cell = new(source, id=f"cell-{number}")
        if kind == "parameters":
            cell.metadata["tags"] = ["parameters"]
        made.append(cell)
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return nbformat.v4.new_notebook(cells=made, metadata=kernel)
