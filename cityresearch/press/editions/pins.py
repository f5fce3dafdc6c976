"""Pins: what a topic's declaration says of its data (vintages, years), as against its method.

Two editions are told apart by running the method of one on the data of the other. The years and
vintages that a topic pins go with the data; formulas, constants and words go with the method.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

AT_YEAR = re.compile(r"@\d{4}$")
OF_TOPIC = ("vintages", "as_of")
OF_INDICATOR = ("year", "years")

Declared = Mapping[str, Any]  # a topic.yml as YAML gives it


def with_pins(method: Declared, data: Declared) -> dict[str, Any]:
    """A topic's declaration with the vintages and years of another edition's.

    An indicator that the other lacks, or that has other inputs there, moves to the year that the others
    move to. A table that the other lacks keeps its vintage.
    """
    years = _moved_years(method, data)
    made = copy.deepcopy(dict(method))
    made["as_of"] = data.get("as_of", made.get("as_of"))
    theirs = data.get("vintages", {})
    made["vintages"] = {
        table: theirs.get(table, own) for table, own in made.get("vintages", {}).items()
    }
    for name, indicator in made.get("indicators", {}).items():
        other = data.get("indicators", {}).get(name)
        if other:
            _pin(indicator, other)
        if not other or _bare(indicator.get("inputs")) != _bare(other.get("inputs")):
            _move(indicator, other or {}, years)
    return made


def without_pins(declared: Declared) -> dict[str, Any]:
    """The declaration without vintages and years: what of it is method."""
    made = copy.deepcopy(dict(declared))
    for key in OF_TOPIC:
        made.pop(key, None)
    made["tables"] = sorted(declared.get("vintages", {}))
    for indicator in made.get("indicators", {}).values():
        for key in OF_INDICATOR:
            indicator.pop(key, None)
        indicator["inputs"] = _bare(indicator.get("inputs"))
    return made


def pins_of(declared: Declared) -> dict[str, Any]:
    """Vintages and years alone."""
    return {
        **{key: declared.get(key) for key in OF_TOPIC},
        "indicators": {
            name: [*(each.get(key) for key in OF_INDICATOR), _years(each.get("inputs"))]
            for name, each in declared.get("indicators", {}).items()
        },
    }


def _pin(indicator: dict[str, Any], other: Declared) -> None:
    for key in OF_INDICATOR:
        if key in indicator and key in other:
            indicator[key] = other[key]
    if _bare(indicator.get("inputs")) == _bare(other.get("inputs")):
        indicator["inputs"] = copy.deepcopy(other.get("inputs"))


def _moved_years(method: Declared, data: Declared) -> dict[int, int]:
    """The year of the other edition for each year that indicators of both are about."""
    found = {}
    for name, indicator in method.get("indicators", {}).items():
        other = data.get("indicators", {}).get(name, {})
        if indicator.get("year") and other.get("year"):
            found[int(indicator["year"])] = int(other["year"])
    return found


def _move(indicator: dict[str, Any], other: Declared, years: Mapping[int, int]) -> None:
    """Moves the years of an indicator that has no like in the other edition."""
    if "year" in indicator and "year" not in other:
        indicator["year"] = years.get(indicator["year"], indicator["year"])
    if "years" in indicator and "years" not in other:
        indicator["years"] = [years.get(year, year) for year in indicator["years"]]

    def moved(text: str) -> str:
        return AT_YEAR.sub(lambda at: f"@{years.get(int(at[0][1:]), int(at[0][1:]))}", str(text))

    inputs = indicator.get("inputs")
    if isinstance(inputs, Mapping):
        indicator["inputs"] = {name: moved(text) for name, text in inputs.items()}
    else:
        indicator["inputs"] = [moved(text) for text in inputs or []]


def _bare(inputs: Any) -> Any:
    """The addresses of inputs without their years."""
    if isinstance(inputs, Mapping):
        return {name: AT_YEAR.sub("", str(text)) for name, text in inputs.items()}
    return [AT_YEAR.sub("", str(text)) for text in inputs or []]


def _years(inputs: Any) -> list[str]:
    texts = inputs.values() if isinstance(inputs, Mapping) else inputs or []
    return [found[0] if (found := AT_YEAR.search(str(text))) else "" for text in texts]
