"""Estimates: numbers with 90 % margins of error, or the reason why there is none.

Formulas: US Census Bureau, "Understanding and Using American Community Survey Data" (2020),
chapters 7 and 8 (margins of derived estimates, tests of difference). Every margin here is at
90 %, so a standard error is the margin divided by 1.645.

Three kinds of uncertainty, never mixed up:

- a margin (`moe`): symmetric; 0.0 for counted or controlled figures;
- bounds (`low`, `high`): a publisher's own interval, which need not be symmetric. One operand
  with bounds makes the result one with bounds: every operand becomes an interval (value ± margin)
  and the result spans all that the intervals allow. That is conservative: it is at least as wide
  as the truth whatever the correlation between the operands. Only the bounds of a percent change
  are those of independent estimates, so that they agree with `differs`;
- unknown (`moe` None and no bounds): the result's margin is unknown too.

A missing operand makes the result missing, for the same reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cityresearch.evidence.intervals import Interval, added, divided, multiplied, of_quotient

Z_90 = 1.645  # the Census Bureau's factor between a standard error and a 90 % margin

RELIABLE_CV, USABLE_CV = 0.12, 0.40  # METHODS: reliable; "an estimated"; above: not in prose
NEAR_EDGE = 0.10  # shares this near 0 or 1 go by their margin in points: the CV explodes there
# The margins that the two limits allow at a share of 10 %, so that both rules meet there.
RELIABLE_SHARE_MOE, USABLE_SHARE_MOE = (Z_90 * cv * NEAR_EDGE for cv in (RELIABLE_CV, USABLE_CV))

ZERO_DENOMINATOR = "zero denominator: the figure to divide by is zero"
BOUNDS_REACH_ZERO = "no bounds: the figure to divide by may be zero"

Reliability = Literal["reliable", "estimated", "suppressed", "unknown", "missing"]


@dataclass(frozen=True)
class Estimate:
    """A value in `unit` with its uncertainty.

    `unit` is plain text: "USD a year", "trips"; "%" for percentages, "share" for 0 to 1.
    `reason` says, for readers, why the value or its margin is absent.

    Raises:
        ValueError: a missing value without a reason, a number that is not finite, a negative
            margin, bounds beside a margin, one bound alone, or a value outside its bounds.
    """

    value: float | None
    moe: float | None = None
    unit: str = ""
    reason: str | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        for number in (self.value, self.moe, self.low, self.high):
            if number is not None and not math.isfinite(number):
                raise ValueError(f"not a finite number in {self!r}")
        interval = self.interval
        if self.value is None:
            self._check_missing()
        elif self.moe is not None and (self.moe < 0 or self.bounded):
            raise ValueError(f"a margin is never negative, nor given beside bounds: {self!r}")
        elif (self.low is None) != (self.high is None):
            raise ValueError(f"one bound alone: {self!r}")
        elif interval and not interval[0] <= self.value <= interval[1]:
            raise ValueError(f"value outside its bounds: {self!r}")

    def _check_missing(self) -> None:
        if not self.reason:
            raise ValueError("a missing value needs its reason")
        if self.moe is not None or self.bounded:
            raise ValueError(f"a missing value has no margin: {self!r}")

    @property
    def bounded(self) -> bool:
        """Whether it carries a publisher's bounds instead of a margin."""
        return self.low is not None or self.high is not None

    @property
    def interval(self) -> Interval | None:
        """(low, high): the bounds, or value ± margin; None where neither is known."""
        if self.value is None:
            return None
        if self.low is not None and self.high is not None:
            return self.low, self.high
        return None if self.moe is None else (self.value - self.moe, self.value + self.moe)


def missing(reason: str, unit: str = "") -> Estimate:
    """No value, and why."""
    return Estimate(None, unit=unit, reason=reason)


def counted(value: float | Estimate, unit: str = "") -> Estimate:
    """A plain number as an estimate without sampling error; an estimate stays as it is."""
    return value if isinstance(value, Estimate) else Estimate(float(value), 0.0, unit)


def total(parts: Iterable[Estimate]) -> Estimate:
    """The sum. Margin: the root of the sum of squares; of zero parts only the largest counts.

    Raises:
        ValueError: no parts, or parts in different units.
    """
    parts = list(parts)
    unit = _one_unit(parts)
    margins = [part.moe or 0.0 for part in parts if part.value != 0]
    margins.append(max((part.moe or 0.0 for part in parts if part.value == 0), default=0.0))
    return _derive(parts, math.fsum, lambda: math.hypot(*margins), added, unit)


