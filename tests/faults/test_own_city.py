"""Planted faults: another city in a brief, while it runs, in its finished page, and in its notebook.

The topic is a fixture on real data: residents and incomes of a city and its peers, and its agencies.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import papermill  # noqa: F401  finds our engine by itself; asked for before, it would be half made
import pytest
import yaml
from fixture_project import ROOT, notebook
from planting import faults, planted, planted_in_pdf

from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection, load_collection
from cityresearch.briefs.topic import load_topic
from cityresearch.evidence.places import Place
from cityresearch.press.proof import page_file
from cityresearch.press.proofing.places import row_faults
from cityresearch.press.running import engine, server
from cityresearch.press.running.job import Job, Outcome
from cityresearch.press.running.plan import make_plan
from cityresearch.press.running.run import run_job
from cityresearch.press.running.warm import source_of
from cityresearch.press.typed_places import notebook_faults, topic_faults
from cityresearch.press.whom import Circle
from cityresearch.project import Project

KIND = "another city in a brief"
RUN, CELL = "refused as it runs, by cell", "refused in its cell and line"
PROOF, CHECK = "`cityresearch proof`, called by `build`", "`cityresearch check`"
GUIDE = (ROOT / "docs/how-to/write-a-topic.md").read_text(encoding="utf-8")
TOPIC = yaml.safe_load(re.search(r"```yaml\n(# notebooks/people/.*?)```", GUIDE, re.DOTALL)[1])  # type: ignore[index]
TOPIC["vintages"] |= {"ntd.agency_years": "2023", "census_places.states": "2020"}
COLLECTION = {
    "title": "Fixture collection",
    "subtitle": "A collection made by a test",
    "publisher": "cityresearch tests",
    "edition": "2026-11",
    "date": "2026-11-22",
    "topics": ["people"],
    "places": {"city": "population >= 2500000"},
}
PROSE = ("markdown", "# {eval}`brief.place.name` has {eval}`brief['residents']` residents\n\nSo.")
PARAMETERS = ("parameters", 'city = "madison-wi"\npeers = 8')
IMPORTS = """from cityresearch.briefs import charts, views
from cityresearch.briefs.blocks import Callout, Cell, Chart, Column, Number, Numbers, Table
from cityresearch.briefs.brief import Brief
"""
BRIEF = ("code", f'{IMPORTS}brief = Brief("people", city, peers=peers)')
ROWS = """own, peers = brief["income"], brief.among_peers("income")
figures = [own, *peers]
names = [figure.about.name for figure in figures]
"""
CAPTION = 'charts.Caption("incomes", "Incomes", "Bar chart of incomes where one is highest.")'


def fault(planted: str, *values: Any, caught: str = RUN) -> Any:
    return pytest.param(*values, id=planted, marks=pytest.mark.fault(KIND, planted, caught))


@pytest.fixture(scope="module")
def topic(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Job]]:
    """The project and its briefs to run, by slug."""
    root = tmp_path_factory.mktemp("own-city")
    (root / "book").mkdir()
    shutil.copy(ROOT / "_config.yml", root)
    (root / "data").symlink_to(ROOT / "data")
    folder = root / "notebooks/people"
    folder.mkdir(parents=True)
    (folder / "topic.yml").write_text(yaml.safe_dump(TOPIC))
    (root / "book/collection.yml").write_text(yaml.safe_dump(COLLECTION))
    nbformat.write(notebook([PROSE, PARAMETERS, BRIEF]), folder / "brief.ipynb")
    project = Project(root, root / "_build")
    cities = ["madison-wi", "portland-or"]
    jobs = make_plan(project, load_collection(project), cities=cities).jobs
    return project, {job.place.slug: job for job in jobs}


@pytest.fixture
def run(
    topic: tuple[Project, dict[str, Job]], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """Runs a notebook of these cells for a city, as a worker of the press does."""
    project, jobs = topic
    for name, value in server.SETTINGS.items():
        monkeypatch.setenv(name, value)
    for name, path in (("PROJECT", project.root), ("BUILD", project.build), ("PREPARED", "")):
        monkeypatch.setenv(f"CITYRESEARCH_{name}", str(path))

    def execute(*cells: tuple[str, str], city: str = "madison-wi", **parameters: Any) -> Outcome:
        nbformat.write(notebook(cells), project.notebooks / "people/brief.ipynb")
        source_of.cache_clear()
        given = {**jobs[city].parameters, **parameters}
        return run_job(project, load_collection(project), replace(jobs[city], parameters=given))

    return execute


def test_what_the_guide_shows_is_about_its_own_city(run: Callable[..., Outcome]) -> None:
    shown = [
        'views.key_numbers(brief, "residents", "income")',
        'views.peer_bars(brief, "income", "it stands among cities of its size")',
        'views.peer_table(brief, ["residents", "income"], "Cities of the same size")',
        'views.rows_table(brief, "ntd.agency_years", {"agency": "Agency", "upt": "Trips"}, "Agencies",'
        ' where={"year": 2023})',
        'Callout("Mobile homes stand on Portland Avenue; Orange County and Washington do not.")',
        "[peer.name for peer in brief.peers.members]",
        'row = brief.table("census_places.states", state=brief.place.state).iloc[0].to_dict()\n'
        'people = brief.cell("census_places.states", row, "population", row["name"])\n'
        'Table("s", "Its state", [Column("State"), Column("Residents")], [[row["name"], people.cell()]])',
        f"{ROWS}Table('t', 'T', [Column('City'), Column('Year'), Column('Income')],"
        " [[each.about.name, str(each.year), each.cell()] for each in figures])",
        "Table('n', f'The nearest peer, {names[1]}', [Column('What'), Column('Income')],"
        " [['Median income', peers[0].cell()]])",
    ]
    for city in ("madison-wi", "portland-or"):
        done = run(PROSE, PARAMETERS, BRIEF, *(("code", each) for each in shown), city=city)
        assert (done.state, done.reason) == ("done", "")


# Refused by what a notebook asks for ---------------------------------------------------------------

MADE = [
    fault(
        "a default city left in the cell that makes the Brief",
        [("code", IMPORTS + 'brief = Brief("people", "portland-or", peers=peers)')],
        r"wrote people for Portland, Oregon .4159000. when asked for people for 5548000",
    ),
    fault(
        "a default city set anew in a second cell",
        [("code", f'{IMPORTS}city = "portland-or"'), ("code", 'brief = Brief("people", city)')],
        "wrote people for Portland, Oregon",
    ),
    fault(
        "a second Brief, for another city",
        [BRIEF, ("code", 'other = Brief("people", "portland-or")')],
        r"code cell 3, line 1, Madison.*writing about Madison, Wisconsin, .* for Portland, Oregon",
        caught=CELL,
    ),
    fault(
        "a Brief for another city before the own one",
        [("code", IMPORTS + 'other = Brief("people", "portland-or")'), BRIEF],
        r"code cell 3, line 4.*writing about Portland, Oregon, .* for Madison, Wisconsin",
        caught=CELL,
    ),
]
ASKED = [
    fault(
        "another city's row asked of a prepared table",
        'brief.table("urban_institute.incomes", geoid="4159000")',
        r"table urban_institute.incomes is about Portland, Oregon",
        caught=CELL,
    ),
    fault(
        "another city's number out of the whole table",
        'frame = brief.table("urban_institute.incomes")\n'
        'row = frame[(frame.geoid == "4159000") & (frame.year == 2023)].iloc[0].to_dict()\n'
        'str(brief.cell("urban_institute.incomes", row, "income_p50_usd"))',
        r"line 3, .*geoid=4159000,year=2023\] is about Portland, Oregon",
        caught=CELL,
    ),
    fault(
        "another area's agency out of the whole table, without its code",
        'frame = brief.table("ntd.agency_years")\n'
        'row = frame[frame.uace == "71317"].iloc[0].drop("uace").to_dict()\n'
        'str(brief.cell("ntd.agency_years", row, "upt"))',
        "is not about uace 53200 but another",
        caught=CELL,
    ),
    fault(
        "a text of another area's agency",
        'row = brief.table("ntd.agency_years").query("uace == \'71317\'").iloc[0].to_dict()\n'
        'brief.quoted("ntd.agency_years", row, "agency")',
        "a row of ntd.agency_years that is quoted is about uace 71317",
        caught=CELL,
    ),
    fault(
        "a column of agencies shifted by a row",
        'frame = brief.rows("ntd.agency_years").sort_values("year")\n'
        'frame["upt"] = frame["upt"].shift(1)\n'
        'str(brief.cell("ntd.agency_years", frame.iloc[1].to_dict(), "upt"))',
        r"holds \d+ in 'upt', and here it is to print \d+",
        caught=CELL,
    ),
    fault(
        "another city's figure by its code",
        "from cityresearch.briefs.facts import About\n"
        'brief.figure("income", About("geoid", "4159000", "Portland, Oregon"))',
        "'income' is asked for Portland, Oregon",
        caught=CELL,
    ),
    fault(
        "a figure derived from another city's row",
        'figure = brief.derived("own", "Own", brief["income"].estimate, table="urban_institute.incomes",'
        ' rows=["geoid=4159000,year=2023"], method="a copy")\nstr(figure)',
        r"“Own” rests on urban_institute.incomes\[geoid=4159000,year=2023\], about Portland, Oregon",
        caught=CELL,
    ),
    fault(
        "codes of peers shifted against their names",
        "from cityresearch.briefs.facts import About\n"
        "one, two = brief.peers.members[:2]\n"
        'str(brief.figure("income", About("geoid", one.id, two.name)))',
        r"“Median household income” is about .* \(geoid \d+\), and here it is named ",
        caught=CELL,
    ),
    fault(
        "another city by its slug",
        'brief.place_of("city", "portland-or").name',
        "the place asked for is Portland, Oregon",
        caught=CELL,
    ),
]


@pytest.mark.parametrize(("cells", "told"), MADE)
def test_a_brief_of_another_city(
    run: Callable[..., Outcome], cells: list[tuple[str, str]], told: str
) -> None:
    done = run(PROSE, PARAMETERS, *cells)
    assert done.state == "failed"
    assert re.search(told, done.reason), done.reason


@pytest.mark.parametrize(("code", "told"), ASKED)
def test_what_another_city_has(run: Callable[..., Outcome], code: str, told: str) -> None:
    done = run(PROSE, PARAMETERS, BRIEF, ("code", code))
    assert done.state == "failed" and "code cell 3" in done.reason, done.reason
    assert "Madison, Wisconsin" in done.reason
    assert re.search(told, done.reason), done.reason


# Refused by what cells show ------------------------------------------------------------------------

SHOWN = [
    fault(
        "a peer table whose names are shifted by a row",
        "Table('peers', 'Peers', [Column('City'), Column('Income', align='right')],"
        " [[name, figure.cell()] for name, figure in zip(names[1:] + names[:1], figures)])",
        "the row “.*” of the table “Peers” shows “.*”, a figure about ",
    ),
    fault(
        "a peer table whose plain values are shifted by a row",
        "Table('peers', 'Peers', [Column('City'), Column('Income', align='right')],"
        " [[figure.about.name, f'${other.value:,.0f}'] for figure, other in"
        " zip(figures, figures[1:] + figures[:1])])",
        "shows “.*”, which is no figure about it",
    ),
    fault(
        "a peer table of short names that are shifted by a row",
        "Table('peers', 'Peers', [Column('Rank'), Column('City'), Column('Income', align='right')],"
        " [['', name.split(',')[0], figure.cell()] for name, figure in"
        " zip(names[1:] + names[:1], figures)])",
        "the row “.*” of the table “Peers” shows “.*”, a figure about ",
    ),
    fault(
        "a table with a column a city, one of them another's",
        "Table('two', 'Two', [Column('What'), Column(names[0]), Column(names[1])],"
        " [['Income', figures[0].cell(), figures[2].cell()]])",
        "the column “.*” of the table “Two” shows “.*”, a figure about ",
    ),
    fault(
        "lines over the years, one named after a peer that it is not",
        "rows = [{'year': year, 'series': names[1], 'value': brief['income', year].value,"
        " 'text': brief['income', year].cell()} for year in (2021, 2022)]\n"
        "other = {year: brief.figure('income', peers[0].about, year) for year in (2021, 2022)}\n"
        "rows += [{'year': year, 'series': names[0], 'value': figure.value, 'text': figure.cell()}"
        " for year, figure in other.items()]\n"
        f"charts.line(rows, {CAPTION}, roles={{names[0]: 'city', names[1]: 'second'}})",
        "the column “Madison, Wisconsin” of the chart “Incomes” shows “.*”, a figure about ",
    ),
    fault(
        "bars of peers whose names are shifted by a row",
        "charts.bars([{'name': name, 'value': figure.estimate, 'text': figure.cell()} for name, figure"
        f" in zip(names[1:] + names[:1], figures)], {CAPTION}, own=own.about.name)",
        "the row “.*” of the chart “Incomes” shows “.*”, a figure about ",
    ),
    fault(
        "bars that are drawn for the next row's values",
        "charts.bars([{'name': figure.about.name, 'value': other.estimate, 'text': figure.cell()}"
        f" for figure, other in zip(figures, figures[1:] + figures[:1])], {CAPTION}, own=names[0])",
        r"the chart “Incomes” draws [\d.]+ for “.*”, and no figure about .* has that value",
    ),
    fault(
        "a chart of a frame whose rows are other cities'",
        "rows = brief.table('urban_institute.incomes').query('year == 2022').head(3)\n"
        "charts.bars([{'name': f'City {at}', 'value': value} for at, value in"
        f" enumerate(rows.income_p50_usd)], {CAPTION}, own='City 0')",
        "the chart “Incomes” draws [0-9.]+ for “City \\d”, and no figure here",
    ),
    fault(
        "a peer's bar in the place's own colour",
        "charts.bars([{'name': figure.about.name, 'value': figure.estimate, 'text': figure.cell()}"
        f" for figure in figures], {CAPTION}, own=names[1])",
        "the chart “Incomes” highlights the row “.*” as the place’s own",
    ),
    fault(
        "a peer's figure as a key number",
        "Numbers([Number(peers[0].cell(), 'Median household income, 2023')])",
        "the key number “Median household income, 2023” is a figure about ",
    ),
    fault(
        "a peer's figure in a row that names nobody",
        "Table('t', 'Income of the city', [Column('What'), Column('Income')],"
        " [['Median income', peers[0].cell()]])",
        "the row “Median income” of the table “Income of the city” shows “.*”, a figure about ",
    ),
    fault(
        "a peer's bar as that of “This city”",
        "charts.bars([{'name': 'This city', 'value': peers[0].estimate, 'text': peers[0].cell()}],"
        f" {CAPTION}, own='This city')",
        "the row “This city” of the chart “Incomes” shows “.*”, a figure about .*does not name it",
    ),
    fault(
        "another year beside the figures of a row",
        "Table('t', 'T', [Column('City'), Column('Year'), Column('Income')],"
        " [[names[0], '2019', figures[0].cell()]])",
        "the row “Madison, Wisconsin” of the table “T” shows “2019”, which is no figure about it",
    ),
    fault(
        "a chart that Altair drew by hand",
        "import altair\nspec = altair.Chart(brief.rows('urban_institute.incomes')).mark_bar().to_dict()\n"
        "table = Table('t', 'T', [Column('City')], [['Madison']])\n"
        "Chart('c', 'Incomes', 'Bar chart of incomes', spec, table)",
        "the chart “Incomes” is drawn by hand",
    ),
    fault(
        "Altair's own chart",
        "import altair\naltair.Chart(brief.rows('urban_institute.incomes')).mark_bar()",
        "the cell shows (text/html|application/vnd.vegalite)",
    ),
    fault("a frame of pandas", "brief.table('urban_institute.incomes').head()", "shows text/html"),
    fault(
        "a picture out of a file",
        "from IPython.display import Image\n"
        "Image(data=bytes([137, 80, 78, 71, 13, 10, 26, 10]) + bytes(64), format='png')",
        "the cell shows image/png, which says of nobody",
    ),
    fault(
        "another city's name in a caption",
        "Table('t', 'Incomes in Portland', [Column('Income')], [[own.cell()]])",
        "the table “Incomes in Portland” names Portland, which is neither Madison",
    ),
    fault(
        "another city's name with its state in a callout",
        "Callout('Rates follow those of Orange, California.')",
        "names Orange, California, which is neither Madison",
    ),
]


@pytest.mark.parametrize(("code", "told"), SHOWN)
def test_what_a_cell_shows(run: Callable[..., Outcome], code: str, told: str) -> None:
    section = ("markdown", "## The peers\n\nThey are alike.")
    done = run(PROSE, PARAMETERS, BRIEF, ("code", ROWS), section, ("code", code))
    assert done.state == "failed", done.reason
    assert "code cell 4, under “The peers”, Madison, Wisconsin" in done.reason
    assert re.search(told, done.reason), done.reason


@pytest.mark.parametrize(
    ("prose", "told"),
    [
        fault("another city's name in prose", "Rates in Portland rose.", "names Portland,"),
        fault(
            "a city whose name is a word, after “in”",
            "Homes in Mobile pay less.",
            "names Mobile, which",
        ),
        fault(
            "a small city's name with its state",
            "So it is in Astoria, Oregon.",
            "names Astoria, Oregon",
        ),
    ],
)
def test_a_name_in_prose(run: Callable[..., Outcome], prose: str, told: str) -> None:
    done = run(PROSE, PARAMETERS, BRIEF, ("markdown", f"## What is paid\n\n{prose}"))
    assert done.state == "failed" and "under “What is paid”, Madison" in done.reason, done.reason
    assert re.search(f"the text {told}", done.reason), done.reason


def test_words_streets_and_peers_are_no_other_city(run: Callable[..., Outcome]) -> None:
    prose = (
        "Mobile homes, Orange County, Washington and New York State, Portland Avenue, the Portland Water "
        "Bureau, Jackson’s rule and {eval}`brief.peers.members[0].name` are named."
    )
    done = run(PROSE, PARAMETERS, BRIEF, ("markdown", f"## What is paid\n\n{prose}"))
    assert (done.state, done.reason) == ("done", "")


# What is kept from one brief to the next -----------------------------------------------------------

KEEP = """import pickle
from pathlib import Path

