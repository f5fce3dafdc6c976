"""Charts as SVG, for pages and print, and the script that makes charts live in a browser."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from cityresearch.briefs import look

WIDE, NARROW = 700, 350
BREAK = 500  # narrower than this, a chart takes its narrow form
VEGA_LITE = "6.4"  # named, so that another version never redraws a book unasked

Spec = Mapping[str, Any]


def fit(spec: Spec, width: int) -> dict[str, Any]:
    """The specification laid out for a canvas `width` px wide (two forms: see `canvas`)."""
    rooms = spec.get("usermeta", {}).get("rooms")
    if rooms is None:
        return {**spec, "width": width}
    narrow = width < BREAK
    room = rooms["narrow" if narrow else "wide"]
    inner = width - room["padding"]["left"] - room["padding"]["right"]
    return {**spec, **room, "width": inner, "params": [{"name": "narrow", "value": narrow}]}


def render(spec: Spec, width: int = WIDE) -> str:
    """The chart as SVG, `width` px wide, one image to assistive technology; no network, no chance.

    Its description is the alternative text. Fonts are named, not included: see `for_web`.
    """
    _register_fonts()
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(fit(spec, width), vl_version=VEGA_LITE, allowed_base_urls=[])
    alt = spec.get("description", "")
    label = f' role="img" aria-label={quoteattr(alt)}><title>{escape(alt)}</title>' if alt else ">"
    return _tidy(drawn).replace(">", f' font-family="{look.SANS}"{label}', 1)


# What Vega writes and nobody sees: unseen marks, empty frames, names of groups, the usual opacity,
# the font repeated at each word.
UNSEEN = re.compile(
    r'<path[^<>]* opacity="0"/>|<path d="[^"]*" display="none"/>|<path d="[^"]*"/>|<g></g>'
)
NEEDLESS = re.compile(
    r' (?:role|aria-[a-z]+|class|pointer-events|font-family|stroke-miterlimit|version|xmlns:xlink)'
    r'="[^"]*"| opacity="1"'
)
DIGITS = re.compile(r"(\.\d\d)\d+")


def _tidy(drawn: str) -> str:
    drawn = re.sub(r"<[^<>]+>", lambda tag: NEEDLESS.sub("", DIGITS.sub(r"\1", tag[0])), drawn)
    shorter = UNSEEN.sub("", drawn)
    while shorter != drawn:
        drawn, shorter = shorter, UNSEEN.sub("", shorter)
    return shorter


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    import vl_convert

    for family in look.FONT_PACKAGES:
        vl_convert.register_font_directory(str(look.font_folder(family)))
