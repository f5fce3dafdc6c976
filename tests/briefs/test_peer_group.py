"""Peers are scored among places that could be peers, so that large cities stay apart in size."""

from __future__ import annotations

from cityresearch.briefs.brief import Brief


def test_the_largest_city_is_compared_with_large_ones() -> None:
    # Scored among all 19,483 cities, every city above half a million would count as equally large.
    names = {peer.name for peer in Brief("water", "new-york-ny").peers.members}
    assert any("Chicago" in name for name in names)
    assert any("Los Angeles" in name for name in names)


def test_every_peer_has_the_measures_that_it_was_chosen_by() -> None:
    brief = Brief("water", "madison-wi")
    assert len(brief.peers) == 8
    for name in ("population", "density", "income_p50"):
        assert len(brief.among_peers(name)) == 8
