"""Prose: what an expression may print, and how its failure is told."""

from __future__ import annotations

import pytest

from cityresearch.briefs import prose
from cityresearch.errors import ResearchError


def test_expressions_are_found_and_replaced_in_headings_too() -> None:
    markdown = (
        "# {eval}`name` has {eval}`brief['residents']` people\n\nOf {eval}`name`, `code` stays."
    )
    assert prose.expressions(markdown) == ["name", "brief['residents']", "name"]
    texts = {"name": "Madison", "brief['residents']": "270,000"}
    assert (
        prose.resolve(markdown, texts)
        == "# Madison has 270,000 people\n\nOf Madison, `code` stays."
    )


@pytest.mark.parametrize("value", [3.14159, None, True, [1, 2]])
def test_bare_numbers_and_other_things_are_refused(value: object) -> None:
    with pytest.raises(ResearchError, match="no source, unit or margin"):
        prose.say(value)


def test_a_failed_expression_keeps_the_kernel_error() -> None:
    reply = {"status": "error", "ename": "NameError", "evalue": "name 'x' is not defined"}
    with pytest.raises(ResearchError, match="NameError: name 'x' is not defined"):
        prose.answer(reply)


def test_text_crosses_from_the_kernel_unchanged() -> None:
    said = prose.said("Lincoln’s “quote” \\ and\nline")
    reply = {"status": "ok", "data": {"text/plain": repr(said)}}
    assert prose.answer(reply) == "Lincoln’s “quote” \\ and\nline"