def kept(make, path=Path({path!r})):
    if not path.exists():
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())
"""
BARS = "views.peer_bars(brief, 'income', 'it stands so')"
STALE = [
    fault("a chart of another city in a cache of files", f"kept(lambda: {BARS})"),
    fault(
        "another city's block, shown as plain data",
        f"from cityresearch.briefs.blocks import MIME\nshown = kept(lambda: {BARS}.to_json())\n"
        "display({MIME: shown, 'text/plain': 'a chart'}, raw=True)",
    ),
    fault(
        "a table of another city in a cache of files",
        "kept(lambda: Table('t', 'T', [Column('Income')], [['none']]))",
    ),
]


@pytest.mark.parametrize("code", STALE)
def test_what_another_brief_left_in_a_file(
    run: Callable[..., Outcome], tmp_path: Path, code: str
) -> None:
    cells = (("code", KEEP.format(path=str(tmp_path / "kept"))), ("code", code))
    first = run(PROSE, PARAMETERS, BRIEF, *cells, city="portland-or")
    done = run(PROSE, PARAMETERS, BRIEF, *cells)
    assert (tmp_path / "kept").exists()
    assert done.state == "failed", done.reason
    assert re.search(
        r"was made (for another place \(4159000\)|before .* or by no brief)", done.reason
    )
    if "display" not in code:  # which has no stamp in its own brief either
        assert (first.state, first.reason) == ("done", "")


MODULES = {
    "a chart that a module made as it was imported": (
        "from cityresearch.briefs.blocks import Column, Table\n"
        "shown = Table('t', 'T', [Column('Income')], [['none']])\n",
        "import {name}",
        "{name}.shown",
        "was made before this brief or by no brief",
    ),
    "a Brief of another city in a module": (
        "from cityresearch.briefs.brief import Brief\nother = Brief('people', 'portland-or')\n",
        "import {name}",
        "str({name}.other['income'])",
        "writing about Portland, Oregon|is a figure of a Brief for Portland, Oregon",
    ),
}


@pytest.mark.parametrize(
    ("source", "load", "code", "told"), [fault(name, *given) for name, given in MODULES.items()]
)
def test_what_a_module_keeps(
    run: Callable[..., Outcome],
    topic: tuple[Project, dict[str, Job]],
    source: str,
    load: str,
    code: str,
    told: str,
) -> None:
    name = f"kept_{abs(hash(source))}"
    path = topic[0].notebooks / f"people/{name}.py"
    path.write_text(source)
    first = ("code", load.format(name=name))
    done = run(PROSE, PARAMETERS, first, BRIEF, ("code", code.format(name=name)))
    path.unlink()
    assert done.state == "failed"
    assert re.search(told, done.reason), done.reason


@pytest.mark.fault(KIND, "a figure of a Brief that the warm process made", CELL)
def test_a_brief_made_before_the_fork(run: Callable[..., Outcome]) -> None:
    from cityresearch.briefs import views  # any module that a brief shares with this process
    from cityresearch.briefs.brief import Brief

    run(PROSE, PARAMETERS, BRIEF)  # the folder that briefs read is known from here on
    views.left_here = Brief("people", "portland-or")  # type: ignore[attr-defined]
    done = run(PROSE, PARAMETERS, BRIEF, ("code", "str(views.left_here['income'])"))
    del views.left_here  # type: ignore[attr-defined]
    assert (
        "is a figure of a Brief for Portland, Oregon, and this brief is about Madison"
        in done.reason
    )


@pytest.mark.parametrize("kernel", ["ours", "papermill's own"])
def test_a_module_that_keeps_the_last_city_keeps_it_for_one_brief(
    run: Callable[..., Outcome],
    topic: tuple[Project, dict[str, Job]],
    monkeypatch: pytest.MonkeyPatch,
    kernel: str,
) -> None:
    (topic[0].notebooks / "people/last.py").write_text(
        "seen = {}\n\ndef city(name):\n    return seen.setdefault('city', name)\n"
    )
    if kernel != "ours":
        monkeypatch.setattr(engine, "OUR_KERNEL", "another")
    told = ("markdown", "## Of {eval}`last.city(brief.place.name)`\n\nSo.")
    cells = (PROSE, PARAMETERS, BRIEF, ("code", "import last\nlast.city(brief.place.name)"), told)
    for city, name in (("portland-or", "Portland"), ("madison-wi", "Madison")):
        done = run(*cells, city=city)
        assert (done.state, done.reason) == ("done", "")
        kept = topic[0].build / "notebooks" / done.job.place.path / "people.ipynb"
        assert f"## Of {name}" in kept.read_text(encoding="utf-8")


@pytest.mark.fault(KIND, "the last city's name, kept in a file", RUN)
def test_a_file_that_keeps_the_last_city(run: Callable[..., Outcome], tmp_path: Path) -> None:
    keep = KEEP.format(path=str(tmp_path / "last"))
    cells = (
        ("code", f"{keep}\nname = kept(lambda: brief.place.name)"),
        ("markdown", "## Of {eval}`name`"),
    )
    assert run(PROSE, PARAMETERS, BRIEF, *cells, city="portland-or").state == "done"
    done = run(PROSE, PARAMETERS, BRIEF, *cells)
    assert "under “Of Portland”" in done.reason and "the text names Portland" in done.reason


@pytest.mark.fault(KIND, "a chart of another city, in papermill's own kernel", RUN)
def test_a_kernel_is_held_to_it_as_well(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = (("code", KEEP.format(path=str(tmp_path / "kept"))), ("code", f"kept(lambda: {BARS})"))
    assert run(PROSE, PARAMETERS, BRIEF, *cells, city="portland-or").state == "done"
    monkeypatch.setattr(engine, "OUR_KERNEL", "another")
    done = run(PROSE, PARAMETERS, BRIEF, *cells)
    assert done.state == "failed" and "was made for another place (4159000)" in done.reason


# What changed after it ran -------------------------------------------------------------------------


def swapped(html: str) -> str:
    """A page with two names of the peers' table exchanged."""
    start = html.index('<div class="table" id="peers">')
    one, two = re.findall(r"<tr><th>([^<]+)<td>", html[start:])[:2]
    table = html[start:].replace(one, "\0", 1).replace(two, one, 1).replace("\0", two, 1)
    return html[:start] + table


