"""Planted faults in hand-written inserts: texts that are more than text, and facts that moved on.

The texts and the changed numbers of residents are made up for these tests.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import edition_project as made
import nbformat
import pytest
from fixture_project import CELLS, notebook

from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import load_collection
from cityresearch.briefs.html import block_html
from cityresearch.briefs.inserts import LONGEST, Insert, find_insert, folder_of, read_insert
from cityresearch.errors import ResearchError
from cityresearch.press import proof
from cityresearch.press.block_markdown import block_markdown
from cityresearch.press.check import check
from cityresearch.press.editions.approvals import approve, read_approvals, verdict
from cityresearch.press.editions.edition import Seen
from cityresearch.press.inserts import State, facts_beside, states, to_look_at
from cityresearch.press.manuscripts import pdf_file, read_manuscript
from cityresearch.press.proofing.readings import paper
from cityresearch.press.running.plan import Plan, make_plan
from cityresearch.project import Project

fault = pytest.mark.fault
FRONT = "---\nauthor: R. Diaz\ndate: 2026-11-20\n---\n"
TEXT = """---
author: R. Diaz
date: 2026-11-20
title: Where 17 homes stand
---
A made-up text: the *river* was moved for **4,200 homes**, more than in any city.

- See the ["plan"](https://example.org/plan?a=1&b=2).
- It's taller.

1. Count 12 of them.
"""
SECTIONS = (
    ("markdown", "## It has {eval}`brief['residents']` people\n\nA section."),
    ("code", "brief.insert()"),
    ("markdown", "## Its twin\n\nIt is {eval}`brief['twin']` here."),
)


def file_of(project: Project, name: str = "chicago-il.md") -> Path:
    return folder_of(project, "people") / name


def put(project: Project, text: str, name: str = "chicago-il.md") -> Path:
    path = file_of(project, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with an insert for Chicago, built; not to be changed."""
    project = made.make(tmp_path_factory.mktemp("inserts") / "project")

    def twin(topic: dict[str, Any]) -> None:
        topic["indicators"]["twin"] = {**topic["indicators"]["residents"], "label": "Twin"}

    made.edit(project.notebooks / "people/topic.yml", twin)
    made.edit(project.book / "collection.yml", lambda said: said.update(date="2026-11-20"))
    nbformat.write(notebook([*CELLS, *SECTIONS]), project.notebooks / "people/brief.ipynb")
    put(project, TEXT)
    done = made.call(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def project(noted: Project, tmp_path: Path) -> Project:
    return made.copied(noted, tmp_path / "project")


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """A project with nothing in it, for what reads a single file."""
    project = Project(tmp_path / "bare", tmp_path / "bare/_build")
    put(project, TEXT)
    return project


def plan_of(project: Project) -> Plan:
    return make_plan(project, load_collection(project))


def reasons(project: Project) -> dict[str, str]:
    return {job.place.slug: job.reason for job in plan_of(project).jobs}


def state(project: Project) -> State:
    (found,) = states(project, plan_of(project), ["people"])
    return found


def chicago(project: Project) -> tuple[str, Any]:
    (job,) = (job for job in plan_of(project).all if job.place.slug == "chicago-il")
    return "people", job.place


# ---- What readers see


def test_author_and_date_stand_at_the_insert_on_page_and_paper(noted: Project) -> None:
    by = "Written by hand by R. Diaz, November 20, 2026"
    brief = chicago(noted)
    page = proof.page_file(noted, brief).read_text("utf-8")
    told = page[page.index('<div class="insert"') : page.index("Its twin")]
    text, _ = paper(pdf_file(noted, *brief))
    for shown in (told, text):
        assert by in shown and "Where 17 homes stand" in shown and "“plan”" in shown
        assert "they were not computed for this brief" in shown
    assert '<a href="https://example.org/plan?a=1&amp;b=2">' in told
    assert "<em>river</em>" in told and "<strong>4,200 homes</strong>" in told
    assert "<li>It’s taller.</li>" in told and "<ol><li>Count 12 of them.</li></ol>" in told
    others = [job.place for job in plan_of(noted).all if job.place.slug != "chicago-il"]
    assert others
    for place in others:
        assert 'class="insert"' not in proof.page_file(noted, ("people", place)).read_text("utf-8")


def test_an_insert_survives_a_run_byte_for_byte(project: Project) -> None:
    kept = {path: path.read_bytes() for path in (project.build / "notebooks").rglob("*.ipynb")}
    done = made.call(project, "run", "--all")
    assert done.returncode == 0, done.stderr
    assert file_of(project).read_text("utf-8") == TEXT
    assert {path: path.read_bytes() for path in kept} == kept


def test_other_forms_tell_who_wrote_it() -> None:
    insert = Insert("R. Diaz", "2026-11-20", "A *title*", [{"k": "p", "c": ["a ", {"k": "br"}]}])
    shown = insert._repr_mimebundle_()
    assert "Written by hand by R. Diaz" in shown["text/plain"] and "A *title*" in shown["text/html"]
    said = block_markdown(shown[MIME], "")
    assert all(line.startswith(">") for line in said.splitlines()) and r"A \*title\*" in said


# ---- Texts that are more than text


@pytest.mark.parametrize(
    "text",
    [
        "<script>hacked=1</script>",
        'A <b onclick="hacked=1">word</b>.',
        "<!-- a comment -->",
        "- item\n\n  <img src=x>",
    ],
)
@fault("script in an insert", "HTML in an insert", "the insert's line is named, its brief fails")
def test_an_insert_has_no_html(bare: Project, text: str) -> None:
    path = put(bare, f"{FRONT}A word.\n\n{text}\n")
    with pytest.raises(
        ResearchError, match=r"chicago-il.md, line [5-9]: an insert can't have HTML"
    ):
        read_insert(bare, path)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("![A map](https://elsewhere.example/a.png)", "a picture"),
        ("[![A map](a.png)](https://elsewhere.example)", "a picture"),
        ("```{raw} html\nx\n```", "a directive or a block of code"),
        (":::{include} ../../../_config.yml\n:::", "a directive or a block of code"),
        ("{eval}`brief.project`", "a role or code"),
        ("    code", "a block of code"),
        ("# Residents\n\nText.", "a heading"),
        ("Residents\n=========\n\nText.", "a heading"),
        ("> Said.", "a quotation"),
        ("***", "a rule"),
    ],
)
@fault(
    "more than text in an insert", "a picture, a directive, a role, a heading", "refused by line"
)
def test_an_insert_is_plain_text(bare: Project, text: str, what: str) -> None:
    with pytest.raises(ResearchError, match=f"line 5: an insert can't have {what}"):
        read_insert(bare, put(bare, f"{FRONT}{text}\n"))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:hacked=1",
        "data:text/html,x",
        "file:///etc/hosts",
        "../x.html",
        "//elsewhere.example",
    ],
)
@fault("harmful link", "a link of an insert to a script, a file or another page", "refused by line")
def test_links_of_an_insert_lead_to_the_web(bare: Project, address: str) -> None:
    try:
        insert = read_insert(bare, put(bare, f"{FRONT}[a]({address})\n"))
    except ResearchError as error:
        assert "line 5: the link" in str(error)
    else:  # what Markdown takes for no link is printed as it stands
        assert "<a" not in block_html(insert.to_json())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"{FRONT}{'word ' * LONGEST}", "letters; the limit is"),
        (f"{FRONT}{'- a' + chr(10)}" + "- a\n" * 20, "the limit is 16"),
        (f"{FRONT}{'x' * 61}", "a word has over 60 letters"),
        (f"{FRONT}A &#x202E;word", r"U\+202E"),
        (f"{FRONT}A \u202eword", r"U\+202E"),
        (f"{FRONT}{'- ' * 9}a", "can't have"),
        (FRONT, "no text below"),
    ],
)
@fault("too much in an insert", "a text without end, or with hidden signs", "bounded, refused")
def test_an_insert_is_bounded(bare: Project, text: str, what: str) -> None:
    with pytest.raises(ResearchError, match=what):
        read_insert(bare, put(bare, text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("A text.", "does not say who wrote it"),
        ("---\nauthor: R. Diaz\nA text.", "does not say who wrote it"),
        ("---\nauthor: R. Diaz\n---\nA text.", "date: this key is missing"),
        ("---\ndate: 2026-11-20\n---\nA text.", "author: this key is missing"),
        ("---\nauthor: ''\ndate: 2026-11-20\n---\nA text.", "author"),
        (
            '---\nauthor: "R.\\nDiaz"\ndate: 2026-11-20\n---\nA text.',
            "author: this must be one line",
        ),
        ("---\nauthor: R. Diaz\ndate: November\n---\nA text.", "'November' is no date"),
        ("---\nauthor: R. Diaz\ndate: 2026-02-30\n---\nA text.", "is no date"),
        ("---\nauthor: R. Diaz\ndate: 2026-11-20\nby: me\n---\nA text.", "by: unknown key"),
    ],
)
@fault("nobody answers for a text", "an insert without author or date", "refused; says what to add")
def test_an_insert_says_who_wrote_it_and_when(bare: Project, text: str, what: str) -> None:
    with pytest.raises(ResearchError, match=what):
        read_insert(bare, put(bare, text))


