"""Cities typed into a notebook, where each brief is to name its own."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cityresearch.briefs.prose import EXPRESSION
from cityresearch.briefs.topic import Topic
from cityresearch.evidence import places
from cityresearch.press.gazetteer import CITY, cities_of
from cityresearch.press.typed import parsed, typed_cells
from cityresearch.project import Project

INSTEAD = (
    "Print brief.place.name, and give Brief the parameter; a city that every brief is to name is declared "
    "under 'mentions' in topic.yml (docs/how-to/own-city-only.md)."
)


def notebook_faults(
    project: Project, path: str, topic: Topic, cells: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    """Names of cities in the prose and in the texts of the code of a notebook, and slugs and codes of
    cities in its code; where its parameters are set, they belong."""
    if topic.geography != CITY:
        return
    known, cities = "\n".join(topic.mentions), cities_of(project)
    for where, is_prose, source in typed_cells(path, cells):
        if is_prose:
            texts = [(where, EXPRESSION.sub(" ", source))]
        else:
            texts = [(f"{where}, line {line}", text) for line, text in _strings(source)]
        for at, text in texts:
            for name in (*_codes(project, text), *cities.found(text, known)):
                yield f"{at}: the city “{name}” is typed. {INSTEAD}"


def topic_faults(project: Project, path: str, topic: Topic) -> Iterator[str]:
    """Names under `mentions` that are no city's."""
    known = set(places.frame(project, CITY)["full_name"]) if topic.mentions else ()
    for name in topic.mentions:
        if name not in known:
            yield f"{path}, mentions: there is no city '{name}'. Write it as in: Madison, Wisconsin."


@functools.lru_cache(maxsize=4)
def _known(project: Project) -> frozenset[str]:
    return frozenset(places.positions(places.frame(project, CITY)))


def _codes(project: Project, text: str) -> Iterator[str]:
    """A text that is the slug or the code of a city."""
    if text in _known(project):
        yield text


def _strings(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