PAGES = [
    fault(
        "two names of peers exchanged in a table of the page", swapped, "the row “", caught=PROOF
    ),
    fault(
        "another city's name in the prose of the page",
        lambda html: html.replace("<p>The line follows", "<p>In Portland the line follows"),
        "“Portland” in “",
        caught=PROOF,
    ),
]


@pytest.mark.parametrize(("change", "told"), PAGES)
def test_a_page_that_was_changed(
    copied: Project,
    issue: Collection,
    charlotte: Place,
    change: Callable[[str], str],
    told: str,
) -> None:
    brief = ("water", charlotte)
    assert faults(copied, issue, brief) == []
    with planted(page_file(copied, brief), change):
        found = faults(copied, issue, brief)
    assert found and any(told in fault and "nc/charlotte/water.html" in fault for fault in found)


@pytest.mark.fault(KIND, "another city's name in the prose of the PDF", PROOF)
def test_a_pdf_that_was_changed(copied: Project, issue: Collection, charlotte: Place) -> None:
    brief = ("water", charlotte)
    moved = ("The line follows income", "In Portland the line follows income")
    with planted_in_pdf(copied, issue, brief, lambda text: text.replace(*moved)):
        found = faults(copied, issue, brief)
    assert any("water.pdf: “Portland”" in fault for fault in found)


