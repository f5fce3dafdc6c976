"""The closing parts of a brief: sources with their terms, how to cite."""

from __future__ import annotations

import sample_brief as sample

from cityresearch.evidence.sources import list_sources
from cityresearch.press.closing import Closing, closing, source_note
from cityresearch.project import Project


def close(project: Project) -> Closing:
    return closing(project, sample.facts(), sample.COLLECTION, "wi/madison")


def test_how_to_cite_names_edition_and_address(real: Project) -> None:
    assert close(real).citation == (
        f"Fixture Press (2026). {sample.HEADLINE}. Madison, Wisconsin. Fixture Collection, "
        "edition of November 2026. https://briefs.example.org/cities/wi/madison/transit.html"
    )


def test_a_licence_that_nobody_confirmed_says_so(real: Project) -> None:
    for source in list_sources(real).values():
        note = source_note(source)
        assert note.licence.startswith(source.licence.name)
        assert ("not confirmed by the publisher" in note.licence) is not source.licence.confirmed
