"""Charts of every kind, at both widths: readable words, honest axes, data as a table, refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import pytest
from chart_samples import SAMPLES, STATES, bars, caption, line, line_with_gaps, statuses
from svg_text import canvas, words
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from cityresearch.briefs import charts, look, svg
from cityresearch.briefs.blocks import Chart
from cityresearch.errors import ResearchError
from cityresearch.evidence.estimates import Estimate

KINDS = sorted(SAMPLES)
WIDTHS = (svg.WIDE, svg.NARROW)
# One of each kind: the others only differ in data. The theme is the same in all of them.
SNAPSHOTS = ("bars", "columns", "gaps", "map2", "panels", "shares", "timeline")


@pytest.mark.parametrize("kind", SNAPSHOTS)
def test_the_specification_stays_as_it_was(kind: str, snapshot: SnapshotAssertion) -> None:
    spec = {name: part for name, part in SAMPLES[kind]().spec.items() if name != "config"}
    assert spec == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("kind", KINDS)
def test_the_specification_is_valid_and_complete(kind: str) -> None:
    """Charts are made without Altair's checks, for speed: here each kind goes through them."""
    spec = SAMPLES[kind]().spec
    alt.LayerChart.from_dict(spec)
    assert spec == json.loads(json.dumps(spec))
    assert "url" not in json.dumps(spec["layer"])
    assert {layer["data"]["name"] for layer in spec["layer"]} <= set(spec["datasets"])


def test_altair_and_the_drawing_engine_speak_of_one_vega_lite() -> None:
    assert alt.SCHEMA_VERSION.startswith(f"v{svg.VEGA_LITE}.")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_words_are_readable(kind: str, width: int) -> None:
    """At least 11 px, wholly on the canvas, none over another."""
    drawn = svg.render(SAMPLES[kind]().spec, width)
    wide, tall = canvas(drawn)
    found = words(drawn)
    assert wide == width and len(found) > 3
    for at, word in enumerate(found):
        assert word.size >= 11, word
        assert word.left >= -0.5 and word.right <= wide + 0.5, word
        assert word.top >= -0.5 and word.bottom <= tall - 1, word
        for other in found[:at]:
            assert not word.meets(other), (word, other)


@pytest.mark.parametrize("kind", KINDS)
def test_each_chart_has_its_alternative_and_its_data(kind: str) -> None:
    chart = SAMPLES[kind]()
    assert chart.spec["description"] == chart.alt
    assert f'aria-label="{chart.alt}"' in svg.render(chart.spec)
    assert chart.table.caption == chart.title
    assert len(chart.table.rows) >= 4


def test_data_frames_serve_as_well_as_records() -> None:
    rows = [{"name": "Own", "value": 2.0, "text": None}, {"name": "Other", "value": None}]
    frame = charts.bars(pd.DataFrame(rows), caption("c"), own="Own")
    assert frame == charts.bars(rows, caption("c"), own="Own")


def test_estimates_bring_their_bounds_and_reasons() -> None:
    rows = [
        {"name": "Own", "value": Estimate(10.0, 2.0)},
        {"name": "Bounded", "value": Estimate(9.0, low=7.0, high=12.0)},
        {"name": "Counted", "value": Estimate(8.0, 0.0)},
        {"name": "Missing", "value": Estimate(None, reason="not reported")},
    ]
    chart = charts.bars(rows, caption("c"), own="Own")
    drawn = {row["name"]: row for row in chart.spec["datasets"]["rows"]}
    assert (drawn["Own"]["low"], drawn["Own"]["high"]) == (8.0, 12.0)
    assert (drawn["Bounded"]["low"], drawn["Bounded"]["high"]) == (7.0, 12.0)
    assert "low" not in drawn["Counted"]
    assert drawn["Missing"]["text"] == "not available"
    last = chart.to_json()["table"]["rows"][-1]
    assert last == ["Missing", {"text": "not available", "sub": "not reported"}]


def marks(chart: Chart, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == kind]