def in_portland(text: str) -> str:
    """A facts file whose income is said to be another city's."""
    made = json.loads(text)
    fact = next(fact for fact in made["facts"] if fact["id"] == "income_p50")
    fact["about"] = {"kind": "geoid", "id": "4159000", "name": "Portland, Oregon"}
    return json.dumps(made)


@pytest.mark.fault(KIND, "a fact about another city in the facts file", PROOF)
def test_a_facts_file_that_was_changed(
    copied: Project, issue: Collection, charlotte: Place
) -> None:
    with planted(copied.build / "facts/nc/charlotte/water.json", in_portland):
        found = faults(copied, issue, ("water", charlotte))
    assert any("is about Portland, Oregon, no peer of it" in fault for fault in found)


def moved_by_a_row(text: str) -> str:
    """An executed notebook with the names in its peers' table moved."""
    made = json.loads(text)
    shown = [out["data"].get(MIME, {}) for cell in made["cells"] for out in cell.get("outputs", [])]
    (table,) = (block for block in shown if block.get("id") == "peers")
    names = [row[0] for row in table["rows"]]
    for row, name in zip(table["rows"], names[1:] + names[:1], strict=True):
        row[0] = name
    return json.dumps(made)


@pytest.mark.fault(KIND, "names of peers moved by a row in the executed notebook", PROOF)
def test_a_notebook_that_was_changed(copied: Project, issue: Collection, charlotte: Place) -> None:
    with planted(copied.build / "notebooks/nc/charlotte/water.ipynb", moved_by_a_row):
        found = faults(copied, issue, ("water", charlotte))
    assert any("the row “" in fault and "a figure about" in fault for fault in found)


