"""The minimum wage of a past day: the highest of those that bound, or none where that is not known."""

from __future__ import annotations

from typing import Any

import pytest

from cityresearch.methods.wages import binding_rate


def rate(level: str, effective: str | None, usd: float | None, **more: Any) -> dict[str, Any]:
    """A rate of a made-up state XX, its region Lakes and its city 9900001."""
    state = None if level == "federal" else "XX"
    row = {"level": level, "state": state, "locality": None, "geoid": None, "effective": effective}
    row |= {"usd_per_hour": usd, "as_of": "2022-12-31", "void": False, "partial": False}
    return row | {"rate": f"{level}:{effective}"} | more


FEDERAL = rate("federal", "2009-07-24", 7.25, as_of="2025-07-31")
STATE = [rate("state", "2017-01-01", 9.0), rate("state", "2019-01-01", 10.0)]
CITY = rate("city", "2018-07-01", 11.0, geoid="9900001")
LAKES = rate("region", "2016-01-01", 8.5, locality="Lakes")


def bound(rates: list[dict[str, Any]], day: str, geoid: str = "9900001", region: str = "") -> Any:
    found = binding_rate(rates, day, geoid=geoid, state="XX", region=region)
    return found and (found["level"], found["usd_per_hour"])


@pytest.mark.parametrize(
    ("day", "geoid", "wage"),
    [
        ("2018-06-30", "9900001", ("state", 9.0)),
        ("2018-07-01", "9900001", ("city", 11.0)),
        ("2018-07-01", "9900002", ("state", 9.0)),
        ("2012-01-01", "9900001", ("federal", 7.25)),
    ],
)
def test_the_highest_rate_that_has_begun_binds(day: str, geoid: str, wage: Any) -> None:
    assert bound([FEDERAL, *STATE, CITY], day, geoid) == wage


def test_a_regions_rate_takes_the_place_of_the_states_even_where_it_is_lower() -> None:
    assert bound([FEDERAL, *STATE, LAKES], "2019-07-01", region="Lakes") == ("region", 8.5)


def test_a_rate_that_was_struck_down_or_binds_some_employers_does_not_count() -> None:
    struck = rate("city", "2018-08-01", 11.0, geoid="9900001", void=True)
    assert bound([FEDERAL, *STATE, CITY, struck], "2018-09-01") == ("state", 9.0)
    some = rate("city", "2018-08-01", 15.0, geoid="9900001", partial=True)
    assert bound([FEDERAL, *STATE, CITY, some], "2018-09-01") == ("city", 11.0)


def test_a_day_after_the_record_ends_has_no_known_wage() -> None:
    assert bound([FEDERAL, *STATE], "2024-07-01") is None
    assert bound([FEDERAL], "2024-07-01") == ("federal", 7.25)
