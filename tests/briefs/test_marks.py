"""Marks that say which figure a number is: exact, gone from all that is written, unseen by others."""

from __future__ import annotations

import dataclasses

import pytest

from cityresearch.briefs import marks
from cityresearch.briefs.charts import typeset
from cityresearch.briefs.facts import About, Figure, Ledger
from cityresearch.evidence.estimates import Estimate


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setenv(marks.SWITCH, "1")
    return Ledger()


def figure(ledger: Ledger, name: str, value: float, **more: object) -> Figure:
    """A made-up figure."""
    whole = Figure(
        id=name,
        label=name,
        estimate=Estimate(value, 0.0, "trips"),
        about=About("geoid", "5548000", "Madison, Wisconsin"),
        year=2023,
        source="ntd",
        vintage="2023",
        rows=(),
        method="value",
        method_hash="",
        data_hash="",
        ledger=ledger,
    )
    return dataclasses.replace(whole, **more)


def taken(text: str, ledger: Ledger) -> tuple[str, list[tuple[str, int]]]:
    """The text without marks, and each number in it with the fact it is."""
    plain, spans = marks.taken(text, marks.printings(ledger))
    return plain, [(plain[start:end], fact) for start, end, fact in spans]


def test_equal_texts_are_told_apart(ledger: Ledger) -> None:
    first, second = figure(ledger, "first", 12), figure(ledger, "second", 12)
    text = f"It had {first} in one year, {second.cell()} in the other, and {first} again."
    assert taken(text, ledger) == (
        "It had 12 in one year, 12 in the other, and 12 again.",
        [("12", 0), ("12", 1), ("12", 0)],
    )


def test_a_number_that_was_changed_on_the_way_is_no_figure(ledger: Ledger) -> None:
    none, many = figure(ledger, "none", 0), figure(ledger, "many", 1234)
    text = f"{none}".replace("zero", "none") + f" of {many.cell()[3:]}"
    assert taken(text, ledger) == ("none of 34", [])


def test_a_number_in_words_may_begin_a_sentence(ledger: Ledger) -> None:
    text = f"{figure(ledger, 'laws', 4)} laws"
    capital = text[:1].upper() + text[1:]
    assert taken(capital, ledger) == ("Four laws", [("Four", 0)])


def test_another_ledgers_figure_is_no_fact_of_this_brief(ledger: Ledger) -> None:
    figure(ledger, "own", 12).cell()
    text = figure(Ledger(), "own", 12).cell()
    assert taken(text, ledger) == ("12", [])


def test_without_the_press_there_are_no_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(marks.SWITCH, raising=False)
    assert figure(Ledger(), "own", 12).cell() == "12"


def test_facts_hold_no_marks(ledger: Ledger) -> None:
    text = f"a bill at {figure(ledger, 'gallons', 6000)} gallons"
    figure(ledger, text, 12, label=text).cell()
    assert not marks.MARK.search(str(marks.without(list(ledger.facts.values()))))


def test_a_margin_beside_its_figure_is_not_linked_again(ledger: Ledger) -> None:
    own = figure(ledger, "own", 12, estimate=Estimate(12.0, 2.0, "trips"))
    other = figure(ledger, "other", 5)
    block = {
        "kind": "table",
        "rows": [
            ["Madison", {"text": own.cell(), "sub": own.margin()}],
            ["Milwaukee", {"text": own.cell(), "sub": f"of {other.cell()}"}],
        ],
        "caption": own.cell(),
    }
    assert marks.of_block(block, marks.printings(ledger)) == [
        [["rows", 0, 1, "text"], [[0, 2, 0]]],
        [["rows", 1, 1, "text"], [[0, 2, 0]]],
        [["rows", 1, 1, "sub"], [[3, 4, 1]]],
    ]


def test_charts_leave_no_room_for_marks(ledger: Ledger) -> None:
    text = figure(ledger, "own", 1234).cell()
    assert text != "1,234"
    assert typeset.width(text, 14) == typeset.width("1,234", 14)
