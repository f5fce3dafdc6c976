"""The circle of a brief, whom it may speak of: its place, the areas that this lies in, and its peers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cityresearch.briefs.facts import About, Figure
from cityresearch.errors import ResearchError
from cityresearch.evidence.places import Place

CODES = ("geoid", "uace", "cbsa", "state", "county_geoid")
KEYED = re.compile(rf"[\[,]({'|'.join(CODES)})=([^,\]]+)")
OVER_ALL = ("nation", "method")  # figures about these rest on rows of no one place
INSTEAD = (
    "A brief speaks of its own place, the areas that this lies in and its peers (brief.peers), and "
    "compares with all places at once (docs/how-to/own-city-only.md)."
)

Member = dict[str, Any]


class Circle:
    """Whom the brief of a place may speak of.

    Args:
        name_of: gives the name of a place or area by kind and code.
        peers: gives name and codes of each peer, as `members` does; it is asked when needed.
    """

    def __init__(
        self, place: Place, name_of: Callable[[str, str], str], peers: Callable[[], list[Member]]
    ) -> None:
        self.place, self._name_of, self._peers = place, name_of, peers
        self._own = pairs(member(place))
        self._others: set[tuple[str, str]] | None = None
        self._admitted: set[About] = set()
        self._admitted_rows: set[str] = set()

    def holds(self, kind: str, code: str) -> bool:
        """Whether a place or area is in the circle; so is what is no place, such as an agency, and the
        area of a kind that the place lies in none of, which has no code."""
        if kind not in CODES or not code or (kind, code) in self._own:
            return True
        if self._others is None:
            self._others = {pair for peer in self._peers() for pair in pairs(peer)}
        return (kind, code) in self._others

    def members(self, *, alone: bool) -> list[Member]:
        """Name and codes of the place itself, then of its peers where it is not `alone`."""
        return [member(self.place), *(() if alone else self._peers())]

    def admit(self, figure: Figure) -> None:
        """Refuses a figure about a stranger, or one made from a stranger's rows.

        Raises:
            ResearchError: naming figure and stranger.
        """
        about = figure.about
        if about not in self._admitted:
            if not self.holds(about.kind, about.id):
                raise self.stranger(f"the figure “{figure.label}” is about {about.name}")
            self._admit_name(about, figure.label)
            self._admitted.add(about)
        # A count of those that it is held against names the rows of all of them.
        if about.kind not in OVER_ALL and not figure.entry:
            self.admit_rows(figure.rows, f"the figure “{figure.label}”")

    def _admit_name(self, about: About, label: str) -> None:
        """Refuses the name of one member beside the code of another. Other names are those of rows."""
        true = self._name_of(about.kind, about.id) if about.kind in CODES else ""
        if true and about.name != true and about.name in self._names():
            raise ResearchError(
                f"the figure “{label}” is about {true} ({about.kind} {about.id}), and here it is named "
                f"{about.name}.",
                instead="Take code and name from one peer of brief.peers.members.",
            )

    def _names(self) -> set[str]:
        """The names of the members, of the peers where these were asked for."""
        return {one["name"] for one in self.members(alone=self._others is None)}

    def admit_rows(self, told: Iterable[str], what: str) -> None:
        """Refuses what rests on the row of a stranger, by the keys of rows as in `table[geoid=5548000]`.

        Raises:
            ResearchError: naming the row.
        """
        # Many figures and texts rest on the same rows, of which they name several columns.
        for row in {text.partition("]")[0] for text in told} - self._admitted_rows:
            for kind, code in KEYED.findall(row):
                if not self.holds(kind, code):
                    raise self.stranger(f"{what} rests on {row}], about {self._named(kind, code)}")
            self._admitted_rows.add(row)

    def admit_codes(self, equals: Mapping[str, Any], what: str) -> None:
        """Refuses codes of strangers among the values of columns.

        Raises:
            ResearchError: naming the code.
        """
        for kind, code in equals.items():
            if not self.holds(kind, str(code)):
                raise self.stranger(f"{what} is about {self._named(kind, str(code))}")

    def _named(self, kind: str, code: str) -> str:
        return self._name_of(kind, code) or f"{kind} {code}"

    def stranger(self, what: str) -> ResearchError:
        """The error for what is about a stranger."""
        told = (
            f"{what}, which is neither {self.place.full_name}, nor an area it lies in, nor a peer."
        )
        return ResearchError(told, instead=INSTEAD)


def pairs(one: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The codes of a member, those of its state and county as places among them."""
    ids = one["ids"]
    wider = (ids.get("geoid", "")[:2], ids.get("county_geoid", ""))
    return {*ids.items(), *(("geoid", code) for code in wider if code)}


def member(place: Place) -> Member:
    """Name and codes of a place."""
    return {
        "name": place.full_name,
        "ids": {kind: code for kind, code in place.ids.items() if kind in CODES},
    }