@fault("path that leads away", "an insert that is a link to another file", "refused")
def test_an_insert_is_no_link_to_another_file(bare: Project, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(TEXT)
    file_of(bare).unlink()
    file_of(bare).symlink_to(secret)
    with pytest.raises(ResearchError, match="no link to another"):
        find_insert(bare, "people", "chicago-il")


@fault("script in an insert", "HTML in an executed insert's block", "printed as words")
def test_a_block_is_never_obeyed() -> None:
    evil = '<img src=x onerror="hacked=1">'
    link = {"k": "link", "to": "javascript:hacked=1", "c": [evil]}
    parts = [{"k": "p", "c": [evil, link, {"k": "em", "c": [evil]}]}]
    body = [*parts, {"k": "list", "start": None, "items": [parts]}]
    html = block_html(Insert(evil, "2026-11-20", evil, body).to_json())
    assert "<img" not in html and "<a" not in html and 'aria-label="Written by hand by &lt;' in html


@fault(
    "another city", "an insert that speaks of another city", "its brief fails, unless it says so"
)
def test_an_insert_names_no_other_city_by_mistake(project: Project) -> None:
    text = TEXT.replace("A made-up text", "A made-up text on Milwaukee")
    put(project, text)
    done = made.call(project, "run")
    assert done.returncode == 1 and "names Milwaukee, which is neither Chicago" in done.stderr
    assert "mentions" in done.stderr and "topic.yml" not in done.stderr
    put(project, text.replace("date:", "mentions: ['Milwaukee, Wisconsin']\ndate:"))
    done = made.call(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr


# ---- Files that are for nobody


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("chicagoo-il.md", "Did you mean 'chicago-il'"),
        ("gotham.md", "no city"),
        ("1714000.md", "Rename it to chicago-il.md"),
        ("chicago-il.txt", "Name it as its place"),
    ],
)
@fault("insert for no place", "an insert that bears the name of no city", "check; offers the name")
def test_check_names_an_insert_for_no_place(project: Project, name: str, cure: str) -> None:
    put(project, TEXT, name)
    (told,) = check(project).faults
    assert told.startswith(f"notebooks/people/inserts/{name}: ") and cure in told
    assert [each.state for each in states(project, plan_of(project), ["people"])].count(
        "refused"
    ) == 1


