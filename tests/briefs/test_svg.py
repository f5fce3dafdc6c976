"""Drawings: the same bytes each time, no address in them, letters of their own, live in a browser."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from chart_samples import SAMPLES, bars, line

from cityresearch.briefs import look, svg

ADDRESS = re.compile(r"(?:https?:)?//[a-z][^\"'\s)]*")
NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("kind", ["bars", "line", "map1", "timeline"])
def test_a_drawing_is_the_same_each_time(kind: str) -> None:
    for width in (svg.WIDE, svg.NARROW):
        first = svg.render(SAMPLES[kind]().spec, width)
        assert first == svg.render(SAMPLES[kind]().spec, width)
        assert svg.for_web(first) == svg.for_web(first)


def test_a_drawing_names_no_address() -> None:
    for make in SAMPLES.values():
        drawn = svg.render(make().spec)
        assert set(ADDRESS.findall(drawn)) == {NAMESPACE}
        outside = re.findall(r"url\((?!data:)|@import|href", svg.for_web(drawn))
        assert outside == []


def test_a_drawing_is_one_image_with_its_description() -> None:
    spec = {**line().spec, "description": 'Line chart of "trips" <2019> & more'}
    drawn = svg.render(spec)
    start = drawn[: drawn.index("<title>")]
    assert 'role="img"' in start and "aria-label=" in start
    assert '<title>Line chart of "trips" &lt;2019&gt; &amp; more</title>' in drawn
    assert drawn.count("role=") == 1 and "aria-hidden" not in drawn


def test_points_that_only_serve_the_screen_are_not_drawn() -> None:
    assert 'opacity="0"' not in svg.render(line().spec)


def test_a_specification_of_another_hand_keeps_its_own_layout() -> None:
    plain = {"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}}
    assert svg.fit(plain, 350) == {**plain, "width": 350}


def test_both_widths_come_from_one_specification() -> None:
    spec = bars().spec
    wide, narrow = svg.fit(spec, 700), svg.fit(spec, 350)
    assert wide["params"] == spec["params"] and wide["width"] == spec["width"]
    assert narrow["params"] == [{"name": "narrow", "value": True}]
    for fitted, width in ((wide, 700), (narrow, 350)):
        assert fitted["width"] + fitted["padding"]["left"] + fitted["padding"]["right"] == width


def test_no_data_is_fetched_while_drawing() -> None:
    spec = {"mark": "bar", "data": {"url": "https://example.org/a.csv"}, "width": 100}
    with pytest.raises(ValueError, match=r"example\.org"):
        svg.render(spec)


def test_a_file_for_the_web_has_letters_of_its_own_and_a_dark_form() -> None:
    drawn = svg.render(bars().spec)
    web = svg.for_web(drawn)
    assert web.count("@font-face") == 2 and "font-weight:600" in web
    assert look.dark_css() in web
    assert len(web) - len(drawn) < 15_000
    assert drawn.replace("<g", "", 1) in web.replace(
        web[web.index("<style>") : web.index("</style>") + 10], ""
    )


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Live</title>
<meta http-equiv="Content-Security-Policy" content="script-src 'self' file: 'unsafe-inline'">
</head><body><div id="chart" style="width:{width}px"></div><script src="vega.js"></script>
<script>const spec = {spec};
cityresearchEmbed(document.getElementById("chart"), spec, {{}}).then(() => {{
document.body.dataset.done = "yes";}});</script></body></html>"""


@pytest.mark.parametrize(("room", "drawn"), [(720, svg.WIDE), (358, svg.NARROW)])
def test_the_bundle_draws_live_charts_from_a_folder(tmp_path: Path, room: int, drawn: int) -> None:
    """From file://, as a classic script, without eval, without a request to anywhere else."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("Chromium is not installed at /usr/bin/chromium")
    (tmp_path / "vega.js").write_text(svg.bundle(), encoding="utf-8")
    page_file = tmp_path / "page.html"
    page_file.write_text(PAGE.format(width=room, spec=json.dumps(line().spec)), encoding="utf-8")
    said: list[str] = []
    asked: list[str] = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        page.wait_for_selector("body[data-done=yes]", timeout=20_000)
        assert page.locator("#chart svg").get_attribute("width") == str(drawn)
        shown = html.unescape(page.locator("#chart").inner_html())
        browser.close()
    assert "Sample area" in shown
    assert said == []
    assert asked == [page_file.as_uri(), (tmp_path / "vega.js").as_uri()]
