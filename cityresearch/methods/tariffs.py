"""Water tariffs and the bills they make, for a single-family home before any assistance.

A bill is fixed charges + Σ over tiers of max(0, min(v, to) − from) · price + the fee of the band
that v falls in + surcharges, each in the tariff's own unit and billing period, per month.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, get_args

import pandas as pd

from cityresearch.errors import ResearchError

Service = Literal["water", "sewer", "stormwater"]
Frequency = Literal["monthly", "bi-monthly", "quarterly", "semi-annually", "annually"]
Kind = Literal["fixed", "tier", "band", "surcharge", "flat_area"]
Unit = Literal["gallons", "kgal", "cf", "ccf"]

GALLONS_PER_CUBIC_FOOT = 7.48052  # US liquid gallons; METHODS §1
GALLONS = {
    "gallons": 1.0,
    "kgal": 1_000.0,
    "cf": GALLONS_PER_CUBIC_FOOT,
    "ccf": 100 * GALLONS_PER_CUBIC_FOOT,
}
MONTHS = {"monthly": 1, "bi-monthly": 2, "quarterly": 3, "semi-annually": 6, "annually": 12}
_CHOICES = {
    "service": get_args(Service),
    "frequency": get_args(Frequency),
    "kind": get_args(Kind),
    "unit": get_args(Unit),
}


def convert(volume: float, unit: str, to: str) -> float:
    """`volume` from one unit of water (gallons, kgal, cf, ccf) to another; 1 ccf = 748.052 gallons.

    Raises:
        KeyError: an unknown unit.
    """
    return volume * GALLONS[unit] / GALLONS[to]


@dataclass(frozen=True)
class Component:
    """One line of a tariff.

    `price_usd` is per period for "fixed", "flat_area" (stormwater of one equivalent unit or one
    usual lot) and "band" (one amount for the whole band), and per `unit` for "tier" and
    "surcharge". `from_volume` and `to_volume` are in `unit` per period; no `to_volume`: open end.
    `share_billed` is the part of the volume that is charged (sewer is often 0.8 to 0.95).

    Raises:
        ResearchError: an unknown word, a negative number, or a bound below the one before it.
    """

    service: Service
    frequency: Frequency
    kind: Kind
    price_usd: float
    from_volume: float = 0.0
    to_volume: float | None = None
    unit: Unit = "gallons"
    share_billed: float = 1.0

    def __post_init__(self) -> None:
        for field, choices in _CHOICES.items():
            if getattr(self, field) not in choices:
                what = f"'{getattr(self, field)}' is no {field} of a tariff."
                raise ResearchError(what, instead=f"Write one of: {', '.join(choices)}.")
        # Written so that what is no number at all is refused too.
        amounts = (self.price_usd, self.from_volume)
        if not all(0 <= each < math.inf for each in amounts) or not 0 < self.share_billed <= 1:
            what = "has a negative or endless number, or a billed share outside 0 to 1."
            raise ResearchError(f"{self} {what}")
        if self.to_volume is not None and not self.from_volume < self.to_volume < math.inf:
            raise ResearchError(f"{self} ends at or below its start.")

    def __str__(self) -> str:
        end = "and above" if self.to_volume is None else f"to {self.to_volume:g}"
        return f"{self.service} {self.kind} from {self.from_volume:g} {end} {self.unit}"

    @property
    def ends(self) -> tuple[float, float]:
        """Where it starts and ends, in gallons billed a month; no end is infinity."""
        scale = GALLONS[self.unit] / MONTHS[self.frequency]
        to = math.inf if self.to_volume is None else self.to_volume * scale
        return self.from_volume * scale, to

    def monthly_charge(self, gallons: float) -> float:
        """USD a month at `gallons` of metered water a month."""
        months = MONTHS[self.frequency]
        volume = convert(gallons * self.share_billed * months, "gallons", self.unit)
        if self.kind in ("fixed", "flat_area", "band"):
            return self.price_usd / months
        top = volume if self.to_volume is None else min(volume, self.to_volume)
        return max(0.0, top - self.from_volume) * self.price_usd / months


@dataclass(frozen=True)
class Tariff:
    """What one utility charges homes in one year, inside the city.

    Raises:
        ResearchError: no components, or volume charges of a service with a gap, an overlap, a fee
            that falls, or a mixture of periods or billed shares; told by utility, service, volume.
    """

    geoid: str
    utility: str
    year: int
    components: tuple[Component, ...]

    def __post_init__(self) -> None:
        if not self.components:
            raise ResearchError("the tariff has no components.", where=self.name)
        for service in self.services:
            self._check(_steps(self.of(service)))

    @property
    def name(self) -> str:
        return f"{self.utility}, {self.year}"

    @property
    def services(self) -> tuple[Service, ...]:
        """The services it charges for, in the usual order."""
        present = {component.service for component in self.components}
        return tuple(service for service in get_args(Service) if service in present)

    def of(self, service: Service) -> tuple[Component, ...]:
        """The components of one service."""
        return tuple(part for part in self.components if part.service == service)

    def highest_gallons(self, service: Service) -> float:
        """The monthly volume up to which the tariff says what is charged; mostly infinity."""
        steps = _steps(self.of(service))
        return steps[-1].ends[1] / steps[-1].share_billed if steps else math.inf

    def _check(self, steps: Sequence[Component]) -> None:
        if len({(step.frequency, step.share_billed) for step in steps}) > 1:
            self._refuse(f"{steps[0].service} tiers differ in billing period or billed share.")
        if steps and steps[0].from_volume > 0:
            self._refuse(
                f"{steps[0]}: nothing is said of the volume below.",
                "Enter a volume that the fixed charge includes as a tier at 0 USD.",
            )
        for lower, upper in pairwise(steps):
            gap = upper.ends[0] - lower.ends[1]
            if not math.isclose(upper.ends[0], lower.ends[1], rel_tol=1e-6):
                self._refuse(
                    f"{upper} leaves {'a gap' if gap > 0 else 'an overlap'} after {lower}."
                )
            if lower.kind == "tier" and upper.kind == "band":
                self._refuse(f"{upper} stands above a tier; a table of bands comes first.")
            if lower.kind == upper.kind == "band" and upper.price_usd < lower.price_usd:
                self._refuse(f"{upper} costs less than {lower}.")

    def _refuse(self, what: str, instead: str = "Each tier starts where the last ends.") -> None:
        raise ResearchError(what, where=self.name, instead=instead)


def monthly_bill(tariff: Tariff, gallons: float) -> dict[str, float]:
    """USD a month by service, and "total", for a home that uses `gallons` a month.

    Raises:
        ResearchError: the volume lies above what the tariff on record covers.
        ValueError: a negative volume.
    """
    if gallons < 0:
        raise ValueError(f"{gallons} gallons")
    bill: dict[str, float] = {}
    for service in tariff.services:
        if gallons > tariff.highest_gallons(service):
            raise ResearchError(beyond(tariff, service), where=tariff.name)
        bill[service] = _service_charge(tariff.of(service), gallons)
    return bill | {"total": math.fsum(bill.values())}


def beyond(tariff: Tariff, service: Service) -> str:
    """The reason for which there is no bill above the tariff's last step."""
    end = tariff.highest_gallons(service)
    return f"the {service} tariff on record ends at {end:,.0f} gallons a month"


