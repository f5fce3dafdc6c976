"""Faults planted in what is published and in what is kept: each is caught and named."""

from __future__ import annotations

import datetime
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import edition_project as made
import pytest
import yaml

from cityresearch import publication
from cityresearch.briefs.collection import load_collection
from cityresearch.errors import ResearchError
from cityresearch.press import parts
from cityresearch.press.editions import freeze as freezing
from cityresearch.press.editions import gate, listing
from cityresearch.press.editions.approvals import approve
from cityresearch.press.editions.edition import Seen, kept_edition
from cityresearch.press.editions.manifest import manifest_file, read_manifest, shelf_of
from cityresearch.press.editions.release import released, show_past
from cityresearch.press.manuscripts import read_manuscript
from cityresearch.press.running.plan import Plan, make_plan
from cityresearch.project import Project

TODAY = datetime.date(2026, 10, 2)


def refused(project: Project, **asked: Any) -> list[str]:
    """Why the project can't be published, by the gate alone: nothing may be compiled for it."""
    given = {"name": "2026-10", **asked}
    return publication.publish(project, load_collection(project), publication.Asked(**given), TODAY)


def topic(project: Project, **changed: Any) -> None:
    made.edit(project.notebooks / "people/topic.yml", lambda said: said.update(changed))


def looked_at(project: Project) -> tuple[Plan, Seen]:
    collection = load_collection(project)
    return make_plan(project, collection), Seen(project, collection.date)


def approve_all(project: Project, by: str = "R. Diaz") -> None:
    plan, seen = looked_at(project)
    approve(project, "people", {j.place.slug: seen.of(j.topic, j.place) for j in plan.current}, by)


def lacking_approval(project: Project) -> list[str]:
    plan, seen = looked_at(project)
    return gate.faults_of_approval(project, plan.all, lambda j: seen.of(j.topic, j.place))[0]


# The gate


def break_notebook(project: Project) -> None:
    def change(notebook: dict[str, Any]) -> None:
        notebook["cells"][0]["source"] = "# {eval}`1 / 0`\n\nIt is a place."

    made.edit(project.notebooks / "people/brief.ipynb", change)
    assert made.call(project, "run", "--city", "chicago-il").returncode == 1


def edit_notebook(project: Project) -> None:
    def change(notebook: dict[str, Any]) -> None:
        notebook["cells"][0]["source"].append(" Edited.")

    made.edit(project.notebooks / "people/brief.ipynb", change)


def ask_for_more(project: Project) -> None:
    made.edit(
        project.book / "collection.yml",
        lambda said: said.update(places={"city": "population >= 2000000"}),
    )


def touch_up_facts(project: Project) -> None:
    path = project.build / "facts/il/chicago/people.json"
    path.write_text(path.read_text().replace('"value": 2', '"value": 3'))


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        pytest.param(
            edit_notebook,
            "people chicago-il: stale: notebook",
            id="a notebook edited after the briefs were run",
            marks=pytest.mark.fault("stale brief", "the notebook was edited after the run", "gate"),
        ),
        pytest.param(
            break_notebook,
            "people chicago-il: failed: ",
            id="a brief that failed",
            marks=pytest.mark.fault("failed brief", "a division by zero in a brief", "gate"),
        ),
        pytest.param(
            ask_for_more,
            "people houston-tx: never run",
            id="a city that was never run",
            marks=pytest.mark.fault("missing brief", "a city was added and not run", "gate"),
        ),
        pytest.param(
            touch_up_facts,
            "people chicago-il: stale: outputs were changed",
            id="a number edited in a finished facts file",
            marks=pytest.mark.fault("edited output", "a number edited in a facts file", "gate"),
        ),
    ],
)
def test_what_is_not_ready_is_refused_by_name(
    project: Project, plant: Callable[[Project], None], told: str
) -> None:
    plant(project)
    assert any(line.startswith(told) for line in refused(project))
    assert not (project.root / "editions").exists()


@pytest.mark.fault("unproofed brief", "a brief whose page does not match its facts", "gate")
def test_what_the_proof_reader_does_not_pass_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [("people chicago-il", "'42' is no fact")]
    monkeypatch.setattr(gate.proof, "unproofed", lambda *_: told)
    assert refused(project) == ["people chicago-il: '42' is no fact"]
    assert not (project.root / "editions").exists()


@pytest.mark.fault("unapproved brief", "a topic asks for approval and nobody gave it", "gate")
def test_a_brief_that_needs_approval_and_has_none_is_refused(project: Project) -> None:
    topic(project, approval="required")
    made.run(project)
    assert "people chicago-il: not approved" in refused(project)


