"""Policy areas of the preemption records: their names, and what it means that a state has no record."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

LABOR = "Labor"
HOUSING = "Housing and land use"
ENVIRONMENT = "Environment and energy"
HEALTH = "Public health"
RIGHTS = "Civil rights"
SAFETY = "Public safety"
TRANSPORT = "Technology and transport"
GOVERNANCE = "Governance and money"


class Area(NamedTuple):
    """An area; `action` completes the sentence "The state keeps cities from …"."""

    label: str
    group: str
    action: str
    basis: str


SHIFT = "Shift Project database, which codes every state by month"
LEAGUE = "National League of Cities panel of every state; misses laws older than the panel"
SINGLE = "single laws only; no list of all states was read"
SLATI = "an old list of the American Lung Association that breaks off in the alphabet"

AREAS = {
    "minimum_wage": Area("Minimum wage", LABOR, "setting a minimum wage above the state’s", SHIFT),
    "paid_sick_leave": Area("Paid sick leave", LABOR, "requiring paid sick leave", SHIFT),
    "paid_family_medical_leave": Area(
        "Paid family and medical leave", LABOR, "requiring paid family or medical leave", SHIFT
    ),
    "paid_leave": Area("Paid leave of any kind", LABOR, "requiring paid leave", LEAGUE),
    "fair_scheduling": Area("Work schedules", LABOR, "regulating work schedules", SHIFT),
    "project_labor_agreements": Area(
        "Project labor agreements", LABOR, "requiring labor agreements on public projects", LEAGUE
    ),
    "prevailing_wage": Area(
        "Prevailing wage", LABOR, "setting wages for public construction", LEAGUE
    ),
    "heat_safety": Area("Heat safety at work", LABOR, "requiring heat protection at work", SINGLE),
    "public_employee_residency": Area(
        "Residency of public workers", LABOR, "requiring public workers to live in the city", SINGLE
    ),
    "rent_control": Area(
        "Rent control",
        HOUSING,
        "limiting rents",
        "landlords’ association list of 2019, brought up to date with three later laws; its count "
        "and a newer one don’t agree exactly",
    ),
    "inclusionary_zoning": Area(
        "Inclusionary zoning",
        HOUSING,
        "requiring affordable homes in new buildings",
        "statutes read one by one; counts of others differ with the definition",
    ),
    "zoning_housing_supply": Area(
        "Zoning and housing supply", HOUSING, "keeping zoning rules of their own", "partial list"
    ),
    "source_of_income": Area(
        "Housing vouchers", HOUSING, "requiring landlords to take vouchers", SINGLE
    ),
    "tenant_protections": Area(
        "Tenant protections", HOUSING, "regulating leases, deposits and screening", SINGLE
    ),
    "rental_inspections": Area("Rental inspections", HOUSING, "inspecting rentals", SINGLE),
    "short_term_rentals": Area(
        "Short-term rentals",
        HOUSING,
        "banning short-term rentals",
        "no list of all states was read",
    ),
    "plastic_bags": Area(
        "Plastic bags",
        ENVIRONMENT,
        "banning or taxing plastic bags",
        "statutes and press; no list of all states was read",
    ),
    "foam_containers": Area("Foam containers", ENVIRONMENT, "banning foam containers", SINGLE),
    "gas_ban_building_electrification": Area(
        "Gas in new buildings",
        ENVIRONMENT,
        "banning gas in new buildings",
        "S&P Global count of October 2024, which the records here match; its list was not read",
    ),
    "leaf_blowers": Area("Gas leaf blowers", ENVIRONMENT, "banning gas leaf blowers", SINGLE),
    "data_centers": Area("Data centers", ENVIRONMENT, "zoning data centers", SINGLE),
    "soda_tax": Area(
        "Soda taxes", HEALTH, "taxing sugary drinks", "Ballotpedia, and a journal article of 2021"
    ),
    "nutrition": Area("Nutrition rules", HEALTH, "regulating food labels and portions", SINGLE),
    "tobacco_control": Area(
        "Tobacco, all rules",
        HEALTH,
        "regulating smoking, sales to minors and advertising",
        "federal list of 2010; 31 states preempted some tobacco rule in 2023, but which is not known",
    ),
    "tobacco_smoking": Area("Smoke-free places", HEALTH, "regulating smoking", SLATI),
    "tobacco_youth_access": Area(
        "Tobacco sales to minors", HEALTH, "regulating sales to minors", SLATI
    ),
    "tobacco_licensing": Area("Tobacco licenses", HEALTH, "licensing tobacco shops", SLATI),
    "tobacco_flavours": Area("Flavored tobacco", HEALTH, "banning flavored tobacco", SINGLE),
    "local_mask_mandates": Area(
        "Mask mandates", HEALTH, "requiring masks", SHIFT + "; mostly of the pandemic years"
    ),
    "abortion_funding": Area("Abortion funds", HEALTH, "paying for help with abortions", SINGLE),
    "lgbtq_nondiscrimination": Area(
        "LGBTQ protections",
        RIGHTS,
        "protecting LGBTQ people beyond state law",
        "no list of all states after December 2022; at least three states had a bar in March 2026",
    ),
    "sanctuary_policies": Area(
        "Sanctuary policies", RIGHTS, "limiting help to immigration officers", SHIFT
    ),
    "firearms": Area(
        "Firearms", SAFETY, "regulating firearms", "RAND database, which codes every state"
    ),
    "police_budget_cuts": Area(
        "Police budgets", SAFETY, "cutting police budgets", "Ballotpedia News, June 2021"
    ),
    "police_oversight": Area("Police oversight", SAFETY, "overseeing the police", SINGLE),
    "cash_bail": Area("Cash bail", SAFETY, "ending cash bail", SINGLE),
    "ride_hailing_tnc": Area("Ride-hailing", TRANSPORT, "regulating ride-hailing", LEAGUE),
    "municipal_broadband": Area(
        "Municipal broadband",
        TRANSPORT,
        "running a broadband network",
        "Institute for Local Self-Reliance count, which the records here match; the list of states "
        "was worked out by elimination",
    ),
    "ranked_choice_voting": Area(
        "Ranked-choice voting",
        GOVERNANCE,
        "using ranked-choice voting",
        "Ballotpedia count, which the records here match, and two later laws",
    ),
    "guaranteed_income": Area(
        "Guaranteed income", GOVERNANCE, "paying a guaranteed income", "press count of May 2024"
    ),
    "blanket_preemption": Area(
        "Broad limits on local law", GOVERNANCE, "legislating in whole fields at once", SINGLE
    ),
    "tax_expenditure_limits": Area(
        "Tax and spending limits",
        GOVERNANCE,
        "raising taxes or spending past a limit",
        "nearly every state limits local property taxes, but the limits by state were not read",
    ),
}
EARLIER = {"soda_tax": "2019-09"}  # the list is dated 2021, but says that it holds for this month
DATE = r"\d{4}(-\d{2}){0,2}"
DOCTRINE = "local_authority_doctrine"  # a table of its own: it is about structure, not an area
KEPT = ("unchanged", "keep", "no change")


def areas(older: pd.DataFrame, newer: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """A row per area: what silence means there, as of when and on what basis.

    Raises:
        ValueError: an area of a list that has no name here, or a name in neither list.
    """
    said = dict(zip(older.topic, zip(older.silence_means, older.as_of, strict=True), strict=True))
    for key, words, as_of in newer[["area", "silence_means", "as_of"]].values:
        if not words.startswith(KEPT):
            said[key] = (words, as_of)
    said.pop(DOCTRINE, None)
    if set(said) != set(AREAS):
        raise ValueError(f"areas that don't fit: {sorted(set(said) ^ set(AREAS))}")
    states = records[records.current].groupby("area").state.nunique()
    return pd.DataFrame(
        {
            "area": key,
            **area._asdict(),
            "silence": silence(said[key][0]),
            "as_of": EARLIER.get(key) or re.search(DATE, said[key][1])[0],  # type: ignore[index]
            "states": int(states.get(key, 0)),
        }
        for key, area in AREAS.items()
    )


def silence(words: str) -> str:
    """What the absence of a record means. No list allows "not preempted": laws change after it."""
    if "UNKNOWN" in words:
        return "unknown"
    return "complete" if "codes all 50 states" in words else "none_recorded"
