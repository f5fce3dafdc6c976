"""Pages of places and topics are rendered again where something that they show changed, and only there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import sample_brief as sample
import yaml
from sample_project import put_all, put_brief

from cityresearch.briefs.collection import Collection
from cityresearch.evidence.places import Place
from cityresearch.press.paper.volume import make_volumes, state_volumes
from cityresearch.press.web import pages
from cityresearch.press.web.index_pages import Folder
from cityresearch.press.web.remembered import _shared, source_key
from cityresearch.project import Project

Wanted = list[tuple[str, Place]]
Change = Callable[[Project, Wanted], tuple[Wanted, Collection]]
MADISON, MILWAUKEE, WISCONSIN = "wi/madison", "wi/milwaukee", "wi"


def brief_of(wanted: Wanted, path: str) -> tuple[str, Place]:
    return next(brief for brief in wanted if brief[1].path == path)


def headline(project: Project, wanted: Wanted) -> tuple[Wanted, Collection]:
    put_brief(project, *brief_of(wanted, MADISON), title="A mended headline")
    return wanted, sample.COLLECTION


def figure(project: Project, wanted: Wanted) -> tuple[Wanted, Collection]:
    facts = sample.facts()["facts"]
    for fact in facts:
        fact["value"] = (fact["value"] or 0) + 1
    topic, place = brief_of(wanted, MADISON)
    put_brief(project, topic, dataclasses.replace(place, slug="unknown"), facts=facts)
    return wanted, sample.COLLECTION


def gone(_: Project, wanted: Wanted) -> tuple[Wanted, Collection]:
    return [brief for brief in wanted if brief[1].path != MILWAUKEE], sample.COLLECTION


def renamed(project: Project, wanted: Wanted) -> tuple[Wanted, Collection]:
    topic, place = brief_of(wanted, MILWAUKEE)
    other = dataclasses.replace(place, name="Cream City", full_name="Cream City, Wisconsin")
    put_brief(project, topic, other)
    return [brief for brief in wanted if brief[1] != place] + [(topic, other)], sample.COLLECTION


def collection(_: Project, wanted: Wanted) -> tuple[Wanted, Collection]:
    return wanted, sample.COLLECTION.model_copy(update={"title": "Another Collection"})


def volume(project: Project, wanted: Wanted) -> tuple[Wanted, Collection]:
    assert set(make_volumes(project, sample.COLLECTION, state_volumes(wanted))) == {""}
    return wanted, sample.COLLECTION


def assembled(project: Project, wanted: Wanted, collection: Collection) -> dict[str, bytes]:
    """The pages that lead to briefs, as they are after one more assembly."""
    made = pages.assemble(project, collection, wanted, workers=1)
    names = [name for name in made.documents if name.endswith("/index") or "topics/" in name]
    return {name: made.source(name).read_bytes() for name in names}


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (headline, {MADISON}),
        (figure, {WISCONSIN, "topics/transit"}),
        (gone, {MADISON, WISCONSIN, "topics/transit"}),
        (renamed, {MADISON, MILWAUKEE, WISCONSIN, "topics/transit"}),
        (collection, {MADISON, MILWAUKEE, WISCONSIN, "dc/washington", "topics/budget"}),
        (volume, {WISCONSIN}),
    ],
)
def test_they_follow_every_change(
    press_project: Project, change: Change, changed: set[str]
) -> None:
    wanted = put_all(press_project)
    before = assembled(press_project, wanted, sample.COLLECTION)
    now = change(press_project, wanted)
    after = assembled(press_project, *now)
    (press_project.build / "cache" / "overviews.pickle").unlink()
    assert after == assembled(press_project, *now)
    differing = {name for name in after if after[name] != before.get(name)}
    assert {name.removesuffix("/index") for name in differing} >= changed


def test_a_new_brief_is_on_the_pages_around_it(press_project: Project) -> None:
    wanted = put_all(press_project)
    fewer, _ = gone(press_project, wanted)
    before = assembled(press_project, fewer, sample.COLLECTION)
    after = assembled(press_project, wanted, sample.COLLECTION)
    for name in ("wi/madison/index", "wi/index", "topics/transit"):
        assert b"Milwaukee" not in before[name]
        assert b"Milwaukee" in after[name]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the places whose pages were rendered."""
    paths, make = [], pages.folder_page

    def counted(*given: object) -> str:
        folder = given[4]
        assert isinstance(folder, Folder)
        paths.append(folder.path)
        return make(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(pages, "folder_page", counted)
    return paths


def test_only_pages_that_show_a_change_are_rendered(
    press_project: Project, rendered: list[str]
) -> None:
    wanted = put_all(press_project)
    assembled(press_project, wanted, sample.COLLECTION)
    rendered.clear()
    assembled(press_project, wanted, sample.COLLECTION)
    assert rendered == []
    headline(press_project, wanted)
    assembled(press_project, wanted, sample.COLLECTION)
    assert set(rendered) == {MADISON, WISCONSIN}


def test_other_code_or_templates_render_all(
    press_project: Project, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = put_all(press_project)
    assembled(press_project, wanted, sample.COLLECTION)
    count = len(rendered)
    monkeypatch.setattr(pages, "source_key", lambda *_: "of other templates")
    assembled(press_project, wanted, sample.COLLECTION)
    assert len(rendered) == 2 * count


def test_what_shapes_all_pages_follows_declarations(press_project: Project) -> None:
    keys = []
    for label in ("Transit", "Buses"):
        path = press_project.notebooks / "transit" / "topic.yml"
        path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"label": label}))
        _shared.cache_clear()  # a command reads declarations once
        keys.append(source_key(press_project, sample.COLLECTION, []))
    assert keys[0] != keys[1]


@pytest.mark.parametrize("mishap", ["gone", "other"])
def test_a_page_that_is_not_as_it_was_left_is_made_again(
    press_project: Project, mishap: str
) -> None:
    wanted = put_all(press_project)
    before = assembled(press_project, wanted, sample.COLLECTION)
    page: Path = press_project.build / "pages" / "wi" / "madison" / "index.ipynb"
    page.unlink()
    if mishap == "other":
        page.write_text("{}")
    assert assembled(press_project, wanted, sample.COLLECTION) == before
