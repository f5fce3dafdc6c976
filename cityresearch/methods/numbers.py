"""Numbers as readers see them: rounding by unit and margin, dollars, percentages, margins.

The rules are the house style ("Methods", words): prose rounds hard, tables and key figures
(`precise`) less, and nothing is printed finer than its margin of error allows.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from cityresearch.evidence.estimates import Estimate, reliability

MINUS = "\N{MINUS SIGN}"
NOT_AVAILABLE = "not available"
TOO_UNCERTAIN = "too uncertain to print"
VERY_UNCERTAIN = "very uncertain"
COUNTED = "counted, no sampling error"
SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LARGE = (
    (12, "trillion", 2),
    (9, "billion", 2),
    (6, "million", 1),
)  # power, name, decimals in tables


def number(
    value: float | Estimate | None,
    unit: str | None = None,
    *,
    precise: bool = False,
    margin: float | None = None,
) -> str:
    """A number in words or numerals, with the sign of its unit ($, %, points) and no other unit.

    In prose: whole percentages; dollars to the nearest 1, 10 or 100, from 10,000 to three
    figures; other numbers to three figures from 10,000, zero to nine in words. `precise`, for
    tables and key figures: one decimal in percentages, cents below $1,000, millions of dollars with
    one decimal and billions with two, as many all down a column, no words. Halves are
    rounded away from zero. An estimate brings its own unit and margin; in prose one with a wide
    margin becomes "an estimated …", one too uncertain to print is called not available, and so
    is a missing one, with its reason (tables, that is `precise`, show reasons beneath).

    Args:
        value: an estimate, or a number in `unit`; None prints "not available".
        unit: "USD…", "%", "share" (0 to 1, printed as a percentage), "points", "year", or any other.
        margin: 90 % margin in the same unit, for a value that is not an estimate.
    """
    if isinstance(value, Estimate):
        return _estimate(value, value.unit if unit is None else unit, precise)
    if value is None:
        return NOT_AVAILABLE
    return _format(float(value), unit or "", precise, margin or 0.0)


def margin_text(e: Estimate) -> str:
    """What stands beside an estimate: "± 3,200", "$20,000 to $24,000", "counted, …" or why not.

    That of an estimate too uncertain for prose says so: "−23% to 72%, very uncertain".
    """
    if e.value is None:
        return ""
    if e.interval is None:
        return e.reason or "margin of error not known"
    if e.moe == 0:
        return COUNTED
    return _reach(e) + (f", {VERY_UNCERTAIN}" if reliability(e) == "suppressed" else "")


def _reach(e: Estimate) -> str:
    if e.value is not None and e.low is not None and e.high is not None:
        return span(e.low, e.high, e.unit, margin=max(e.high - e.value, e.value - e.low))
    unit, scale = ("points", _per_cent(e.unit)) if _is_percent(e.unit) else (e.unit, 1.0)
    moe = (e.moe or 0.0) * scale
    return "± " + number(moe, unit, precise=True, margin=moe)


def close(e: Estimate) -> str:
    """The wording of tables for prose, where two numbers stand side by side: "an estimated $43,000".

    What is too uncertain for prose is not available here either.
    """
    if e.value is None or reliability(e) == "suppressed":
        return number(e)
    return ("an estimated " if reliability(e) == "estimated" else "") + number(e, precise=True)


def span(low: float, high: float, unit: str = "", *, margin: float | None = None) -> str:
    """A range, "$20,000 to $24,000", with the precision of tables but no finer than `margin`."""
    ends = (number(end, unit, precise=True, margin=margin) for end in (low, high))
    return " to ".join(ends)


def _estimate(e: Estimate, unit: str, precise: bool) -> str:
    if e.value is None:
        return NOT_AVAILABLE if precise else f"{NOT_AVAILABLE} ({e.reason})"
    reach = e.interval or (e.value, e.value)
    text = _format(e.value, unit, precise, max(e.value - reach[0], reach[1] - e.value))
    kind = reliability(e)
    if precise or kind not in ("estimated", "suppressed"):
        return text
    return f"an estimated {text}" if kind == "estimated" else f"{NOT_AVAILABLE} ({TOO_UNCERTAIN})"


def _format(value: float, unit: str, precise: bool, margin: float) -> str:
    if unit == "year":
        return f"{value:.0f}"
    scale = _per_cent(unit)
    # Ten decimals drop the dust of binary fractions, so that halves round as a reader would.
    value, margin = round(value * scale, 10), margin * scale
    place = _place(abs(value), unit, precise)
    if margin > 0:
        place = max(place, _leading(margin) - (1 if precise else 0))
    if _is_dollars(unit) and place == -1:
        place = 0
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(place), ROUND_HALF_UP)
    if margin == 0 and (edge := _edge(value, rounded, unit, place)):
        return edge
    if rounded < 0:
        return MINUS + _signed(-rounded, unit, precise, spell=False)
    return _signed(abs(rounded), unit, precise, spell=not precise)


def _place(size: float, unit: str, precise: bool) -> int:
    """The power of ten that a number of this size is rounded to."""
    if _is_percent(unit) or unit == "points":
        return -1 if precise else 0
    if _is_dollars(unit):
        return _dollar_place(size, precise)
    if size >= 10_000:
        return 0 if precise else _leading(size) - 2
    if size.is_integer():
        return 0
    return -2 if size < 1 else -1 if size < (100 if precise else 10) else 0


def _dollar_place(size: float, precise: bool) -> int:
    if precise:
        return -2 if size < 1_000 else 0 if size < 1e6 else 5 if size < 1e9 else 7
    if size < 10_000:
        return -2 if 0 < size < 1 else 0 if size < 100 else _leading(size) - 1
    return _leading(size) - 2


def _leading(size: float) -> int:
    return math.floor(math.log10(size))


def _edge(value: float, rounded: Decimal, unit: str, place: int) -> str:
    """Words for a small number that rounding would make nothing, or a share it would make all."""
    step = Decimal(1).scaleb(place)
    if rounded == 0 and value > 0:
        return "less than " + _signed(step, unit, precise=True, spell=False)
    if _is_percent(unit) and value < 100 <= rounded:
        return "more than " + _signed(100 - step, unit, precise=True, spell=False)
    return ""


def _signed(size: Decimal, unit: str, precise: bool, spell: bool) -> str:
    """A rounded size with the sign of its unit; `spell` puts zero to nine in words."""
    if _is_percent(unit):
        return f"{size:,f}%"
    if _is_dollars(unit):
        return "$" + _digits(size, True, padded=precise)
    if not precise and size == int(size):
        size = Decimal(int(size))
    digits = SMALL[int(size)] if spell and size in range(10) else _digits(size, not precise)
    if unit == "points":
        return f"{digits} {'point' if digits in ('one', '1') else 'points'}"
    return digits


def _digits(size: Decimal, shorten: bool, padded: bool = False) -> str:
    """A size in numerals; a large one shortened to millions, `padded` with the zeros of a column."""
    for power, name, decimals in _LARGE:
        if shorten and size >= 10**power:
            finest = max(int(size.adjusted() - len(size.as_tuple().digits) + 1) - power, -decimals)
            scaled = size.scaleb(-power)
            told = scaled.quantize(Decimal(1).scaleb(finest)) if padded else scaled.normalize()
            return f"{told:,f} {name}"
    return f"{size:,f}"


def _is_percent(unit: str) -> bool:
    return unit in ("%", "share")


def _is_dollars(unit: str) -> bool:
    return unit.startswith("USD")


def _per_cent(unit: str) -> float:
    return 100.0 if unit == "share" else 1.0
