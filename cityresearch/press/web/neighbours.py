"""Neighbours: the nearest other places of the book, by the distance between their centres."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MILES_OF_EARTH = 3958.8  # mean radius
REACH = 100  # miles; farther off, nobody calls a city a neighbour
CELL = 3.0  # degrees: at 61° north three degrees of longitude still are 100 miles
MOST = 5


@dataclass(frozen=True)
class Neighbour:
    """Another place by its key, and the miles to it as the crow flies."""

    key: str
    miles: float


Point = tuple[float, float]  # latitude and longitude in degrees


def neighbours(points: Mapping[str, Point], most: int = MOST) -> dict[str, list[Neighbour]]:
    """The nearest places within 100 miles of each, nearest first.

    Only places in the same square of the globe and in those beside it are measured, so that the
    work grows with the number of places and not with its square.
    """
    cells: dict[tuple[int, int], list[str]] = defaultdict(list)
    for key, point in points.items():
        cells[_cell(point)].append(key)
    return {key: _nearest(key, points, _around(cells, points[key]), most) for key in points}


def _cell(point: Point) -> tuple[int, int]:
    return math.floor(point[0] / CELL), math.floor(point[1] / CELL)


def _around(cells: Mapping[tuple[int, int], list[str]], point: Point) -> Iterable[str]:
    row, column = _cell(point)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            yield from cells.get((row + down, column + right), ())


def _nearest(
    key: str, points: Mapping[str, Point], others: Iterable[str], most: int
) -> list[Neighbour]:
    found = [Neighbour(other, miles(points[key], points[other])) for other in others]
    near = [each for each in found if each.key != key and each.miles <= REACH]
    return sorted(near, key=lambda each: (each.miles, each.key))[:most]


def miles(a: Point, b: Point) -> float:
    """The great-circle distance (haversine formula), miles."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, point)) for point in (a, b))
    across = math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * MILES_OF_EARTH * math.asin(math.sqrt(math.sin((lat_b - lat_a) / 2) ** 2 + across))