# What is typed, before anything is run -------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        fault(
            "a default city's name left in prose",
            ("markdown", "Rates in Madison rose."),
            "“Madison” is typed",
            caught=CHECK,
        ),
        fault(
            "a default city's slug left in a code cell",
            ("code", 'city = "madison-wi"'),
            "line 1: the city “madison-wi” is typed",
            caught=CHECK,
        ),
        fault(
            "a city's code in a code cell",
            ("code", 'brief.table("urban_institute.incomes", geoid="4159000")'),
            "line 1: the city “4159000” is typed",
            caught=CHECK,
        ),
        fault(
            "a city's name in a text of the code",
            ("code", 'name = brief.place.name\ntold = f"{name} pays more than Portland"'),
            "line 2: the city “Portland” is typed",
            caught=CHECK,
        ),
        fault(
            "a city's name beneath a magic of IPython",
            ("code", '%time\ntold = "It pays more than Portland"'),
            "line 2: the city “Portland” is typed",
            caught=CHECK,
        ),
    ],
)
def test_a_typed_city(
    topic: tuple[Project, dict[str, Job]], cell: tuple[str, str], told: str
) -> None:
    project = topic[0]
    declared = load_topic(project, "people")
    cells = notebook([PROSE, PARAMETERS, BRIEF, cell]).cells
    (found,) = notebook_faults(project, "brief.ipynb", declared, cells)
    assert told in found and "mentions" in found
    mentioned = declared.model_copy(update={"mentions": ["Portland, Oregon", "Madison, Wisconsin"]})
    left = list(notebook_faults(project, "brief.ipynb", mentioned, cells))
    assert bool(left) == (
        cell[0] == "code" and "Portland" not in told
    )  # slugs and codes stay faults


