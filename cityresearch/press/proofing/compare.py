"""Every numeral of a page, its drawings and its PDF, held against what the brief may print."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cityresearch.methods.numerals import Numeral, numerals
from cityresearch.press.figure_list import exact
from cityresearch.press.proofing.readings import Reading, sentence
from cityresearch.press.proofing.values import odd
from cityresearch.press.proofing.vocabulary import Vocabulary

FOLIO = re.compile(r"Page \d+ of (\d+)")
NOT_A_FACT = "no fact, year or date of this brief is printed so"
INSTEAD = "Print a figure of the brief (docs/how-to/print-a-number.md), then build it again."
REACH = (
    30  # letters beside a numeral in which the words are by which a PDF's is known to be the page's
)
SHORT = 3
WORD = re.compile(r"[\w,.]*\w")


class Fault(NamedTuple):
    """A numeral that is not the brief's, or a comparison in other words than it earned: in which file, what
    it is, around it, what was looked for."""

    where: str
    numeral: str
    around: str
    looked: str

    def __str__(self) -> str:
        return f"{self.where}: “{self.numeral}” in “{self.around}”: {self.looked}. {INSTEAD}"


def fact_faults(where: str, facts: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """Facts that are printed as another number than their own."""
    for fact in facts:
        for text in odd(fact):
            told = f"the value of the fact '{fact['id']}' is {exact(fact['value'])}"
            yield Fault(where, text, fact["label"], told)


def page_faults(where: str, reading: Reading, known: Vocabulary) -> Iterator[Fault]:
    """Numerals of a page that are not those of the fact that they link to, or of none at all."""
    for found, entry in _of_entries(reading.text, reading.spans):
        allowed = known.of.get(entry, set()) if entry else known.every
        if found.text not in allowed and not known.quotes(reading.text, found):
            looked = _printed(entry, known) if entry else NOT_A_FACT
            yield _fault(where, reading.text, found, looked)
    yield from _year_faults(where, reading, known)
    yield from _value_faults(where, reading, known)
    yield from _list_faults(f"{where}, list of figures", reading, known)


def _printed(entry: str, known: Vocabulary) -> str:
    if entry not in known.of:
        return f"its link leads to '{entry}', which is no fact of this brief"
    told = " or ".join(sorted(known.of[entry])) or "without a numeral"
    return f"the fact beside it ('{entry}') is printed {told}"


def _year_faults(where: str, reading: Reading, known: Vocabulary) -> Iterator[Fault]:
    """Rows of tables whose head is a year that the data of a figure in the row are not of."""
    for year, entries in reading.years:
        for entry in entries:
            own = known.years.get(entry)
            if own and year not in own:
                told = f"the data of '{entry}' in this row are of {', '.join(sorted(own))}"
                yield Fault(where, year, f"{year}: {entry}", told)


def _value_faults(where: str, reading: Reading, known: Vocabulary) -> Iterator[Fault]:
    """Exact values in attributes: of the fact that they stand in a link to, or of any."""
    anywhere = set().union(*known.exact.values())
    for entry, told in reading.values:
        for value in told.split():
            if value.removesuffix(".0") not in (known.exact.get(entry, ()) if entry else anywhere):
                yield Fault(where, value, f"value of '{entry}'", "no fact has this exact value")


def _list_faults(where: str, reading: Reading, known: Vocabulary) -> Iterator[Fault]:
    text, rows = reading.listed
    for found, entry in _of_entries(text, rows):
        own = entry and (known.of.get(entry, set()) | known.exact.get(entry, set()))
        if found.text not in own and not known.lists(entry, found.text):
            yield _fault(where, text, found, f"the fact '{entry}' holds no such number")


def _of_entries(text: str, spans: list[tuple[int, int, str]]) -> Iterator[tuple[Numeral, str]]:
    """The numerals of a text, each with the entry in whose span it stands, or none."""
    ahead = iter(sorted(spans))
    span = next(ahead, None)
    for found in numerals(text):
        while span and span[1] <= found.start:
            span = next(ahead, None)
        yield found, span[2] if span and span[0] <= found.start else ""


def drawing_faults(
    where: str, text: str, known: Vocabulary, ticks: Collection[str]
) -> Iterator[Fault]:
    """Numerals of a drawing that are neither facts nor on its own scale."""
    for found in _unknown(text, known, ticks):
        yield _fault(where, text, found, f"{NOT_A_FACT}, and it is not on the chart’s scale")


def paper_faults(
    where: str, paper: tuple[str, int], known: Vocabulary, ticks: Collection[str], page: str
) -> Iterator[Fault]:
    """Numerals of a PDF that are neither facts nor on a scale, or that its page has elsewhere.

    Args:
        paper: its text, and the number of its pages.
        page: what the page and its drawings say.
    """
    text = FOLIO.sub(lambda found: "" if int(found[1]) == paper[1] else found[0], paper[0])
    unknown = _unknown(text, known, ticks)
    for found in unknown:
        yield _fault(where, text, found, NOT_A_FACT)
    beside = {pair for found in numerals(page) for pair in _beside(page, found)}
    for found in numerals(text):
        if found in unknown or found.text in known.edition or known.quotes(text, found):
            continue
        if beside.isdisjoint(_beside(text, found)):
            yield _fault(where, text, found, "the page has no such number in this place")


def _beside(text: str, found: Numeral) -> tuple[tuple[str, str], tuple[str, str]]:
    """A numeral with the word before it and with the one after it; with two, where one is short."""
    before = WORD.findall(text[max(0, found.start - REACH) : found.start])[::-1]
    after = WORD.findall(text[found.end : found.end + REACH])
    return (f"{_word(before)}<", found.text), (f">{_word(after)}", found.text)


def _word(words: list[str]) -> str:
    return words[0] if words and len(words[0]) > SHORT else " ".join(words[:2])


def _unknown(text: str, known: Vocabulary, ticks: Iterable[str]) -> list[Numeral]:
    allowed = known.every.union(ticks)
    return [
        found
        for found in numerals(text)
        if found.text not in allowed and not known.quotes(text, found)
    ]


def _fault(where: str, text: str, found: Numeral, looked: str) -> Fault:
    return Fault(where, found.text, sentence(text, found.start, found.end), looked)
