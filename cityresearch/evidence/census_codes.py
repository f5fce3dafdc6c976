"""Estimates as the Census Bureau publishes them: its codes for absent numbers turned into reasons.

Source: US Census Bureau, "Notes on ACS Estimate and Annotation Values".
"""

from __future__ import annotations

from cityresearch.evidence.estimates import Estimate, missing

CONTROLLED = "controlled: no sampling error"

_MEANINGS = {
    "-": "too few people were sampled for an estimate",
    "N": "too few people were sampled to show it",
    "(X)": "not applicable here, or not published",
    "**": "no margin: too few people were sampled",
    "***": "no margin: the median lies in an open-ended bracket",
    "*****": CONTROLLED,
    "": "the Census Bureau gives no value",
}
_SENTINELS = {
    -666666666: "-",
    -999999999: "N",
    -888888888: "(X)",
    -222222222: "**",
    -333333333: "***",
    -555555555: "*****",
}


def from_census(value: object, moe: object, unit: str = "") -> Estimate:
    """The estimate in two cells of a Census table, in `unit`.

    Args:
        value: number or text ("1,234", "250,000+", "-", "(X)", -666666666, empty or None).
        moe: the same for its 90 % margin ("*****" is controlled: 0; "**" and "***": no margin).

    Raises:
        ValueError: neither a number nor a known code.
    """
    number, margin = _number(value), _number(moe)
    if isinstance(number, str):
        return missing(number, unit)
    if margin == CONTROLLED:
        return Estimate(number, 0.0, unit)
    if isinstance(margin, str):
        return Estimate(number, None, unit, margin)
    return Estimate(number, margin, unit)


def _number(cell: object) -> float | str:
    """The number in a cell, or the reason why it holds none."""
    text = "" if cell is None else str(cell).strip().lstrip("±").replace(",", "")
    if text in ("nan", "null", "<NA>"):
        text = ""
    if text in _MEANINGS:
        return _MEANINGS[text]
    if text.endswith(("+", "-")):
        side = "above" if text.endswith("+") else "below"
        return f"{side} {float(text[:-1]):,.0f}, the end of what the Census Bureau publishes"
    number = float(text)
    code = _SENTINELS.get(int(number))
    return _MEANINGS[code] if code else number
