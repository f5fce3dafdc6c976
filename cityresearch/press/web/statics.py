"""The files that all pages share."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from cityresearch.briefs import look, svg
from cityresearch.press import fonts
from cityresearch.press.files import THEME, write_whole


def shared_files(cache: Path) -> dict[str, bytes]:
    """The files that all pages share: style, script, icon, fonts, and the script of live charts.

    What is dear to make is kept in the folder `cache`.
    """
    files = {path.name: path.read_bytes() for path in sorted((THEME / "static").iterdir())}
    files["city.css"] += look.dark_css(".live").encode()
    return {**files, **fonts.web_fonts(cache), "vega.js": _live_charts(cache)}


def _live_charts(cache: Path) -> bytes:
    made = Path(svg.__file__).read_text(encoding="utf-8") + version("vl-convert-python")
    path = cache / f"vega-{hashlib.sha256(made.encode()).hexdigest()[:8]}.js"
    if not path.is_file():
        write_whole(path, svg.bundle().encode())
    return path.read_bytes()
