"""The law on record, on the real records: counts, dates, warnings, and what is never said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cityresearch.briefs import law_history, law_response, law_views, reads
from cityresearch.briefs.blocks import Table
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.law import RESTRICTED, Law, in_words, is_stale, part
from cityresearch.methods import legal_room
from cityresearch.project import BUILD_VARIABLE, ROOT_VARIABLE

ROOT = Path(__file__).parents[2]
CITIES = (
    "madison-wi",
    "austin-tx",
    "new-york-ny",
    "denver-co",
    "seattle-wa",
    "orlando-fl",
    "boston-ma",
)
Maker = Callable[[str], Law]


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    """Makes the law of a city's state from the repository's own topic and data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ROOT_VARIABLE, str(ROOT))
        patch.setenv(BUILD_VARIABLE, str(tmp_path_factory.mktemp("build")))
        yield lambda city: Law(Brief("preemption", city))


def tables(law: Law) -> list[Table]:
    """All tables of a brief that tell of the state's law."""
    made = [
        law_views.overview,
        law_views.on_record,
        law_views.not_on_record,
        law_response.legal_room,
    ]
    return [*(make(law, "caption") for make in made), law_response.structure(law, "caption")]


@pytest.mark.parametrize("city", CITIES)
def test_every_area_has_one_status_and_one_place_in_the_tables(law: Maker, city: str) -> None:
    found = law(city)
    statuses = ("preempted", "limited", "formerly", "none_recorded", "unknown")
    assert sum(found.number(status).value or 0 for status in statuses) == found.number().value
    overview = json.dumps(tables(found)[0].to_json(), ensure_ascii=False)
    shown = [
        str(row[0] if isinstance(row[0], str) else row[0].text)
        for t in tables(found)[1:3]
        for row in t.rows
    ]
    assert {entry.label for entry in found.entries} == set(shown)
    assert all(entry.label in overview for entry in found.entries)


@pytest.mark.parametrize("city", CITIES)
def test_silence_is_never_called_leave_to_act(law: Maker, city: str) -> None:
    text = json.dumps([table.to_json() for table in tables(law(city))]).lower()
    assert "not preempted" not in text
    assert "the city may" not in text


@pytest.mark.parametrize("city", CITIES)
def test_old_sources_and_unchecked_records_carry_their_warning(law: Maker, city: str) -> None:
    found = law(city)
    rows = {row[0].text: row for row in law_views.on_record(found, "caption").rows}
    for entry in found.where(*RESTRICTED):
        if not entry.others:
            assert ("*" in rows[entry.label][3].sub) == is_stale(found, entry)
            assert (law_views.UNCHECKED in rows[entry.label][1].sub) == (not entry.verified)


def test_a_law_about_another_city_is_not_counted_for_this_one(law: Maker) -> None:
    madison, milwaukee = law("madison-wi"), law("milwaukee-wi")
    assert (madison.number("limited").value or 0) + 1 == milwaukee.number("limited").value
    entry = next(each for each in madison.entries if each.area == "police_oversight")
    assert entry.status == "unknown" and "about Milwaukee alone" in (entry.note or "")
    assert "Milwaukee alone" in law_views.elsewhere(madison) and not milwaukee.elsewhere
    assert "police_oversight" not in {record["area"] for record in madison.records}


def test_a_headline_without_limits_says_that_there_is_no_other(law: Maker) -> None:
    assert law_views.limits(law("new-york-ny")) == "no other"
    assert law_views.limits(law("madison-wi")) == "two"


def test_a_law_that_changes_a_bar_does_not_begin_it(law: Maker) -> None:
    found = law("austin-tx")
    texas = {entry.area: entry for entry in found.entries}
    assert law_views.since(found, texas["sanctuary_policies"]) == (
        "Barred since September 1, 2017; last changed January 1, 2026"
    )
    found = law("seattle-wa")
    washington = {entry.area: entry for entry in found.entries}
    (change,) = washington["rent_control"].others
    assert law_views.since(found, change) == "Last changed May 7, 2025"


def test_several_laws_of_an_area_have_a_row_each_and_count_once(law: Maker) -> None:
    texas = law("austin-tx")
    rows = [
        row[2].text for row in law_views.on_record(texas, "caption").rows if "Zoning" in row[0].text
    ]
    assert len(rows) == 3 and any("SB 840" in row for row in rows)
    assert [entry.area for entry in texas.entries].count("zoning_housing_supply") == 1


