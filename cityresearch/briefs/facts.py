"""Facts: each number as published, with whom it is about, its source rows and its method."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cityresearch.briefs import marks, stamp
from cityresearch.evidence.estimates import Estimate
from cityresearch.methods import numbers
from cityresearch.methods.numerals import has_numeral

QUOTED = "text: as published"


@dataclass(frozen=True)
class About:
    """Whom a fact is about: the kind of its code (geoid, uace, cbsa, state, nation), code and name."""

    kind: str
    id: str
    name: str


@dataclass
class Ledger:
    """The facts of one brief, in the order in which they were first shown, and the texts with numerals
    that it quotes from its sources.

    `said` are all texts that it quotes, with numerals or without. `place` and `name` are code and name
    of the place that it is about; `admit` refuses figures about strangers.
    """

    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    quotes: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    place: str = ""
    name: str = ""
    admit: Callable[[Figure], None] = lambda _: None

    def record(self, figure: Figure, text: str) -> str:
        """Notes that a figure was printed as `text`; the first printing is the fact's own text.

        Returns the text, marked as the figure's where the press runs the notebook (see `marks`).
        """
        if figure.id not in self.facts:
            self._enter(figure, marks.plain(text))
        return self.marked(figure, text)

    def marked(self, figure: Figure, text: str) -> str:
        """Another wording of a figure, such as its margin, marked as the figure's."""
        stamp.refuse_another(self.place, marks.plain(text), self.name)
        self.note(figure, text)
        return marks.marked(self, figure.id, text)

    def note(self, figure: Figure, text: str) -> None:
        """Notes another wording of a figure that is printed without a link to it."""
        text = marks.plain(text)
        if figure.id not in self.facts:
            self._enter(figure, figure.text(precise=True))
        fact = self.facts[figure.id]
        if text != fact["text"] and text not in fact["wordings"]:
            fact["wordings"].append(text)

    def _enter(self, figure: Figure, text: str) -> None:
        self.admit(figure)
        figure.why()
        self.facts[figure.id] = figure.as_fact(text)

    def quote(self, text: str, rows: Sequence[str], vintage: str) -> str:
        """A text as its publisher wrote it; where it holds numerals, the rows it is from are kept."""
        self.said.add(text)
        if text and has_numeral(text):
            known = self.quotes.setdefault(text, quotation(text, vintage))
            known["rows"] += [row for row in rows if row not in known["rows"]]
        return text


def quotation(text: str, vintage: str) -> dict[str, Any]:
    """The entry of the facts file for a quoted text; its rows are still to be added."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return {"text": text, "vintage": vintage, "rows": [], "method": QUOTED, "data_hash": digest}


@dataclass(frozen=True)
class Figure:
    """An estimate about someone, ready to print. Printing it records it as a fact of the brief.

    `str(figure)` is the wording for prose, `figure.close()` the same with a digit more;
    `figure.cell()` is for tables and key numbers, beside its margin. Figures of one `entry` share a
    line in the page's list of figures.
    """

    id: str
    label: str
    estimate: Estimate
    about: About
    year: int | None
    source: str
    vintage: str
    rows: tuple[str, ...]
    method: str
    method_hash: str
    data_hash: str
    ledger: Ledger = field(repr=False, compare=False)
    entry: str = ""

    @property
    def value(self) -> float | None:
        return self.estimate.value

    @property
    def exists(self) -> bool:
        return self.estimate.value is not None

    @property
    def reason(self) -> str:
        return self.estimate.reason or ""

    def why(self) -> str:
        """Why there is no value, to be printed as it is: a correction's reason may hold numerals and name
        places."""
        return "" if self.exists else self.ledger.quote(self.reason, self.rows, self.vintage)

    def __str__(self) -> str:
        return self.ledger.record(self, self.text(precise=False))

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def close(self) -> str:
        """A wording for prose with the digits of tables: "$43,120", "an estimated $43,000"."""
        return self.ledger.record(self, numbers.close(self.estimate))

    def cell(self) -> str:
        """The wording for tables and charts, whose margins stand beside: one more digit than prose."""
        return self.ledger.record(self, self.text(precise=True))

    def margin(self) -> str:
        """The uncertainty in words: a margin, the publisher's bounds, or why there is none."""
        text = numbers.margin_text(self.estimate)
        return self.ledger.marked(self, text) if any(map(str.isdigit, text)) else text

    def text(self, *, precise: bool) -> str:
        """The wording for tables, or that for prose; nothing is recorded."""
        return numbers.number(self.estimate, precise=precise)

    def as_fact(self, text: str) -> dict[str, Any]:
        """The entry of the facts file."""
        estimate = self.estimate
        return {
            "id": self.id,
            **({"entry": self.entry} if self.entry else {}),
            "label": self.label,
            "value": estimate.value,
            "moe": estimate.moe,
            "low": estimate.low,
            "high": estimate.high,
            "unit": estimate.unit,
            "text": text,
            "wordings": [],
            "about": vars(self.about).copy(),
            "source": self.source,
            "vintage": self.vintage,
            "rows": list(self.rows),
            "method": self.method,
            "method_hash": self.method_hash,
            "data_hash": self.data_hash,
            "reason": estimate.reason,
        }
