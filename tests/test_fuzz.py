"""Whatever a file holds, its loader reads it or says what is wrong: never a traceback, a hang or a crash.

What was found to break one is an example here, so that it is tried every time.
"""

from __future__ import annotations

import hashlib
import io
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sample_brief as sample
import yaml
from correction_project import ADA, BELL, entry
from fixture_project import ROOT
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_project import make_small

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.html import block_html
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import places, tables
from cityresearch.evidence.checks import read_checked
from cityresearch.evidence.declarations import load_yaml, read_declaration
from cityresearch.evidence.sources import Source, Table
from cityresearch.methods.tariffs import Component, Tariff
from cityresearch.press import spreadsheets
from cityresearch.press.export import prose_html
from cityresearch.press.paper import typst_markup
from cityresearch.press.paper.briefing import guide_text, load_briefing
from cityresearch.press.paper.sheet import read_guide
from cityresearch.press.surroundings import html_of, plain
from cityresearch.project import Project

MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
TAGS = "h1 h2 h3 h4 h5 h6 p em strong a code pre ul ol li br hr blockquote img div span sub small i"
TABLE_TAGS = "table caption thead tbody tr th td"
ATTRIBUTES = "href src alt title class id scope start data-label data-mark aria-hidden"


class _Elements(HTMLParser):
    """Fails at any element or attribute that no text of ours makes."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in f"{TAGS} {TABLE_TAGS}".split()
        for name, value in attrs:
            assert name in ATTRIBUTES.split()
            assert name != "href" or "javascript:" not in str(value).lower()


def assert_harmless(html: str) -> None:
    """No element, attribute or link that a browser would obey; words are free."""
    parser = _Elements()
    parser.feed(html)
    parser.close()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, tmp_path / "_build")


def refused_or_read(act: Any) -> None:
    """Does it; a researcher's mistake has a message, and nothing else is raised."""
    try:
        act()
    except ResearchError as error:
        assert str(error)


# ---- Declarations


@MANY
@given(st.text(st.sampled_from("abx019 \n-:[]{}&*!|>'\"#%@`,?.~\t\\u")))
@example("a: " + "9" * 5000)
@example("? [a]\n: b")
@example("a: !!bool x")
@example("a: [&a [*a]]")
@example("[" * 3000)
@example("- &a [*a")
def test_a_yaml_text_is_read_or_refused(text: str) -> None:
    refused_or_read(lambda: load_yaml(text, "topic.yml"))


def mutated(file: Path) -> st.SearchStrategy[dict[str, Any]]:
    """A real declaration with one of its values, or a key, another."""
    return mutations(yaml.safe_load(file.read_text("utf-8")))


