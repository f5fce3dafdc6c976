"""Planted faults: words of comparison, trend, rank and share that no test of the figures gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from fixture_project import CELLS, PEOPLE, notebook

from cityresearch.briefs.facts import About, Figure, Ledger
from cityresearch.evidence.estimates import Estimate
from cityresearch.methods import words
from cityresearch.methods.ranks import ranks
from cityresearch.press.check import check
from cityresearch.press.worded import Allowed, notebook_faults
from cityresearch.project import Project

Make = Callable[..., Project]
KIND, BARE, CHECK = (
    "a word that no test gave",
    "an uncertain figure printed as a sure one",
    "`cityresearch check`",
)


def case(planted: str, *values: Any, kind: str = KIND) -> Any:
    return pytest.param(*values, id=planted, marks=pytest.mark.fault(kind, planted, CHECK))


def found(*cells: tuple[str, str], allowed: Sequence[str] = ()) -> list[str]:
    """The faults of a notebook of these cells."""
    lets = Allowed("topic.yml", allowed)
    return list(notebook_faults("brief.ipynb", notebook(cells).cells, lets))


TYPED = [
    case("“higher” in a notebook's prose", "markdown", "Rents are higher here.", "higher"),
    case("“most” in a notebook's prose", "markdown", "Most residents rent.", "Most"),
    case("“more than half of” in prose", "markdown", "More than half of them rent.", "More than"),
    case(
        "“doubled” beside a figure",
        "markdown",
        "Fares doubled to {eval}`brief['fares']`.",
        "doubled",
    ),
    case(
        "“higher” in an expression",
        "markdown",
        "It is {eval}`'higher' if x else 'lower'`.",
        "higher",
    ),
    case(
        "“fell” in a chart's title", "code", 'views.over_years(brief, p, "Trips fell", "x")', "fell"
    ),
    case("“leads” in the head of a table's column", "code", 'Column("Who leads")', "leads"),
    case(
        "“outpaces” in an alternative text",
        "code",
        'alt("Chart", "trips", "it outpaces all")',
        "outpaces",
    ),
    case("“worst” in a callout", "code", 'Callout("The worst in the state.")', "worst"),
    case(
        "“fewer than” in an f-string", "code", 'f"It has fewer {noun} than {other}"', "fewer … than"
    ),
    case(
        "a word chosen by comparing bare values",
        "code",
        "f\"{'higher' if brief['a'].value > brief['b'].value else 'lower'} than its peers\"",
        "higher",
    ),
    case(
        "a rank among peers from bare values",
        "code",
        "first = max(peers, key=lambda p: p.value)",
        "max(peers",
    ),
    case("a rank from a table's rows", "code", 'top = brief.rows("t").upt.idxmax()', "idxmax"),
    case("the word of a comparison without its test", "code", "words.TREND.more", "“words.TREND”"),
    case(
        "the words of a comparison under another name",
        "code",
        "from cityresearch.methods.words import HIGHER as H",
        "HIGHER as H",
    ),
    case(
        "“growing” beneath a magic of IPython",
        "code",
        '%time\nCallout("A growing city")',
        "growing",
    ),
]


@pytest.mark.parametrize(("kind", "source", "word"), TYPED)
def test_a_claim_in_a_notebook_is_named_with_what_to_write(
    kind: str, source: str, word: str
) -> None:
    faults = found((kind, source))
    assert any(word in fault and "compare-figures.md" in fault for fault in faults), faults
    assert all(fault.startswith("brief.ipynb, cell-0") for fault in faults)


UNCERTAIN = [
    case(
        "a figure as tables print it, in prose", "markdown", "{eval}`brief['a'].cell()`", kind=BARE
    ),
    case("a bare value in an f-string", "code", "f\"It is {brief['a'].value}\"", kind=BARE),
]


@pytest.mark.parametrize(("kind", "source"), UNCERTAIN)
def test_a_figure_without_its_doubt_is_named(kind: str, source: str) -> None:
    (fault,) = found((kind, source))
    assert "is printed in prose without what its margin says. Write .close()" in fault


@pytest.mark.fault(KIND, "“highest” in a topic's summary", CHECK)
@pytest.mark.fault(KIND, "“lowest” in a file beside a notebook", CHECK)
def test_the_other_texts_of_a_topic_are_read_too(make_project: Make) -> None:
    topic = {**PEOPLE, "summary": "Where the highest towers stand"}
    project = make_project({"people": (topic, CELLS)})
    (project.notebooks / "people" / "telling.py").write_text('TOLD = "The lowest rents"\n')
    faults = check(project).faults
    assert [fault.split(":")[0] for fault in faults] == [
        "notebooks/people/telling.py, line 1",
        "notebooks/people/topic.yml, summary",
    ]


EXCEPTION = {"text": "leads the parade", "reason": "it is the name of a song"}


def test_a_declared_exception_is_told_each_time(make_project: Make) -> None:
    cells = (*CELLS, ("markdown", "The mayor leads the parade, and the city leads its peers."))
    project = make_project({"people": ({**PEOPLE, "untested": [EXCEPTION]}, cells)})
    checked = check(project)
    (fault,) = checked.faults
    assert "“leads” claims a rank" in fault
    assert "Not tested, by notebooks/people/topic.yml: “leads the parade”, for it is" in "\n".join(
        checked.lines()
    )


@pytest.mark.fault(KIND, "an exception for a text that is no longer there", CHECK)
def test_an_exception_that_nothing_needs_is_named(make_project: Make) -> None:
    (fault,) = check(make_project({"people": ({**PEOPLE, "untested": [EXCEPTION]}, CELLS)})).faults
    assert fault.startswith("notebooks/people/topic.yml, untested: “leads the parade” holds no")


@pytest.mark.fault(KIND, "an exception without a reason", CHECK)
def test_an_exception_needs_a_reason(make_project: Make) -> None:
    bad = {**PEOPLE, "untested": [{"text": "leads the parade"}]}
    (fault,) = check(make_project({"people": (bad, CELLS)})).faults
    assert "notebooks/people/topic.yml: untested.0.reason: this key is missing" in fault


def figure(estimate: Estimate) -> Figure:
    about, ledger = About("geoid", "5548000", "Madison, Wisconsin"), Ledger()
    return Figure("a", "A", estimate, about, 2023, "s", "2023", ("t[x]",), "m", "", "", ledger)


@pytest.mark.fault(BARE, "a figure with a margin of half its size in prose", "the figure itself")
def test_what_is_too_uncertain_is_not_printed_in_prose() -> None:
    wild = figure(Estimate(1000, 900, "people"))
    assert str(wild) == wild.close() == "not available (too uncertain to print)"
    assert (wild.cell(), wild.margin()) == ("1,000", "± 900, very uncertain")
    rough = figure(Estimate(1000, 300, "people"))
    assert str(rough) == rough.close() == "an estimated 1,000"


TIED = [Estimate(31, 2, "%"), Estimate(30, 2, "%"), Estimate(20, 2, "%")]


@pytest.mark.fault(KIND, "a single first place for two that tie", "`views.largest`")
@pytest.mark.fault(KIND, "a rank of their own for places that tie", "the table of ranks")
def test_ties_are_called_ties() -> None:
    named = dict(zip(("fares", "local funds", "state funds"), TIED, strict=True))
    assert words.largest(named, "source") == "Tied as the largest source are fares and local funds"
    found = ranks([estimate.interval for estimate in TIED])
    assert [str(rank) for rank in found] == ["1–2, tied", "1–2, tied", "3"]


@pytest.mark.fault(KIND, "“higher” for a difference within the margins", "`words.compare`")
@pytest.mark.fault(KIND, "“rose” for a change within the margins", "`words.trend`")
def test_noise_gets_no_word() -> None:
    first, second, _ = TIED
    assert words.compare(first, second, "the nation") == "about the same as the nation"
    assert words.trend(second, first) == "did not change clearly"
