"""Sheets that are kept for volumes: read once, and anew where anything has changed."""

from __future__ import annotations

import dataclasses

import pytest
import sample_brief as sample
from sample_project import put_brief
from test_volume import CITIES, content_of, made, project, volumes

from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.press.paper import kept, volume
from cityresearch.press.paper.fresh import shared_key
from cityresearch.press.paper.kept import Brief
from cityresearch.press.paper.pdf import make_pdfs
from cityresearch.project import Project

__all__ = ["project"]  # the fixture


@pytest.fixture
def read(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places whose briefs are read after a first volume was made."""
    assert made(project, volumes(project)) == []
    again: list[str] = []
    read_brief = kept.read_brief

    def noted(project: Project, collection: kept.Collection, brief: Brief) -> kept.Sheet:
        again.append(brief[1].slug)
        return read_brief(project, collection, brief)

    monkeypatch.setattr(kept, "read_brief", noted)
    return again


def test_what_a_pdf_says_is_not_read_again_for_its_volume(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = volumes(project)[0].briefs
    assert not any(make_pdfs(project, sample.COLLECTION, wanted))
    monkeypatch.setattr(kept, "read_brief", pytest.fail)
    assert made(project, volumes(project)) == []


def test_only_a_changed_brief_is_read_again(project: Project, read: list[str]) -> None:
    put_brief(project, "transit", places.find(project, "city", CITIES[1]), title="Another headline")
    assert made(project, volumes(project)) == []
    assert read == [CITIES[1]]
    assert "Another headline" in str(volume.volume_file(project, volumes(project)[0]).read_bytes())


def test_a_volume_of_kept_sheets_has_the_same_bytes(project: Project, read: list[str]) -> None:
    first = content_of(project)
    volume.volume_file(project, volumes(project)[0]).unlink()
    assert made(project, volumes(project)) == []
    assert read == [] and content_of(project) == first


def test_with_another_collection_all_are_read_again(project: Project, read: list[str]) -> None:
    other = sample.COLLECTION.model_copy(update={"publisher": "Another Press"})
    assert not any(volume.make_volumes(project, other, volumes(project)))
    assert read == list(CITIES)


def test_the_sheet_of_a_place_is_not_taken_for_one_that_is_called_otherwise(
    project: Project, read: list[str]
) -> None:
    topic, place = volumes(project)[0].briefs[0]
    renamed = dataclasses.replace(place, full_name="Another City, Wisconsin")
    shared = shared_key(project, sample.COLLECTION)
    assert kept.kept_sheets(project, sample.COLLECTION, [(topic, place)], shared) and not read
    with pytest.raises(ResearchError, match="this file holds the brief"):
        kept.kept_sheets(project, sample.COLLECTION, [(topic, renamed)], shared)


@pytest.mark.parametrize("content", ["", "[]", '{"state": "old", "sheet": {}}'])
def test_a_damaged_sheet_is_read_again(project: Project, read: list[str], content: str) -> None:
    for path in (project.build / "cache" / "pdf").rglob("*.sheet"):
        path.write_text(content)
    volume.volume_file(project, volumes(project)[0]).unlink()
    assert made(project, volumes(project)) == []
    assert read == list(CITIES)
