"""What pages over many places say of a brief: its figures in the topic's overview, and its peers.

All of it is read from the facts files, so that these pages show what the briefs have published and
nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from cityresearch.briefs.topic import Topic
from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.places import Place
from cityresearch.methods import numbers
from cityresearch.methods.ranks import Rank, ranks
from cityresearch.press.figure_list import estimate_of

NOUNS = {
    "geoid": ("city", "cities"),
    "uace": ("urban area", "urban areas"),
    "cbsa": ("metropolitan area", "metropolitan areas"),
    "state": ("state", "states"),
}
Area = tuple[str, str]  # kind and code of whom a figure is about


@dataclass(frozen=True)
class Shown:
    """One figure of a brief: its estimate, and whom it is about."""

    estimate: Estimate
    kind: str
    code: str
    name: str

    @property
    def area(self) -> Area:
        return self.kind, self.code

    @property
    def text(self) -> str:
        return numbers.number(self.estimate, precise=True)

    @property
    def margin(self) -> str:
        """Its uncertainty, empty for counts: tables say once what has none."""
        counted = self.estimate.moe == 0
        return "" if counted else numbers.margin_text(self.estimate)


@dataclass(frozen=True)
class Overview:
    """The figures of one brief by name, those about the nation, and its peers as (code, name)."""

    figures: Mapping[str, Shown]
    nation: Mapping[str, Shown]
    peers: Sequence[tuple[str, str]]


EMPTY = Overview({}, {}, ())


def overview_of(topic: Topic, place: Place, kept: Mapping[str, Any]) -> Overview:
    """What the facts file of one brief says for pages over many places.

    A figure is the place's own where its id is the bare name, or the name and the place's own code.
    """
    own, nation = {}, {}
    for fact in kept["facts"]:
        about = fact["about"]
        name, _, suffix = fact["id"].rpartition(":")
        is_own = place.ids.get(about["kind"]) == about["id"]
        if is_own and fact["id"] in topic.overview:
            own[fact["id"]] = _shown(fact)
        elif is_own and suffix == about["id"] and name in topic.overview:
            own[name] = _shown(fact)
        elif about["kind"] == "nation" and name in topic.overview:
            nation[name] = _shown(fact)
    return Overview(own, nation, tuple((peer["id"], peer["name"]) for peer in kept["peers"]))


def _shown(fact: Mapping[str, Any]) -> Shown:
    about = fact["about"]
    return Shown(estimate_of(fact), about["kind"], about["id"], about["name"])


@dataclass(frozen=True)
class Spread:
    """How the figures of one name are spread over areas: lowest, quartiles, highest, and the nation.

    Each area counts once, however many cities lie in it. `ranks` are of areas.
    """

    name: str
    heading: str
    areas: Mapping[Area, Shown]
    ranks: Mapping[Area, Rank]
    quarters: tuple[float, float, float]
    nation: Shown | None
    lowest_first: bool

    @property
    def values(self) -> list[float]:
        """The value of each area, from the lowest."""
        return sorted(_value(shown) for shown in self.areas.values())

    @property
    def unit(self) -> str:
        return next(iter(self.areas.values())).estimate.unit

    @property
    def counted(self) -> str:
        """The areas in words: "72 urban areas"."""
        one, many = NOUNS.get(next(iter(self.areas))[0], ("place", "places"))
        return f"{len(self.areas):,} {one if len(self.areas) == 1 else many}"

    def tell(self, value: float) -> str:
        """A number in the unit of these figures, no finer than their usual margin."""
        return numbers.number(value, self.unit, precise=True, margin=self.usual_margin)

    @property
    def usual_margin(self) -> float:
        """Half of what the interval of the middle area spans; 0 for counts."""
        reaches = [shown.estimate.interval for shown in self.areas.values()]
        return median([(reach[1] - reach[0]) / 2 for reach in reaches if reach] or [0.0])

    @property
    def noun(self) -> str:
        """What the areas are called: "urban areas"."""
        return NOUNS.get(next(iter(self.areas))[0], ("place", "places"))[1]

    @property
    def finding(self) -> str:
        """The spread in a sentence, as plain text."""
        low, high = self.ends
        if low == high:
            return f"{self.heading}: {low} in {self.counted}."
        said = f"{self.heading}: from {low} to {high} over {self.counted}"
        if len(self.areas) >= 4:
            low_quarter, _, high_quarter = map(self.tell, self.quarters)
            said += f"; half of them lie between {low_quarter} and {high_quarter}"
        return f"{said}."

    @property
    def ends(self) -> tuple[str, str]:
        """The lowest and the highest figure as the tables print them, each by its own margin."""
        ordered = sorted(self.areas.values(), key=_value)
        return ordered[0].text, ordered[-1].text


def spread(topic: Topic, name: str, overviews: Iterable[Overview]) -> Spread | None:
    """The spread of one figure of a topic's overview; none where no brief has it."""
    areas: dict[Area, Shown] = {}
    nation: Shown | None = None
    for each in overviews:
        nation = nation or each.nation.get(name)
        shown = each.figures.get(name)
        if shown and shown.estimate.value is not None:
            areas.setdefault(shown.area, shown)
    if not areas:
        return None
    values = [_value(shown) for shown in areas.values()]
    declared = topic.indicators.get(name)
    lowest_first = declared is not None and declared.direction == "less"
    ranked = ranks([shown.estimate.interval for shown in areas.values()], lowest_first=lowest_first)
    return Spread(
        name=name,
        heading=topic.overview[name],
        areas=areas,
        ranks={area: rank for area, rank in zip(areas, ranked, strict=True) if rank},
        quarters=_quarters(values),
        nation=nation,
        lowest_first=lowest_first,
    )


def _quarters(values: Sequence[float]) -> tuple[float, float, float]:
    if len(values) < 2:
        return (values[0],) * 3
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, median(values), high


def _value(shown: Shown) -> float:
    assert shown.estimate.value is not None
    return shown.estimate.value
