"""Views of real briefs: no number is finer than its margin, and what is uncertain says so."""

from __future__ import annotations

import dataclasses

from cityresearch.briefs import views
from cityresearch.briefs.blocks import Cell
from cityresearch.briefs.brief import Brief
from cityresearch.briefs.facts import Figure
from cityresearch.evidence.estimates import Estimate


def test_the_median_of_peers_is_no_finer_than_the_peers() -> None:
    """Incomes have bounds, so the median has no cents; costs of full counts keep theirs."""
    bounded = views.median_mark(Brief("water", "madison-wi"), "affordable_day")
    assert bounded is not None and "." not in bounded[2]
    counted = views.median_mark(Brief("transit", "madison-wi"), "cost_per_trip")
    assert counted is not None and counted[2][-3] == "."


def test_the_data_of_a_chart_mark_what_is_very_uncertain() -> None:
    brief = Brief("water", "madison-wi")
    own = brief["affordable_day"]
    wild = dataclasses.replace(
        own, estimate=Estimate(100, low=10, high=250, unit=own.estimate.unit)
    )
    brief._figures["affordable_day", own.about, None] = wild
    rows = views.peer_bars(brief, "affordable_day", "all are alike").table.rows
    (cell,) = (row[1] for row in rows if row[0] == own.about.name)
    assert isinstance(cell, Cell) and cell.sub.endswith(", very uncertain")


def test_the_largest_part_is_named_with_its_share() -> None:
    brief = Brief("transit", "madison-wi")
    parts = {"local_share": "Local funds", "federal_share": "Federal funds"}
    told = views.largest(brief, parts, "source", "of all money")
    first: Figure = max((brief[name] for name in parts), key=lambda figure: figure.value or 0.0)
    assert told.startswith("The largest source is ") and told.endswith(f"with {first} of all money")
