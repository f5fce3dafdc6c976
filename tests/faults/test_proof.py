"""Planted faults: numbers that are not the brief's, in a finished page, drawing, PDF and facts file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from miniature import command
from planting import faults, planted, planted_in_pdf

from cityresearch.briefs.collection import Collection
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press.manuscripts import read_manuscript
from cityresearch.press.proof import page_file, proof, unproofed
from cityresearch.press.typed import code_faults, notebook_faults
from cityresearch.project import Project

KIND = "a number that is not the brief's"
COMPARED = "a comparison that the figures do not give"
PROOF, CHECK = "`cityresearch proof`, called by `build`", "`cityresearch check`"


def printed(project: Project, place: Place) -> set[str]:
    """All wordings of the facts of a place's water brief."""
    facts = read_manuscript(project, "water", place).facts["facts"]
    return {text for fact in facts for text in (fact["text"], *fact["wordings"])}


def first(pattern: str, by: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, by, text, count=1, flags=re.DOTALL)


def case(planted: str, *values: Any, kind: str = KIND) -> Any:
    return pytest.param(*values, id=planted, marks=pytest.mark.fault(kind, planted, PROOF))


IN_PAGES = [
    case("a changed digit in a table's cell", first(r"(<td><a href=#\S+>\$\d)\d", r"\g<1>7")),
    case(
        "the neighbour's figure in a table's cell",
        lambda text: re.sub(
            r"(<td><a href=#f-\w+>)(\$[\d,.]+)(</a>.*?<td><a href=#f-\w+>)(\$[\d,.]+)",
            r"\1\4\3\2",
            text,
            count=1,
            flags=re.DOTALL,
        ),
    ),
    case(
        "a changed bound beneath a figure in a table",
        first(r"(<small>\$\d+,)\d(\d\d to)", r"\g<1>7\2"),
    ),
    case("another year before the figures of a row", first(r"<th[^>]*>2015(?=<td)", "<th>2016")),
    case("a changed margin under a key number", first(r'(class="margin">\$\d)\d', r"\g<1>7")),
    case("a changed digit in a headline", first(r"(<h1>.*?>\$\d)\d", r"\g<1>7")),
    case("another year in a heading", first(r"(<h2>Low incomes [^<]*?.* in )20\d\d", r"\g<1>2008")),
    case(
        "a number in prose that no fact has",
        first("<p>The line follows income", "<p>Of 731, the line follows income"),
    ),
    case(
        "a rounded number in prose",
        first(r"(<p>The measure is ).*?(</a> of a low income)", r"\g<1>5%\2"),
    ),
    case("another count of peers in words", first(r"(<main.*? of its )\w+", r"\1seventeen")),
    case(
        "a changed number in what a page's head says of it",
        first(r'("description" content="[^"]*\$\d)\d', r"\g<1>7"),
    ),
    case(
        "a changed digit in what search engines are told",
        first(r'("headline":"[^"]*\$\d)\d', r"\g<1>7"),
    ),
    case("a changed digit in an alternative text", first(r'(alt="[^"]*\$\d)\d', r"\g<1>7")),
    case("a changed exact value behind a number", first(r"(<data value=\d)\d", r"\g<1>7")),
    case(
        "a changed digit in the list of figures",
        first(r"(<tr id=\S+><th>[^<]*<td>\$\d)\d", r"\g<1>7"),
    ),
    case(
        "“lower” for “higher” under a key number",
        first(r'(class="comparison">)higher than in', r"\1lower than in"),
        kind=COMPARED,
    ),
    case(
        "“higher” for “about the same” in prose",
        first(r"(<p>The measure is .*?)about the same as in", r"\1higher than in"),
        kind=COMPARED,
    ),
    case("a link to a fact that is not there", first(r"<a href=#f-\w+>", "<a href=#f-none>")),
]


@pytest.mark.parametrize("change", IN_PAGES)
def test_a_page(
    copied: Project, issue: Collection, charlotte: Place, change: Callable[[str], str]
) -> None:
    brief = ("water", charlotte)
    assert faults(copied, issue, brief) == []
    with planted(page_file(copied, brief), change):
        found = faults(copied, issue, brief)
    assert found and all("nc/charlotte/water" in fault for fault in found)


