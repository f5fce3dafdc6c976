"""Numbers on a page as links to their entries in its list of figures, with the exact value beside each.

The notebook's metadata says where each number stands (see `briefs.marks`). Before a text becomes
HTML, two private characters are put round each number; in the HTML they become the link: at once in
blocks, and in prose when Sphinx has made the page (`in_page`), since Markdown here obeys no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from cityresearch.briefs.marks import FIRST
from cityresearch.press.figure_list import anchors, exact

END = chr(0x100000)
NUMBER = re.compile(f"([{chr(FIRST)}-{chr(0xFFFFD)}])([^{END}]*){END}")
LINKED = re.compile(r"\[[^\]]*\]\(")  # a link of Markdown, which can hold no other

Facts = Sequence[Mapping[str, Any]]
Spans = Callable[[str], list[Sequence[int]]]  # those of a text


class FigureLinks:
    """Links to the facts of one brief."""

    def __init__(self, facts: Facts) -> None:
        self._anchors = anchors(facts)
        # A count says its value itself.
        self._values = ["" if "entry" in fact else exact(fact["value"]) for fact in facts]
        self._shared = {at for at, fact in enumerate(facts) if "entry" in fact}
        self._used: set[int] = set()
        self._valued: set[int] = set()

    def of_markdown(self, cell: Mapping[str, Any]) -> str:
        """The source of a Markdown cell with characters round its numbers, for `in_page`."""
        source = "".join(cell["source"])
        taken = [found.span() for found in LINKED.finditer(source)]
        spans = [
            span
            for span in cell["metadata"].get("figures", [])
            if not any(start <= span[0] < end for start, end in taken)
        ]
        self._used |= {span[2] for span in spans}
        return _put_in(source, self._together(source, spans))

    def used(self) -> dict[str, list[str]]:
        """What stands before and after each number of the prose seen so far, for `in_page`."""
        return {
            str(number): list(self._ends(number, valued=number not in self._valued))
            for number in sorted(self._used)
        }

    def of_block(self, output: Mapping[str, Any], block: Mapping[str, Any]) -> Mapping[str, Any]:
        """The block of an output with characters round its numbers, for `in_html`."""
        made: Any = block
        for place, spans in output.get("metadata", {}).get("figures", []):
            made = _changed(made, place, partial(self._together, spans=spans))
        return made  # type: ignore[no-any-return]

    def _together(self, text: str, spans: Sequence[Sequence[int]]) -> list[Sequence[int]]:
        """The spans of a text, the counts of one comparison as one: a reader needs no link to each."""
        made: list[Sequence[int]] = []
        for span in spans:
            last = made[-1] if made else None
            if last and self._same_entry(last[2], span[2]) and "." not in text[last[1] : span[0]]:
                made[-1] = (last[0], span[1], last[2])
            else:
                made.append(span)
        return made

    def _same_entry(self, one: int, other: int) -> bool:
        return {one, other} <= self._shared and self._anchors[one] == self._anchors[other]

    def in_html(self, html: str, kind: str) -> str:
        """The HTML of a block of this kind from `of_block`, its numbers links.

        Tables hold most of the numbers: their exact values are in the list of figures alone. Elsewhere
        a value is told once, beside the first key number, else in the prose.
        """
        valued = kind in ("numbers", "callout")

        def link(found: re.Match[str]) -> str:
            number = ord(found[1]) - FIRST
            ends = self._ends(number, valued=valued and number not in self._valued)
            if valued:
                self._valued.add(number)
            return found[2].join(ends)

        return NUMBER.sub(link, html)

    def _ends(self, number: int, *, valued: bool = True) -> tuple[str, str]:
        start, value = f"<a href=#{self._anchors[number]}>", self._values[number]
        return (
            (f"{start}<data value={value}>", "</data></a>") if valued and value else (start, "</a>")
        )


def in_page(body: str, used: Mapping[str, Sequence[str]]) -> str:
    """The HTML of a page with the numbers of its prose as links, as `FigureLinks.used` gives them."""

    def link(found: re.Match[str]) -> str:
        return found[2].join(used[str(ord(found[1]) - FIRST)])

    return NUMBER.sub(link, body) if used else body


def _changed(part: Any, place: Sequence[Any], spans: Spans) -> Any:
    """A copy of a part of a block in which the text at `place` is prepared; the rest is shared."""
    if not place:
        return _put_in(part, spans(part))
    made = dict(part) if isinstance(part, Mapping) else list(part)
    made[place[0]] = _changed(part[place[0]], place[1:], spans)
    return made


def _put_in(text: str, spans: Sequence[Sequence[int]]) -> str:
    made, last = "", 0
    for start, end, fact in spans:
        made += f"{text[last:start]}{chr(FIRST + fact)}{text[start:end]}{END}"
        last = end
    return made + text[last:]
