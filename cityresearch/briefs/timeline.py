"""A timeline of dated laws: a row each, oldest first, named beside its date."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import altair as alt
from altair.utils import schemapi

from cityresearch.briefs import look, typeset
from cityresearch.briefs.blocks import Chart, Column
from cityresearch.briefs.canvas import (
    NARROW,
    WIDE,
    Caption,
    Record,
    Records,
    Room,
    both,
    data_table,
    either,
    expression,
    finish,
    first_baseline,
    leading,
    lettering,
    marks,
    records,
)
from cityresearch.errors import ResearchError

DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
GAP = 11  # px between a dot and its name


@schemapi.debug_mode(False)  # the parts are checked by the tests, not one by one in each brief
def timeline(data: Records, caption: Caption, *, label: str = "Law", ended: str = "Ended") -> Chart:
    """Dated events in rows, oldest first, so that names never meet however close the dates are.

    Args:
        data: rows with `date` (YYYY, YYYY-MM or YYYY-MM-DD), `name`, and `over` (true where the law
            is no longer in force: its dot is hollow).
        caption: name, title, alternative text, source.
        label: what the rows are, for the head of the data table.
        ended: the words printed beside a law that is over.

    Raises:
        ResearchError: no row, a missing field, or a date of another form.
    """
    found = sorted(records(data, caption.id, "date", "name"), key=lambda row: (row["date"], row["name"]))
    for at, row in enumerate(found):
        row |= {"row": at, "value": _years(row["date"], caption.id)}
        over = f" ({ended.lower()})" if row.get("over") else ""
        row["text"] = f"{row['date'][:4]}  {row['name']}{over}"
    low, high = math.floor(found[0]["value"]), math.ceil(found[-1]["value"] + 0.01)
    ...