@pytest.mark.fault(KIND, "another city's figure in prose", PROOF)
def test_a_figure_of_another_city(copied: Project, issue: Collection, charlotte: Place) -> None:
    brief, raleigh = ("water", charlotte), places.find(copied, "city", "raleigh-nc")
    of = {place: printed(copied, place) for place in (charlotte, raleigh)}
    foreign = of[raleigh] - of[charlotte]
    wrong = min(text for text in foreign if re.fullmatch(r"\$[\d,]{5,}", text))
    with planted(page_file(copied, brief), first("<p>The line follows", f"<p>{wrong} follows")):
        (found,) = faults(copied, issue, brief)
    assert wrong in found and "no fact, year or date" in found


DRAWING, LIVE = "water-bill-by-use.svg", "water.charts.js"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        case("a changed digit in a chart's label", DRAWING, first(r"(>\$\d)\d", r"\g<1>9")),
        case("a changed tick on a chart's scale", DRAWING, first(r"(<text[^>]*>)\$0<", r"\1$7<")),
        case("a changed digit in a live chart", LIVE, first(r'("text":"\$\d)\d', r"\g<1>9")),
        case(
            "a changed tick on the axis of a live chart",
            LIVE,
            first(r'(\[\\"\$)0\\"', r'\g<1>7\\"'),
        ),
    ],
)
def test_a_chart(
    copied: Project, issue: Collection, charlotte: Place, name: str, change: Callable[[str], str]
) -> None:
    brief = ("water", charlotte)
    with planted(page_file(copied, brief).with_name(name), change):
        found, unread = faults(copied, issue, brief), unproofed(copied, issue, [brief])
    assert found and all(name in fault for fault in found)
    assert "not proof-read since" in unread[0][1]


@pytest.mark.parametrize(
    "change",
    [
        case(
            "a changed digit in the prose of the PDF", first(r"(A system can serve)", r"In 731 \1")
        ),
        case(
            "a figure of the brief at another place of the PDF",
            first(r"less than \$[\d,]+ in", "less than $88.00 in"),
        ),
        case("a changed digit in a table of the PDF", first(r'("text": "\$\d)\d', r"\g<1>7")),
    ],
)
def test_a_pdf(
    copied: Project, issue: Collection, charlotte: Place, change: Callable[[str], str]
) -> None:
    brief = ("water", charlotte)
    with planted_in_pdf(copied, issue, brief, change):
        found = faults(copied, issue, brief)
    assert found and all("water.pdf" in fault for fault in found)


@pytest.mark.fault(
    "a fact that is not its value", "a printed text changed in the facts file", PROOF
)
def test_a_facts_file(copied: Project, issue: Collection, charlotte: Place) -> None:
    path = copied.build / "facts/nc/charlotte/water.json"
    with planted(path, first(r'("id": "affordable_day",.*?"text": "\$)\d', r"\g<1>9")):
        found = faults(copied, issue, ("water", charlotte))
    assert any("the value of the fact 'affordable_day' is" in fault for fault in found)


@pytest.mark.fault(COMPARED, "a peer's value changed in the facts file", PROOF)
def test_a_comparison_of_other_figures(
    copied: Project, issue: Collection, charlotte: Place
) -> None:
    path = copied.build / "facts/nc/charlotte/water.json"
    far = r'("id": "affordable_day:\d+",.*?"value": )[\d.]+(,.*?"low": )[\d.]+(,.*?"high": )[\d.]+'
    with planted(path, first(far, r"\g<1>900.0\g<2>890.0\g<3>910.0")):
        found = faults(copied, issue, ("water", charlotte))
    assert any("against peers" in fault and "the figures give" in fault for fault in found)


@pytest.mark.fault(
    "an unchecked page", "a page changed after it was proof-read", "`unproofed`, before publishing"
)
def test_what_changed_is_unproofed(copied: Project, issue: Collection, charlotte: Place) -> None:
    brief = ("water", charlotte)
    assert dict(proof(copied, issue, [brief])) == {"water charlotte-nc": []}
    assert unproofed(copied, issue, [brief]) == []
    with planted(page_file(copied, brief), first("The line follows", "The line follows 731")):
        ((name, why),) = unproofed(copied, issue, [brief])
        assert name == "water charlotte-nc" and "not proof-read since it changed" in why
        ((_, found),) = proof(copied, issue, [brief])
        assert len(found) == 1 and "“731” in “The line follows 731 income" in found[0]
        assert unproofed(copied, issue, [brief]) == [(name, found[0])]
    assert dict(proof(copied, issue, [brief])) == {"water charlotte-nc": []}


