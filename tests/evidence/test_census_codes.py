"""Cells of Census tables: numbers, and codes that are reasons and never numbers."""

from __future__ import annotations

import pytest

from cityresearch.evidence.census_codes import from_census
from cityresearch.evidence.estimates import Estimate


def test_numbers_come_as_text_or_as_numbers() -> None:
    assert from_census("135,173", "±3,860") == Estimate(135173, 3860)
    assert from_census(135173.0, 3860, "people") == Estimate(135173, 3860, "people")


@pytest.mark.parametrize("code", ["*****", -555555555, "-555555555.0"])
def test_controlled_figures_have_no_sampling_error(code: object) -> None:
    assert from_census("8516202", code) == Estimate(8516202, 0.0)


@pytest.mark.parametrize("code", ["**", "***", -222222222, -333333333])
def test_without_a_test_the_margin_is_unknown_and_says_why(code: object) -> None:
    result = from_census(250001, code)
    assert (result.value, result.moe) == (250001, None)
    assert result.reason and result.reason.startswith("no margin: ")


@pytest.mark.parametrize("code", ["-", "N", "(X)", -666666666, -999999999, -888888888, "", None])
def test_sentinels_are_reasons(code: object) -> None:
    result = from_census(code, -222222222)
    assert result.value is None
    assert result.reason and "666" not in result.reason


def test_open_ended_medians_say_on_which_side_they_lie() -> None:
    top, bottom = from_census("250,000+", "***"), from_census("2,500-", "***")
    assert top.value is None and top.reason and top.reason.startswith("above 250,000")
    assert bottom.value is None and bottom.reason and bottom.reason.startswith("below 2,500")


def test_an_unknown_code_is_not_guessed_at() -> None:
    with pytest.raises(ValueError):
        from_census("see note", 3)