def test_bars_are_sorted_from_zero_with_our_own_marked() -> None:
    chart = bars()
    rows = chart.spec["datasets"]["rows"]
    values = [row["value"] for row in rows if "value" in row]
    assert values == sorted(values, reverse=True) and "value" not in rows[-1]
    assert [row["name"] for row in rows if row.get("own")] == ["Own"]
    (shape,) = marks(chart, "rect")
    assert shape["encoding"]["x"]["scale"]["domain"] == [0.0, 61.0]
    assert shape["encoding"]["x2"] == {"datum": 0}
    (at,) = chart.table.highlight
    assert chart.table.rows[at][0] == "Own"
    assert chart.table.rows[-1] == ["Median of peers", "15.6"]


def test_a_reference_is_printed_as_it_is_given() -> None:
    rows = [{"name": "Own", "value": 6.5, "text": "$6.51"}]
    chart = charts.bars(rows, caption("c"), own="Own", reference=("Median peer", 12.0, "$12.00"))
    assert chart.spec["datasets"]["reference"][0]["text_w"] == ["Median peer $12.00"]
    assert chart.table.rows == [["Own", "$6.51"], ["Median peer", "$12.00"]]


def test_axes_have_few_ticks_and_lines_start_at_zero() -> None:
    spec = line().spec
    (path,) = marks(line(), "line")
    assert path["encoding"]["y"]["scale"]["domain"][0] == 0
    assert len(path["encoding"]["y"]["axis"]["values"]) <= 5
    years = re.findall(r"\[[\d, ]+\]", path["encoding"]["x"]["axis"]["values"]["expr"])
    assert len(years) == 2 and all(len(json.loads(found)) <= 5 for found in years)
    assert (
        spec["usermeta"]["rooms"]["narrow"]["height"] < spec["usermeta"]["rooms"]["wide"]["height"]
    )


def test_the_benchmark_is_dashed_and_the_city_drawn_last() -> None:
    (path,) = marks(line(), "line")
    dashes = path["encoding"]["strokeDash"]["scale"]
    assert dict(zip(dashes["domain"], dashes["range"], strict=True))["Nation"] == [6, 4]
    assert dashes["domain"][-1] == "Sample area"
    colours = path["encoding"]["color"]["scale"]
    assert colours["range"][-1] == look.light("city")


def test_a_missing_year_breaks_the_line() -> None:
    points = line_with_gaps().spec["datasets"]["lines"]
    own = {row["year"]: row["segment"] for row in points if row["series"] == "Sample"}
    assert own[2014] == own[2015] and own[2021] == own[2022]
    assert len({own[year] for year in (2015, 2017, 2019, 2021)}) == 4
    assert {row["year"] for row in points if row.get("alone")} == {2017, 2019, 2022}
    cells = {str(row[0]): row[1] for row in line_with_gaps().to_json()["table"]["rows"]}
    assert cells["2016"] == "not available"
    assert cells["2017"] == {"text": "$26,100", "sub": "$25,200 to $28,000"}


def test_the_end_of_an_older_series_says_its_year() -> None:
    rows = [
        {"year": year, "series": name, "value": 1.0 + year - 2000}
        for name, last in (("Own", 2004), ("Old", 2002))
        for year in range(2000, last)
    ]
    chart = charts.line(rows, caption("c"), roles={"Own": "city", "Old": "peers"})
    assert [end["text"] for end in chart.spec["datasets"]["names"]] == ["Own 4", "Old 2 (2001)"]


def test_a_tile_map_holds_every_state_once_and_outlines_our_own() -> None:
    spec = SAMPLES["map2"]().spec
    tiles = spec["datasets"]["tiles"]
    for panel in (0, 1):
        own = [tile for tile in tiles if tile["panel"] == panel]
        assert sorted(tile["state"] for tile in own) == STATES
        assert len({(tile["col"], tile["row"]) for tile in own}) == 50
        assert [tile["state"] for tile in own if tile.get("own")] == ["MA"]
    assert all(tile["mark"] for tile in tiles)
    assert {tile["mark"] for tile in tiles if tile.get("hatched")} == {"?"}
    assert [item["words"] for item in spec["datasets"]["key"]][-1] == "Massachusetts"
    cell = SAMPLES["map2"]().to_json()["table"]["rows"][0][1]
    assert {"text", "state", "mark"} == set(cell)


