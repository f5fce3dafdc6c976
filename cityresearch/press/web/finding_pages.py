"""Pages that find others: search by words, two places side by side, and the page of a lost address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

import pandas as pd

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.declarations import Declaration, read_declaration
from cityresearch.evidence.places import Place
from cityresearch.press.parts import fill
from cityresearch.press.surroundings import Link, surround
from cityresearch.press.web import notebooks
from cityresearch.project import Project

SHORT_NAMES = "short-names.yml"  # in the folder of the book
KINDS = {"city", "town", "village", "borough"}  # last words of the Census Bureau's names


def search_page(collection: Collection, topics: Mapping[str, Topic]) -> str:
    """The search of all words, narrowed by topic and state; without scripts it leads to the topics."""
    description = f"Search the words of all briefs of {collection.title}."
    return _page(collection, topics, "search", "Search", description, ["find.js", "search.js"])


def compare_page(collection: Collection, topics: Mapping[str, Topic]) -> str:
    """Two places side by side on one topic; without scripts it leads to the topics' tables."""
    description = "The figures of two places side by side, with their margins of error."
    return _page(
        collection, topics, "compare", "Compare two places", description, ["find.js", "compare.js"]
    )


def lost_page(collection: Collection, *, changes: bool) -> str:
    """What a static host shows for an address without a page; `changes` tells whether the book has a page
    of what changed, where readers see why a page of an earlier edition is gone."""
    description = "There is no page at this address."
    title = "There is no page here"
    return _page(collection, {}, "404", title, description, [], changes=changes)


def _page(
    collection: Collection,
    topics: Mapping[str, Topic],
    name: str,
    title: str,
    description: str,
    scripts: list[str],
    **given: bool,
) -> str:
    metadata = surround(
        collection,
        f"{name}.html",
        kind="plain",
        title=title,
        description=description,
        trail=[Link(collection.title, "index.html"), Link(title)],
        scripts=scripts,
    )
    body = fill(name, topics=topics, **given)
    return notebooks.page([notebooks.text(f"# {title}"), notebooks.ready(body)], metadata)


def places_script(project: Project, found: Iterable[Place]) -> str:
    """The list that "Find your city" searches, in the order given (the largest first).

    A row is the full name, the letters of the state, the folder, the Census Bureau's name where that
    has other words than the kind of place ("Louisville/Jefferson County metro government"), and short
    names in common use; what a place lacks at the end is left out.

    Raises:
        ResearchError: the list of short names is wrong.
    """
    official: dict[str, pd.Series] = {}
    short, rows = short_names(project), []
    for place in found:
        if place.geography not in official:
            official[place.geography] = _official_names(project, place.geography)
        other = official[place.geography].get(place.geoid, "")
        row = [place.full_name, place.state, place.path]
        new = _words(other) - _words(place.full_name) - KINDS
        common = " ".join(short.get(place.geoid, ())) if place.geography == "city" else ""
        end = [other if new else "", common] if common else [other] if new else []
        rows.append([*row, *end])
    return f"cityPlaces({json.dumps(rows, ensure_ascii=False, separators=(',', ':'))});\n"


class _ShortNames(Declaration):
    names: dict[str, list[str]]


def short_names(project: Project) -> dict[str, list[str]]:
    """Short names of cities in common use, by GEOID; none where the book has no list of them.

    Raises:
        ResearchError: the list can't be read, or names a city that there is none of.
    """
    path = project.book / SHORT_NAMES
    if not path.is_file():
        return {}
    named = read_declaration(_ShortNames, path, project).names
    try:
        return {places.find(project, "city", slug).geoid: short for slug, short in named.items()}
    except ResearchError as error:
        where = f"{project.relative(path)}, names"
        raise ResearchError(error.what, where=where, instead=error.instead) from None


def _official_names(project: Project, geography: str) -> pd.Series:
    frame = places.frame(project, geography)
    return frame["census_name"] if "census_name" in frame else pd.Series(dtype="str")


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.lower()))
