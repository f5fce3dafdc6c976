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

    What only the method's edition has keeps its own pins: a table or an indicator that the other lacks.
    """
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


def _bare(inputs: Any) -> Any:
    """The addresses of inputs without their years."""
    if isinstance(inputs, Mapping):
        return {name: AT_YEAR.sub("", str(text)) for name, text in inputs.items()}
    return [AT_YEAR.sub("", str(text)) for text in inputs or []]


def _years(inputs: Any) -> list[str]:
    texts = inputs.values() if isinstance(inputs, Mapping) else inputs or []
    return [found[0] if (found := AT_YEAR.search(str(text))) else "" for text in texts]