def difference(a: Estimate, b: Estimate) -> Estimate:
    """a − b, with the margin of a sum.

    Raises:
        ValueError: a and b in different units.
    """
    return total([a, scaled(b, -1)])


def scaled(e: Estimate, k: float, unit: str | None = None) -> Estimate:
    """`e` times the exact number `k`, in `unit` (default: that of `e`)."""
    unit = e.unit if unit is None else unit
    if e.value is None:
        return replace(e, unit=unit)
    ends = sorted((e.low * k, e.high * k)) if e.low is not None and e.high is not None else None
    low, high = ends or (None, None)
    moe = None if e.moe is None else e.moe * abs(k)
    return Estimate(e.value * k, moe, unit, e.reason, low, high)


def ratio(a: Estimate, b: Estimate, unit: str = "") -> Estimate:
    """a / b, where a is no part of b. Margin: √(MOE_a² + R²·MOE_b²) / b."""
    return _divide(a, b, unit, _ratio_margin)


def proportion(part: Estimate, whole: Estimate) -> Estimate:
    """The share (0 to 1) that `part` is of the `whole` it belongs to.

    Margin: √(MOE_part² − p²·MOE_whole²) / whole, and where the root is of a negative number the
    margin of a ratio. Bounds are cut at 0 and 1.

    Raises:
        ValueError: the part is larger than the whole: then it is a ratio.
    """
    share = _divide(part, whole, "share", _proportion_margin)
    if share.value is not None and not -1e-9 <= share.value <= 1 + 1e-9:
        raise ValueError(f"not a part of its whole: {part!r} of {whole!r}; use ratio()")
    if share.value is not None and share.low is not None and share.high is not None:
        return replace(share, low=max(share.low, 0.0), high=max(min(share.high, 1.0), share.value))
    return share


def product(a: Estimate, b: Estimate, unit: str = "") -> Estimate:
    """a · b. Margin: √(a²·MOE_b² + b²·MOE_a²)."""

    def margin() -> float:
        return math.hypot((a.value or 0.0) * (b.moe or 0.0), (b.value or 0.0) * (a.moe or 0.0))

    return _derive([a, b], math.prod, margin, multiplied, unit)


def percent_change(old: Estimate, new: Estimate) -> Estimate:
    """100 · (new / old − 1) in "%", with the margin of the ratio.

    Bounds are those of a quotient of independent estimates (`intervals.of_quotient`): they leave out
    zero exactly where `differs` finds a change, so that no text says "rose" beside bounds that allow
    a fall. Do not call it on 5-year periods that overlap: they share interviews, and no formula here
    allows for that.
    """
    _one_unit([old, new])
    if old.value is not None and old.value < 0:
        return missing("no percent change can be taken from a figure below zero", "%")
    change = scaled(ratio(new, old), 100, "%")
    if change.value is None:
        return change
    value = change.value - 100
    if not change.bounded:
        return replace(change, value=value)
    ends = _quotient(new, old)
    if ends is None:
        return Estimate(value, None, "%", BOUNDS_REACH_ZERO)
    # Rounding may put an end a hair on the wrong side of the value.
    low, high = min(100 * ends[0] - 100, value), max(100 * ends[1] - 100, value)
    return replace(change, value=value, low=low, high=high)


def _quotient(a: Estimate, b: Estimate) -> Interval | None:
    """The bounds of a / b, each with its interval."""
    if a.value is None or b.value is None or a.interval is None or b.interval is None:
        return None
    return of_quotient((a.value, a.interval), (b.value, b.interval))


def differs(a: Estimate, b: Estimate) -> bool | None:
    """Whether a and b differ at 90 %; None where that cannot be tested.

    |a − b| > √(h_a² + h_b²), where h is the half of each interval that faces the other figure: the
    margin, so that |Z| > 1.645, or of bounds the nearer side (Zou and Donner 2008, "Construction of
    confidence limits about effect measures"). Wider bounds make it stricter. Two counts differ
    unless they are equal. A missing value or an unknown margin cannot be tested.

    Raises:
        ValueError: a and b in different units.
    """
    _one_unit([a, b])
    if a.value is None or b.value is None or a.interval is None or b.interval is None:
        return None
    if math.isclose(a.value, b.value, rel_tol=1e-9):
        return False
    (low, reach), (high, other) = sorted([(a.value, a.interval), (b.value, b.interval)])
    return high - low > math.hypot(reach[1] - low, high - other[0])