def tariff_from_rows(tariff: Mapping[str, Any], components: Iterable[Mapping[str, Any]]) -> Tariff:
    """A tariff from its row in `tariffs.tariffs` and its rows in `tariffs.components`.

    Raises:
        ResearchError: what `Component` and `Tariff` refuse, with the utility named.
    """
    name = f"{tariff['utility']}, {tariff['year']}"
    try:
        parts = tuple(_component(row) for row in components)
    except ResearchError as error:
        raise ResearchError(error.what, where=name, instead=error.instead) from error
    return Tariff(str(tariff["geoid"]), str(tariff["utility"]), int(tariff["year"]), parts)


def tariff_for(geoid: str, tariffs: pd.DataFrame, components: pd.DataFrame) -> Tariff | None:
    """The newest tariff on record for a city, or None: `tariffs.tariffs`, `tariffs.components`.

    Raises:
        ResearchError: as `tariff_from_rows`.
    """
    own = tariffs[tariffs["geoid"] == geoid].sort_values("year")
    if own.empty:
        return None
    row = own.iloc[-1]
    parts = components[components["tariff"] == row["tariff"]]
    head = {str(column): cell for column, cell in row.items()}
    return tariff_from_rows(head, parts.to_dict("records"))


def _component(row: Mapping[str, Any]) -> Component:
    def amount(column: str, default: float) -> float:
        return float(row[column]) if _present(row.get(column)) else default

    to = amount("to_volume", math.inf)
    return Component(
        row["service"],
        row["frequency"],
        row["kind"],
        float(row["price_usd"]),
        amount("from_volume", 0.0),
        None if math.isinf(to) else to,
        row["unit"] if _present(row.get("unit")) else "gallons",
        amount("share_billed", 1.0),
    )


def _present(cell: object) -> bool:
    return cell is not None and str(cell) not in ("", "nan", "<NA>")


def _steps(parts: Iterable[Component]) -> list[Component]:
    """The tiers and bands of a service by volume: what must follow without gap or overlap."""
    return sorted(
        (part for part in parts if part.kind in ("tier", "band")),
        key=lambda part: (part.ends[0], part.ends[1]),
    )


def _service_charge(parts: Sequence[Component], gallons: float) -> float:
    charges = [part.monthly_charge(gallons) for part in parts if part.kind != "band"]
    bands = [part for part in _steps(parts) if part.kind == "band"]
    # Above the table of bands its last fee stays, and the tiers add to it.
    fee = next((band for band in bands if gallons * band.share_billed <= band.ends[1]), None)
    if bands:
        charges.append((fee or bands[-1]).monthly_charge(gallons))
    return math.fsum(charges)
