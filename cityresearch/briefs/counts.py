"""Counts as figures: of things listed, and of those that a figure is above, below or like."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from cityresearch.briefs.facts import About, Figure, Ledger
from cityresearch.briefs.indicators import hashed
from cityresearch.evidence.estimates import Estimate, counted
from cityresearch.methods import words
from cityresearch.methods.words import HIGHER, Comparison

LISTED = "count: things listed, each once"
COMPARED = "words.position: counted where they differ at 90% confidence"


def of_rows(
    ledger: Ledger,
    at: tuple[str, str],
    rows: Iterable[str],
    named: tuple[str, str],
    about: About,
    count: int,
) -> Figure:
    """A count of rows of a pinned table, or of what they name.

    Args:
        at: table and vintage.
        rows: keys of the rows, as in `geoid=5548000`.
        named: the figure's id and its label.
        count: how many there are.
    """
    table, vintage = at
    told = tuple(f"{table}[{row}]" for row in rows) or (table,)
    return Figure(
        id=named[0],
        label=named[1],
        estimate=counted(count, "count"),
        about=about,
        year=None,
        source=table.split(".")[0],
        vintage=vintage,
        rows=told,
        method=LISTED,
        method_hash=hashed(LISTED),
        data_hash=hashed([count, told]),
        ledger=ledger,
    )


def position(
    figure: Figure,
    others: Sequence[Estimate],
    rows: Sequence[str],
    group: str = "peers",
    wording: Comparison = HIGHER,
    whose: str = "its",
) -> str:
    """Where a figure stands among others, as `words.position` says it; each count is a figure.

    Args:
        rows: the rows that the others come from.
        group: what the others are, a plural that ends in s.
    """
    entry = f"{figure.id}:against"
    inputs = [str(estimate) for estimate in (figure.estimate, *others)]

    def tell(kind: str, count: int) -> str:
        told = dataclasses.replace(
            figure,
            id=f"{entry}:{kind}",
            entry=entry,
            label=f"{figure.label}, against {group}: {kind}",
            estimate=counted(count, group),
            rows=tuple(rows),
            method=COMPARED,
            method_hash=hashed(COMPARED),
            data_hash=hashed([kind, *inputs]),
        )
        return str(told)

    return words.position(figure.estimate, others, group, wording, whose, tell)


def rows_of(figures: Iterable[Figure]) -> list[str]:
    """The rows that these figures come from, each once."""
    return list(dict.fromkeys(row for figure in figures for row in figure.rows))
