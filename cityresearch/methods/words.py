"""Language for readers: fractions, names, comparisons and positions that claim no more than
the estimates allow. Words of comparison come from `differs` alone."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from cityresearch.evidence.estimates import Estimate, counted, differs
from cityresearch.methods.numbers import MINUS, SMALL, margin_text, number, span

__all__ = [
    "HIGHER",
    "HIGHER_IN",
    "LESS_IN",
    "MORE_IN",
    "SIDES",
    "TREND",
    "UNTESTED",
    "Comparison",
    "Tell",
    "compare",
    "counts_of",
    "fraction",
    "join",
    "largest",
    "leaders",
    "long_date",
    "margin_text",
    "number",
    "overlap",
    "period",
    "plural",
    "position",
    "possessive",
    "sentence_start",
    "span",
    "trend",
]

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
EN_DASH = "\N{EN DASH}"

FRACTION_POINTS = 0.015  # a fraction stands for a share within 1.5 points of it (house style) …
FRACTION_RELATIVE = 0.10  # … and within a tenth of it, so that 4% is not "nearly one in 20"
EXACT_POINTS = 0.005  # nearer than this it needs no "nearly" or "just over"
_FRACTIONS = (
    (1 / 20, "one in 20"),
    (1 / 10, "one in 10"),
    (1 / 5, "one in five"),
    (1 / 4, "one in four"),
    (1 / 3, "one in three"),
    (2 / 5, "two in five"),
    (1 / 2, "half"),
    (3 / 5, "three in five"),
    (2 / 3, "two in three"),
    (3 / 4, "three in four"),
    (4 / 5, "four in five"),
    (9 / 10, "nine in 10"),
)
TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMERAL = re.compile(rf"({MINUS}?)(\$?)(\d+(?:,\d{{3}})*(?:\.\d+)?)(%?)")


class Comparison(NamedTuple):
    """The words for above, below, not clearly different, and equal where nothing was estimated."""

    more: str
    less: str
    same: str
    equal: str


HIGHER = Comparison("higher than", "lower than", "about the same as", "the same as")
TREND = Comparison("rose", "fell", "did not change clearly", "did not change")
# Of figures of places, for `position`: "fewer than one" would mean none, "fewer than in one" does not.
HIGHER_IN = Comparison("higher than in", "lower than in", "about the same as in", "the same as in")
MORE_IN = Comparison("more than in", "fewer than in", "about as many as in", "as many as in")
LESS_IN = Comparison("more than in", "less than in", "about as much as in", "as much as in")
UNTESTED = "not tested against"
Tell = Callable[[str, int], str]


def compare(
    a: Estimate | float, b: Estimate | float, other: str = "", words: Comparison = HIGHER
) -> str:
    """`a` against `b`, named `other`: "higher than the median peer".

    "not tested against the median peer: …", with the reason, where `differs` cannot tell.
    """
    a, b = counted(a), counted(b)
    different = differs(a, b)
    if different is None:
        return f"not tested{' against ' + other if other else ''}: {_why_untested(a, b)}"
    return f"{_word(a, b, different, words)} {other}".rstrip()


def trend(old: Estimate | float, new: Estimate | float, words: Comparison = TREND) -> str:
    """What a figure did from `old` to `new`: "rose", "fell", "did not change clearly".

    "did not change" for equal counts, "cannot be compared: …" where `differs` cannot tell. Not
    for 5-year periods that overlap: ask `overlap` first.
    """
    old, new = counted(old), counted(new)
    different = differs(old, new)
    if different is None:
        return f"cannot be compared: {_why_untested(old, new)}"
    return _word(new, old, different, words)


def position(
    value: Estimate,
    others: Iterable[Estimate],
    group: str = "peers",
    words: Comparison = HIGHER_IN,
    whose: str = "its",
    tell: Tell = lambda _, count: number(count),
) -> str:
    """Where `value` stands: "higher than in six of its eight peers and lower than in two".

    The larger side leads; others that do not differ from it at 90 % are ties, counts and rates of
    a law that equal it are "the same"; those that cannot be tested are counted as such. `group` is
    a plural that ends in s. `tell` words each count; it is given the words of the comparison that
    were counted, "compared" for all of them.
    """
    others = list(others)
    if value.value is None or not others:
        return f"not compared: {value.reason or f'there are no {group} with data'}"
    above, below, same, equal, untested = counts_of(value, others).values()
    size = len(others), tell("compared", len(others))
    if untested == size[0]:
        return f"{_none_tested(*size, group, whose)}: {_why_untested(value, *others)}"
    first, second = [(above, words.more), (below, words.less)][:: 1 if above >= below else -1]
    sides = (first, (equal, words.equal), (same, words.same), second)
    named = [side for side in (*sides, (untested, UNTESTED)) if side[0]]
    head = _lead(named[0], size, group, whose, tell)
    tails = [f"{word} {tell(word, count)}" for count, word in named[1:]]
    return join([head, *tails]) + (" of them" if tails and not words.more.endswith(" in") else "")


def leaders(named: Mapping[str, Estimate]) -> list[str]:
    """The names of the largest and of all that tie with it: that do not differ from it at 90 %, or
    cannot be tested against it. What has no value is left out."""
    known = {name: each for name, each in named.items() if each.value is not None}
    if not known:
        return []
    first = max(known, key=lambda name: known[name].value or 0.0)
    tied = [name for name, each in known.items() if differs(known[first], each) is not True]
    return [first, *(name for name in tied if name != first)]


def largest(named: Mapping[str, Estimate], one: str) -> str:
    """ "The largest source is local funds", "Tied as the largest source are local funds and fares"."""
    first = leaders(named)
    start = f"Tied as the largest {one} are" if len(first) > 1 else f"The largest {one} is"
    return f"{start} {join(first)}"


def fraction(share: Estimate | float) -> str:
    """A share (0 to 1) as a plain fraction, "nearly one in three", else as a percentage."""
    share = counted(share, "share")
    size = share.value
    if size is None or (share.interval and share.interval[1] - size > FRACTION_POINTS):
        return number(share, "share")
    near, words = min(_FRACTIONS, key=lambda pair: abs(pair[0] - size))
    gap = size - near
    # A hair of slack: 0.515 is within 1.5 points of a half, whatever its binary fraction says.
    if abs(gap) > min(FRACTION_POINTS, FRACTION_RELATIVE * near) + 1e-9:
        return number(share, "share")
    if abs(gap) < EXACT_POINTS:
        return words
    return ("nearly " if gap < 0 else "just over ") + words


def possessive(name: str) -> str:
    """The possessive of a name: "Madison’s", "Des Moines’", "the District of Columbia’s"."""
    return name + (APOSTROPHE if name.endswith("s") else f"{APOSTROPHE}s")


def plural(count: float, one: str, many: str | None = None) -> str:
    """A counted noun: "one trip", "six cities" (`many` where it is not one + "s")."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def join(items: Sequence[str]) -> str:
    """A list in a sentence: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def period(start: str, end: str) -> str:
    """A vintage of several years, "2018–2022", or the one year."""
    return start if start == end else f"{start}{EN_DASH}{end}"


def long_date(text: str) -> str:
    """A date as readers see it: "November 22, 2026", "November 2026", "2026"."""
    year, *rest = text.split("-")
    if not rest:
        return year
    month = calendar.month_name[int(rest[0])]
    return f"{month} {int(rest[1])}, {year}" if len(rest) > 1 else f"{month} {year}"


def overlap(first: str, second: str) -> bool:
    """Whether two periods ("2018–2022", "2019") share a year, so that they must not be compared."""
    spans = [[int(year) for year in re.findall(r"\d{4}", text)] for text in (first, second)]
    return max(spans[0][0], spans[1][0]) <= min(spans[0][-1], spans[1][-1])


def sentence_start(text: str) -> str:
    """`text` as the start of a sentence: a capital, and never a numeral.

    Whole numbers below 1,000 are spelt out ("84% of" → "Eighty-four percent of"), years are led
    by "The year" or "The period", all other numbers by "About": numbers in prose are rounded.
    """
    match = _NUMERAL.match(text)
    if not match:
        return text[:1].upper() + text[1:]
    minus, dollar, digits, percent = match.groups()
    rest = text[match.end() :]
    if re.match(rf"(19|20)\d\d({EN_DASH}|$|\D)", digits + rest) and not (
        minus or dollar or percent
    ):
        return f"The {'period' if rest.startswith(EN_DASH) else 'year'} {text}"
    if not digits.isdigit() or int(digits) > 999 or re.match(r"\w| to | [bmtr]+illion", rest):
        return f"About {text}"
    unit = " percent" if percent else " dollar" + "s" * (digits != "1") if dollar else ""
    spelt = ("minus " if minus else "") + _spell(int(digits)) + unit
    return spelt[0].upper() + spelt[1:] + rest


def _why_untested(*sides: Estimate) -> str:
    """Why they cannot be compared: the first reason that one of them has."""
    reasons = (side.reason for side in sides if side.interval is None and side.reason)
    return next(reasons, "the margin of error is not known")


def _word(a: Estimate, b: Estimate, different: bool, words: Comparison) -> str:
    if not different:
        return words.equal if a.moe == b.moe == 0 else words.same
    return words.more if (a.value or 0.0) > (b.value or 0.0) else words.less


SIDES = Comparison("above", "below", "same", "equal")


def counts_of(value: Estimate, others: Iterable[Estimate]) -> dict[str, int]:
    """How many others the value is above, below, tied with ("same"), equal to, and ("") not tested
    against."""
    tests = [(differs(value, other), other) for other in others]
    found = ["" if test is None else _word(value, other, test, SIDES) for test, other in tests]
    return {side: found.count(side) for side in (*SIDES, "")}


def _lead(side: tuple[int, str], size: tuple[int, str], group: str, whose: str, tell: Tell) -> str:
    count, word = side
    if count == size[0]:
        return f"{word} {_all_of(*size, group, whose)}"
    return f"{word} {tell(word, count)} of {whose} {size[1]} {group}"


def _all_of(size: int, told: str, group: str, whose: str) -> str:
    return f"{whose} {told} {group[:-1]}" if size == 1 else f"all {told} of {whose} {group}"


def _none_tested(size: int, told: str, group: str, whose: str) -> str:
    whom = f"{whose} {told} {group[:-1]}" if size == 1 else f"any of {whose} {told} {group}"
    return f"{UNTESTED} {whom}"


def _spell(n: int) -> str:
    if n < 10:
        return SMALL[n]
    if n < 20:
        return TEENS[n - 10]
    if n < 100:
        return TENS[n // 10 - 2] + (f"-{SMALL[n % 10]}" if n % 10 else "")
    return f"{SMALL[n // 100]} hundred" + (f" {_spell(n % 100)}" if n % 100 else "")
