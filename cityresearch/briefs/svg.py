"""Charts as SVG, for pages and print, and the script that makes charts live in a browser."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr, unescape

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
    r" (?:role|aria-[a-z]+|class|pointer-events|font-family|stroke-miterlimit|version|xmlns:xlink)"
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


def for_web(drawn: str) -> str:
    """An SVG from `render` for use as an image file of a page.

    It carries the letters it needs, since images do not see the fonts of their page, and its dark
    form for screens that are dark.
    """
    text = "".join(re.findall(r">([^<>]+)<", drawn))
    letters = frozenset(unescape(text, {"&quot;": '"'}))
    weights = [False, True] if 'font-weight="600"' in drawn else [False]
    faces = "".join(_face(bold, letters) for bold in weights)
    return drawn.replace("<g", f"<style>{faces}{look.dark_css()}</style><g", 1)


@lru_cache(maxsize=256)  # the wide and the narrow form of a chart mostly share their letters
def _face(bold: bool, letters: frozenset[str]) -> str:
    font = base64.b64encode(_subset(_base(bold), letters)).decode()
    return (
        f'@font-face{{font-family:"Source Sans Pro";font-weight:{600 if bold else 400};'
        f'src:url(data:font/woff;base64,{font}) format("woff")}}'
    )


@lru_cache(maxsize=2)
def _base(bold: bool) -> bytes:
    """The Latin letters of the font without hints and kerning: small, so that subsets are quick."""
    latin = frozenset(map(chr, [*range(32, 127), *range(160, 384), *range(0x2010, 0x2027), 0x2212]))
    return _subset(look.sans_file(bold).read_bytes(), latin, flavor=None)


def _subset(font: bytes, letters: frozenset[str], flavor: str | None = "woff") -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(layout_features=[], hinting=False, name_IDs=[])
    options.drop_tables += ["DSIG", "GPOS", "GSUB", "GDEF", "BASE"]
    wanted = subset.Subsetter(options)
    wanted.populate(text="".join(sorted(letters)))
    opened = TTFont(io.BytesIO(font), recalcTimestamp=False)  # the same bytes on every day
    wanted.subset(opened)
    opened.flavor = flavor
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()


# Called by a page as cityresearchEmbed(element, spec, options): lays the chart out for the element's
# width, as `fit` does, and draws it with the same defaults everywhere.
SNIPPET = """
window.cityresearchEmbed = (element, spec, options) => {
  const rooms = spec.usermeta && spec.usermeta.rooms;
  if (rooms) {
    const narrow = element.clientWidth < %(break)d;
    const room = rooms[narrow ? "narrow" : "wide"];
    const inner = (narrow ? %(narrow)d : %(wide)d) - room.padding.left - room.padding.right;
    spec = { ...spec, ...room, width: inner, params: [{ name: "narrow", value: narrow }] };
  }
  // No code is made from text (`ast`) and no style is put in: the policy of the pages forbids both.
  const bare = { defaultStyle: false, tooltip: { disableDefaultStyle: true } };
  const plain = { actions: false, renderer: "svg", ast: true, ...bare };
  return vegaEmbed(element, spec, { ...plain, ...options });
};
"""


@lru_cache(maxsize=1)
def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one classic script that defines `cityresearchEmbed`.

    Classic, not a module: pages are opened from disk too, where browsers refuse modules. It costs
    about two seconds of CPU and is the same for every page: make it once for a book.
    """
    import vl_convert

    snippet = SNIPPET % {"break": BREAK, "narrow": NARROW, "wide": WIDE}
    made = vl_convert.javascript_bundle(snippet, vl_version=VEGA_LITE)
    return f"(function () {{\n{made}\n}})();\n"
