"""From an executed notebook to what is kept: nothing that differs from run to run, and a facts file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import nbformat

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.indicators import hashed
from cityresearch.briefs.noted import note_corrections
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.reads import Hashed
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.press.running.job import Job
from cityresearch.press.running.used import cited_rows, used_sources


def finish(
    notebook: Any, topic: Topic, collection: Collection, job: Job, told: Mapping[str, Any]
) -> None:
    """Takes out what differs from run to run, and says whose brief this is. Charts stay undrawn.

    Args:
        told: more to say of it (see `whose.refuse_strangers`).
    """
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        tags = cell.metadata.get("tags", [])
        kept = {"tags": tags, "figures": cell.metadata.get("figures", [])}
        cell["metadata"] = nbformat.from_dict({name: each for name, each in kept.items() if each})
    place = job.place
    notebook["metadata"] = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "cityresearch": {
                "topic": topic.name,
                "topic_title": topic.title.format(name=place.name, full_name=place.full_name),
                "topic_label": topic.label,
                "geography": topic.geography,
                "geoid": place.geoid,
                "place": place.full_name,
                "place_name": place.name,
                "path": place.path,
                "edition": collection.edition,
                "vintages": [f"{table} {vintage}" for table, vintage in topic.vintages.items()],
                "as_of": topic.as_of,
                "draft": topic.draft,
                **told,
            },
        }
    )


def facts_file(
    notebook: Any,
    record: dict[str, Any],
    read: Hashed,
    topic: Topic,
    collection: Collection,
    job: Job,
) -> dict[str, Any]:
    """The facts file of one brief: its fields are those of DESIGN, section 7, its peers, the texts that
    it quotes, the corrections that it rests on, and the rows that name their own source.

    Args:
        record: what the brief told of itself (see `briefs.current.record`): its facts, its peers, and
            its "quotes", texts of publishers that hold numerals.
        read: what the brief read, from `reads.hashed`.
    """
    title, summary = headline(notebook, job)
    prepared = Prepared(job.prepared)
    sources = used_sources(prepared, topic, record["facts"], read)
    corrections = note_corrections(prepared, record, notebook, read)
    return {
        topic.geography: job.place.geoid,
        "geography": topic.geography,
        "place": job.place.full_name,
        "topic": topic.name,
        "edition": collection.edition,
        "title": title,
        "summary": summary,
        "parameters": dict(job.parameters),
        "peers": record["peers"],
        "facts": record["facts"],
        "quotes": record["quotes"],
        "corrections": corrections,
        "sources": sources,
        "cited": cited_rows(prepared, sources, read),
        "notebook_hash": hashed([cell.source for cell in notebook.cells]),
    }


def headline(notebook: Any, job: Job) -> tuple[str, str]:
    """The title line and the first paragraph of the brief.

    Raises:
        ResearchError: the first Markdown cell does not begin with a title.
    """
    first: str = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    title, _, rest = first.partition("\n")
    if not title.startswith("# "):
        raise ResearchError(
            "the first Markdown cell does not begin with a title.",
            where=f"notebooks/{job.topic}/brief.ipynb",
            instead="Begin it with a line such as: # {eval}`headline`",
        )
    return title[2:].strip(), rest.strip().split("\n\n")[0]