def test_the_district_is_drawn_where_it_has_a_status() -> None:
    chart = charts.tile_map({"A": {**statuses(0), "DC": "unknown"}}, caption("c"), own="DC")
    assert len(chart.spec["datasets"]["tiles"]) == 51
    assert len(chart.table.rows) == 51


def test_laws_stand_in_order_and_those_over_are_hollow() -> None:
    chart = SAMPLES["timeline"]()
    events = chart.spec["datasets"]["events"]
    assert [event["date"][:4] for event in events] == [
        "2005",
        "2011",
        "2013",
        "2018",
        "2018",
        "2023",
    ]
    assert [event["name"] for event in events if event.get("over")] == ["Old"]
    assert "Old, 2011 (ended)" in {event["text"] for event in events}
    assert chart.table.rows[0][0] == "June 16, 2005" and chart.table.rows[1][2] == "ended"


def refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ResearchError, match=message):
        make()


def test_what_cannot_be_drawn_is_refused_by_name() -> None:
    one = [{"name": "Own", "value": 1.0}]
    year = [{"year": 2020, "series": "Own", "value": 1.0}]
    c = caption("demo")
    refused(lambda: charts.bars([], c, own="Own"), r"chart 'demo': there are no rows")
    refused(lambda: charts.bars([{"name": "Own"}], c, own="Own"), r"a row has no 'value'")
    refused(lambda: charts.bars(one, c, own="Owl"), r"no row is called 'Owl'")
    refused(
        lambda: charts.bars([{"name": "Own", "value": None}], c, own="Own"), r"no row has a value"
    )
    refused(lambda: charts.line(year, c, roles={"Other": "city"}), r"the series Own has no role")
    refused(lambda: charts.line(year, c, roles={"Own": "town"}), r"1 series, in the roles town")
    refused(lambda: charts.line([{**year[0], "value": None}], c, roles={"Own": "city"}), r"no year")
    refused(lambda: charts.columns([{"name": "a", "value": -1}], one, c), r"below zero")
    refused(lambda: charts.columns(one, one * 4, c), r"1 columns and 4 lines")
    refused(lambda: charts.timeline([{"date": "June", "name": "a"}], c), r"'June' is no date")
    refused(
        lambda: charts.small_multiples(year, c, panels={"Own": "{:.0f}"}), r"there are 1 panels"
    )
    refused(
        lambda: charts.small_multiples(year, c, panels={"Own": "{:.0f}", "B": "{:.0f}"}),
        r"'B' has no value",
    )


def test_a_tile_map_with_a_gap_or_a_slip_is_refused() -> None:
    c = caption("demo")
    full = statuses(0)
    refused(lambda: charts.tile_map({}, c), r"there are 0 areas")
    less = {state: status for state, status in full.items() if state != "WI"}
    refused(lambda: charts.tile_map({"A": less}, c), r"chart 'demo', A: WI has no status")
    refused(lambda: charts.tile_map({"A": {**full, "WI": "limitd"}}, c), r"Did you mean 'limited'")
    refused(lambda: charts.tile_map({"A": {**full, "XX": "none"}}, c), r"'XX' is no postal code")
    refused(lambda: charts.tile_map({"A": full}, c, own="XX"), r"'XX' is no postal code")


def test_alternative_texts_say_kind_measure_and_finding() -> None:
    said = charts.alt("Line chart", "trips since 2002", "2023 stands at 73% of 2019.")
    assert said == "Line chart of trips since 2002 where 2023 stands at 73% of 2019."
    refused(lambda: charts.alt("Line chart", "trips", " "), r"finding")


def test_a_share_of_others_that_is_a_figure_is_printed_as_it_was_given() -> None:
    """Its text carries the mark of the figure, from which page and file take the exact value."""
    row = {"name": "Fares", "value": 12.0, "other": 18.27, "other_text": "18.3 %\U000f0000"}
    about = charts.Caption("funds", "Funds, %", "Bar chart of funds.", "Nobody, 2023")
    table = charts.shares([row, {**row, "other_text": None}], about, others="all areas").table
    assert [cells[-1] for cells in table.rows] == ["18.3 %\U000f0000", "18%"]
