"""Whether a fact is printed as its own value: each numeral of its wordings is that, or a bound, rounded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from cityresearch.methods.numbers import SMALL
from cityresearch.methods.numerals import numerals
from cityresearch.methods.words import TEENS, TENS

LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SCALES = (1.0, 100.0, 1e-3, 1e-6, 1e-9)  # a share in percent; what a chart's title divides by
SPELT = {word: float(at) for at, word in enumerate([*SMALL, *TEENS])}
SPELT |= {ten: 20.0 + 10 * at for at, ten in enumerate(TENS)}
SLACK = 1e-6  # of rounding halves, and of binary fractions

Fact = Mapping[str, Any]


def odd(fact: Fact) -> Iterator[str]:
    """Wordings of a fact with a numeral that neither its value nor a bound of it rounds to."""
    if fact["value"] is None:
        return
    known = [fact[name] for name in ("value", "moe", "low", "high") if fact[name] is not None]
    for text in (fact["text"], *fact["wordings"]):
        edge = text.startswith(("less than", "more than"))
        for found in numerals(text):
            said, step = read(found.text)
            reach = step * (2 if edge else 1) * (0.5 + SLACK)
            if not any(abs(said - x * scale) <= reach for x in known for scale in SCALES):
                yield text


def read(numeral: str) -> tuple[float, float]:
    """The number that a numeral says, and the size of the last place that it gives.

    A whole number ends with its last digit that is not zero: "31,000" is given to the thousand.
    """
    if not any(map(str.isdigit, numeral)):
        return _spelt(numeral), 1.0
    digits, _, word = numeral.lstrip("−-$").rstrip("%").replace(",", "").partition(" ")
    whole, point, decimals = digits.partition(".")
    zeros = len(whole) - len(whole.rstrip("0")) if int(whole or 0) and not point else 0
    step = 10.0 ** (zeros - len(decimals)) * LARGE.get(word, 1.0)
    sign = -1.0 if numeral.startswith(("−", "-")) else 1.0
    return sign * float(digits) * LARGE.get(word, 1.0), step


def _spelt(word: str) -> float:
    ten, _, one = word.partition("-")
    return SPELT.get(ten, math.nan) + SPELT.get(one, 0.0)
