"""Names of cities in texts: those that stand with their state, and those of larger cities alone.

A name is found only where it stands for the city. "Washington" is a state's as well, so it counts with
its state alone; "Orange" and "Mobile" are words, so they count with their state or after "in" and the
like; "Portland Avenue" and "Portland Water Bureau" are names of other things.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cityresearch.evidence import places
from cityresearch.project import Project

CITY = "city"  # the geography whose places are looked for by name
LARGE = 50_000  # residents from which a city is known by its name alone
STATE = re.compile(r",\s([A-Z][a-z]+(?: [A-Z][a-z]+)?|[A-Z]{2}|D\.C\.)(?![\w-])")
WORD = re.compile(r"[A-Za-z][a-z]+(?:[A-Z][a-z]+)?")
TOKEN = r"(?:Ste?\.|Mt\.|[A-Z][\w’'-]*)"
NAME = re.compile(rf"(?:\b([a-z]+) )?(?<![\w&/-])({TOKEN}(?: {TOKEN})*)")
LEAD = frozenset(
    """A After Among And As At Before Besides But By For From If In Inside Like Near Of On Or Outside Since
    Than The There To Unlike When Where While With Within""".split()  # noqa: SIM905
)
PLACING = frozenset(("in", "near", "around", "outside", "inside", "within"))
# Larger cities whose names are words, first names or family names as well.
SHARED = frozenset(
    """Allen Anderson Apex Arcadia Auburn Augusta Bend Billings Blaine Boulder Bowie
    Brentwood Bristol Bryan Buckeye Burbank Caldwell Cambridge Camden Canton Carmel Carson Cary
    Casper Centennial Chandler Cicero Clearwater Clifton Columbia Concord Conway
    Corona Davenport Davie Davis Denton Draper Dublin Edmond Elizabeth Eugene Everett Fairfield
    Fishers Flint Folsom Franklin Frederick Fremont Garland Gary Georgetown Gilbert Goodyear
    Grapevine Greenwood Hamilton Hammond Hampton Hayward Henderson Highland Hollywood Homestead Hoover
    Independence Irvine Irving Jackson Jupiter Kent Kyle Lafayette Lancaster Largo Lawrence
    Lincoln Logan Lowell Lynn Manchester Mansfield Meridian Midland Milford Mission Mobile Montgomery
    Moore Newton Normal Norman Ontario Orange Paramount Parker Plantation Plymouth Pontiac
    Providence Quincy Reading Redmond Revere Richardson Richland Riverside Rochester Rogers
    Salem Sandy Sanford Shoreline Somerville Sparks Springfield Suffolk Sunrise Surprise Taylor
    Temple Tracy Troy Tyler Upland Vancouver Victoria Vista Warren Warwick Waterloo Wellington
    Westminster Weston Wheaton""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Gazetteer:
    """The names of cities: by name the postal codes of their states; those known alone, by their last
    word; states by name and by postal code."""

    states_of: dict[str, set[str]]
    alone: dict[str, set[str]]
    states: dict[str, str]

    def found(self, text: str, known: str = "") -> Iterator[str]:
        """Each name of a city in a text, as it is written there: "Portland, Oregon", "Portland".

        Args:
            known: a text; names that it holds are left out.
        """
        for name in self._with_state(text):
            if name not in known:
                yield name
        # Most texts hold no such name, and are done; by last words that is found out in one go.
        words = self.alone.keys() & set(WORD.findall(text))
        held = {name for word in words for name in self.alone[word] if name in text}
        if wanted := {name for name in held if name not in known}:
            yield from _standing(text, wanted)

    def _with_state(self, text: str) -> Iterator[str]:
        for match in STATE.finditer(text):
            told = next((each for each in _readings(match[1]) if each in self.states), "")
            state = self.states.get(told)
            # No city's name has more than four words, or forty letters.
            words = text[max(0, match.start() - 40) : match.start()].split(" ") if state else []
            for first in range(max(0, len(words) - 4), len(words)):
                name = " ".join(words[first:]).lstrip("(“\"'*_[")
                if state in self.states_of.get(name, ()):
                    yield f"{name}, {told}"
                    break


def _readings(told: str) -> tuple[str, str]:
    """What may be a state's name after a comma: "New York", but "Texas" of "Texas In"."""
    return told, told.partition(" ")[0]


def _standing(text: str, names: set[str]) -> Iterator[str]:
    """Those of these names that stand in a text for themselves."""
    for match in NAME.finditer(text):
        before, written = match.groups()
        words = written.removesuffix("’s").removesuffix("'s").split(" ")
        while len(words) > 1 and words[0] in LEAD:
            before, words = words[0].lower(), words[1:]
        name = " ".join(words)
        if name in names and (name not in SHARED or before in PLACING):
            yield name


@functools.lru_cache(maxsize=4)
def cities_of(project: Project) -> Gazetteer:
    """The names of all cities that a project knows."""
    return gazetteer(places.frame(project, CITY))


def gazetteer(frame: Any) -> Gazetteer:
    """The names of cities.

    Args:
        frame: of them, as `evidence.places.frame` gives it.
    """
    states_of: dict[str, set[str]] = {}
    states = {"D.C.": "DC"}
    alone: dict[str, set[str]] = {}
    columns = ("name", "state", "state_name", "population")
    told = (frame[column].to_numpy(object).tolist() for column in columns)
    for name, code, state, people in zip(*told, strict=True):
        states_of.setdefault(name, set()).add(code)
        states[state] = states[code] = code
        if isinstance(people, int | float) and people >= LARGE:
            alone.setdefault(WORD.findall(name)[-1], set()).add(name)
    for named in alone.values():
        named.difference_update(states)  # New York, and Washington without its state
    return Gazetteer(states_of, alone, states)
