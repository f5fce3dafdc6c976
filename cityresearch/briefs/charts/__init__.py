"""The charts of a brief, a module a kind; notebooks write `charts.line(rows, charts.Caption(…), …)`."""

from __future__ import annotations

from cityresearch.briefs.charts import typeset
from cityresearch.briefs.charts.bars import bars
from cityresearch.briefs.charts.canvas import Caption
from cityresearch.briefs.charts.columns import columns
from cityresearch.briefs.charts.lines import line
from cityresearch.briefs.charts.panels import small_multiples
from cityresearch.briefs.charts.shares import shares
from cityresearch.briefs.charts.statemap import tile_map
from cityresearch.briefs.charts.timeline import timeline
from cityresearch.errors import ResearchError

__all__ = [
    "Caption",
    "alt",
    "bars",
    "columns",
    "line",
    "shares",
    "small_multiples",
    "tile_map",
    "timeline",
    "warm",
]


def alt(kind: str, what: str, finding: str) -> str:
    """The alternative text of a chart: "[kind] of [what] where [finding]."

    Args:
        kind: kind of the chart, as in "Line chart".
        what: what is measured, as in "transit trips per resident since 2002".
        finding: what it shows, as a clause: "2023 stands at 73% of 2019".

    Raises:
        ResearchError: one of the three is empty.
    """
    parts = [part.strip().rstrip(".") for part in (kind, what, finding)]
    if not all(parts):
        raise ResearchError(
            "an alternative text says the kind of chart, what it measures and the finding.",
            where="charts.alt",
            instead='Write for instance alt("Bar chart", "trips per resident", "Madison is second").',
        )
    kind, what, finding = parts
    said = what if what[1:2].isupper() else what[:1].lower() + what[1:]
    return f"{kind} of {said} where {finding}."


def warm() -> None:
    """Fills what charts keep in memory: the widths of letters, and Altair's own on the first use of it.

    For a process that is forked for each brief, before it is.
    """
    for bold in (False, True):
        typeset.width("n", 1, bold)
    rows = [{"year": year, "series": "Series", "value": 1.0} for year in (2000, 2001)]
    line(rows, Caption("warm", "Title", "Text"), roles={"Series": "city"})
