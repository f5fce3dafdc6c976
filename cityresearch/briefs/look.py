"""The house look: colours in light and dark, type, the Altair theme. Tests hold its contrasts."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SANS = "Source Sans Pro, Helvetica, Arial, sans-serif"
FONT_PACKAGES = {
    "Source Sans Pro": "font_source_sans_pro",
    "Source Serif Pro": "font_source_serif_pro",
}


@dataclass(frozen=True)
class Tone:
    """One colour role: its value on the light ground and on the dark one."""

    light: str
    dark: str


# Light values are all different: `dark_css` finds the role of a mark by its light value.
TONES = {
    "ink": Tone("#1A2433", "#E8EDF4"),
    "quiet": Tone("#566273", "#A9B4C2"),  # axis labels, second lines
    "city": Tone("#0B5FA5", "#6DB6F2"),
    "peers": Tone("#6B7686", "#8A97A8"),  # lines and labels of peers
    "bar": Tone("#8A94A2", "#66717F"),  # large shapes of peers, so that they stay behind
    "benchmark": Tone("#B4560A", "#F0A35E"),
    "second": Tone("#4A0F3A", "#FFF3A0"),
    "grid": Tone("#E3E7ED", "#2A3440"),
    "paper": Tone("#FFFFFF", "#12181F"),
    "strong": Tone("#0A3D6C", "#9CCBF5"),  # ordered states: one hue from strong to pale
    "middle": Tone("#76ACDB", "#2F6396"),
    "pale": Tone("#E4EEF7", "#1D2C3B"),
}
SERIES = ("city", "peers", "benchmark", "second")


def light(role: str) -> str:
    """The colour of a role on the light ground; charts are drawn in these."""
    return TONES[role].light


@dataclass(frozen=True)
class Status:
    """How one state of the law is shown: its words, a letter, the tone of the cell and of its text."""

    words: str
    mark: str
    fill: str
    ink: str
    hatched: bool = False


STATUSES = {
    "preempted": Status("Preempted", "P", "strong", "paper"),
    "limited": Status("Limited", "L", "middle", "ink"),
    "none": Status("None recorded", "–", "pale", "ink"),
    "unknown": Status("Unknown", "?", "paper", "ink", hatched=True),
    "formerly": Status("Formerly preempted", "F", "paper", "ink"),
}


def font_folder(family: str) -> Path:
    """The folder that holds the TTF and OTF files of a family, inside its PyPI package."""
    found = importlib.util.find_spec(FONT_PACKAGES[family])
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"the package of the font {family} is not installed")
    return Path(found.origin).parent / "files"


def sans_file(bold: bool) -> Path:
    """The TTF file of Source Sans Pro, regular (400) or semibold (600)."""
    weight = "Semibold" if bold else "Regular"
    return font_folder("Source Sans Pro") / f"SourceSansPro-{weight}.ttf"


def theme() -> dict[str, Any]:
    """The Vega-Lite config of every chart: no frame, thin grid, quiet axis words, no legend title."""
    axis = {
        "domain": False,
        "ticks": False,
        "grid": False,
        "gridColor": light("grid"),
        "gridWidth": 1,
        "domainColor": light("peers"),
        "tickColor": light("peers"),
        "labelColor": light("quiet"),
        "labelFont": SANS,
        "labelPadding": 6,
        "labelLimit": 0,
        "labelOverlap": False,
        "labelFlush": False,
        "title": None,
    }
    return {
        "background": "transparent",
        "font": SANS,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"font": SANS, "fontSize": 14, "color": light("ink"), "limit": 0},
        "line": {"strokeWidth": 2.25, "strokeJoin": "round", "strokeCap": "round"},
        "aria": False,
    }


def dark_css(scope: str = "") -> str:
    """CSS that turns drawn light colours into dark ones where the reader's screen is dark.

    Args:
        scope: a selector put before each rule, such as `figure.chart`; empty inside an SVG file.
    """
    rules = [
        f'{scope} [{attribute}="{tone.light}"]{{{attribute}:{tone.dark}}}'.strip()
        for tone in TONES.values()
        for attribute in ("fill", "stroke")
    ]
    return "@media screen and (prefers-color-scheme:dark){" + "".join(rules) + "}"


# JupyterLab and exported notebooks have no stylesheet of ours: the least that blocks need there.
NOTEBOOK_CSS = (
    ".numbers{display:flex;flex-wrap:wrap;gap:24px;margin:8px 0}.number{flex:1 1 160px}"
    ".number .value{font-size:29px;font-weight:600;margin:0}.number p{margin:0}"
    ".sub,.margin,.source,.unit{display:block;font-size:.85em;opacity:.8}"
    "table.data{border-collapse:collapse}table.data caption{text-align:left;font-weight:600}"
    "table.data th,table.data td{text-align:left;padding:4px 12px 4px 0;vertical-align:top}"
    "table.data .num{text-align:right;font-variant-numeric:tabular-nums}"
    "table.data tr.own>*{font-weight:600}"
    ".callout{border-left:3px solid;padding:4px 12px;margin:8px 0}.callout .title{font-weight:600}"
)