@pytest.mark.fault("lapsed approval", "a number changed after the approval", "gate")
def test_approval_lapses_with_a_changed_number(project: Project, tmp_path: Path) -> None:
    topic(project, approval="required")
    made.run(project)
    approve_all(project)
    assert lacking_approval(project) == []
    later = made.copied(project, tmp_path / "later")
    made.revise(later, made.CHICAGO, 2_600_001)
    made.run(later)
    (line,) = lacking_approval(later)
    assert line.startswith("people chicago-il: the approval by R. Diaz of ")


@pytest.mark.fault("lapsed approval", "a word changed after the approval", "gate")
def test_approval_lapses_with_a_changed_word(project: Project, tmp_path: Path) -> None:
    topic(project, approval="required")
    made.run(project)
    approve_all(project)
    later = made.copied(project, tmp_path / "later")
    edit_notebook(later)
    made.run(later)
    assert len(lacking_approval(later)) == 3


def test_approval_stays_where_readers_see_no_change(project: Project, tmp_path: Path) -> None:
    topic(project, approval="required")
    made.run(project)
    approve_all(project)
    later = made.copied(project, tmp_path / "later")

    def change(notebook: dict[str, Any]) -> None:
        source = "".join(notebook["cells"][0]["source"])
        source = source.replace("It is a place.", "It  is\na *place*.")
        notebook["cells"][0]["source"] = f"{source}\n\n<!-- a remark -->"
        notebook["cells"][2]["source"] = [*notebook["cells"][2]["source"], "\n# another remark"]

    made.edit(later.notebooks / "people/brief.ipynb", change)
    made.run(later)
    before, now = (
        (each.build / "notebooks/il/chicago/people.ipynb").read_bytes() for each in (project, later)
    )
    assert before != now
    assert lacking_approval(later) == []


@pytest.mark.fault("nobody’s approval", "an approval without a name", "approve")
@pytest.mark.parametrize("by", ["", "   ", "two\nlines", "x" * 200])
def test_an_approval_needs_the_name_of_a_person(project: Project, by: str) -> None:
    with pytest.raises(ResearchError, match="needs the name of a person"):
        approve_all(project, by)
    assert not (project.notebooks / "people/approvals.yml").exists()


@pytest.mark.fault("edited approval", "an unknown key in the file of approvals", "its declaration")
def test_an_edited_file_of_approvals_is_refused(project: Project) -> None:
    approve_all(project)
    path = project.notebooks / "people/approvals.yml"
    made.edit(path, lambda said: said["approved"]["chicago-il"].update(role="editor"))
    with pytest.raises(ResearchError, match=r"approvals.yml.*unknown key"):
        lacking_approval(project)


@pytest.mark.fault("draft in an edition", "a draft topic in the collection", "gate")
def test_a_draft_never_enters_an_edition(project: Project) -> None:
    shutil.copytree(project.notebooks / "people", project.notebooks / "sketch")
    made.edit(project.notebooks / "sketch/topic.yml", lambda said: said.update(draft=True))
    made.edit(project.book / "collection.yml", lambda said: said["topics"].append("sketch"))
    collection = load_collection(project)
    plan = make_plan(project, collection)
    assert {job.topic for job in plan.all} == {"people", "sketch"}
    jobs, _ = gate.choose(project, plan, [])
    assert {job.topic for job in jobs} == {"people"}


@pytest.mark.fault("unmarked draft", "the page of a draft topic", "a box above its text")
def test_the_page_of_a_draft_says_so(project: Project) -> None:
    job = make_plan(project, load_collection(project)).all[0]
    done = read_manuscript(project, job.topic, job.place)
    draft = replace(done, topic=done.topic.model_copy(update={"draft": True}))
    told = [parts.dateline(load_collection(project), each, has_pdf=False) for each in (done, draft)]
    assert ['class="draft"' in each for each in told] == [False, True]


@pytest.mark.fault("nothing to publish", "a collection of drafts alone", "gate")
def test_a_collection_of_drafts_alone_is_refused(project: Project) -> None:
    topic(project, draft=True)
    assert refused(project) == ["the collection has no brief to publish"]


def test_a_brief_is_left_out_only_by_its_name(project: Project) -> None:
    break_notebook(project)
    with pytest.raises(ResearchError, match="Did you mean 'people chicago-il'"):
        refused(project, without=("people chicago",))
    left = refused(project, without=("people chicago-il",))
    assert left and not any("chicago" in line for line in left)


# Names, dates, embargoes


@pytest.mark.fault("path in a name", "an edition's name that leads out of its folder", "publish")
@pytest.mark.parametrize(
    "name", ["../evil", "a/b", "a\\b", "..", ".hidden", "a..b", "C:x", "", "x" * 99, "Ü", "store"]
)
def test_a_name_that_is_no_name_is_refused(project: Project, name: str) -> None:
    with pytest.raises(ResearchError, match="can't be the name of an edition"):
        refused(project, name=name)
    with pytest.raises(ResearchError, match="can't be the name of an edition"):
        read_manifest(project, name)


