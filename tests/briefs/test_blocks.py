"""Blocks: the JSON that pages and PDFs are made from, what Jupyter is shown, what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import nbformat
import pytest
from chart_samples import bars

from cityresearch.briefs.blocks import (
    MIME,
    Callout,
    Cell,
    Chart,
    Column,
    Number,
    Numbers,
    Table,
)
from cityresearch.errors import ResearchError

TABLE = Table(
    "peers",
    "Made-up trips per resident, 2023",
    [Column("City"), Column("Trips", unit="2023", align="right")],
    [["Madison", Cell("22.2", sub="tied")], ["Fargo", "11.0"]],
    highlight=[0],
    notes=["Made-up figures."],
    source="Nobody",
)


def bundle(block: Any) -> dict[str, Any]:
    shown: dict[str, Any] = block._repr_mimebundle_()
    return shown


def test_the_blocks_json_is_plain_data() -> None:
    assert TABLE.to_json() == {
        "kind": "table",
        "id": "peers",
        "caption": "Made-up trips per resident, 2023",
        "columns": [{"label": "City"}, {"label": "Trips", "unit": "2023", "align": "right"}],
        "rows": [["Madison", {"text": "22.2", "sub": "tied"}], ["Fargo", "11.0"]],
        "highlight": [0],
        "notes": ["Made-up figures."],
        "source": "Nobody",
    }
    assert Numbers([Number("84%", "of 2019 trips", comparison="tied")]).to_json()["items"] == [
        {"value": "84%", "label": "of 2019 trips", "margin": "", "comparison": "tied", "note": ""}
    ]
    assert Callout("Not legal advice.", tone="warning").to_json() == {
        "kind": "callout",
        "tone": "warning",
        "title": "",
        "text": "Not legal advice.",
    }


@pytest.mark.parametrize("block", [TABLE, Numbers([Number("1", "one")]), Callout("Text", "Title")])
def test_text_blocks_show_html_and_plain_text(block: Table | Numbers | Callout) -> None:
    shown = bundle(block)
    assert set(shown) == {MIME, "text/html", "text/plain"}
    assert shown[MIME] == json.loads(json.dumps(shown[MIME]))


def test_a_chart_shows_its_picture_and_its_finding() -> None:
    shown = bundle(bars())
    assert set(shown) == {MIME, "image/svg+xml", "text/plain"}
    assert shown["text/plain"] == shown[MIME]["alt"]
    assert shown["image/svg+xml"].startswith("<svg")
    assert shown[MIME]["table"]["kind"] == "table"


def test_drawing_can_be_left_to_the_press(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYRESEARCH_DEFER_SVG", "1")
    assert set(bundle(bars())) == {MIME, "text/plain"}


def test_every_bundle_fits_a_notebook() -> None:
    outputs = [
        nbformat.v4.new_output("execute_result", data=bundle(block), execution_count=1)
        for block in (TABLE, bars(), Callout("Text"))
    ]
    cell = nbformat.v4.new_code_cell("", outputs=outputs, execution_count=1)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def table(**changes: Any) -> Table:
    parts: dict[str, Any] = {
        "id": "t",
        "caption": "Caption",
        "columns": [Column("City"), Column("Law")],
        "rows": [["Madison", "None"]],
    }
    return Table(**(parts | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"caption": ""}, "table 't': a table needs a caption"),
        ({"columns": [Column("City"), Column("")]}, "each column a label"),
        ({"rows": [["Madison"]]}, "row 0 has 1 cells, but there are 2 columns"),
        ({"rows": [["A", Cell("x", state="limitd")]]}, r"'limitd' is not a state.*'limited'"),
        ({"rows": [["A", Cell("x", href="javascript:alert(1)")]]}, "neither http"),
        ({"highlight": [1]}, "highlighted row is not in the table"),
    ],
)
def test_a_bad_table_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ResearchError, match=message):
        table(**changes)


def test_links_within_the_site_are_allowed() -> None:
    assert table(rows=[["A", Cell("x", href="../milwaukee/transit.html")]]).rows


def test_other_bad_blocks_are_refused() -> None:
    with pytest.raises(ResearchError, match="value and a label"):
        Numbers([Number("", "label")])
    with pytest.raises(ResearchError, match="tone"):
        Callout("Text", tone="loud")  # type: ignore[arg-type]
    with pytest.raises(ResearchError, match=r"chart 'c'.*alternative text"):
        Chart("c", "Title", "", {}, TABLE)


def test_importing_the_charts_starts_no_drawing_engine() -> None:
    """A brief's process is forked: the engine's threads must not run before that."""
    code = (
        "import sys, cityresearch.briefs.charts, cityresearch.briefs.charts.tables;"
        "print([m for m in ('vl_convert', 'fontTools') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
