"""Whom a finished brief speaks of, and what may stand beside the name of each."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cityresearch.briefs.circle import CODES, OVER_ALL, pairs
from cityresearch.methods.numbers import NOT_AVAILABLE
from cityresearch.methods.numerals import numerals
from cityresearch.press.gazetteer import Gazetteer

Json = Mapping[str, Any]
Code = tuple[str, str]  # whom something is about: kind and code, as in ("geoid", "5548000")
Whom = set[Code]  # whom a name stands for: an agency has a code in each table
BESIDE_ANY = (*OVER_ALL, "peers")  # figures about these may stand beside any name
YEAR = re.compile(r"\byear=(\d{4})\b")  # of a row that a fact rests on
SCALES = (1.0, 1e3, 1e6, 1e9, 0.01)  # what a chart's values may be divided by


class Circle:
    """The place of a brief, the areas that it lies in, its peers, and whoever else its facts are about.

    Args:
        members: the place and its peers, as `briefs.circle.member` has them.
        facts: those of the facts file.
        texts: in which names of other cities may stand: quotations, and what the topic declares.
        cities: the names that are looked for; None for none.
    """

    def __init__(
        self,
        members: Sequence[Json],
        facts: Sequence[Json],
        texts: Iterable[str],
        cities: Gazetteer | None,
    ) -> None:
        self.members, self.facts, self._cities = members, facts, cities
        self._pairs = [pairs(one) for one in members]  # the place's own first
        self._named: dict[str, Whom] = {}
        for fact in facts:
            self._named.setdefault(fact["about"]["name"], set()).add(about(fact))
        for one in members:
            code = next(iter(one["ids"].items()))
            short = one["name"].partition(",")[0]  # tables may leave the state out
            for name in (one["name"], short):
                self._named.setdefault(name, set()).add(code)
        self._values: dict[float, dict[str, list[Json]]] = {}
        self._numerals: dict[tuple[Code, ...], set[str]] = {}
        self._texts = tuple(texts)
        self._known = "\n".join((*self._named, *self._texts))

    @property
    def name(self) -> str:
        """The full name of the brief's own place."""
        return str(self.members[0]["name"])

    @property
    def own(self) -> Mapping[str, str]:
        """The codes of the brief's own place and of the areas that it lies in, by kind."""
        return self.members[0]["ids"]  # type: ignore[no-any-return]

    def cities_in(self, text: str) -> list[str]:
        """The names of cities in a text, each once."""
        return self._found(text, "")

    def strangers(self, text: str) -> list[str]:
        """The names of cities in a text that the brief has no reason to name."""
        return self._found(text, self._known)

    def _found(self, text: str, known: str) -> list[str]:
        return list(dict.fromkeys(self._cities.found(text, known))) if self._cities else []

    def holds(self, fact: Json) -> bool:
        """Whether a fact is about a member of the circle, an area that one lies in, or no place; "no
        area", which has no code, is none."""
        kind, code = whose = about(fact)
        return kind not in CODES or not code or any(whose in each for each in self._pairs)

    def named(self, text: str) -> Whom:
        """Whom a text is the name of; empty where it is nobody's in the circle."""
        return self._named.get(text, set())

    def is_peer(self, whom: Iterable[Code]) -> bool:
        """Whether these are codes of a peer, and none of the place itself."""
        codes, (own, *peers) = set(whom), self._pairs
        return codes.isdisjoint(own) and not all(map(codes.isdisjoint, peers))

    def beside(self, whom: Whom, fact: Json) -> bool:
        """Whether a fact may stand beside a name: it is about that one, about an area that this lies in,
        about the brief's own place, or about all."""
        whose = about(fact)
        if whose[0] in BESIDE_ANY or whose in whom or whose in self._pairs[0]:
            return True
        return any(whose in each and not whom.isdisjoint(each) for each in self._pairs)

    def numerals_of(self, whom: Whom) -> set[str]:
        """The numerals that facts which may stand beside a name are printed as, and their years."""
        key = tuple(sorted(whom))
        if key not in self._numerals:
            own = (at for at, fact in enumerate(self.facts) if self.beside(whom, fact))
            self._numerals[key] = set().union(*map(self._numerals_at, own))
        return self._numerals[key]

    def reasons_in(self, text: str) -> set[str]:
        """The numerals of the reasons that a text gives for values that are not there."""
        if NOT_AVAILABLE not in text:
            return set()
        told = (each for each in self._texts if f"{NOT_AVAILABLE} {' '.join(each.split())}" in text)
        return {found.text for each in told for found in numerals(each)}

    @functools.cache  # noqa: B019  a circle lives as long as the look at its brief
    def _numerals_at(self, at: int) -> set[str]:
        fact = self.facts[at]
        found = {each.text for each in numerals("\n".join((fact["text"], *fact["wordings"])))}
        return found.union(*map(YEAR.findall, fact["rows"]))

    def has_value(self, value: float, whom: Whom) -> bool:
        """Whether a fact, one that may stand beside the name if there is one, has a value of a chart."""
        text = f"{value:.8g}"
        found = (self._having(scale).get(text, ()) for scale in SCALES)
        return any(not whom or self.beside(whom, fact) for facts in found for fact in facts)

    def _having(self, scale: float) -> dict[str, list[Json]]:
        """The facts by their value at a scale, as a chart has it."""
        if scale not in self._values:
            found = self._values[scale] = {}
            for fact in self.facts:
                if fact["value"] is not None:
                    found.setdefault(f"{fact['value'] / scale:.8g}", []).append(fact)
        return self._values[scale]


def about(fact: Json) -> Code:
    """Kind and code of whom a fact is about."""
    return fact["about"]["kind"], fact["about"]["id"]
