"""Parts of pages as HTML, from the templates in `theme/parts`; all text in them is escaped."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import jinja2
from markupsafe import Markup

from cityresearch.briefs.collection import Collection
from cityresearch.methods.words import long_date
from cityresearch.press.closing import Closing
from cityresearch.press.figure_list import FigureGroup
from cityresearch.press.files import THEME
from cityresearch.press.manuscripts import Manuscript
from cityresearch.press.surroundings import html_of

FOLDER = THEME / "parts"


@functools.cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(FOLDER)
    made = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["inline"] = lambda markdown: Markup(html_of(markdown))
    return made


def fill(template: str, **given: Any) -> str:
    """One template filled in.

    Raises:
        jinja2.UndefinedError: the template names something that was not given.
    """
    return _templates().get_template(f"{template}.html").render(**given).strip()


def dateline(collection: Collection, manuscript: Manuscript, has_pdf: bool) -> str:
    """The line below the headline: date, vintage of the data, and the PDF where it has been made; above
    it, of a draft, that it is one."""
    as_of = manuscript.topic.as_of
    return fill(
        "dateline",
        date=collection.date,
        long_date=long_date(collection.date),
        as_of=as_of[:1].upper() + as_of[1:],
        pdf=f"{manuscript.topic.name}.pdf" if has_pdf else "",
        draft=manuscript.topic.draft,
    )


def closing(
    last: Closing, figures: Sequence[FigureGroup], manuscript: Manuscript, *, has_pdf: bool
) -> str:
    """The closing parts of a brief: figures, sources, citation, downloads."""
    return fill(
        "closing",
        last=last,
        figures=figures,
        count=len(manuscript.facts["facts"]),
        root="../" * manuscript.stem.count("/"),
        topic=manuscript.topic.name,
        has_pdf=has_pdf,
    )
