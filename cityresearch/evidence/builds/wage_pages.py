"""Minimum wages entered by hand from pages that name them, where the collected lists are older.

Each page is cited with its rates; a rate is a fact of law. Where a city has several rates, it is the
one for larger employers, and the note says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    """A page and the hourly rates in USD that it names, by Census name of the city."""

    state: str
    effective: str
    source: str
    address: str
    check: str
    rates: dict[str, float]
    notes: dict[str, str] = field(default_factory=dict)


PAGES = (
    Page(
        state="CA",
        effective="2026-01-01",
        source="California Chamber of Commerce, local minimum wages from 1 January 2026",
        address="https://hrwatchdog.calchamber.com/?p=18079",
        check="the page agrees with a law firm's list where both name a city",
        rates={
            "Foster City city": 17.85,
            "Half Moon Bay city": 17.91,
            "Hayward city": 17.79,
            "Los Altos city": 18.70,
            "Menlo Park city": 17.55,
            "Mountain View city": 19.70,
            "Novato city": 17.73,
            "Oakland city": 17.34,
            "Palo Alto city": 18.70,
            "Petaluma city": 18.31,
            "Redwood City city": 18.65,
            "Richmond city": 19.18,
            "San Carlos city": 17.75,
            "San Diego city": 17.75,
            "San Jose city": 18.45,
            "San Mateo city": 18.60,
            "Santa Clara city": 18.70,
            "Santa Rosa city": 18.21,
            "Sonoma city": 18.47,
            "South San Francisco city": 18.15,
            "Sunnyvale city": 19.50,
            "West Hollywood city": 20.25,
        },
        notes={
            "Hayward city": "Employers with 26 or more workers.",
            "Novato city": "Employers with 100 or more workers.",
            "Sonoma city": "Employers with 26 or more workers.",
        },
    ),
    Page(
        state="CA",
        effective="2025-07-01",
        source="Wyoming Star News, after Axios, minimum wages from 1 July 2025",
        address=(
            "https://wyomingstarnews.org/2025/07/02/"
            "minimum-wage-increases-take-effect-in-multiple-us-states-and-cities-this-july"
        ),
        check="one page",
        rates={
            "Alameda city": 17.46,
            "Berkeley city": 19.18,
            "Emeryville city": 19.90,
            "Fremont city": 17.75,
            "Milpitas city": 18.20,
            "Pasadena city": 18.04,
            "Santa Monica city": 17.81,
        },
    ),
    Page(
        state="WA",
        effective="2026-01-01",
        source="Seattle Office of Labor Standards, as reported by The Seattle Today",
        address=(
            "https://theseattletoday.com/"
            "seattle-minimum-wage-to-rise-to-21-30-in-2026-highest-rate-in-region"
        ),
        check="two pages agree",
        rates={"Seattle city": 21.30},
    ),
    Page(
        state="MN",
        effective="2026-01-01",
        source="WFJ Law Firm, 2026 Minnesota minimum wages",
        address="https://wfjlawfirm.com/perspectives/page/4/wfj-business-services",
        check="one page",
        rates={"Minneapolis city": 16.37, "St. Paul city": 16.37},
        notes={
            "St. Paul city": (
                "Employers with more than 100 workers, and from July 2026 those with more than 5."
            )
        },
    ),
)
