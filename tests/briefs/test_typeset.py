"""How numbers and words are set: printed forms, ticks, lines, blocks that do not overlap."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityresearch.briefs.charts import typeset
from cityresearch.errors import ResearchError


@pytest.mark.parametrize(
    ("value", "pattern", "printed"),
    [
        (1234.5, "{:,.1f}", "1,234.5"),
        (-1234.5, "${:,.1f}", "−$1,234.5"),
        (-0.01, "{:,.1f}", "0.0"),
        (0.731, "{:.0%}", "73%"),
        (12.0, "{:.1f} miles", "12.0 miles"),
    ],
)
def test_numbers_as_printed(value: float, pattern: str, printed: str) -> None:
    assert typeset.number(value, pattern) == printed


@pytest.mark.parametrize("pattern", ["", "7", "{}", "{:d}", "{:,.1f} of {:,.1f}"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(ResearchError, match="number pattern"):
        typeset.number(1, pattern)


def test_tick_labels_show_as_many_decimals_as_they_need() -> None:
    assert typeset.tick_labels("${:,.2f}", [0, 50, 100]) == ["$0", "$50", "$100"]
    assert typeset.tick_labels("{:,.0f}", [0, 0.5, 1]) == ["0.0", "0.5", "1.0"]
    assert typeset.tick_labels("{:.1%}", [-0.1, 0, 0.1]) == ["−10%", "0%", "10%"]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_even_and_inside(low: float, span: float) -> None:
    span = max(span, abs(low) / 1000)
    high = low + span
    ticks = typeset.ticks(low, high)
    assert 1 <= len(ticks) <= 5
    assert low <= ticks[0] + 1e-6 * span and ticks[-1] <= high + 1e-6 * span
    steps = [b - a for a, b in pairwise(ticks)]
    assert all(step == pytest.approx(steps[0], rel=1e-3) for step in steps)


def test_width_is_the_fonts_own() -> None:
    """Source Sans Pro Regular: "a" 504 and each digit 497 thousandths of the size."""
    assert typeset.width("a", 1000) == pytest.approx(504)
    assert typeset.width("2023", 1000) == pytest.approx(4 * 497)
    assert typeset.width("Madison", 14, bold=True) > typeset.width("Madison", 14)


@given(st.text("ab –", max_size=60), st.integers(10, 200))
def test_wrapping_loses_no_word(text: str, room: int) -> None:
    lines = typeset.wrap(text, 14, room)
    assert " ".join(lines).split() == text.split()
    assert all(typeset.width(line, 14) <= room for line in lines if " " in line)


@given(st.lists(st.tuples(st.floats(0, 200), st.integers(10, 60)), min_size=1, max_size=6))
def test_spread_blocks_keep_their_order_and_never_overlap(blocks: list[tuple[float, int]]) -> None:
    centres, heights = [block[0] for block in blocks], [float(block[1]) for block in blocks]
    placed = typeset.spread(centres, heights, -10, 400)
    order = sorted(range(len(blocks)), key=lambda at: centres[at])
    for above, below in pairwise(order):
        assert placed[below] - placed[above] >= (heights[above] + heights[below]) / 2 - 1e-6
    assert placed[order[0]] - heights[order[0]] / 2 >= -10 - 1e-6
    assert placed[order[-1]] + heights[order[-1]] / 2 <= 400 + 1e-6


def test_blocks_with_room_stay_where_they_are() -> None:
    assert typeset.spread([10, 100], [20, 20], 0, 200) == [10, 100]
    assert typeset.spread([50, 50], [20, 20], 0, 200) == [40, 60]


def test_lines_are_of_about_one_length() -> None:
    name = "Victorville–Hesperia–Apple Valley, CA"
    assert typeset.wrap(name, 14, 210, bold=True) == ["Victorville–Hesperia–Apple", "Valley, CA"]
    assert typeset.wrap("Madison, WI", 14, 210) == ["Madison, WI"]
