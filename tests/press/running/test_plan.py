"""The plan: each kind of change runs exactly the briefs that it touches, with its reason."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import nbformat
import pytest
from fixture_project import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planned import CITIES, EXTRA, TABLE, Held, Miniature, names, reasons

from cityresearch.briefs.collection import load_collection
from cityresearch.errors import ResearchError
from cityresearch.press.files import write_whole
from cityresearch.press.running import plan as plan_module
from cityresearch.press.running.job import Outcome
from cityresearch.press.running.ledger import OUTPUTS, Ledger
from cityresearch.press.running.plan import LeftOut, Plan, make_plan
from cityresearch.press.running.status import plan_lines, plan_rows, status_rows, summary_lines
from cityresearch.project import Project
from cityresearch.work import NAMED, run_plan, way_to_run

ALL = {f"{topic} {slug}" for topic in ("people", "towns") for slug in CITIES.values()}
TOWNS = {name for name in ALL if name.startswith("towns")}
CHICAGO = "1714000"


@pytest.fixture
def mini(make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch) -> Miniature:
    """Everything was run, and nothing changed since."""
    made = Miniature(make_project, monkeypatch)
    first = made.plan()
    assert set(reasons(first).values()) == {"new"} and names(first.jobs) == ALL
    made.run(first)
    again = made.plan()
    assert again.jobs == [] and names(again.current) == ALL
    return made


def change_notebook(mini: Miniature) -> None:
    path = mini.file("notebooks/towns/brief.ipynb")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += "\n# a remark"
    nbformat.write(notebook, path)


def change_text(mini: Miniature, name: str) -> None:
    path = mini.file(name)
    path.write_text(path.read_text() + "# a remark\n" if path.is_file() else "1")


def change_edition(mini: Miniature) -> None:
    path = mini.file("book/collection.yml")
    path.write_text(path.read_text().replace("edition: 2026-11", "edition: 2026-12"))


def change_declaration(mini: Miniature) -> None:
    """The data are a link to the real ones: they become a copy of the source that places need."""
    link = mini.file("data")
    source = link.resolve() / "census_places"
    link.unlink()
    (link / "census_places").mkdir(parents=True)
    for path in source.iterdir():
        target = link / "census_places" / path.name
        target.symlink_to(path) if path.name != "source.yml" else target.write_bytes(
            path.read_bytes() + b"\n# a remark\n"
        )


def drop_output(mini: Miniature) -> None:
    mini.file("_build/facts/il/chicago/people.json").unlink()


def edit_output(mini: Miniature) -> None:
    mini.file("_build/facts/il/chicago/people.json").write_text("{\n")


def copy_outputs(mini: Miniature) -> None:
    """As a copy of the whole folder does that keeps no times."""
    for path in mini.file("_build").rglob("*/*.json"):
        path.write_bytes(path.read_bytes())


CHANGES: dict[str, tuple[Callable[[Miniature], object], set[str], str]] = {
    "notebook": (change_notebook, TOWNS, "notebook"),
    "declaration": (
        lambda m: change_text(m, "notebooks/people/topic.yml"),
        ALL - TOWNS,
        "topic.yml",
    ),
    "helper": (
        lambda m: m.helpers.update({"methods/water.py": "b"}),
        TOWNS,
        "helper: methods/water.py",
    ),
    "new helper": (
        lambda m: m.helpers.update({"briefs/new.py": "b"}),
        ALL,
        "helper: briefs/new.py",
    ),
    "library": (
        lambda m: m.versions.update({"altair": "6.3.0"}),
        ALL,
        "library: altair 1.0 → 6.3.0",
    ),
    "source": (change_declaration, ALL, "declaration: data/census_places/source.yml"),
    "edition": (change_edition, ALL, "edition"),
    "row": (
        lambda m: m.rows.update({CHICAGO: 2}),
        {"people chicago-il", "people new-york-ny", "towns chicago-il"},
        f"data: {TABLE}, row geoid {CHICAGO}",
    ),
    "row gone": (
        lambda m: m.rows.pop(CHICAGO),
        {"people chicago-il", "people new-york-ny", "towns chicago-il"},
        f"data: {TABLE}, row geoid {CHICAGO}",
    ),
    "row of nobody": (lambda m: m.rows.update({"9999999": 2}), set(), ""),
    "file": (lambda m: change_text(m, EXTRA), {"towns chicago-il"}, f"file: {EXTRA}"),
    "output": (drop_output, {"people chicago-il"}, "outputs are missing"),
    "edited output": (edit_output, {"people chicago-il"}, "outputs were changed"),
    "copied outputs": (copy_outputs, set(), ""),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_runs_what_it_touches_and_says_why(mini: Miniature, kind: str) -> None:
    change, touched, reason = CHANGES[kind]
    change(mini)
    made = mini.plan()
    assert reasons(made) == dict.fromkeys(touched, reason)
    mini.run(made)
    assert mini.plan().jobs == [] and mini.plan().confirmed == {}


def test_other_parameters_are_another_brief(mini: Miniature) -> None:
    given = {"gallons": "7"}
    assert reasons(mini.plan(parameters=given)) == dict.fromkeys(ALL, "parameters")
    mini.run(mini.plan(parameters=given, topics=["towns"], cities=["chicago-il"]))
    assert reasons(mini.plan()) == {"towns chicago-il": "parameters"}


def test_what_failed_or_never_ended_is_run_again(mini: Miniature) -> None:
    first, second, *_ = mini.plan().current
    with Ledger(mini.project) as ledger:
        ledger.began(first)
        ledger.ended(replace(mini.outcome(first), state="failed", reason="cell 3"))
        ledger.began(second)
    made = mini.plan()
    assert reasons(made) == {
        first.name: "failed last time",
        second.name: "stopped before it was finished",
    }
    rows = {f"{row['topic']} {row['place']}": row for row in status_rows(mini.project, made)}
    assert (rows[first.name]["state"], rows[first.name]["reason"]) == ("failed", "cell 3")
    assert rows[second.name]["state"] == "unfinished"
    [done] = {row["seconds"] for name, row in rows.items() if name not in (first.name, second.name)}
    assert done == 1.5
    assert any(
        "failed: " in line and "cell 3" in line for line in summary_lines(list(rows.values()))
    )


def test_a_city_outside_the_collection_may_be_named(mini: Miniature) -> None:
    made = mini.plan(cities=["madison-wi"], topics=["towns"])
    assert reasons(made) == {"towns madison-wi": "new"}


def test_all_runs_what_is_up_to_date_as_well(mini: Miniature) -> None:
    made = mini.plan().with_all()
    assert names(made.jobs) == ALL and made.current == []


def test_a_renamed_place_runs_again(mini: Miniature) -> None:
    job = mini.plan().current[0]
    renamed = replace(job, place=replace(job.place, full_name="Elsewhere"))
    with Ledger(mini.project) as ledger:
        ledger.began(renamed)
        ledger.ended(mini.outcome(renamed))
    assert reasons(mini.plan()) == {job.name: "place"}


def test_a_plan_is_told_by_topic_and_reason(mini: Miniature) -> None:
    change_notebook(mini)
    mini.rows[CHICAGO] = 2
    lines = plan_lines(plan_rows(mini.plan()), every=False)
    assert lines[:3] == [
        "people: 2 to run, 1 up to date",
        f"     2  data: {TABLE}, row geoid 1714000",
        "towns: 3 to run",
    ]
    assert "  towns chicago-il: notebook (and 1 more)" in lines
    assert plan_lines(plan_rows(mini.plan(cities=["chicago-il"], topics=["people"])), True)[-1] == (
        f"  people chicago-il: data: {TABLE}, row geoid 1714000"
    )


def test_a_long_plan_is_cut_unless_all_is_wanted() -> None:
    row = {"topic": "water", "name": "A place", "state": "to run", "reason": "new"}
    rows = [{**row, "place": f"place-{number}"} for number in range(22)]
    assert plan_lines(rows, every=False)[-1] == "  and 2 others: see plan --all"
    assert plan_lines(rows, every=True)[-1] == "  water place-21: new"


def test_places_left_out_are_named_by_a_plan_and_counted_by_a_run(
    mini: Miniature, capsys: pytest.CaptureFixture[str]
) -> None:
    places = [
        replace(mini.plan().all[0].place, slug=f"town-{number}", full_name=f"Town {number}")
        for number in range(NAMED + 1)
    ]
    out = [LeftOut("water", place, "it has none") for place in places]

    def told(left_out: list[LeftOut]) -> list[str]:
        way = way_to_run(mini.project, load_collection(mini.project), jobs=1)
        run_plan(mini.project, Plan([], [], left_out), way)
        return capsys.readouterr().out.splitlines()

    few = [f"Left out: water for Town {n} (it has none)" for n in range(NAMED)]
    none = "0 briefs to run, 0 up to date."
    assert told(out[:NAMED]) == [*few, none]
    assert told([*out, LeftOut("transit", places[0], "no trips")]) == [
        f"Left out: {len(out)} places of water (it has none); `cityresearch plan --all` names them",
        "Left out: 1 place of transit (no trips); `cityresearch plan --all` names them",
        none,
    ]
    lines = plan_lines(plan_rows(Plan([], [], out)), every=True)
    assert [f"  water {place.slug}: it has none" for place in places] == [
        line for line in lines if line.startswith("  ") and "town-" in line
    ]
    assert lines[1] == "Left out:" and lines[-1] == "Nothing to run."


def test_what_a_place_lacks_is_told_in_words(
    mini: Miniature, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = {CHICAGO: ["people", "residents"], "3651000": ["people", "census_places.cities"]}
    monkeypatch.setattr(plan_module, "prepare", lambda *_: Held(mini.rows, lacking=lacking))
    told = {out.place.slug: out.reason for out in mini.plan(topics=["people"]).left_out}
    assert told == {
        "chicago-il": "there is no figure “Residents” for it",
        "new-york-ny": "the table census_places.cities has no row about it",
    }


def test_a_topic_that_the_collection_misspells_is_its_mistake(mini: Miniature) -> None:
    mistaken = load_collection(mini.project).model_copy(update={"topics": ["peopel"]})
    with pytest.raises(ResearchError, match=r"^book/collection\.yml, topics: there is no topic"):
        make_plan(mini.project, mistaken)


# Random changes -----------------------------------------------------------------------------------

steps = st.one_of(
    st.tuples(st.just("row"), st.sampled_from([*CITIES, "9999999"])),
    st.tuples(st.just("text"), st.sampled_from(["people", "towns"])),
    st.tuples(st.just("notebook"), st.just("towns")),
    st.tuples(st.just("helper"), st.sampled_from(["briefs/brief.py", "methods/water.py"])),
    st.tuples(st.just("library"), st.just("pandas")),
    st.tuples(st.just("file"), st.just(EXTRA)),
    st.tuples(st.just("output"), st.sampled_from(sorted(ALL))),
    st.tuples(st.just("began"), st.sampled_from(sorted(ALL))),
    st.tuples(st.just("parameter"), st.sampled_from(sorted(ALL))),
    st.tuples(st.just("run"), st.just("")),
)


def take_step(mini: Miniature, kind: str, what: str, number: int) -> set[str]:
    """Makes one change; the briefs that must run for it."""
    jobs = {job.name: job for job in mini.plan().all}
    if kind == "row":
        mini.rows[what] = 100 + number
        return {name for name, job in jobs.items() if what in mini.read_by(job)}
    if kind == "helper":
        mini.helpers[what] = str(number)
        return TOWNS if "water" in what else ALL
    if kind == "library":
        mini.versions[what] = str(number)
        return ALL
    if kind in ("text", "file"):
        change_text(mini, f"notebooks/{what}/topic.yml" if kind == "text" else what)
        mine = {name for name in ALL if name.startswith(what)}
        return mine if kind == "text" else {"towns chicago-il"}
    if kind == "notebook":
        change_notebook(mini)
        return TOWNS
    job = jobs[what]
    if kind == "output":
        job.output(mini.project, "facts", "json").unlink(missing_ok=True)
    if kind == "began":
        with Ledger(mini.project) as ledger:
            ledger.began(job)
    if kind == "parameter":
        options = {"topics": [job.topic], "cities": [job.place.slug]}
        mini.run(mini.plan(parameters={"gallons": str(6 + number)}, **options))
    return {what}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(steps, max_size=6))
def test_after_any_changes_exactly_the_touched_briefs_run(
    mini: Miniature, changes: list[tuple[str, str]]
) -> None:
    mini.run(mini.plan())  # what the example before left
    due: set[str] = set()
    for number, (kind, what) in enumerate(changes):
        if kind == "run":
            mini.run(mini.plan())
            due = set()
        else:
            mini.changes += 1
            due |= take_step(mini, kind, what, mini.changes)
        assert names(mini.plan().jobs) == due, (number, kind, what)


# The road of a run with nothing to do -------------------------------------------------------------

HEAVY = (
    *("altair", "jupyter_client", "nbformat", "numpy", "pandas", "pandera", "papermill"),
    *("pyarrow", "rich", "sphinx", "vl_convert"),
)
ASKED = """
import json, sys
from cityresearch.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
print(json.dumps([code or 0, [name for name in {heavy!r} if name in sys.modules]]))
"""


def test_a_run_with_nothing_to_do_loads_no_heavy_library(
    make_project: Callable[..., Project],
) -> None:
    project = make_project()
    made = make_plan(project, load_collection(project))
    with Ledger(project) as ledger:
        ledger.know(made.recipes)
        for job in made.jobs:
            for kind, ending in OUTPUTS:
                write_whole(job.output(project, kind, ending), b"{}")
            ledger.began(job)
            ledger.ended(Outcome(job, "done"))
    options = ["run", "--project", str(project.root)]
    start = [sys.executable, "-c", ASKED.format(heavy=HEAVY), *options]
    done = subprocess.run(start, cwd=ROOT, capture_output=True, text=True)
    assert "0 briefs to run, 3 up to date" in done.stdout, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [0, []]
