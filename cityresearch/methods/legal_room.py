"""Legal room: where a bar on local action often leaves something to a city, as questions for counsel.

Nothing here says that a city may act. Each room is a question to put to the law on record.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """A way of acting that a bar on local law may not reach, and the areas where it is usual."""

    title: str
    meaning: str
    question: str
    areas: frozenset[str]


EMPLOYER = (
    "minimum_wage",
    "paid_sick_leave",
    "paid_family_medical_leave",
    "paid_leave",
    "fair_scheduling",
    "heat_safety",
    "lgbtq_nondiscrimination",
)
PURCHASES = (
    "minimum_wage",
    "paid_sick_leave",
    "paid_leave",
    "fair_scheduling",
    "heat_safety",
    "prevailing_wage",
    "project_labor_agreements",
    "plastic_bags",
    "foam_containers",
    "leaf_blowers",
)
BARGAINS = (
    "rent_control",
    "inclusionary_zoning",
    "zoning_housing_supply",
    "source_of_income",
    "short_term_rentals",
    "gas_ban_building_electrification",
    "plastic_bags",
    "foam_containers",
    "municipal_broadband",
)
PLEDGES = (
    "fair_scheduling",
    "paid_sick_leave",
    "heat_safety",
    "source_of_income",
    "tenant_protections",
    "gas_ban_building_electrification",
    "plastic_bags",
    "foam_containers",
    "leaf_blowers",
    "nutrition",
)

ROOMS = {
    "procurement": Room(
        "Procurement",
        "Terms for those who sell to the city or build for it.",
        "Does the bar reach the city’s own contracts?",
        frozenset(PURCHASES),
    ),
    "own workforce": Room(
        "Own workforce",
        "Terms for the city’s own staff.",
        "Does the bar reach the city as an employer?",
        frozenset(EMPLOYER),
    ),
    "incentives": Room(
        "Incentives",
        "Money, land or permits in return for something that a law could ask for.",
        "Does the bar reach what an owner or builder agrees to?",
        frozenset(BARGAINS),
    ),
    "voluntary standards": Room(
        "Voluntary standards",
        "A label, a pledge or a model code that nobody has to follow.",
        "Does the bar reach a standard without a penalty?",
        frozenset(PLEDGES),
    ),
}
FLOORS = Room(
    "Floors",
    "State law that lets cities act, or go beyond a state minimum.",
    "How far, and in what form?",
    frozenset(),
)


def worth_asking(room: Room, restricted: Collection[str]) -> list[str]:
    """The areas, of those preempted or limited in a state, in which the room's question is usual.

    Keeps the order of `restricted`.
    """
    return [area for area in restricted if area in room.areas]