def cv(e: Estimate) -> float | None:
    """Coefficient of variation, standard error over value; None where it has none.

    Of bounds the farther one is taken for the margin.
    """
    margin = _widest(e)
    if e.value is None or margin is None:
        return None
    if margin == 0:
        return 0.0
    return None if e.value == 0 else margin / Z_90 / abs(e.value)


def reliability(e: Estimate) -> Reliability:
    """How an estimate may be printed, by its CV: up to 12 % reliable, up to 40 % "an estimated",
    above that suppressed in prose.

    Zeros, points, and shares or percentages within 10 points of 0 or 100 % go by their margin in
    points instead: up to 2.0 reliable, up to 6.6 estimated.
    """
    margin = _widest(e)
    if e.value is None:
        return "missing"
    if margin is None:
        return "unknown"
    size, limits = cv(e), (RELIABLE_CV, USABLE_CV)
    per_share = {"share": 1.0, "%": 100.0, "points": 100.0}.get(e.unit)
    if per_share and (e.unit == "points" or _near_edge(e.value / per_share)):
        size, limits = margin / per_share, (RELIABLE_SHARE_MOE, USABLE_SHARE_MOE)
    if size is None or size > limits[1]:
        return "suppressed"
    return "reliable" if size <= limits[0] else "estimated"


def _one_unit(parts: Sequence[Estimate]) -> str:
    """The unit that the parts share; a part without a unit fits any."""
    units = {part.unit for part in parts if part.unit}
    if not parts:
        raise ValueError("nothing to add")
    if len(units) > 1:
        raise ValueError(f"different units: {sorted(units)}")
    return units.pop() if units else ""


def _derive(
    parts: Sequence[Estimate],
    formula: Callable[[list[float]], float],
    margin: Callable[[], float],
    bounds: Callable[[list[Interval]], Interval | None],
    unit: str,
) -> Estimate:
    """Value by `formula`; uncertainty by the rules in the module's docstring."""
    absent = next((part for part in parts if part.value is None), None)
    if absent is not None:
        return replace(absent, unit=unit)
    value = formula([part.value for part in parts if part.value is not None])
    intervals = [interval for part in parts if (interval := part.interval) is not None]
    if len(intervals) < len(parts):
        reasons = (part.reason for part in parts if part.interval is None and part.reason)
        return Estimate(value, None, unit, next(reasons, None))
    if not any(part.bounded for part in parts):
        return Estimate(value, margin(), unit)
    ends = bounds(intervals)
    if ends is None:
        return Estimate(value, None, unit, BOUNDS_REACH_ZERO)
    # Rounding may put an end a hair on the wrong side of the value.
    return Estimate(value, None, unit, None, min(ends[0], value), max(ends[1], value))


def _divide(
    a: Estimate, b: Estimate, unit: str, margin: Callable[[Estimate, Estimate], float]
) -> Estimate:
    if a.value is not None and b.value == 0:
        return missing(ZERO_DENOMINATOR, unit)
    return _derive([a, b], lambda v: v[0] / v[1], lambda: margin(a, b), divided, unit)


def _ratio_margin(a: Estimate, b: Estimate) -> float:
    value, base = a.value or 0.0, b.value or 1.0
    return math.hypot(a.moe or 0.0, value / base * (b.moe or 0.0)) / abs(base)


def _proportion_margin(part: Estimate, whole: Estimate) -> float:
    value, base = part.value or 0.0, whole.value or 1.0
    square = (part.moe or 0.0) ** 2 - (value / base * (whole.moe or 0.0)) ** 2
    return math.sqrt(square) / abs(base) if square >= 0 else _ratio_margin(part, whole)


def _widest(e: Estimate) -> float | None:
    if e.value is None or e.interval is None:
        return None
    return max(e.value - e.interval[0], e.interval[1] - e.value)


def _near_edge(share: float) -> bool:
    return abs(share) < NEAR_EDGE or 1 - NEAR_EDGE < share <= 1