@pytest.mark.fault("overwritten edition", "a name that is taken", "publish")
def test_a_name_that_is_taken_is_refused(project: Project) -> None:
    made.frozen(project, "2026-10")
    before = manifest_file(project, "2026-10").read_bytes()
    with pytest.raises(ResearchError, match="published already"):
        refused(project)
    with pytest.raises(ResearchError, match="published already"):
        made.frozen(project, "2026-10")
    assert manifest_file(project, "2026-10").read_bytes() == before


@pytest.mark.fault("undated edition", "a second edition with the date of the first", "publish")
def test_an_edition_must_be_younger_than_the_last(project: Project) -> None:
    made.frozen(project, "2026-10")
    with pytest.raises(ResearchError, match="not after that of the edition 2026-10"):
        refused(project, name="2026-10.1")


@pytest.mark.fault("embargo in the past", "an embargo that is over or is no date", "publish")
@pytest.mark.parametrize(
    ("day", "told"),
    [("2026-10-02", "over before it began"), ("2026-09-30", "over"), ("soon", "is no date")],
)
def test_an_embargo_in_the_past_is_refused(project: Project, day: str, told: str) -> None:
    with pytest.raises(ResearchError, match=told):
        refused(project, embargo=day)


@pytest.mark.fault("broken embargo", "an edition shown before its day", "publish")
def test_an_edition_under_embargo_stays_hidden_until_its_day(project: Project) -> None:
    manifest = made.frozen(project, "2026-10", embargo="2026-10-09")
    collection = load_collection(project)
    (project.build / "html").mkdir()
    assert show_past(project, collection, datetime.date(2026, 10, 8)) == []
    with pytest.raises(ResearchError, match="under embargo until 2026-10-09"):
        released(project, collection, manifest, datetime.date(2026, 10, 8))
    assert not (project.build / "html/editions").exists()
    released(project, collection, manifest, datetime.date(2026, 10, 9))
    assert (project.build / "html/il/chicago/people.html").is_file()


@pytest.mark.fault(
    "killed publication", "killed after the manifest, before readers saw it", "publish"
)
def test_an_edition_that_was_frozen_and_not_shown_is_shown(project: Project) -> None:
    made.frozen(project, "2026-10")  # and here it was killed
    publication.release(project, load_collection(project), "2026-10", TODAY)
    html = project.build / "html"
    assert (html / "il/chicago/people.html").is_file()
    assert (html / "editions/2026-10/il/chicago/people.html").is_file()
    with pytest.raises(ResearchError, match="published already"):
        publication.release(project, load_collection(project), "2026-10", TODAY)


@pytest.mark.fault("broken embargo", "an older edition released after a newer was shown", "publish")
def test_an_older_edition_never_takes_the_place_of_a_newer(project: Project) -> None:
    made.frozen(project, "2026-10", embargo="2026-10-20")
    made.edit(project.book / "collection.yml", lambda said: said.update(date="2026-10-09"))
    made.run(project)
    made.frozen(project, "2026-10.1")
    day, collection = datetime.date(2026, 10, 20), load_collection(project)
    publication.release(project, collection, "2026-10.1", day)
    html = project.build / "html"
    shutil.rmtree(html / "editions/2026-10")
    (html / "index.html").write_text("the newer book")
    publication.release(project, collection, "2026-10", day)
    assert (html / "index.html").read_text() == "the newer book"
    assert (html / "editions/2026-10/index.html").is_file()


# What is kept


def damaged(project: Project, change: Callable[[bytes], bytes]) -> None:
    """Writes the box anew with one piece changed, so that the zip itself is well."""
    box = project.root / "editions/store/2026-10.zip"
    with zipfile.ZipFile(box) as archive:
        pieces = {name: archive.read(name) for name in archive.namelist()}
    victim = read_manifest(project, "2026-10").briefs["il/chicago/people"].facts
    named = kept_edition(project, load_collection(project), "2026-10").listing
    piece = next(one.pieces[0] for one in named.values() if one.sha256 == victim)
    pieces[piece] = change(pieces[piece])
    with zipfile.ZipFile(box, "w") as archive:
        for name, content in pieces.items():
            archive.writestr(name, content)


@pytest.mark.fault("damaged shelf", "a kept fact changed from 2.7 to 3.7 million", "its hash")
def test_a_changed_piece_is_found(project: Project) -> None:
    made.frozen(project, "2026-10")
    assert kept_edition(project, load_collection(project), "2026-10").verify() > 50
    damaged(project, lambda piece: piece.replace(b'"value": 2', b'"value": 3'))
    edition = kept_edition(project, load_collection(project), "2026-10")
    with pytest.raises(ResearchError, match="not what its name says"):
        edition.facts("il/chicago/people")
    done = made.call(project, "editions", "--verify")
    assert done.returncode == 1 and "not what its name says" in done.stderr


