"""The kept list of a collection's briefs: the same briefs, chosen once, and anew when a condition changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cityresearch.briefs.collection import briefs, load_collection
from cityresearch.press.running import wanted
from cityresearch.press.running.wanted import briefs_of
from cityresearch.project import Project


def test_the_list_is_kept_until_a_condition_changes(
    make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(places={"city": "population >= 1000000"})
    collection = load_collection(project)
    chosen = briefs(project, collection)
    assert len(chosen) > 5 and briefs_of(project, collection) == chosen
    places = [place.ids for _, place in chosen]
    narrower = collection.model_copy(update={"places": {"city": "population >= 2500000"}})
    fewer = [pair for pair in chosen if (pair[1].population or 0) >= 2_500_000]
    assert briefs_of(project, narrower) == fewer
    with monkeypatch.context() as patch:
        patch.delattr(wanted, "_keep")  # whoever chose again would want to keep it
        again = briefs_of(project, collection)
    assert again == chosen and [place.ids for _, place in again] == places
