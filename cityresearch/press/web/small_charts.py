"""Small charts of index pages: drawn as SVG in per cent of the width, so that letters stay in size on
every screen, and in the colours of the stylesheet, so that they follow light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from cityresearch.press.overview import Shown, Spread

BINS = 24
HIGH = 96  # px, the tallest bar of a histogram
ROW = 22  # px, one place in a chart of rows
NAMES, FIGURES = 36.0, 14.0  # % of the width for names at the left and figures at the right
SIDE, GAP = 28, 2  # units of a tile in a small map, and what is left between two
SHADES = 4  # of a map: quarters of the states


@dataclass(frozen=True)
class Tile:
    """A state on the grid: its letters, its place, and how strong its shade is (None: no figure)."""

    code: str
    row: int
    column: int
    shade: int | None


def histogram(spread: Spread) -> str:
    """How many areas lie where between the lowest and the highest, with the middle and the nation."""
    values = spread.values
    low, high = values[0], values[-1]
    width = (high - low) or 1.0
    counts = [0] * BINS
    for value in values:
        counts[min(int((value - low) / width * BINS), BINS - 1)] += 1
    step = 100 / BINS
    bars = "".join(
        f'<rect class="bar" x="{number * step:.2f}%" width="{step - 0.4:.2f}%"'
        f' y="{_px(36 + HIGH - tall)}" height="{_px(tall)}"/>'
        for number, count in enumerate(counts)
        if (tall := HIGH * count / max(counts))
    )
    marks = _mark(spread, spread.quarters[1], low, width, "middle", "Middle", 12)
    nation = spread.nation.estimate.value if spread.nation else None
    if nation is not None and low <= nation <= high:
        marks += _mark(spread, nation, low, width, "nation", "All areas together", 28)
    floor = 36 + HIGH
    lowest, highest = map(escape, spread.ends)
    ends = (
        f'<text x="0" y="{floor + 18}">{lowest}</text>'
        f'<text x="100%" y="{floor + 18}" text-anchor="end">{highest}</text>'
    )
    line = f'<line class="floor" x1="0" x2="100%" y1="{floor}" y2="{floor}"/>'
    return _svg("histogram", spread.finding, floor + 24, bars + line + marks + ends)


def _mark(
    spread: Spread, value: float, low: float, width: float, name: str, word: str, y: int
) -> str:
    at = (value - low) / width * 100
    anchor, x = ("end", at - 1) if at > 55 else ("start", at + 1)
    return (
        f'<line class="{name}" x1="{at:.2f}%" x2="{at:.2f}%" y1="{y - 10}" y2="{36 + HIGH}"/>'
        f'<text class="{name}" x="{x:.2f}%" y="{y}" text-anchor="{anchor}">'
        f"{word}: {escape(spread.tell(value))}</text>"
    )


def rows(spread: Spread, shown: Sequence[tuple[str, Shown]], said: str) -> str:
    """A dot for each place with its margin as a line, and the middle of all areas dashed.

    Args:
        shown: the places by name, in the order in which they are drawn.
        said: what the chart shows, for those who don't see it.
    """
    ends = [end for _, each in shown for end in (each.estimate.interval or ()) if end is not None]
    known = [each.estimate.value for _, each in shown if each.estimate.value is not None]
    low = min([0.0, *ends, *known])
    high = max([spread.quarters[1], *ends, *known]) or 1.0

    def x(value: float) -> str:
        room = 100 - NAMES - FIGURES - 2
        return f"{NAMES + room * (value - low) / (high - low):.2f}%"

    middle = x(spread.quarters[1])
    tall = ROW * len(shown)
    drawn = f'<line class="nation" x1="{middle}" x2="{middle}" y1="0" y2="{tall}"/>'
    for number, (name, each) in enumerate(shown):
        y = ROW * number + ROW // 2
        drawn += f'<text x="0" y="{y + 5}">{escape(name)}</text>'
        drawn += f'<text x="100%" y="{y + 5}" text-anchor="end">{escape(each.text)}</text>'
        reach = each.estimate.interval
        if reach and reach[0] < reach[1]:
            drawn += (
                f'<line class="reach" x1="{x(reach[0])}" x2="{x(reach[1])}" y1="{y}" y2="{y}"/>'
            )
        if each.estimate.value is not None:
            drawn += f'<circle class="dot" cx="{x(each.estimate.value)}" cy="{y}" r="4.5"/>'
    return _svg("rows", said, tall, drawn)


def _svg(kind: str, said: str, height: int, drawn: str) -> str:
    return (
        f'<svg class="small-chart {kind}" role="img" aria-label="{escape(said)}" width="100%"'
        f' height="{height}">{drawn}</svg>'
    )


def small_map(tiles: Sequence[Tile], said: str) -> str:
    """The states as tiles of one size, shaded by quarters; those without a figure are outlined."""
    across = max(tile.column for tile in tiles) + 1
    down = max(tile.row for tile in tiles) + 1
    drawn = "".join(_tile(tile) for tile in tiles)
    return (
        f'<svg class="small-chart small-map" role="img" aria-label="{escape(said)}"'
        f' viewBox="0 0 {across * SIDE} {down * SIDE}">{drawn}</svg>'
    )


def _tile(tile: Tile) -> str:
    x, y, side = tile.column * SIDE, tile.row * SIDE, SIDE - GAP
    shade = "none" if tile.shade is None else str(tile.shade)
    return (
        f'<g class="shade-{shade}"><rect x="{x + 1}" y="{y + 1}" width="{side}" height="{side}"/>'
        f'<text x="{x + SIDE // 2}" y="{y + 18}" text-anchor="middle">{tile.code}</text></g>'
    )


def shades(values: Mapping[str, float]) -> dict[str, int]:
    """The shade of each state, 0 (lowest) to 3: its quarter among the values; equal ones are alike."""
    ordered = sorted(values.values())
    return {
        code: min(sum(other < value for other in ordered) * SHADES // len(ordered), SHADES - 1)
        for code, value in values.items()
    }


def _px(size: float) -> str:
    return f"{size:.1f}".removesuffix(".0")