@fault("insert that nobody sees", "inserts of a topic whose notebook places none", "check")
def test_check_names_inserts_that_no_cell_shows(project: Project) -> None:
    nbformat.write(notebook(CELLS), project.notebooks / "people/brief.ipynb")
    (told,) = check(project).faults
    assert "no cell shows them" in told and "brief.insert()" in told
    made.run(project)
    assert state(project).state == "not shown"


@fault("text of a day to come", "an insert dated after the day of its collection", "check")
def test_check_names_an_insert_of_a_later_day(project: Project) -> None:
    assert check(project).faults == []
    put(project, TEXT.replace("date: 2026-11-20", "date: 2026-11-21"))
    (told,) = check(project).faults
    assert (
        "inserts/chicago-il.md: the insert is dated November 21, 2026, but the collection" in told
    )


@fault("script in an insert", "HTML in an insert of one city", "this brief alone fails, by name")
def test_a_wrong_insert_fails_its_brief_alone(project: Project) -> None:
    put(project, f"{FRONT}<script>hacked=1</script>\n")
    done = made.call(project, "run")
    assert done.returncode == 1 and "1 failed" in done.stderr
    (told,) = (line for line in done.stderr.splitlines() if "people chicago-il: " in line)
    assert "notebooks/people/inserts/chicago-il.md, line 5: an insert can't have HTML" in told


