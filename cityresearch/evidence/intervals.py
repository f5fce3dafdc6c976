"""Intervals (low, high) of sums, products and quotients. Each spans all that those of its operands
allow, except that of `of_quotient`, whose operands are independent estimates."""

from __future__ import annotations

import math
from collections.abc import Sequence

Interval = tuple[float, float]


def added(parts: Sequence[Interval]) -> Interval:
    """The interval of a sum."""
    return math.fsum(low for low, _ in parts), math.fsum(high for _, high in parts)


def multiplied(parts: Sequence[Interval]) -> Interval:
    """The interval of a product of two."""
    corners = [x * y for x in parts[0] for y in parts[1]]
    return min(corners), max(corners)


def divided(parts: Sequence[Interval]) -> Interval | None:
    """The interval of a quotient of two; None where the divisor may be zero."""
    low, high = parts[1]
    if low <= 0 <= high:
        return None
    corners = [x / y for x in parts[0] for y in (low, high)]
    return min(corners), max(corners)


def of_quotient(a: tuple[float, Interval], b: tuple[float, Interval]) -> Interval | None:
    """The interval of a / b, two independent estimates above zero, each with its own interval.

    Each end is the quotient R at which a − R·b no longer differs from zero, by the halves of the
    intervals that face each other (Donner and Zou 2012, "Closed-form confidence intervals for
    functions of the normal mean and standard deviation"). None where b may be zero.
    """
    (top, (top_low, top_high)), (base, (base_low, base_high)) = a, b
    low = _end(top, top - top_low, base, base_high - base, -1)
    high = _end(top, top_high - top, base, base - base_low, 1)
    return None if low is None or high is None else (low, high)


def _end(a: float, reach_a: float, b: float, reach_b: float, side: int) -> float | None:
    """The root of (a − R·b)² = reach_a² + R²·reach_b² on one side of a / b; None where there is none."""
    square = b * b - reach_b * reach_b
    if b <= 0 or square <= 0:
        return None
    return (a * b + side * math.hypot(a * reach_b, math.sqrt(square) * reach_a)) / square
