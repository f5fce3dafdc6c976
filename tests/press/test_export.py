"""Exports: one file, nothing outside it, no code, all of the brief."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import sample_brief as sample
from typer.testing import CliRunner

from cityresearch.briefs import topic as topics
from cityresearch.commands import app
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press import export
from cityresearch.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    here = sample.project(tmp_path_factory.mktemp("export"))
    for kind, ending, content in (
        ("notebooks", "ipynb", sample.notebook()),
        ("facts", "json", sample.facts()),
    ):
        file = here.build / kind / "wi" / "madison" / f"transit.{ending}"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(content), encoding="utf-8")
    return here


@pytest.fixture(scope="module")
def madison(project: Project) -> Place:
    return places.find(project, "city", "madison-wi")


def exported(project: Project, place: Place, to: str) -> str:
    return export.export_brief(project, "transit", place, to)[1].decode()


@pytest.fixture(scope="module")
def html(project: Project, madison: Place) -> str:
    return exported(project, madison, "html")


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("html", "transit-madison-wi.html"),
        ("markdown", "transit-madison-wi.md"),
        ("notebook", "transit-madison-wi.ipynb"),
    ],
)
def test_the_name_tells_topic_place_and_format(
    project: Project, madison: Place, to: str, name: str
) -> None:
    assert export.export_brief(project, "transit", madison, to)[0] == name


@pytest.mark.parametrize("to", ["html", "markdown", "notebook"])
def test_the_same_brief_gives_the_same_bytes(project: Project, madison: Place, to: str) -> None:
    first, second = (export.export_brief(project, "transit", madison, to) for _ in range(2))
    assert first == second


def test_html_asks_for_nothing_outside(html: str) -> None:
    loaded = re.findall(r'(?:src|srcset|url)(?:="|\()([^")]+)', html)
    assert loaded and all(address.startswith("data:") for address in loaded)
    assert all(address.startswith("https://") for address in re.findall(r'href="([^"]+)"', html))
    assert "<script" not in html and "<link" not in html and "@import" not in html


def test_a_calculator_is_its_worked_case_where_no_script_can_run_it(project: Project) -> None:
    block = {"kind": "bill_calculator", "worked": "A home pays $10, <4%> of its income."}
    html = export.inline_block(project, block)
    assert "A home pays $10, &lt;4%&gt; of its income." in html
    assert "<form" not in html and "hidden" not in html


def test_html_holds_the_whole_brief(html: str) -> None:
    assert f"<h1>{sample.HEADLINE}</h1>" in html
    assert html.count("<h1>") == 1
    for words in ("22.2", "$8.10", "Boise City reports no trips.", "How to cite", "data for 2023"):
        assert words.lower() in html.lower()
    assert '<html lang="en">' in html and '<th scope="row">Madison, WI</th>' in html
    assert "The figures are made up." in html  # a cell for the page
    assert "Trips divided by residents" not in html  # a cell for the PDF


def test_html_shows_charts_with_their_alternative_text(html: str) -> None:
    (image,) = re.findall(r"<img [^>]+>", html)
    assert f'alt="{sample.ALT}"' in image and 'src="data:image/svg+xml;base64,' in image
    assert 'srcset="data:image/svg+xml;base64,' in html  # the narrow drawing


def test_html_carries_its_fonts(html: str) -> None:
    assert html.count("url(data:font/woff2;base64,") >= 4
    assert ".woff2)" not in html


@pytest.mark.parametrize("to", ["html", "markdown"])
def test_no_code_is_shown(project: Project, madison: Place, to: str) -> None:
    assert "secret_code" not in exported(project, madison, to)


def test_html_prints_html_in_prose() -> None:
    assert export.prose_html("a <script>x</script>") == "<p>a &lt;script&gt;x&lt;/script&gt;</p>\n"


def test_links_within_the_site_keep_their_words() -> None:
    assert export.prose_html("[methods](../methods.html), [us](https://a.example)") == (
        '<p>methods, <a href="https://a.example">us</a></p>\n'
    )


def test_markdown_holds_the_whole_brief(project: Project, madison: Place) -> None:
    text = exported(project, madison, "markdown")
    assert text.startswith(f"# {sample.HEADLINE}\n")
    assert "| Urbanized area | Trips per resident (2023) |" in text
    assert f"![{sample.ALT}](data:image/svg+xml;base64," in text
    assert "## Sources" in text and "## How to cite" in text
    assert "Trips divided by residents" not in text


def test_the_notebook_is_the_executed_one(project: Project, madison: Place) -> None:
    cells = json.loads(exported(project, madison, "notebook"))["cells"]
    assert [cell["cell_type"] for cell in cells] == [
        cell["cell_type"] for cell in sample.notebook()["cells"]
    ]
    assert any("secret_code" in "".join(cell["source"]) for cell in cells)


def test_an_unknown_format_is_refused(project: Project, madison: Place) -> None:
    with pytest.raises(ResearchError, match=r"no format 'markdwn'. Did you mean 'markdown'\?"):
        export.export_brief(project, "transit", madison, "markdwn")


def test_a_brief_that_was_not_run_is_refused(project: Project) -> None:
    elsewhere = places.find(project, "city", "reno-nv")
    with pytest.raises(ResearchError, match="has not been run"):
        export.export_brief(project, "transit", elsewhere, "html")
    assert "transit" in topics.list_topics(project)


def test_an_export_goes_below_the_build_folder_or_where_it_is_told(
    project: Project, tmp_path: Path
) -> None:
    name = "transit-madison-wi.html"
    assert export.export_target(project, name, None) == project.build / "exports" / name
    assert export.export_target(project, name, tmp_path) == tmp_path / name
    assert export.export_target(project, name, tmp_path / "a.html") == tmp_path / "a.html"
    with pytest.raises(ResearchError, match=r"--output: there is no folder .*gone\. Make it first"):
        export.export_target(project, name, tmp_path / "gone" / "a.html")


def test_the_command_leaves_the_folder_it_is_called_in_as_it_was(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    order = ["export", "transit", "madison-wi", "--project", str(project.root)]
    done = CliRunner().invoke(app, [*order, "--build-dir", str(project.build)])
    assert done.output == f"Wrote {project.build / 'exports' / 'transit-madison-wi.html'}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_the_topic_cannot_serve_is_told_at_once(real: Project, tmp_path: Path) -> None:
    here = Project(real.root, tmp_path)
    henderson = places.find(here, "city", "henderson-nv")
    with pytest.raises(ResearchError) as caught:
        export.export_brief(here, "transit", henderson, "html")
    assert str(caught.value).startswith(
        "Henderson, Nevada: the topic 'transit' can't serve this place: there is no figure "
        "“Transit trips per resident” for its urban area. Choose another"
    )
    madison = places.find(here, "city", "madison-wi")
    with pytest.raises(ResearchError, match=r"has not been run\. Run: cityresearch run --topic"):
        export.export_brief(here, "transit", madison, "html")
