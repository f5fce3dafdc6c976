"""Where the words of a drawn chart stand, measured with the metrics of its own font."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from cityresearch.briefs.charts import typeset

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Word:
    """One line of text: its box on the canvas, px, and its size."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float

    def meets(self, other: Word) -> bool:
        """Whether two boxes share more than a pixel either way."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1 and down > 1


def canvas(drawn: str) -> tuple[float, float]:
    """Width and height of a drawing."""
    root = ElementTree.fromstring(drawn)
    return float(root.attrib["width"]), float(root.attrib["height"])


def words(drawn: str) -> list[Word]:
    """The lines of text of a drawing."""
    found: list[Word] = []
    _walk(ElementTree.fromstring(drawn), 0.0, 0.0, found)
    return found


def _walk(node: ElementTree.Element, x: float, y: float, found: list[Word]) -> None:
    move = re.match(
        r"translate\(([-\d.e]+),\s*([-\d.e]+)\)$", node.get("transform", "translate(0,0)")
    )
    assert move, f"a transformation that this reader does not know: {node.attrib}"
    x, y = x + float(move[1]), y + float(move[2])
    if node.tag == f"{SVG}text":
        lines = [(node.text, 0.0), *((span.text, float(span.get("dy", 0))) for span in node)]
        for text, down in lines:
            y += down
            if text:
                found.append(_word(node, text, x, y))
        return
    for child in node:
        _walk(child, x, y, found)


def _word(node: ElementTree.Element, text: str, x: float, y: float) -> Word:
    size = float(node.attrib["font-size"].removesuffix("px"))
    long = typeset.width(text, size, bold=node.get("font-weight") == "600")
    left = x - long * {"middle": 0.5, "end": 1.0}.get(node.get("text-anchor", "start"), 0.0)
    # Cap height and digits of Source Sans Pro reach 0.66 of the size; descenders are let off.
    return Word(text, left, left + long, y - 0.66 * size, y, size)
