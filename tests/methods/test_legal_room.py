"""Where a bar may leave room: questions, never answers."""

from __future__ import annotations

from cityresearch.methods.legal_room import FLOORS, ROOMS, worth_asking


def test_areas_keep_the_order_in_which_the_brief_lists_them() -> None:
    restricted = ["plastic_bags", "firearms", "minimum_wage"]
    assert worth_asking(ROOMS["procurement"], restricted) == ["plastic_bags", "minimum_wage"]
    assert worth_asking(ROOMS["own workforce"], restricted) == ["minimum_wage"]
    assert worth_asking(ROOMS["incentives"], []) == []


def test_every_room_asks_and_none_concludes() -> None:
    for room in (*ROOMS.values(), FLOORS):
        assert room.question.endswith("?")
        assert " may " not in room.meaning + room.question