def test_what_a_topic_mentions_must_be_there(topic: tuple[Project, dict[str, Job]]) -> None:
    project = topic[0]
    declared = load_topic(project, "people")
    mentioned = declared.model_copy(update={"mentions": ["Portland, Oregon", "Portlandia, Oregon"]})
    (found,) = topic_faults(project, "topic.yml", mentioned)
    assert "there is no city 'Portlandia, Oregon'" in found
    assert list(topic_faults(project, "topic.yml", declared)) == []


# Reasons of values that are not there --------------------------------------------------------------

REASON = "left out as an error: the row holds the 1999 income of Portland, Oregon"
LEFT_OUT = """from cityresearch.evidence.estimates import missing
figure = replace(brief["income"], estimate=missing(REASON, "USD"))
"""
HEADS = "Table('t', 'Incomes', [Column('City'), Column('Income')], [[names[0], "


def test_a_reason_may_hold_numerals_and_name_a_city(run: Callable[..., Outcome]) -> None:
    cells = f"from dataclasses import replace\nREASON = {REASON!r}\n{ROWS}{LEFT_OUT}"
    prose = ("markdown", "## Incomes\n\nThe income is {eval}`figure`.")
    shown = ("code", f"{cells}{HEADS}views._cell(figure)]])")
    done = run(PROSE, PARAMETERS, BRIEF, shown, prose)
    assert (done.state, done.reason) == ("done", "")


