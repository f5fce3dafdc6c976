"""Numerals in a text: digits with their signs, dates, and number words from two up."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from typing import NamedTuple

from cityresearch.methods.numbers import SMALL
from cityresearch.methods.words import TEENS, TENS

_MONTHS = tuple(f"{name} " for name in calendar.month_name[1:])
_TOGETHER = [f"{ten}-{small}" for ten in TENS for small in SMALL[1:]]
_WORDS = frozenset((*SMALL[2:], "zero", *TEENS, *TENS, *_TOGETHER, "hundred", "dozen"))
# Each begins with what a text seldom holds, so that it is found fast; signs are looked for after.
_DIGITS = re.compile(r"\d(?:\w|[.,](?=\d))*(?: (?:thousand|million|billion|trillion)\b)?%?")
_MONTH = re.compile(r"[A-Z][a-z]+ $")
_YEAR = re.compile(r", \d{4}(?!\d)")
_WORD = re.compile(r"\b[defhnstzDEFHNSTZ][a-z]{2,8}(?:-[a-z]{3,5})?\b(?!’)")


class Numeral(NamedTuple):
    """A numeral, and where it stands in its text."""

    text: str
    start: int
    end: int


def numerals(text: str) -> list[Numeral]:
    """The numerals of a text whose spaces are single, in order; words in small letters.

    A date is one numeral ("July 1, 2025"): each of its parts would be some other number's. So is a
    code with the letters about its digits (OR4100657). "One" is left out, for it is mostly a pronoun,
    and so are fractions ("a fifth", "half").
    """
    return sorted([*_digits(text), *_words(text)], key=lambda found: found.start)


def has_numeral(text: str) -> bool:
    """Whether a text holds one."""
    return _DIGITS.search(text) is not None or next(_words(text), None) is not None


def _digits(text: str) -> Iterator[Numeral]:
    last = 0
    for found in _DIGITS.finditer(text):
        start, end = found.span()
        if start < last:
            continue  # the year of a date
        before = text[max(last, start - 12) : start]
        if before.endswith(_MONTHS):
            start -= len(_MONTH.search(before)[0])  # type: ignore[index]
            end = year.end() if (year := _YEAR.match(text, end)) else end
        else:
            start = _start(text, start, last)
        last = end
        yield Numeral(text[start:end], start, end)


def _start(text: str, start: int, last: int) -> int:
    """Where a numeral begins whose first digit is at `start`: with its letters, $ and sign."""
    while start > last and text[start - 1].isalpha():
        start -= 1
    if start > last and text[start - 1] == "$":
        start -= 1
    if start > last and text[start - 1] in "−-" and not text[start - 2 : start - 1].isalnum():
        start -= 1  # a hyphen between letters is no sign
    return start


def _words(text: str) -> Iterator[Numeral]:
    for found in _WORD.finditer(text):
        word = found[0].lower()
        if word in _WORDS:
            yield Numeral(word, *found.span())