@pytest.mark.fault("damaged shelf", "a damaged piece that the next edition shares", "freeze")
def test_no_edition_is_built_on_a_damaged_piece(project: Project) -> None:
    made.frozen(project, "2026-10")
    damaged(project, lambda piece: piece.replace(b'"value": 2', b'"value": 3'))
    with pytest.raises(ResearchError, match="not what its name says"):
        made.frozen(project, "2026-11")
    assert not manifest_file(project, "2026-11").exists()


@pytest.mark.fault(
    "damaged shelf", "bytes of a box flipped, a box cut short, a box lost", "the shelf"
)
@pytest.mark.parametrize("how", ["flipped", "cut", "lost"])
def test_a_damaged_box_is_found(project: Project, how: str) -> None:
    made.frozen(project, "2026-10")
    box = project.root / "editions/store/2026-10.zip"
    content = box.read_bytes()
    middle = len(content) // 2
    if how == "flipped":
        box.write_bytes(content[:middle] + bytes(64) + content[middle + 64 :])
    elif how == "cut":
        box.write_bytes(content[:middle])
    else:
        box.unlink()
    edition = kept_edition(project, load_collection(project), "2026-10")
    with pytest.raises(ResearchError, match=r"is damaged|not what its name says|in no box"):
        edition.verify()


@pytest.mark.fault(
    "edited manifest", "a hash, a name or an embargo edited in a manifest", "its seal"
)
@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["briefs"]["il/chicago/people"].update(facts="0" * 64),
        lambda said: said.update(embargo=""),
        lambda said: said["briefs"].pop("il/chicago/people"),
        lambda said: said.pop("seal"),
        lambda said: said.update(more=1),
    ],
)
def test_an_edited_manifest_is_refused(
    project: Project, change: Callable[[dict[str, Any]], Any]
) -> None:
    made.frozen(project, "2026-10", embargo="2026-12-01")
    made.edit(manifest_file(project, "2026-10"), change)
    with pytest.raises(ResearchError, match=r"changed after the edition|is no manifest"):
        read_manifest(project, "2026-10")


@pytest.mark.fault("renamed manifest", "a manifest copied under another name", "its seal")
def test_a_manifest_under_another_name_is_refused(project: Project) -> None:
    made.frozen(project, "2026-10")
    shutil.copy(manifest_file(project, "2026-10"), manifest_file(project, "2026-09"))
    with pytest.raises(ResearchError, match="changed after"):
        read_manifest(project, "2026-09")


@pytest.mark.fault("path in a listing", "a kept file whose path leads out of its folder", "listing")
@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "a\\b", "a//b", ""])
def test_a_path_that_leaves_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ResearchError, match="would leave its folder"):
        listing.inside(tmp_path, name)


@pytest.mark.fault("incomplete edition", "a book that lacks the PDF of a brief", "freeze")
def test_a_book_that_lacks_a_file_is_not_frozen(project: Project) -> None:
    now = made.working(project)
    folder = made.pages(project, now)
    (folder / "il/chicago/people.pdf").unlink()
    with pytest.raises(ResearchError, match=r"the book has no file il/chicago/people\.pdf"):
        freezing.freeze(project, load_collection(project), "2026-10", now, folder, approvals={})
    assert list((project.root / "editions").rglob("*.*")) == []


@pytest.mark.fault(
    "killed publication", "killed while the box was filled, and before the manifest", "–"
)
@pytest.mark.parametrize("when", ["listing.keep", "write_manifest"])
def test_a_killed_publication_leaves_no_edition_and_the_next_is_whole(
    project: Project, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def killed(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        target = "cityresearch.press.editions.freeze"
        patch.setattr(f"{target}.{when}", killed)
        with pytest.raises(KeyboardInterrupt):
            made.frozen(project, "2026-10")
    assert not manifest_file(project, "2026-10").exists()
    made.frozen(project, "2026-10")  # builds on what the killed one left, and leaves it there
    edition = kept_edition(project, load_collection(project), "2026-10")
    assert edition.verify() > 50
    shelf = shelf_of(project, load_collection(project))
    assert len(shelf.names()) == (1 if when == "listing.keep" else 2)


def test_the_marks_of_this_file_read_as_a_table(request: pytest.FixtureRequest) -> None:
    items = [each for each in request.session.items if each.path == request.path]
    told = [mark.args for item in items for mark in item.iter_markers("fault")]
    assert all(len(args) == 3 and all(args) for args in told)
    assert yaml.safe_load(json.dumps(told)) == [list(args) for args in told]