def test_a_law_not_yet_in_force_does_not_count(law: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Brief, "edition", "2022-06-30")
    early = {entry.area: entry.status for entry in law("austin-tx").entries}
    assert early["blanket_preemption"] == early["zoning_housing_supply"] == "unknown"
    assert early["firearms"] == "preempted"


def test_the_timeline_tells_bars_from_their_end_and_takes_no_first_year_of_a_list(
    law: Maker,
) -> None:
    colorado = {event.name: event for event in law_history.events(law("denver-co"))}
    assert colorado["Firearms, bar ended"].date == "2021"
    assert not colorado["Firearms, bar ended"].over
    assert [(event.date, event.name) for event in law_history.events(law("milwaukee-wi"))] == [
        ("1991", "Rent control"),
        ("1995-11-18", "Firearms"),
        ("2017", "Short-term rentals"),
        ("2023-06", "Police oversight"),
    ]
    assert law_history.dated_laws(law("boston-ma")) is None
    assert law_history.heading(law("boston-ma")) == "No dated law is on record"


def test_states_are_compared_only_where_sources_cover_all_of_them(law: Maker) -> None:
    florida = law("orlando-fl")
    assert florida.restricted.value == 15 < (florida.number(*RESTRICTED).value or 0)
    assert florida.stand == "more areas than all 49 of the other states"
    assert florida.shared("TX").value == 8
    assert {"inclusionary_zoning", "plastic_bags"}.isdisjoint(florida.listed)


def test_counts_are_facts_about_the_state_with_the_rows_that_they_count(law: Maker) -> None:
    york = law("new-york-ny")
    assert york.told("preempted", noun="policy area") == "one policy area"
    fact = york.brief.ledger.facts["areas:preempted"]
    assert fact["about"] == {"kind": "state", "id": "NY", "name": "New York"}
    assert fact["rows"] == ["preemption.statuses[state=NY,area=plastic_bags]"]


def test_the_district_has_no_record(law: Maker) -> None:
    district = law("washington-dc")
    assert not district.brief.has("law") and district.entries == []


def test_headings_fit_one_bar_as_well_as_many(law: Maker) -> None:
    assert law_views.spread(law("new-york-ny")) == (
        "Environment and energy holds the one area barred or limited"
    )
    assert (
        law_views.spread(law("boston-ma")) == "The four areas barred or limited lie in four fields"
    )
    assert law_views.cited(law("new-york-ny")) == "The records cite a law for the one bar or limit"
    assert law_views.cited(law("boston-ma")).startswith(
        "The records cite no law for any of the four"
    )
    assert law_views.cited(law("honolulu-hi")) == "The records cite no law for the one bar or limit"


def test_the_rooms_name_areas_of_the_records(law: Maker) -> None:
    known = {entry.area for entry in law("madison-wi").entries}
    for room in legal_room.ROOMS.values():
        assert room.areas <= known


def test_counts_in_words(law: Maker) -> None:
    york = law("new-york-ny")
    one, none, all_ = york.number("preempted"), york.number("limited"), york.number()
    assert in_words(none) == "none" and in_words(none, "bar") == "no bar"
    assert part(one, one, "bar", "bars") == "the one bar"
    assert part(none, all_, "area", "areas") == "none of the 42 areas"
    assert part(all_, all_, "area", "areas") == "all 42 areas"


def test_of_the_records_only_those_of_the_state_are_read(law: Maker) -> None:
    """So a record of another state makes this state's briefs run again only where a status changes."""
    found = law("madison-wi")
    assert law_history.dated_laws(found) and law_response.cities_like_it(found, "caption")
    noted = reads.taken()
    assert noted["preemption.records"] == {"state": [["WI"]]}
    assert noted["preemption.statuses"] is None  # all states are compared


def test_states_with_equal_counts_are_told_of_in_the_order_of_their_codes(law: Maker) -> None:
    """Not in that of a set, which differs from one process to the next."""
    found = law("madison-wi")
    law_response.span(found)
    told = [fact for fact in found.brief.ledger.facts.values() if fact["id"].startswith("listed:")]
    fewest = min(found.number_of(state, *RESTRICTED).value or 0.0 for state in peers_of(found))
    equal = [s for s in peers_of(found) if found.number_of(s, *RESTRICTED).value == fewest]
    assert told[0]["about"]["id"] == equal[0]


def peers_of(law: Law) -> list[str]:
    """The states of the peer cities, in the order of their codes."""
    members = [law.brief.place_of("city", member.id) for member in law.brief.peers.members]
    return sorted({place.state for place in members} & set(law.states()))
