"""What pages over many places say: figures of facts files, spreads, neighbours, tables, small charts."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
import sample_brief as sample

from cityresearch.briefs.topic import Topic
from cityresearch.evidence import places
from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.places import Place
from cityresearch.methods.ranks import Rank
from cityresearch.press.manuscripts import Entry
from cityresearch.press.overview import Overview, Shown, overview_of, spread
from cityresearch.press.web import small_charts
from cityresearch.press.web.atlas import make_atlas
from cityresearch.press.web.neighbours import miles, neighbours
from cityresearch.press.web.place_tables import MOST, heading_of, state_table, topic_table
from cityresearch.press.web.topic_pages import state_figures
from cityresearch.project import Project

TOPIC = Topic.model_validate(
    {
        "name": "transit",
        "label": "Transit",
        "title": "Transit in {name}",
        "summary": "A made-up summary",
        "as_of": "2023",
        "vintages": {"t.t": "1"},
        "sections": {},
        "overview": {"cost": "Cost per trip"},
        "peers": {"of": "uace", "k": 2, "variables": {"cost": {}}},
        "indicators": {
            "cost": {
                "label": "Cost",
                "unit": "USD",
                "definition": "made up",
                "direction": "less",
                "about": "uace",
                "inputs": ["t.t.cost"],
                "reference": "made up",
            }
        },
    }
)


def fact(name: str, kind: str, code: str, value: float = 5.0) -> dict[str, Any]:
    given = {"id": name, "value": value, "moe": 1.0, "low": None, "high": None, "unit": "USD"}
    about = {"kind": kind, "id": code, "name": f"Area {code}"}
    return {**given, "reason": None, "about": about}


def entry(place: Place, value: float | None, moe: float | None = 0.0, area: str = "") -> Entry:
    reason = None if value is not None and moe is not None else "made up to be missing"
    estimate = Estimate(value, moe if value is not None else None, "USD", reason)
    shown = Shown(estimate, "uace", area or place.ids["uace"], "an area")
    return Entry("transit", place, "Headline", "Summary", None, Overview({"cost": shown}, {}, ()))


@pytest.fixture(scope="module")
def three(sample_project: Project) -> list[Place]:
    slugs = ("madison-wi", "milwaukee-wi", "chicago-il")
    return [places.find(sample_project, "city", slug) for slug in slugs]


def test_a_brief_s_own_figures_are_told_from_those_of_others(three: list[Place]) -> None:
    own, other = three[0].ids["uace"], three[1].ids["uace"]
    facts = [
        fact(f"cost:{other}", "uace", other, 9.0),
        fact("cost", "uace", own),
        fact("cost:US", "nation", "US", 7.0),
        fact("speed", "uace", own),
        fact("constant:x", "method", "x"),
    ]
    peers = [{"kind": "uace", "id": other, "name": f"Area {other}"}]
    found = overview_of(TOPIC, three[0], {"facts": facts, "peers": peers})
    assert {name: shown.text for name, shown in found.figures.items()} == {"cost": "$5"}
    assert found.figures["cost"].margin == "± $1"
    assert found.nation["cost"].estimate.value == 7.0
    assert found.peers == ((other, f"Area {other}"),)
    with_code = overview_of(
        TOPIC, three[0], {"facts": [fact(f"cost:{own}", "uace", own, 3.0)], "peers": []}
    )
    assert with_code.figures["cost"].estimate.value == 3.0


def test_an_area_counts_once_however_many_cities_lie_in_it(three: list[Place]) -> None:
    entries = [entry(three[0], 4.0, area="a"), entry(three[1], 4.0, area="a"), entry(three[2], 6.0)]
    found = spread(TOPIC, "cost", [each.overview for each in entries])
    assert found
    assert found.values == [4.0, 6.0]
    assert found.lowest_first
    assert found.ranks[("uace", "a")] == Rank(1, 1)
    assert found.finding == "Cost per trip: from $4.00 to $6.00 over 2 urban areas."


def test_the_ends_of_a_spread_are_printed_as_tables_print_them(three: list[Place]) -> None:
    """Rounded by the usual margin, the lowest would stand below every figure in the table."""
    given = zip(three, (44.2, 260.0, 262.4), (6.0, 60.0, 30.0), strict=True)
    entries = [entry(place, value, moe) for place, value, moe in given]
    found = spread(TOPIC, "cost", [each.overview for each in entries])
    assert found
    lowest, _, highest = (each.overview.figures["cost"].text for each in entries)
    assert (lowest, highest) == ("$44", "$262")
    assert found.finding == f"Cost per trip: from {lowest} to {highest} over 3 urban areas."
    drawn = ElementTree.fromstring(small_charts.histogram(found))
    assert {lowest, highest} <= {text.text for text in drawn.iter("text")}


def test_no_spread_without_figures(three: list[Place]) -> None:
    assert spread(TOPIC, "cost", [entry(three[0], None).overview]) is None


def test_a_topic_s_table_ranks_ties_and_keeps_what_is_missing(
    sample_project: Project, three: list[Place]
) -> None:
    entries = [entry(three[0], 6.0, 1.0), entry(three[1], None), entry(three[2], 5.5, 1.0)]
    atlas = make_atlas(sample_project, {"transit": TOPIC}, entries)
    table = topic_table(atlas, TOPIC, entries)
    cells = [[(cell.text, cell.sub) for cell in row] for _, row in table.rows]
    assert [row[0][0] for row in cells] == ["Chicago", "Madison", "Milwaukee"]
    assert cells[0][2:] == [("1–2", "tied"), ("$6", "± $1")]  # no finer than its margin
    assert cells[2][2:] == [("not ranked", ""), ("not available", "made up to be missing")]
    assert "1 being the lowest, among 2 urban areas" in table.notes[0]
    assert table.states == [("IL", "Illinois"), ("WI", "Wisconsin")]


def test_an_unknown_margin_is_not_ranked(sample_project: Project, three: list[Place]) -> None:
    entries = [entry(three[0], 6.0, None), entry(three[1], 5.0)]
    atlas = make_atlas(sample_project, {"transit": TOPIC}, entries)
    rows = [row for _, row in topic_table(atlas, TOPIC, entries).rows]
    assert [row[2].text for row in rows] == ["1", "not ranked"]


def test_a_long_table_holds_the_largest_places(sample_project: Project) -> None:
    chosen = places.where(sample_project, "city", "population >= 60000")[: MOST + 20]
    entries = [entry(place, float(at), area=str(at)) for at, place in enumerate(chosen)]
    atlas = make_atlas(sample_project, {"transit": TOPIC}, entries)
    table = topic_table(atlas, TOPIC, entries)
    assert len(table.rows) == MOST
    assert table.caption == "Transit: the 500 largest places"
    assert "among 520 urban areas" in table.notes[0]


def test_a_state_s_table_leads_to_cities_and_briefs(
    sample_project: Project, three: list[Place]
) -> None:
    entries = [entry(three[0], 6.0), entry(three[1], 5.0)]
    atlas = make_atlas(sample_project, {"transit": TOPIC}, entries)
    table = state_table(atlas, {"transit": TOPIC}, "Wisconsin", [[each] for each in entries])
    first = table.rows[0][1]
    assert [cell.href for cell in first] == ["milwaukee/index.html", "", "milwaukee/transit.html"]
    assert first[2].named == "Transit, Milwaukee, $5.00"


def test_a_figure_about_the_state_stands_once_above_its_table(
    sample_project: Project, three: list[Place]
) -> None:
    """As a column it would be one value in all rows, sortable to no effect."""
    law = Shown(Estimate(3.0, 0.0, "areas", None), "state", "WI", "Wisconsin")
    entries = [
        replace(entry(place, 0.0), overview=Overview({"cost": law}, {}, ())) for place in three
    ]
    atlas = make_atlas(sample_project, {"transit": TOPIC}, entries[:2])
    table = state_table(atlas, {"transit": TOPIC}, "Wisconsin", [[each] for each in entries[:2]])
    assert [column.heading for column in table.columns] == ["Place", "Residents"]
    assert all(len(row) == 2 for _, row in table.rows)
    (said,) = table.lead
    assert said.startswith("Transit: cost per trip: 3. This is about the whole state")
    alone = state_table(atlas, {"transit": TOPIC}, "Wisconsin", [[entries[0]]])
    assert len(alone.columns) == 3 and not alone.lead
    other = Overview({"cost": replace(law, estimate=Estimate(4.0, 0.0, "areas", None))}, {}, ())
    differing = [[entries[0]], [replace(entries[1], overview=other)]]
    parted = state_table(atlas, {"transit": TOPIC}, "Wisconsin", differing)
    assert len(parted.columns) == 3 and not parted.lead


def test_a_state_on_the_map_has_the_middle_of_its_areas(
    sample_project: Project, three: list[Place]
) -> None:
    entries = [entry(three[0], 6.0), entry(three[1], 4.0), entry(three[2], 9.0)]
    atlas = make_atlas(sample_project, {"transit": TOPIC}, entries)
    key = atlas.key_spread("transit")
    assert key
    found = state_figures(key, entries)
    assert {state: figure.text for state, figure in found.items()} == {"WI": "$5.00", "IL": "$9.00"}


def test_neighbours_are_those_of_measuring_every_pair() -> None:
    chance = random.Random(4)
    points = {f"p{at}": (chance.uniform(25, 49), chance.uniform(-125, -67)) for at in range(300)}
    found = neighbours(points)
    for key, point in points.items():
        all_others = sorted(
            (miles(point, other), name) for name, other in points.items() if name != key
        )
        expected = [name for far, name in all_others if far <= 100][:5]
        assert [near.key for near in found[key]] == expected


def test_the_distance_of_two_known_cities() -> None:
    # Madison and Milwaukee as the gazetteer places them: some 75 miles.
    assert miles((43.0878, -89.4301), (43.0633, -87.9667)) == pytest.approx(74, abs=1)


def test_small_charts_are_sound_and_say_what_they_show(three: list[Place]) -> None:
    entries = [
        entry(place, value, 1.0) for place, value in zip(three, (4.0, 6.0, 9.0), strict=True)
    ]
    found = spread(TOPIC, "cost", [each.overview for each in entries])
    assert found
    shown = [(each.place.name, each.overview.figures["cost"]) for each in entries]
    for drawn in (small_charts.histogram(found), small_charts.rows(found, shown, "Said")):
        root = ElementTree.fromstring(drawn)
        assert root.get("role") == "img"
        assert root.get("aria-label") in ("Said", found.finding)
    rows = ElementTree.fromstring(small_charts.rows(found, shown, "Said"))
    assert [text.text for text in rows.iter("text")][::2] == ["Madison", "Milwaukee", "Chicago"]
    assert len(list(rows.iter("circle"))) == 3


def test_shades_are_quarters_and_equal_values_are_alike() -> None:
    values = dict(zip("ABCDEFGH", [1.0, 2, 3, 4, 5, 6, 7, 7], strict=True))
    assert list(small_charts.shades(values).values()) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_every_topic_s_overview_names_what_its_briefs_can_have() -> None:
    """A heading without a figure would be an empty column on three kinds of pages."""
    from cityresearch.briefs.topic import list_topics, load_topic

    project = sample.project(sample.ROOT / "_build")
    for name in list_topics(project):
        topic = load_topic(project, name)
        assert topic.overview, name
        for figure in topic.overview:
            assert figure in topic.indicators or ":" in figure, (name, figure)


def test_a_heading_names_its_topic_once() -> None:
    assert heading_of(TOPIC, "Transit trips per resident") == "Transit trips per resident"
    assert heading_of(TOPIC, "Cost per trip") == "Transit: cost per trip"
