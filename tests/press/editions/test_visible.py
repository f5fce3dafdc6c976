"""What readers see of a brief: its hash moves with words and facts, and with nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import sample_brief

from cityresearch.press.editions.visible import seen_hash, text_of

NOTEBOOK = sample_brief.notebook()
FACTS: dict[str, Any] = {
    "facts": [
        {
            **{"id": "a", "label": "A", "value": 1.25, "moe": None, "low": None, "high": None},
            **{"unit": "USD", "text": "$1.25", "about": {}, "source": "s", "vintage": "1"},
            **{"rows": [], "method": "m", "method_hash": "x", "data_hash": "y", "reason": None},
        }
    ]
}


def seen(notebook: Any, facts: Any = FACTS) -> str:
    return seen_hash(text_of(notebook), facts)


def changed_cell(number: int, source: str) -> Any:
    notebook = copy.deepcopy(NOTEBOOK)
    notebook["cells"][number]["source"] = source
    return notebook


def first(kind: str) -> int:
    return next(n for n, cell in enumerate(NOTEBOOK["cells"]) if cell["cell_type"] == kind)


def test_words_of_prose_tables_and_charts_are_seen() -> None:
    text = text_of(NOTEBOOK)
    for cell in NOTEBOOK["cells"]:
        for output in cell.get("outputs", []):
            for block in output.get("data", {}).values():
                if isinstance(block, dict) and block.get("kind") == "chart":
                    assert block["title"] in text and block["alt"] in text
    assert "$schema" not in text


@pytest.mark.parametrize("markup", ["*{}*", "{}\n\n<!-- unseen -->", " {} ", "<b>{}</b>"])
def test_markup_is_not_seen(markup: str) -> None:
    plain, marked = changed_cell(first("markdown"), "Words"), None
    marked = changed_cell(first("markdown"), markup.format("Words"))
    assert seen(plain) == seen(marked)


@pytest.mark.parametrize("words", ["Words.", "Word", "Words [here](https://example.org)"])
def test_a_changed_word_or_link_is_seen(words: str) -> None:
    at = first("markdown")
    assert seen(changed_cell(at, "Words")) != seen(changed_cell(at, words))


def test_code_and_looks_are_not_seen() -> None:
    notebook = changed_cell(first("code"), "another = 1")
    for cell in notebook["cells"]:
        cell["metadata"] = {"tags": ["another"]}
    assert seen(notebook) == seen(NOTEBOOK)


@pytest.mark.parametrize(
    ("change", "is_seen"),
    [
        ({"value": 1.26}, True),
        ({"value": 1.25 + 1e-14}, False),
        ({"moe": 0.1}, True),
        ({"text": "$1.3"}, True),
        ({"vintage": "2"}, True),
        ({"method": "n"}, True),
        ({"method_hash": "z", "data_hash": "z"}, False),
        ({"found_later": "by another module"}, False),
    ],
)
def test_what_of_a_fact_is_seen(change: dict[str, Any], is_seen: bool) -> None:
    other = {"facts": [{**FACTS["facts"][0], **change}]}
    assert (seen(NOTEBOOK, other) != seen(NOTEBOOK)) is is_seen


def test_a_correction_is_seen_and_none_leaves_approvals_alone() -> None:
    assert seen(NOTEBOOK, {**FACTS, "corrections": []}) == seen(NOTEBOOK)
    told = {"text": "Corrected: a figure.", "reference": "A letter"}
    noted = seen(NOTEBOOK, {**FACTS, "corrections": [told]})
    other = seen(NOTEBOOK, {**FACTS, "corrections": [{**told, "text": "In doubt: a figure."}]})
    assert len({seen(NOTEBOOK), noted, other}) == 3


def test_words_that_tell_the_date_of_the_edition_are_the_same_in_the_next() -> None:
    at, words = (
        first("markdown"),
        "By the records of {}, none is later than {}. A law is of May 5, 2026.",
    )
    old = changed_cell(at, words.format("November 2026", "November 22, 2026"))
    new = changed_cell(at, words.format("December 2026", "December 1, 2026"))
    told = text_of(old, "2026-11-22")
    assert told == text_of(new, "2026-12-01") and "May 5, 2026" in told
    assert text_of(old) != text_of(new)