@pytest.mark.fault(KIND, "a peer's figure in prose as the place's own", RUN)
def test_prose_names_the_peer_whose_figure_it_prints(run: Callable[..., Outcome]) -> None:
    cells = PROSE, PARAMETERS, BRIEF, ("code", ROWS)
    told = "The income of {eval}`brief.place.name` is {eval}`peers[0]`."
    done = run(*cells, ("markdown", f"## Incomes\n\n{told}"))
    assert done.state == "failed" and "under “Incomes”" in done.reason
    assert re.search("the text shows “.*”, a figure about .*does not name it", done.reason)
    named = "In {eval}`names[1].split(',')[0]` it is {eval}`peers[0]`."
    assert run(*cells, ("markdown", f"## Incomes\n\n{named}")).state == "done"


@pytest.mark.fault(KIND, "a peer's figure in a callout as the place's own", RUN)
def test_a_callout_names_the_peer_whose_figure_it_prints(run: Callable[..., Outcome]) -> None:
    shown = 'Callout(f"Income here is {peers[0]}.", title="Note")'
    done = run(PROSE, PARAMETERS, BRIEF, ("code", ROWS + shown))
    assert done.state == "failed" and "the callout “Note” shows" in done.reason


@pytest.mark.fault(KIND, "a typed number beneath “not available”", RUN)
def test_what_is_no_reason_is_no_excuse(run: Callable[..., Outcome]) -> None:
    done = run(
        PROSE, PARAMETERS, BRIEF, ("code", f"{ROWS}{HEADS}Cell('not available', 'or 777')]])")
    )
    assert done.state == "failed" and "shows “777”, which is no figure about it" in done.reason


def test_a_place_may_lie_in_no_area() -> None:
    whose = [{"kind": "uace", "id": code, "name": "no area"} for code in ("", "71317")]
    none, other = ({"about": each} for each in whose)
    circle = Circle([{"name": "Tiny", "ids": {"geoid": "5500001"}}], [none, other], [], None)
    assert circle.holds(none) and not circle.holds(other)


def test_a_row_of_the_page_may_give_its_reason() -> None:
    member = {"name": "Madison, Wisconsin", "ids": {"geoid": "5548000"}}
    row = "<main><tr><th>Madison, Wisconsin</th><td>{}<span>{}</span></td></tr></main>"
    circle = Circle([member], [], [REASON], None)
    assert not list(row_faults("page", row.format("not available", REASON), circle))
    assert list(row_faults("page", row.format("not available", "in 1999"), circle))
    assert list(row_faults("page", row.format("1999", REASON), circle))