@pytest.mark.fault(
    KIND, "a number in a finished page, seen by the command", "`cityresearch proof`, exit 1"
)
def test_the_command_names_it_and_exits_1(copied: Project, charlotte: Place) -> None:
    page = page_file(copied, ("water", charlotte))
    with planted(page, first("The line follows", "The line follows 731")):
        done = command("proof", "--topic", "water", "--city", "charlotte-nc", build=copied.build)
    assert done.returncode == 1
    assert "water charlotte-nc: nc/charlotte/water.html: “731”" in done.stderr
    assert command("proof", "--city", "charlotte-nc", build=copied.build).returncode == 0


# What is typed, before anything is run ------------------------------------------------------------


def typed(planted: str, kind: str, source: str, told: str) -> Any:
    marks = pytest.mark.fault("a number typed where a figure belongs", planted, CHECK)
    return pytest.param(kind, source, told, id=planted, marks=marks)


@pytest.mark.parametrize(
    ("kind", "source", "told"),
    [
        typed("digits in a notebook's prose", "markdown", "It took 12.5% of incomes.", "12.5%"),
        typed("a year in a notebook's prose", "markdown", "As it was in 2023.", "2023"),
        typed(
            "a number word in a notebook's prose", "markdown", "All eight peers pay less.", "eight"
        ),
        typed(
            "a fraction in a notebook's prose",
            "markdown",
            "A fifth of them pay more.",
            "A fifth of",
        ),
        typed(
            "digits in a text of a code cell", "code", 'told = "It took $1,200 a year"', "$1,200"
        ),
        typed("digits in an f-string", "code", 'told = f"{name} had 12 trips"', "12"),
        typed("a plain value in an f-string", "code", 'told = f"{name} had {12} trips"', "12"),
        typed("a plain value made a word", "code", "told = words.number(8)", "8"),
        typed("a sum of plain values", "code", 'told = f"{6 * 2} trips"', "6 * 2"),
        typed("a name set to a plain value", "code", 'peers = 8\ntold = f"{peers} peers"', "peers"),
        typed("a plain value made a figure", "code", 'Estimate(12.5, None, "%")', "12.5"),
        typed("a plain value as an expression", "markdown", "It had {eval}`12` trips.", "12"),
        typed("digits in an expression's text", "markdown", "It had {eval}`'12'` trips.", "12"),
        typed("a plain value in an expression", "markdown", "Of {eval}`str(6 + 6)`.", "6 + 6"),
        typed("a multiple in a notebook's prose", "markdown", "Fares have doubled.", "doubled"),
        typed("a sign for a fraction", "markdown", "Of homes ½ pay more.", "½"),
    ],
)
def test_a_typed_number(kind: str, source: str, told: str) -> None:
    cell: dict[str, Any] = {"cell_type": kind, "id": "c", "metadata": {}, "source": source}
    (found,) = notebook_faults("notebooks/x/brief.ipynb", [cell])
    assert (
        f"“{told}”" in found and "notebooks/x/brief.ipynb, c" in found and "brief.constant" in found
    )


def test_expressions_lists_names_and_code_are_no_typed_numbers() -> None:
    prose = "1. Ask {eval}`words.join(rows[:3])` of [table 2](t2.html) `x = 3`\n\nSee B01003."
    cell: dict[str, Any] = {"cell_type": "markdown", "id": "c", "metadata": {}, "source": prose}
    assert [fault for fault in notebook_faults("n", [cell]) if "“2”" not in fault] == []
    code = 'rows = table.query("year == 2023")\nshare = rows["upt"] / 1e6\nx = f"{share:.2f}"'
    assert list(code_faults("n", code)) == []
    raised = 'raise ResearchError("write 2 to 6.", where="charts")'
    assert list(code_faults("n", raised)) == []
    assert list(code_faults("n", "x = (")) == []
