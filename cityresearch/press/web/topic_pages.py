"""The page of a topic: the national picture that its briefs give together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.topic import Topic
from cityresearch.evidence import places
from cityresearch.press.manuscripts import Entry
from cityresearch.press.overview import Area, Shown, Spread
from cityresearch.press.parts import fill
from cityresearch.press.surroundings import Link, counted, escaped, surround
from cityresearch.press.web import notebooks, small_charts
from cityresearch.press.web.atlas import Atlas
from cityresearch.press.web.place_tables import topic_table
from cityresearch.project import Project


@dataclass(frozen=True)
class StateFigure:
    """A state on a topic's map: the middle of its areas, as printed, and the strength of its tile."""

    value: float
    text: str
    areas: int


def topic_page(
    project: Project, collection: Collection, atlas: Atlas, topic: Topic, entries: Sequence[Entry]
) -> str:
    """The overview of a topic: map, distribution, ranks with ties, a table of all its places."""
    key = atlas.key_spread(topic.name)
    body = fill(
        "topic",
        topic=topic,
        as_of=topic.as_of[:1].upper() + topic.as_of[1:],
        places=counted(len(entries), (entry.place.geography for entry in entries)),
        key=key,
        findings=[each.finding for each in atlas.spreads.get(topic.name, {}).values()],
        histogram=small_charts.histogram(key) if key and len(key.areas) > 1 else "",
        tiles=map_tiles(project, key, entries) if key else [],
        table=topic_table(atlas, topic, entries),
        states=sorted({(e.place.state_name, e.place.path.partition("/")[0]) for e in entries}),
        total=len(entries),
    )
    metadata = surround(
        collection,
        f"topics/{topic.name}.html",
        kind="topic",
        title=topic.label,
        description=f"{topic.summary.rstrip('.')}. {key.finding if key else ''}".strip(),
        trail=[Link(collection.title, "index.html"), Link(topic.label)],
        scripts=["tables.js"],
    )
    title = notebooks.text("# " + escaped(topic.label))
    return notebooks.page([title, notebooks.ready(body)], metadata)


def state_figures(key: Spread, entries: Sequence[Entry]) -> dict[str, StateFigure]:
    """The middle of the areas of each state that has any, by the state's letters."""
    by_state: dict[str, dict[Area, Shown]] = {}
    for entry in entries:
        shown = entry.overview.figures.get(key.name)
        if shown and shown.estimate.value is not None:
            by_state.setdefault(entry.place.state, {})[shown.area] = shown
    return {state: _figure(key, list(areas.values())) for state, areas in by_state.items()}


def _figure(key: Spread, areas: Sequence[Shown]) -> StateFigure:
    value = median(shown.estimate.value or 0.0 for shown in areas)
    # One area alone is printed as its row in the table prints it.
    return StateFigure(value, areas[0].text if len(areas) == 1 else key.tell(value), len(areas))


def map_tiles(project: Project, key: Spread, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """A tile for each state at its place on the grid, shaded by the quarter its figure lies in."""
    figures = state_figures(key, entries)
    shades = small_charts.shades({state: figure.value for state, figure in figures.items()})
    return [
        {
            "row": int(state["tile_row"]),
            "column": int(state["tile_col"]),
            "code": state["state"],
            "name": state["full_name"],
            "path": state["path"],
            "figure": figures.get(state["state"]),
            "shade": shades.get(state["state"]),
        }
        for state in places.frame(project, "state").to_dict("records")
    ]


def home_map(project: Project, key: Spread, entries: Sequence[Entry]) -> str:
    """The map of a topic for the home page, small."""
    tiles = [
        small_charts.Tile(tile["code"], tile["row"], tile["column"], tile["shade"])
        for tile in map_tiles(project, key, entries)
    ]
    said = f"Map of the states shaded by {key.heading[:1].lower()}{key.heading[1:]}. {key.finding}"
    return small_charts.small_map(tiles, said)
