"""Running briefs: what is refused before anything runs, what fails alone, and what is written."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill  # noqa: F401  finds our engine by itself; asked for before, it would be half made
import pytest
from fixture_project import CELLS, PEOPLE

from cityresearch.briefs.collection import load_collection
from cityresearch.errors import ResearchError
from cityresearch.press.editions.edition import WorkingEdition
from cityresearch.press.editions.visible import OF_EDITION
from cityresearch.press.running import engine
from cityresearch.press.running.job import Outcome
from cityresearch.press.running.ledger import Ledger
from cityresearch.press.running.plan import Plan, make_plan
from cityresearch.press.running.pool import run_jobs
from cityresearch.press.running.run import run_job
from cityresearch.project import Project

Maker = Callable[..., Project]
TITLE, PARAMETERS, CODE = CELLS


def plan_of(project: Project, **options: Any) -> Plan:
    return make_plan(project, load_collection(project), **options)


def run_all(project: Project, **options: Any) -> dict[str, Outcome]:
    """Runs what the plan says and keeps the ledger, as the command does."""
    plan = plan_of(project, **options)
    outcomes = {}
    with Ledger(project) as ledger:
        ledger.know(plan.recipes)
        for outcome in run_jobs(project, load_collection(project), plan.jobs, 2, ledger.began):
            ledger.ended(outcome)
            outcomes[outcome.job.place.slug] = outcome
    return outcomes


def with_cells(make_project: Maker, *cells: tuple[str, str]) -> Project:
    return make_project({"people": (PEOPLE, cells)})


def test_a_brief_tells_the_date_of_the_collection_that_is_run(make_project: Maker) -> None:
    """And not that of book/collection.yml, where another file was given."""
    project = with_cells(make_project, *CELLS, ("code", "assert brief.edition == '2031-05-06'"))
    other = load_collection(project).model_copy(update={"date": "2031-05-06"})
    job = make_plan(project, other).jobs[0]
    assert run_job(project, other, job).reason == ""
    assert "AssertionError" in run_job(project, load_collection(project), job).reason


def test_the_date_of_another_collection_is_no_words_of_its_edition_either(
    make_project: Maker,
) -> None:
    told = "As of {eval}`words.long_date(brief.edition)`."
    words = ("code", "from cityresearch.methods import words")
    project = with_cells(make_project, *CELLS, words, ("markdown", told))
    other = load_collection(project).model_copy(update={"date": "2031-05-06"})
    job = make_plan(project, other).jobs[0]
    assert run_job(project, other, job).reason == ""
    edition = WorkingEdition(project, other, [(job.topic, job.place)])
    assert f"As of {OF_EDITION}." in edition.text(f"{job.place.path}/people")


def test_a_brief_by_itself_opens_no_declaration(make_project: Maker) -> None:
    """Else a change of any declaration would run every brief again."""
    for outcome in run_all(make_project()).values():
        assert set(outcome.files) <= {f"notebooks/people/inserts/{outcome.job.place.slug}.md"}


def test_a_brief_is_written_whole_and_not_run_again(make_project: Maker) -> None:
    project = make_project()
    outcomes = run_all(project)
    assert set(outcomes) == {"chicago-il", "los-angeles-ca", "new-york-ny"}
    assert {outcome.reason for outcome in outcomes.values()} == {""}
    facts = json.loads((project.build / "facts/il/chicago/people.json").read_text())
    assert facts["city"] == "1714000"
    assert facts["title"] == "Chicago has 2.71 million residents"
    assert [fact["value"] for fact in facts["facts"]] == [2707648.0]
    assert facts["facts"][0]["rows"] == ["census_places.cities[geoid=1714000].population"]
    assert plan_of(project).jobs == []
    first = notebook_bytes(project)
    (project.build / "facts/il/chicago/people.json").unlink()
    assert list(run_all(project)) == ["chicago-il"]
    assert notebook_bytes(project) == first


def notebook_bytes(project: Project) -> bytes:
    return (project.build / "notebooks/il/chicago/people.ipynb").read_bytes()


def test_no_path_or_time_of_this_machine_is_in_a_notebook(make_project: Maker) -> None:
    project = make_project(places={"city": "population >= 8000000"})
    run_all(project)
    path = project.build / "notebooks/ny/new-york/people.ipynb"
    text = path.read_text()
    assert str(project.root) not in text
    assert "papermill" not in text and "timestamp" not in text
    nbformat.validate(nbformat.read(path, as_version=4))


def test_one_failure_stops_no_other_and_names_cell_line_and_city(make_project: Maker) -> None:
    faulty = 'if city.startswith("chicago"):\n    missing_name'
    project = with_cells(make_project, TITLE, PARAMETERS, CODE, ("code", faulty))
    outcomes = run_all(project)
    assert outcomes["new-york-ny"].state == outcomes["los-angeles-ca"].state == "done"
    reason = outcomes["chicago-il"].reason
    assert "notebooks/people/brief.ipynb, code cell 3, line 2, Chicago, Illinois" in reason
    assert "NameError" in reason
    assert not (project.build / "facts/il/chicago/people.json").exists()
    assert [job.place.slug for job in plan_of(project).jobs] == ["chicago-il"]


def test_a_failing_expression_fails_the_brief(make_project: Maker) -> None:
    prose = ("markdown", "## Of {eval}`brief['resident']`")
    project = with_cells(make_project, TITLE, PARAMETERS, CODE, prose)
    reason = run_all(project, cities=["madison-wi"])["madison-wi"].reason
    assert "Markdown cell 2" in reason and "{eval}`brief['resident']`" in reason
    assert "Did you mean 'residents'?" in reason


def test_a_bare_number_in_prose_fails_the_brief(make_project: Maker) -> None:
    prose = ("markdown", "There are {eval}`brief['residents'].value` people.")
    project = with_cells(make_project, TITLE, PARAMETERS, CODE, prose)
    assert (
        "no source, unit or margin" in run_all(project, cities=["madison-wi"])["madison-wi"].reason
    )


def test_a_brief_about_another_city_is_refused(make_project: Maker) -> None:
    own = ("code", CODE[1].replace("city)", '"springfield-il")'))
    project = with_cells(make_project, TITLE, PARAMETERS, own)
    reason = run_all(project, cities=["madison-wi"])["madison-wi"].reason
    assert "1772000" in reason and "5548000" in reason


def test_a_notebook_without_brief_or_title_is_refused(make_project: Maker) -> None:
    project = with_cells(make_project, ("markdown", "# A title"), PARAMETERS)
    assert "makes no Brief" in run_all(project, cities=["madison-wi"])["madison-wi"].reason


def test_a_dead_process_is_one_failed_brief(make_project: Maker) -> None:
    project = with_cells(make_project, TITLE, PARAMETERS, ("code", "import os\nos._exit(3)"))
    outcome = run_all(project, cities=["madison-wi"])["madison-wi"]
    assert outcome.state == "failed" and "ended by itself" in outcome.reason


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([TITLE, ("code", PARAMETERS[1]), CODE], "no cell has the tag 'parameters'"),
        (
            [TITLE, ("parameters", 'city = "x"\nyear = 3'), CODE],
            "sets 'year', which is not declared",
        ),
        ([TITLE, ("parameters", "year = 3"), CODE], "Did you mean|not declared"),
    ],
)
def test_wrong_parameters_are_refused_before_anything_runs(
    make_project: Maker, cells: list[tuple[str, str]], message: str
) -> None:
    project = make_project({"people": (PEOPLE, cells)})
    with pytest.raises(ResearchError, match=message) as caught:
        plan_of(project)
    assert "notebooks/people/brief.ipynb" in str(caught.value)
    assert not (project.build / "notebooks").exists()


def test_a_language_that_papermill_does_not_know_is_refused(make_project: Maker) -> None:
    project = make_project()
    path = project.notebooks / "people" / "brief.ipynb"
    made = nbformat.read(path, as_version=4)
    made.metadata.kernelspec = {"name": "mainframe", "display_name": "M", "language": "cobol"}
    made.metadata.pop("language_info", None)
    nbformat.write(made, path)
    with pytest.raises(ResearchError, match=r"brief.ipynb, metadata.*choose the kernel python3"):
        plan_of(project)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"gallon": "4"}, "no parameter 'gallon'. Did you mean 'gallons'"),
        ({"gallons": "many"}, "of type integer from 1 to 9"),
        ({"gallons": "10"}, "parameter gallons = '10' does not fit"),
        ({"gallons": "true"}, "does not fit"),
    ],
)
def test_wrong_values_are_refused(make_project: Maker, given: dict[str, str], message: str) -> None:
    declaration = copy.deepcopy(PEOPLE)
    declaration["parameters"] = {
        "gallons": {
            "type": "integer",
            "minimum": 1,
            "maximum": 9,
            "default": 5,
            "description": "use",
        }
    }
    cells = [TITLE, ("parameters", PARAMETERS[1] + "\ngallons = 5"), CODE]
    project = make_project({"people": (declaration, cells)})
    with pytest.raises(ResearchError, match=message):
        plan_of(project, parameters=given)
    assert plan_of(project, parameters={"gallons": "9"}).jobs[0].parameters["gallons"] == 9


def test_an_unknown_city_or_topic_is_answered_with_the_nearest(make_project: Maker) -> None:
    project = make_project()
    with pytest.raises(ResearchError, match="Did you mean 'madison-wi'"):
        plan_of(project, cities=["madisn-wi"])
    with pytest.raises(ResearchError, match="Did you mean 'people'"):
        plan_of(project, topics=["peopel"])


def test_a_place_that_lacks_what_a_topic_needs_is_left_out_by_name(make_project: Maker) -> None:
    project = make_project()
    topic = json.loads(json.dumps(PEOPLE))
    topic["vintages"]["urban_institute.incomes"] = "2023"
    topic["sections"]["incomes"] = {"needs": ["urban_institute.incomes"]}
    (project.notebooks / "people/topic.yml").write_text(json.dumps(topic))
    plan = plan_of(project, cities=["new-york-ny", "akron-al"])
    assert [job.place.slug for job in plan.jobs] == ["new-york-ny"]
    reason = "the table urban_institute.incomes has no row about it"
    assert [(out.place.slug, out.reason) for out in plan.left_out] == [("akron-al", reason)]


def test_a_topic_may_be_about_states(make_project: Maker) -> None:
    """Nothing in plan, run or facts may assume that a place is a city."""
    topic = json.loads(json.dumps(PEOPLE).replace("census_places.cities", "census_places.states"))
    topic |= {"geography": "state", "vintages": {"census_places.states": "2020"}}
    cells = [
        TITLE,
        ("parameters", 'state = "wisconsin"'),
        ("code", CODE[1].replace("city)", "state)")),
    ]
    project = make_project({"people": (topic, cells)}, places={"state": "population >= 20000000"})
    outcomes = run_all(project)
    assert {name: outcome.reason for name, outcome in outcomes.items() if outcome.reason} == {}
    assert "california" in outcomes
    facts = json.loads((project.build / "facts/ca/people.json").read_text())
    assert facts["state"] == "06" and facts["geography"] == "state"
    assert facts["title"].startswith("California has")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
def test_what_ran_past_its_memory_limit_is_told_as_such(make_project: Maker) -> None:
    greedy = ("code", "many = bytes(400_000_000)")
    project = make_project({"people": ({**PEOPLE, "memory_limit": 300}, [*CELLS, greedy])})
    reason = run_all(project, cities=["madison-wi"])["madison-wi"].reason
    assert "ran past its memory limit" in reason and "code cell 3, line 1" in reason
    assert "memory_limit in notebooks/people/topic.yml" in reason


def test_an_endless_import_ends_at_its_topics_limit(
    make_project: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The processes of a run import what notebooks do before they fork for a brief."""
    wait = "    try: time.sleep(0.1)\n    except Exception: pass\n"
    (tmp_path / "endless_module.py").write_text(f"import time\nwhile True:\n{wait}")
    monkeypatch.syspath_prepend(tmp_path)
    endless = ("code", "import endless_module")
    project = make_project({"people": ({**PEOPLE, "time_limit": 5}, [*CELLS, endless])})
    assert "ran past its time limit" in run_all(project, cities=["madison-wi"])["madison-wi"].reason


