"""The minimum wage that bound in a city on a past day, from the record of rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Rate = Mapping[str, Any]


def binding_rate(
    rates: Iterable[Rate], day: str, *, geoid: str, state: str, region: str = ""
) -> Rate | None:
    """The highest of the federal rate, the state's (or its region's) and the city's own on `day`.

    None where a rate that could bind is not on record for that day. Of equal rates the wider one.

    Args:
        rates: rows of `minimum_wages.rates`, cells without a value as None.
        day: ISO date, as in 2018-07-01.
        region: name of the part of the state that has a rate of its own, as in the table.
    """
    found = list(rates)
    wanted: list[dict[str, str | None]] = [{"level": "federal"}, {"level": "state", "state": state}]
    wanted.append({"level": "city", "geoid": geoid})
    if region:
        wanted[1] = {"level": "region", "state": state, "locality": region}
    newest = [rate for place in wanted if (rate := _newest(found, place, day))]
    if not newest or any(rate["as_of"] < day for rate in newest):
        return None
    valid = [rate for rate in newest if not rate["void"] and rate["usd_per_hour"] is not None]
    return max(valid, key=lambda rate: float(rate["usd_per_hour"]), default=None)


def _newest(rates: list[Rate], place: Mapping[str, str | None], day: str) -> Rate | None:
    """The last rate of a place that had begun; those that bind only some employers do not count."""
    begun = [
        rate
        for rate in rates
        if all(rate[name] == value for name, value in place.items())
        and rate["effective"]
        and rate["effective"] <= day
        and not rate["partial"]
    ]
    return max(begun, key=lambda rate: str(rate["effective"]), default=None)