# ---- What runs again, and what lapses


@fault(
    "stale brief", "an insert was edited, added or removed", "that brief alone runs; plan says why"
)
def test_an_edit_concerns_one_brief(project: Project) -> None:
    assert reasons(project) == {}
    put(project, TEXT.replace("river", "lake"))
    assert reasons(project) == {"chicago-il": "insert: inserts/chicago-il.md"}
    made.run(project)
    assert reasons(project) == {}
    put(project, TEXT, "houston-tx.md")
    other = next(job.place.slug for job in plan_of(project).all if job.place.slug != "chicago-il")
    put(project, TEXT, f"{other}.md")
    assert reasons(project) == {other: f"insert: inserts/{other}.md"}
    file_of(project, f"{other}.md").unlink()
    file_of(project).unlink()
    assert reasons(project) == {"chicago-il": "insert: inserts/chicago-il.md"}


@fault("approval of another text", "an insert was edited after its brief was approved", "it lapses")
def test_an_approval_lapses_with_the_text(project: Project) -> None:
    brief = chicago(project)
    date = load_collection(project).date
    approve(project, "people", {"chicago-il": Seen(project, date).of(*brief)}, "R. Diaz")
    approval = read_approvals(project, "people")["chicago-il"]
    assert verdict(approval, Seen(project, date).of(*brief)) == ""
    put(project, TEXT.replace("4,200", "4,300"))
    made.run(project)
    assert "has lapsed" in verdict(approval, Seen(project, date).of(*brief))


# ---- Facts that moved on


def test_the_facts_beside_are_those_of_the_section(noted: Project) -> None:
    facts = facts_beside(read_manuscript(noted, *chicago(noted)))
    assert facts is not None and list(facts) == ["residents"]


@fault(
    "text beside other facts", "a number beside an insert was revised", "listed, from what to what"
)
def test_an_insert_is_listed_when_the_facts_beside_it_change(project: Project) -> None:
    assert state(project).state == "new"
    done = made.call(project, "inserts", "--accept", "chicago-il")
    assert done.returncode == 0 and "inserts/seen.yml" in done.stdout, done.stderr
    assert state(project).state == "current" and not to_look_at(project, plan_of(project))
    assert reasons(project) == {}  # the record concerns no brief
    made.revise(project, made.CHICAGO, 2_500_123)
    assert ": not run: place" in made.call(project, "inserts").stdout
    made.run(project)
    (row,) = json.loads(made.call(project, "inserts", "--json").stdout)
    assert (row["state"], row["author"]) == ("facts changed", "R. Diaz")
    assert row["told"] == ["Residents: 2.71 million → 2.5 million"]
    shown = made.call(project, "status").stdout
    by = "the insert by R. Diaz of 2026-11-20"
    assert f"To look at: people chicago-il: {by}: facts changed: Residents: 2.71" in shown
    again = made.call(project, "inserts", "--accept", "chicago-il").stdout
    assert f"people chicago-il: {by}: current" in again and "0 to look at" in again


