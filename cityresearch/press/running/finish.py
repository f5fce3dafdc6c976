"""From an executed notebook to what is kept: nothing that differs from run to run, and a facts file."""

from __future__ import annotations

import json
from typing import Any

import nbformat

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.indicators import hashed
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.press.running.job import Job


def finish(notebook: Any, topic: Topic, collection: Collection, job: Job) -> None:
    """Takes out what differs from run to run, and says whose brief this is. Charts stay undrawn."""
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
            },
        }
    )


def facts_file(
    notebook: Any, facts: list[dict[str, Any]], topic: Topic, collection: Collection, job: Job
) -> dict[str, Any]:
    """The facts file of one brief; its fields are those of DESIGN, section 7."""
    title, summary = headline(notebook, job)
    return {
        topic.geography: job.place.geoid,
        "geography": topic.geography,
        "place": job.place.full_name,
        "topic": topic.name,
        "edition": collection.edition,
        "title": title,
        "summary": summary,
        "parameters": dict(job.parameters),
        "facts": facts,
        "sources": list(dict.fromkeys(table.split(".")[0] for table in topic.vintages)),
        "notebook_hash": hashed([cell.source for cell in notebook.cells]),
    }


def facts_text(kept: dict[str, Any]) -> str:
    """The facts file as JSON text, a line for each fact: quick to write, and to compare."""
    lines = [_json(fact) for fact in kept["facts"]]
    head, tail = _json({**kept, "facts": [0]}).split('"facts": [0]')
    return head + '"facts": [\n' + ",\n".join(lines) + "\n]" + tail + "\n"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


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
