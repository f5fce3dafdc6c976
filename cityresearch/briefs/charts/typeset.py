"""Setting words and numbers: their printed form and their width in the house's sans serif."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from cityresearch.briefs import look
from cityresearch.briefs.marks import plain
from cityresearch.errors import ResearchError

MINUS = "−"
NOT_AVAILABLE = "not available"
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
PATTERN = re.compile(r"^(?P<before>[^{}]*)\{:(?P<spec>,?(?:\.\d+)?[f%])\}(?P<after>[^{}]*)$")


def _parts(pattern: str) -> re.Match[str]:
    found = PATTERN.match(pattern)
    if found is None:
        raise ResearchError(
            f"the number pattern '{pattern}' is not one.",
            instead="Write for instance '{:,.0f}', '${:,.2f}' or '{:.1f}%'.",
        )
    return found


def number(value: float, pattern: str) -> str:
    """A number as printed: `number(-1234.5, "${:,.1f}")` is "−$1,234.5".

    Raises:
        ResearchError: the pattern is not one field of the kinds `,.2f` or `.0%` with text around it.
    """
    part = _parts(pattern)
    digits = format(abs(value), part["spec"])
    negative = value < 0 and any(digit in digits for digit in "123456789")
    return f"{MINUS if negative else ''}{part['before']}{digits}{part['after']}"


def tick_labels(pattern: str, values: Sequence[float]) -> list[str]:
    """Axis labels in `pattern`, with as many decimals as the ticks need and no more."""
    part = _parts(pattern)
    kind = part["spec"][-1]
    places = max((_places(value * (100 if kind == "%" else 1)) for value in values), default=0)
    plain = f"{part['before']}{{:,.{places}{kind}}}{part['after']}"
    return [number(value, plain) for value in values]


def _places(value: float) -> int:
    text = f"{value:.6f}".rstrip("0")
    return len(text.partition(".")[2])


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values between `low` and `high`, at most `most` of them, at an even step."""
    step = 10.0 ** math.floor(math.log10((high - low) / most)) if high > low else 1.0
    multiples = [1, 2, 2.5, 5, 10, 20] if step >= 10 else [1, 2, 5, 10, 20]
    for multiple in multiples:
        first, last = math.ceil(low / (step * multiple)), math.floor(high / (step * multiple))
        if last - first < most:
            return [round(index * step * multiple, 10) for index in range(first, last + 1)]
    return [low, high]


@lru_cache(maxsize=2)
def _advances(bold: bool) -> tuple[dict[int, float], float]:
    # Imported here: only charts with labels need it, and a forked brief inherits the warm cache.
    from fontTools.ttLib import TTFont

    with TTFont(look.sans_file(bold), lazy=True) as font:
        units, metrics = font["head"].unitsPerEm, font["hmtx"]
        widths = {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}
    return widths, widths[ord("n")]


def width(text: str, size: float, bold: bool = False) -> float:
    """The advance width of one line in Source Sans Pro (400, or 600 if bold), px, without kerning."""
    return size * _ems(text, bold)


@lru_cache(maxsize=4096)  # a text is measured anew for each room that it may fit
def _ems(text: str, bold: bool) -> float:
    widths, usual = _advances(bold)
    return sum(widths.get(ord(letter), usual) for letter in plain(text))


def wrap(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Lines of about one length, as few as fit in `room` px; a longer word keeps its own line."""
    lines = _fill(text, size, room, bold)
    narrower = room
    while len(lines) > 1 and narrower > room / 2:
        narrower -= 4
        tighter = _fill(text, size, narrower, bold)
        if len(tighter) > len(lines) or widest(tighter, size, bold) >= widest(lines, size, bold):
            continue
        lines = tighter
    return lines


def _fill(text: str, size: float, room: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def widest(lines: Sequence[str], size: float, bold: bool = False) -> float:
    """The width of the longest line, px."""
    return max((width(line, size, bold) for line in lines), default=0.0)


def spread(
    centres: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Centres moved as little as needed so that blocks of the given heights do not overlap.

    Blocks keep their order and stay between `low` and `high` where all of them fit. Touching blocks
    form a group that is centred where its members would like to be.
    """
    groups: list[list[int]] = []
    placed: list[float] = list(centres)
    for index in sorted(range(len(centres)), key=lambda each: centres[each]):
        groups.append([index])
        _place(groups[-1], centres, heights, placed, low, high)
        while len(groups) > 1 and _overlap(groups[-2][-1], groups[-1][0], heights, placed):
            groups[-2:] = [groups[-2] + groups[-1]]
            _place(groups[-1], centres, heights, placed, low, high)
    return placed


def _overlap(above: int, below: int, heights: Sequence[float], placed: Sequence[float]) -> bool:
    return placed[below] - placed[above] < (heights[above] + heights[below]) / 2 - 1e-9


def _place(
    group: list[int],
    centres: Sequence[float],
    heights: Sequence[float],
    placed: list[float],
    low: float,
    high: float,
) -> None:
    total = sum(heights[index] for index in group)
    top, wishes = 0.0, []
    for index in group:
        wishes.append(centres[index] - top - heights[index] / 2)
        top += heights[index]
    edge = min(max(sum(wishes) / len(wishes), low), max(high - total, low))
    for index in group:
        placed[index] = edge + heights[index] / 2
        edge += heights[index]
