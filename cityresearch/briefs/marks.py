"""Marks: a private character after a number says which figure it is, while a brief is being made.

A number travels from its figure to the page as plain text, through headlines, sentences and tables
that a notebook composes. Where the press runs a notebook, each printed figure carries one character
of a private plane of Unicode, which names its printing. The press takes all of them out again when
the cells have run and keeps where each number stands: nothing that is written ever holds a mark.
Anyone else who runs a notebook never sees one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cityresearch.methods.words import sentence_start

SWITCH = "CITYRESEARCH_MARK_FIGURES"  # "1": the press runs the notebook
FIRST, LAST = 0xF0000, 0xFFFFD
MARK = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")
# What of a block holds numbers as text of its own: not titles, which are said twice, nor "alt".
PRINTED = frozenset(("value", "label", "margin", "comparison", "note", "text", "sub", "notes"))
PARTS = ("items", "rows", "table")  # of a block, that hold such texts

Printing = tuple[Any, str, str]  # whose ledger, the figure's id, the text
Spans = list[list[Any]]  # [start, end, what the mark stands for] in a text without marks

_printings: list[Printing] = []
_numbers: dict[tuple[int, str, str], int] = {}


def forget() -> None:
    """A process begins that has printed nothing."""
    _printings.clear()
    _numbers.clear()


def switched_on() -> bool:
    """Whether the press runs the notebook."""
    return os.environ.get(SWITCH) == "1"


def marked(ledger: Any, figure: str, text: str) -> str:
    """The text with the mark of its figure, where the press runs the notebook."""
    if not switched_on() or not text:
        return text
    text = plain(text)
    key = (id(ledger), figure, text)
    if key not in _numbers:
        if len(_printings) > LAST - FIRST:
            return text
        _numbers[key] = len(_printings)
        _printings.append((ledger, figure, text))
    return text + chr(FIRST + _numbers[key])


def printings(ledger: Any) -> list[list[Any]]:
    """What each mark stands for: the number of the fact in the ledger (or None), and the text."""
    facts = {name: number for number, name in enumerate(ledger.facts)}
    return [
        [facts.get(figure) if whose is ledger else None, text] for whose, figure, text in _printings
    ]


def plain(text: str) -> str:
    """The text without marks."""
    return text if text.isascii() else MARK.sub("", text)


def taken(text: str, told: Sequence[Sequence[Any]]) -> tuple[str, Spans]:
    """The text without marks, and where in it a number stands that is the figure of its mark.

    A mark whose number was changed on the way (cut, spelled out, joined) is dropped: better no link
    than one to another figure.

    Args:
        told: from `printings`.
    """
    if text.isascii():  # it holds no mark
        return text, []
    found: Spans = []
    clean, last = "", 0
    for mark in MARK.finditer(text):
        clean, last = clean + text[last : mark.start()], mark.end()
        number = ord(mark[0]) - FIRST
        fact, printed = told[number] if number < len(told) else (None, "")
        end = found[-1][1] if found else 0
        for wording in _wordings(printed) if fact is not None else ():
            if clean.endswith(wording) and len(clean) - len(wording) >= end:
                found.append([len(clean) - len(wording), len(clean), fact])
                break
    return clean + text[last:], found


def _wordings(printed: str) -> Iterator[str]:
    """A number as it was printed, and as a sentence begins with it: seldom asked for, and slow."""
    yield printed
    yield sentence_start(printed)


def without(content: Any) -> Any:
    """Any JSON content without marks: the same object where it has none."""
    text = json.dumps(content, ensure_ascii=False)  # many small texts are looked through in one go
    return json.loads(plain(text)) if MARK.search(text) else content


def of_block(block: Mapping[str, Any], told: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Where the printed texts of a block hold figures: [place in the block, spans] each.

    A margin beside its own figure is no figure more.
    """
    found: list[list[Any]] = []
    beside: dict[str, set[int]] = {}

    def see(text: str, place: list[Any]) -> None:
        spans = taken(text, told)[1]
        if place[-1] in ("text", "value"):
            beside[str(place[:-1])] = {fact for _, _, fact in spans}
        elif spans and place[-1] in ("sub", "margin"):
            known = beside.get(str(place[:-1]), ())
            spans = [span for span in spans if span[2] not in known]
        if spans:
            found.append([place, spans])

    _walk(block, [], see)
    return found


def _walk(part: Any, place: list[Any], see: Callable[[str, list[Any]], None]) -> None:
    if isinstance(part, str):
        see(part, place)
    elif isinstance(part, list):
        for number, each in enumerate(part):
            _walk(each, [*place, number], see)
    elif isinstance(part, Mapping):
        for name, each in part.items():
            if name in PARTS or name in PRINTED:
                _walk(each, [*place, name], see)
