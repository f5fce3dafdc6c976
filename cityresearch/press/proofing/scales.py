"""What stands on the scales of a chart: the labels of its ticks, each held against its own value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cityresearch.methods.numerals import numerals

LABELS = re.compile(r"^(\[.*\])\[indexof\((\[.*\]), datum\.value\)\]$")
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
NUMBER = re.compile(r"[\d,.]+")


def ticks(spec: Mapping[str, Any]) -> set[str]:
    """The numerals on the scales of a chart's specification; a label that is not its tick's is none."""
    return {found.text for label in _labels(spec) for found in numerals(label)}


def said(spec: Mapping[str, Any]) -> str:
    """The words of a live chart, a line each: its description, the labels of its axes, texts of its rows."""
    texts = [*_texts(spec.get("datasets", {})), str(spec.get("description", ""))]
    for axis in _axes(spec.get("layer", [])):
        found = LABELS.match(str(axis.get("labelExpr", "")))
        texts += json.loads(found[1]) if found else []
    return "\n".join(dict.fromkeys(texts))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        if not COLOUR.fullmatch(part):
            yield part[:4] if DAY.fullmatch(part) else part  # a day is a place on a scale of years
    elif isinstance(part, Mapping | list):
        for each in part.values() if isinstance(part, Mapping) else part:
            yield from _texts(each)


def _labels(spec: Mapping[str, Any]) -> Iterator[str]:
    yield from _of_panels(spec.get("datasets", {}).get("ticks", []))
    for axis in _axes(spec.get("layer", [])):
        if "labelExpr" in axis:
            yield from _axis(axis)
        elif axis.get("format") == "d":
            yield from re.findall(r"\d{4}", json.dumps(axis["values"]))


def _axes(layers: Any) -> Iterator[Mapping[str, Any]]:
    """The axes of a chart's layers; those within groups of layers too."""
    for layer in layers:
        yield from _axes(layer.get("layer", []))
        for channel in layer.get("encoding", {}).values():
            if isinstance(channel, Mapping) and channel.get("axis"):
                yield channel["axis"]


def _of_panels(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The labels of panels' ticks, where they lie on one straight scale with their places."""
    for panel in {row["panel"] for row in rows}:
        own = [row for row in rows if row["panel"] == panel]
        said, down = [_number(row["text"]) for row in own], [row["down"] for row in own]
        slopes = [
            (said[at] - said[0]) / (down[at] - down[0])
            for at in range(1, len(own))
            if down[at] != down[0]
        ]
        if all(abs(slope - slopes[0]) < 0.01 * abs(slopes[0]) for slope in slopes):
            yield from (row["text"] for row in own)


def _axis(axis: Mapping[str, Any]) -> Iterator[str]:
    found = LABELS.match(str(axis["labelExpr"]))
    if found:
        for label, value in zip(json.loads(found[1]), json.loads(found[2]), strict=True):
            if _is(label, value):
                yield label


def _is(label: str, value: float) -> bool:
    """Whether a label says its value, a share as a percentage."""
    said = abs(_number(label))
    return any(abs(said - abs(value) * scale) < 1e-6 for scale in (1, 100))


def _number(label: str) -> float:
    digits = NUMBER.search(label)
    return float(digits[0].replace(",", "")) * (-1 if "−" in label else 1) if digits else 0.0
