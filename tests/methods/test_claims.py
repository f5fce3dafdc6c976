"""Words that claim: what is found in typed text, and what only looks like a claim."""

from __future__ import annotations

import pytest

from cityresearch.methods.claims import claims

CLAIMS = {
    "comparison": """
        Rents are higher in Madison.
        Madison has fewer buses.
        Madison pays more for water.
        Nearly all peers have more.
        It costs less than in Milwaukee.
        The city outpaces its peers.
        Its buses beat those of its peers.
        The city is ahead of its peers.
        Rents are above the national average.
        It lies below the median.
        Where water is cheaper than in Denver
        Use is on par with the nation.
        Use is the same as in the nation.
        Trips are double those of Milwaukee.
        Madison, unlike its peers, has a tram.
        Where incomes are low, bills are higher.
        This tour of the data shows that rents are higher here.
        HIGHER COSTS
        Costs are above those of its peers.
        Bills are well above what its peers pay.
        Madison has the edge over its peers.
        Madison and Milwaukee are tied.
    """,
    "trend": """
        Ridership fell after 2019.
        Transit is growing.
        Rising costs
        Fares have doubled.
        A sharp rise in fares
        Bills rise each year.
        Bills will rise.
        Costs are down by a fifth.
        Riders have recovered.
        The share stayed stable.
        Riders increasingly pay.
        Ridership slipped.
        Trips outgrew hours.
        Ridership recovered after the pandemic.
        Ridership has come back.
        Trips bounced back after the pandemic.
        The trend is upward.
    """,
    "rank": """
        Madison leads its peers.
        The city led the nation.
        The most costly service
        The worst in the state
        Madison ranks high.
        One of the poorest cities
        Second-highest cost
        Madison comes last.
        It is at the bottom of the list.
        Record high ridership
        Madison ranks third by ridership.
        Madison is first in its state.
        It is number one.
        Its use is second only to that of its neighbor.
        It stands near the top.
        It is among the top five.
    """,
    "share": """
        Most residents rent.
        Most of the money is local.
        More than half of the homes are old.
        A majority of homes is old.
    """,
}
NONE = """
    Almost all of it is local.
    The most recent year is the one shown.
    At most a row is shown, at least none.
    Less than high school; a bachelor’s degree or higher; higher education
    Lead pipes and lead service lines are replaced.
    More on this topic
    Read more about it.
    A higher score means more crowding.
    “Higher”, “about the same” and “rose” are used only where figures differ.
    Great Falls, Greater Boston, Lower Merion and Rose Garden are places.
    No later than in November, rather than now, other than here
    Where it is higher, read with care.
    If fares fall, riders gain.
    Ask what each rise takes of a low income before the vote on rates.
    Drop parking minimums and keep charges low.
    This leads to lawsuits, and numbers lead here.
    Follow best practices.
    A larger bill would take more of the income.
    A bus that does not wait can carry more trips.
    The cities most like Madison
    … of the households had less than … in … and less than … in ….
    Its source is more than … months old.
    Their income is below twice the poverty line.
    The interest rate, the forest, the west and the rest
    Ranked-choice voting, a growing season
    The table ranks the cities by their size. Peers are ranked by likeness.
    The best place to begin is the walk to the stop.
    The city has more to do.
    The near side of the street, the top row, a tied knot; water is recovered in basins,
    and totals were recovered from a file.
    Ask riders to come back.
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, line) for kind, each in CLAIMS.items() for line in lines(each)]
)
def test_a_claim_is_found_with_what_it_claims(kind: str, text: str) -> None:
    assert kind in {claim.kind for claim in claims(text)}


@pytest.mark.parametrize("text", lines(NONE))
def test_what_only_looks_like_a_claim_is_left_alone(text: str) -> None:
    assert list(claims(text)) == []


def test_a_claim_is_where_it_says() -> None:
    text = "Bills rose, and the city pays more than its peers."
    assert [text[claim.start : claim.end] for claim in claims(text)] == ["rose", "more than"]
