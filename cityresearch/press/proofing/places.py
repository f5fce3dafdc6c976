"""Whom a finished brief is about: its notebook, the rows of its page, and the cities that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape

from cityresearch.methods.numerals import numerals
from cityresearch.press import own_city
from cityresearch.press.closing import Closing
from cityresearch.press.gazetteer import CITY, cities_of
from cityresearch.press.manuscripts import Manuscript
from cityresearch.press.proofing.readings import MAIN, SPACE, TAG, sentence
from cityresearch.press.whom import Circle
from cityresearch.project import Project

FIGURES = '<table class="figures">'


def circle_of(project: Project, manuscript: Manuscript, closing: Closing) -> Circle:
    """Whom the brief may speak of, as it told of itself when it ran."""
    told, facts = manuscript.notebook["metadata"]["cityresearch"], manuscript.facts
    texts = [*told["names"], *manuscript.topic.mentions, *(q["text"] for q in facts["quotes"])]
    for note in closing.sources:
        texts += [note.title, note.citation, note.licence, *note.caveats]
    cities = cities_of(project) if manuscript.topic.geography == CITY else None
    return Circle(told["circle"], facts["facts"], texts, cities)


def notebook_faults(manuscript: Manuscript, circle: Circle) -> Iterator[str]:
    """What the executed notebook shows that is not about its own place."""
    for found in own_city.faults(manuscript.notebook["cells"], circle):
        under = f", under “{found.under}”" if found.under else ""  # facts are under no heading
        yield f"{manuscript.stem}.ipynb{under}: {found.what} {found.instead}"


def row_faults(where: str, html: str, circle: Circle) -> Iterator[str]:
    """Rows of a page that are named after one of the circle and hold a numeral of another."""
    main = MAIN.search(html)
    for row in (main[0].partition(FIGURES)[0] if main else "").split("<tr")[1:]:
        head, _, cells = row.partition("<td")
        name = _plain(f"<tr{head}")
        if whom := circle.named(name):
            text = _plain(f"<td{cells.partition('</table')[0]}")
            known = circle.numerals_of(whom) | circle.reasons_in(text)
            for found in numerals(text):
                if found.text not in known:
                    yield (
                        f"{where}: the row “{name}” holds “{found.text}”, which is no figure about it. "
                        "Build the brief again."
                    )


def name_faults(where: str, texts: Iterable[str], circle: Circle) -> Iterator[str]:
    """Cities that a page or PDF names and the brief does not."""
    for text in texts:
        for name in circle.strangers(text):
            at = max(text.find(name), 0)
            around = sentence(text, at, at + len(name))
            yield f"{where}: “{name}” in “{around}”: the brief has no such place. Build it again."


def _plain(html: str) -> str:
    return SPACE.sub(" ", unescape(TAG.sub(" ", html))).strip()