@fault("text beside other facts", "an insert was edited after it was accepted", "listed")
def test_an_edited_insert_is_listed_until_it_is_accepted_again(project: Project) -> None:
    made.call(project, "inserts", "--accept", "chicago-il")
    put(project, TEXT.replace("river", "lake"))
    made.run(project)
    assert state(project).state == "text changed"
    (told,) = to_look_at(project, plan_of(project))
    assert "then: cityresearch inserts --accept chicago-il" in str(told)
    made.call(project, "inserts", "--accept", "chicago-il")
    assert state(project).state == "current"


@fault("text beside other facts", "a number far from an insert was revised", "not listed")
def test_facts_of_other_sections_do_not_count(project: Project) -> None:
    made.call(project, "inserts", "--accept", "chicago-il")
    file = project.build / "facts/il/chicago/people.json"
    content = json.loads(file.read_text())
    (twin,) = (fact for fact in content["facts"] if fact["id"] == "twin")
    twin["value"] += 5
    file.write_text(json.dumps(content))
    manuscript = read_manuscript(project, *chicago(project))
    beside = facts_beside(manuscript)
    assert beside is not None and "twin" not in beside


@fault(
    "text beside other facts", "publishing beside facts that nobody looked at", "publish names it"
)
def test_publish_names_what_is_to_be_looked_at(project: Project) -> None:
    done = made.call(project, "publish", "2026-10")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "To look at: people chicago-il: the insert by R. Diaz of 2026-11-20: new" in done.stdout


@pytest.mark.parametrize("city", ["houston-tx", "gotham"])
@fault("approval of nothing", "accepting the insert of a city that has none", "refused by name")
def test_only_an_insert_can_be_accepted(project: Project, city: str) -> None:
    done = made.call(project, "inserts", "--accept", city)
    assert done.returncode == 1 and "no brief shows an insert for it" in done.stderr
    assert not file_of(project, "seen.yml").exists()


@fault("approval of nothing", "accepting an insert of a brief that is stale", "refused: run it")
def test_a_stale_brief_is_not_accepted(project: Project) -> None:
    put(project, TEXT.replace("river", "lake"))
    done = made.call(project, "inserts", "--accept", "chicago-il")
    assert done.returncode == 1 and "is not up to date" in done.stderr


@fault("edited record", "a record of seen facts that was edited by hand", "check")
def test_check_reads_the_record(project: Project) -> None:
    put(project, "seen:\n  chicago-il: yes\n", "seen.yml")
    assert any("inserts/seen.yml" in told for told in check(project).faults)


@fault(
    "change without its reason", "an insert was edited between two editions", "diff: text changed"
)
def test_diff_says_that_a_text_changed(project: Project) -> None:
    made.frozen(project, "2026-10")
    put(project, TEXT.replace("river", "lake"))
    made.run(project)
    done = made.call(project, "diff", "2026-10", "--json")
    assert done.returncode == 0, done.stderr
    ((place, reasons),) = {(row["place"], *row["reasons"]) for row in json.loads(done.stdout)}
    assert (place, reasons) == ("chicago-il", "text changed")


# ---- Numbers


def proofed(project: Project) -> list[str]:
    return [
        str(each) for each in proof.proof_read(project, load_collection(project), chicago(project))
    ]


def test_numbers_of_an_insert_pass_the_proof(noted: Project) -> None:
    assert proofed(noted) == []


@pytest.mark.parametrize(
    ("old", "new", "numeral"),
    [
        ("It is a place.", "It is a place of 4,200 homes.", "4,200"),
        ("moved for <strong>4,200 homes", "moved for <strong>4,300 homes", "4,300"),
        ("Count 12 of them", "Count 13 of them", "13"),
    ],
)
@fault("number without a fact", "a number of an insert elsewhere, or another one in it", "proof")
def test_the_proof_knows_an_insert_by_all_its_words(
    project: Project, old: str, new: str, numeral: str
) -> None:
    page = proof.page_file(project, chicago(project))
    text = page.read_text("utf-8")
    assert old in text
    page.unlink()  # files of the book share their content with others
    page.write_text(text.replace(old, new), "utf-8")
    assert any(f"“{numeral}”" in told for told in proofed(project))
