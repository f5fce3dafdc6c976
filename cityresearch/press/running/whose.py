"""Whose brief a notebook wrote: one that is about another place, or shows a stranger, is refused."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from cityresearch.briefs.prepared import Held, Prepared
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.press import own_city
from cityresearch.press.gazetteer import CITY, Gazetteer, gazetteer
from cityresearch.press.own_city import Fault
from cityresearch.press.running.job import Job
from cityresearch.press.running.warm import INJECTED
from cityresearch.press.whom import Circle


def refuse_another_place(job: Job, record: Mapping[str, Any] | None) -> None:
    """Refuses a notebook that made no brief, or one of another place or topic.

    Raises:
        ResearchError: saying which.
    """
    where = f"notebooks/{job.topic}/brief.ipynb"
    if not record:
        raise ResearchError(
            "the notebook makes no Brief, so it has no facts.",
            where=where,
            instead=f'Write: brief = Brief("{job.topic}", city)',
        )
    if (record["place"], record["topic"]) != (job.place.geoid, job.topic):
        name = record["circle"][0]["name"]
        raise ResearchError(
            f"the notebook wrote {record['topic']} for {name} ({record['place']}) when asked for "
            f"{job.topic} for {job.place.geoid}.",
            where=where,
            city=job.place.full_name,
            instead="Give Brief the parameter, not a name of its own.",
        )


def refuse_strangers(
    notebook: Any, topic: Topic, record: Mapping[str, Any], job: Job
) -> dict[str, Any]:
    """Refuses a brief that shows what is about neither its place, nor wider areas of it, nor its peers.

    Returns:
        What proof-reading asks for later: its circle, and the names of cities in what it quotes.

    Raises:
        ResearchError: naming the cell and what was found there.
    """
    held = Prepared(job.prepared).held(f"places-{topic.geography}")
    cities = _gazetteer(held) if topic.geography == CITY else None
    circle = Circle(record["circle"], record["facts"], (*record["said"], *topic.mentions), cities)
    found = list(own_city.faults(notebook.cells, circle))
    if not found:
        return {"circle": record["circle"], "names": circle.cities_in("\n".join(record["said"]))}
    first, rest = found[0], len(found) - 1
    raise ResearchError(
        first.what + (f" ({rest} more like it.)" if rest else ""),
        where=f"notebooks/{job.topic}/brief.ipynb, {_cell(notebook.cells, first)}",
        city=job.place.full_name,
        instead=first.instead,
    )


def _cell(cells: Any, fault: Fault) -> str:
    """A cell as its author counts it: papermill put one after the parameters."""
    cell, under = cells[fault.cell], f"under “{fault.under}”"
    if cell.cell_type == "markdown":
        return under
    put = [each.execution_count for each in cells if INJECTED in each.metadata.get("tags", [])]
    number = cell.execution_count - sum(cell.execution_count > each for each in put)
    return f"code cell {number}, {under}"


@functools.lru_cache(maxsize=4)  # of what the run has read already
def _gazetteer(held: Held) -> Gazetteer:
    return gazetteer(held.folder.places(CITY))