def test_what_a_module_reads_as_it_is_imported_counts_as_read(
    make_project: Maker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is imported once for all briefs, before their processes are there."""
    rates = ("code", "import rates_module\nrates_module.RATES")
    project = make_project({"people": (PEOPLE, [*CELLS, rates])})
    file = project.data / "rates.csv"
    file.write_text("1.5")
    (tmp_path / "rates_module.py").write_text(f"RATES = open({str(file)!r}).read()\n")
    monkeypatch.syspath_prepend(tmp_path)
    outcomes = run_all(project)
    assert outcomes and all("data/rates.csv" in one.files for one in outcomes.values())
    assert not plan_of(project).jobs
    file.write_text("9.9")
    assert {job.place.slug for job in plan_of(project).jobs} == set(outcomes)


def test_a_number_that_is_none_fails_its_brief(make_project: Maker) -> None:
    show = (
        "from cityresearch.briefs.blocks import BillCalculator\n"
        "BillCalculator('Bill', 'A case', float('nan'), (4, 7), (20, 35), ['low'], 'a test')"
    )
    project = with_cells(make_project, TITLE, PARAMETERS, CODE, ("code", show))
    assert "holds NaN" in run_all(project, cities=["madison-wi"])["madison-wi"].reason


def test_beside_a_kernel_all_files_of_the_topic_count_as_read(
    make_project: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(places={"city": "population >= 8000000"})
    (project.notebooks / "people" / "notes.csv").write_text("a,b")
    [job] = plan_of(project).jobs
    monkeypatch.setattr(engine, "OUR_KERNEL", "another")
    for name, value in (("PROJECT", project.root), ("BUILD", project.build), ("PREPARED", "")):
        monkeypatch.setenv(f"CITYRESEARCH_{name}", str(value))
    outcome = run_job(project, load_collection(project), job)
    assert (outcome.state, outcome.reason) == ("done", "")
    assert "plain papermill" in outcome.note
    assert list(outcome.files) == ["notebooks/people/", "notebooks/people/notes.csv"]


def test_a_kernel_that_is_not_installed_is_named(make_project: Maker) -> None:
    project = make_project(places={"city": "population >= 8000000"})
    path = project.notebooks / "people" / "brief.ipynb"
    made = nbformat.read(path, as_version=4)
    made.metadata.kernelspec.name = "no-such-kernel"
    nbformat.write(made, path)
    reason = run_all(project)["new-york-ny"].reason
    assert "no-such-kernel" in reason and "Traceback" not in reason