def mutations(content: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A content with one of its values another."""
    paths = list(_paths(content))

    def put(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
        made: Any = json.loads(json.dumps(content, default=str))
        at = made
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        return made  # type: ignore[no-any-return]

    return st.builds(put, st.sampled_from(paths), VALUES)


def _paths(content: Any, before: tuple[Any, ...] = ()) -> Any:
    pairs = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in pairs:
        yield (*before, key)
        if isinstance(value, dict | list):
            yield from _paths(value, (*before, key))


DECLARED = [
    (Topic, ROOT / "notebooks/water/topic.yml"),
    (Source, ROOT / "data/tariffs/source.yml"),
    (Collection, ROOT / "book/collection.yml"),
]


@pytest.mark.parametrize(("model", "file"), DECLARED, ids=["topic", "source", "collection"])
@MANY
@given(data=st.data())
def test_a_declaration_with_another_value_is_read_or_refused(
    project: Project, model: Any, file: Path, data: st.DataObject
) -> None:
    path = project.root / "declared.yml"
    path.write_text(yaml.safe_dump(data.draw(mutated(file)), allow_unicode=True), "utf-8")
    refused_or_read(lambda: read_declaration(model, path, project, **_given(model)))


def _given(model: Any) -> dict[str, Any]:
    return {} if model is Collection else {"name": "made"}


CORRECTED = {
    "corrections": [entry(), entry(action="scale", value=None, factor=2, key={"geoid": BELL})]
}


@MANY
@given(content=mutations(CORRECTED))
@example({"corrections": [entry(value=10**30)]})
@example({"corrections": [entry(action="scale", value=None, factor=1e300)]})
@example({"corrections": [entry(column="geoid", expect=ADA, value="\U000f0001")]})
@example({"corrections": [entry(column="year", expect=2021, value=2020)]})
@example({"corrections": [entry(key={"year": True})]})
def test_corrections_are_applied_or_refused(tmp_path: Path, content: dict[str, Any]) -> None:
    root = tmp_path / "small"
    folder = root if root.exists() else make_small(tmp_path).root
    (folder / "data/shops/corrections.yml").write_text(yaml.safe_dump(content, allow_unicode=True))
    # A new folder for what is made, so that nothing is known of the last example.
    made = Project(folder, tmp_path / hashlib.sha256(repr(content).encode()).hexdigest())
    refused_or_read(lambda: tables.load(made, "shops.counts"))
    refused_or_read(lambda: tables.corrected(made, "shops.counts"))


@MANY
@given(mutated(ROOT / "tests/press/fixtures/council.yml"))
def test_a_briefing_book_is_read_or_refused(project: Project, content: dict[str, Any]) -> None:
    path = project.root / "meeting.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    refused_or_read(lambda: load_briefing(project, path))


@pytest.mark.parametrize(
    "text", ["3: x", "? \n: x", "sessions: [{3: x}]", "sessions: {a: b}", "[a]"]
)
def test_keys_that_are_no_text_are_refused(project: Project, text: str) -> None:
    path = project.root / "meeting.yml"
    path.write_text(text)
    with pytest.raises(ResearchError):
        load_briefing(project, path)


# ---- Tables

TABLE = Table.model_validate(
    {
        "title": "Made up",
        "vintage": "2023",
        "file": "a.csv",
        "key": ["name"],
        "derivation": "made up",
        "columns": {
            "name": {"type": "text", "meaning": "name", "pattern": "^[A-Z]"},
            "trips": {
                "type": "integer",
                "meaning": "trips",
                "nullable": True,
                "missing": "unknown",
            },
            "share": {"type": "number", "meaning": "share", "range": [0, 1]},
            "seen": {"type": "date", "meaning": "day"},
            "flag": {"type": "flag", "meaning": "flag"},
        },
    }
)
HEAD = "name,trips,share,seen,flag\n"


@MANY
@given(
    st.binary(max_size=200)
    | st.text(st.sampled_from('A1,"\n.-e+x\0\r'), max_size=80).map(str.encode)
)
@example(b"")
@example(b"\n")
@example(b'A,1,"0')
@example(b"A,1,0,2023,true,more,and,more\nB,1\n")
@example(b"A,99999999999999999999,0,2023,true\n")
@example(b"A,-9223372036854775809,0,2023,true\n")
@example(b"A,1e400,0,2023,true\n")
@example(b"A,inf,nan,2023,true\n")
@example(b"\xff\xfe\x00\n")
@example(b"A,0x10,0b1,2023,true\n")
def test_a_table_is_read_or_refused(project: Project, rows: bytes) -> None:
    path = project.root / "a.csv"
    for content in (rows, HEAD.encode() + rows):
        path.write_bytes(content)
        refused_or_read(lambda: read_checked(path, TABLE, "data/made/a.csv"))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1\0\0\0\0PAR1", b"name,trips"])
def test_a_broken_parquet_file_is_refused(project: Project, content: bytes) -> None:
    path = project.root / "a.parquet"
    path.write_bytes(content)
    with pytest.raises(ResearchError, match="no table that can be read"):
        read_checked(path, TABLE, "data/made/a.parquet")


def test_a_table_that_is_endless_is_refused_unread(project: Project) -> None:
    path = project.root / "a.csv"
    with path.open("wb") as file:
        file.truncate(300_000_000)  # a hole: no byte is written
    with pytest.raises(ResearchError, match="300,000,000 bytes"):
        read_checked(path, TABLE, "data/made/a.csv")


# ---- Conditions of a collection


@MANY
@given(st.text(st.sampled_from("ponulati state=<>!'\"0123.e-and WI()[]\n"), max_size=60))
@example("population >= 1e999")
@example("population >= nan")
@example("population >= 9" + "9" * 5000)
@example("state == 'WI' and " * 500)
@example("index > 1")
def test_a_condition_is_read_or_refused(real: Project, condition: str) -> None:
    refused_or_read(lambda: places.where(real, "state", condition))


# ---- Hand-written Markdown


@MANY
@given(st.text(st.sampled_from("a#>-*_`[]()<>!&;:|\\ \n1.{}jscript\"'=/"), max_size=120))
@example("[a](http://[)")
@example("[a](<" + "x" * 5000 + ">)")
@example(">" * 5000)
@example("* " * 2000)
@example("[" * 3000)
@example("![a](x.png)")
@example("[a](java\tscript:hacked=1)")
@example("<a href=javascript:hacked=1>a</a>")
@example("| a |\n|--:|\n| <b onclick=x> |")
def test_a_guide_is_read_or_refused(project: Project, text: str) -> None:
    guide = "# Title\n\n" + text
    (project.root / "guide.md").write_text(guide, "utf-8")
    html = prose_html(guide)
    assert_harmless(html)
    typst_markup.printable(read_guide(guide))
    assert "<script" not in html_of(text)
    plain(text)
    refused_or_read(lambda: guide_text(project, project.root, "guide.md", "session 1"))


# ---- Blocks and facts as they are read back


def with_texts(block: Any, draw: Any) -> Any:
    """The block with texts of any kind where it has texts to show."""
    if isinstance(block, dict):
        return {
            name: block[name]
            if name in ("kind", "tone", "align", "state")
            else with_texts(each, draw)
            for name, each in block.items()
        }
    if isinstance(block, list):
        return [with_texts(each, draw) for each in block]
    return draw(st.text(max_size=12) | EVIL) if isinstance(block, str) else block


EVIL = st.sampled_from(
    [
        "<script>x</script>",
        '" onclick="x',
        "' onclick='x",
        "javascript:x",
        "</td><img src=x onerror=x>",
    ]
)
BLOCKS = [sample.NUMBERS, sample.CALLOUT, sample.TABLE]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block["kind"])
@MANY
@given(data=st.data())
def test_a_block_shows_its_texts_and_obeys_none(block: Any, data: st.DataObject) -> None:
    shown = with_texts(block, data.draw)
    for lean in (True, False):
        assert_harmless(block_html(shown, lean=lean))


@MANY
@given(st.data())
def test_facts_become_one_row_each(data: st.DataObject) -> None:
    facts = [with_texts(fact, data.draw) for fact in sample.facts()["facts"]]
    rows = pd.read_csv(
        io.StringIO(spreadsheets.figures_csv(facts)), dtype=str, keep_default_na=False
    )
    assert len(rows) == len(facts)


# ---- Tariffs

NUMBERS = st.floats() | st.just(float("nan")) | st.just(float("inf")) | st.floats(0, 100)
FIXED = {"service": "water", "frequency": "monthly", "kind": "fixed", "from_volume": 0.0}
FIXED |= {"to_volume": None, "unit": "gallons", "share_billed": 1.0}
COMPONENTS = st.fixed_dictionaries(
    {
        "service": st.sampled_from(["water", "sewer", "stormwater", "gas"]),
        "frequency": st.sampled_from(["monthly", "quarterly", "daily"]),
        "kind": st.sampled_from(["fixed", "tier", "band", "surcharge", "flat_area"]),
        "price_usd": NUMBERS,
        "from_volume": NUMBERS,
        "to_volume": st.none() | NUMBERS,
        "unit": st.sampled_from(["gallons", "ccf"]),
        "share_billed": NUMBERS,
    }
)


@MANY
@given(st.lists(COMPONENTS, max_size=4))
@example([{**FIXED, "price_usd": float("nan")}])
@example([{**FIXED, "price_usd": float("inf")}])
def test_a_tariff_is_finite_or_refused(parts: list[dict[str, Any]]) -> None:
    def act() -> None:
        tariff = Tariff(
            "5548000", "Made-up utility", 2021, tuple(Component(**part) for part in parts)
        )
        for part in tariff.components:
            assert part.monthly_charge(6000) == part.monthly_charge(6000) >= 0

    refused_or_read(act)
