"""Places: the cities and states that briefs are written about, found by slug, code or condition."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence import tables
from cityresearch.evidence.sources import list_sources
from cityresearch.project import Project

if TYPE_CHECKING:
    import pandas as pd

IDENTIFIERS = ("geoid", "state", "uace", "cbsa", "county_geoid")
NUMERIC = "biuf"  # kinds of numpy's and pandas' types: flags, whole and other numbers
SHORT_STATES = {"DC": "D.C."}
COMPARISON = re.compile(
    r"^\s*(\w+)\s*(==|!=|>=|<=|=|>|<)\s*(?:'([^']*)'|\"([^\"]*)\"|([^\s'\"=<>]+))\s*$"
)
FOLDER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?")  # it becomes a path
AND = re.compile(r"\s+and\s+(?=(?:[^'\"]*['\"][^'\"]*['\"])*[^'\"]*$)", re.IGNORECASE)
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Place:
    """A place that a brief can be about.

    `geography` says which kind ("city", "state"), `path` is the folder of its pages, `name` is as
    in running text, `full_name` as in a title, and `ids` holds every key it can be joined by.
    """

    geography: str
    geoid: str
    name: str
    possessive: str
    slug: str
    path: str
    state: str
    state_name: str
    full_name: str
    population: int | None
    ids: Mapping[str, str] = field(hash=False)


@functools.lru_cache(maxsize=16)
def geographies(project: Project) -> dict[str, str]:
    """The kinds of places, each with the table that lists them."""
    return {
        table.geography: f"{name}.{key}"
        for name, source in list_sources(project).items()
        for key, table in source.tables.items()
        if table.geography
    }


@functools.lru_cache(maxsize=16)
def frame(project: Project, geography: str) -> pd.DataFrame:
    """All places of a kind, indexed by GEOID, with the columns of their table plus `state_name` and
    `full_name`. Shared by all callers: copy before changing it.

    Raises:
        ResearchError: no such geography, or a table that breaks its declaration.
    """
    states = tables.load(project, table_of(project, "state"))
    return with_names(tables.load(project, table_of(project, geography)), states)


def table_of(project: Project, geography: str) -> str:
    """The table that lists the places of a kind, as in `census_places.cities`.

    Raises:
        ResearchError: no such geography.
    """
    known = geographies(project)
    if geography not in known:
        hint = f"Known are: {', '.join(sorted(known))}."
        raise ResearchError(f"there is no geography '{geography}'.", where="data/", instead=hint)
    return known[geography]


def with_names(rows: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """Places as `frame` gives them, from the rows of their table and of the table of states."""
    rows = rows.set_index("geoid", drop=False).rename_axis(None)
    if "state_name" not in rows:
        named = states.set_index("state")["state_name"]
        rows = rows.assign(state_name=rows["state"].map(named))
    if "full_name" not in rows:
        rows = rows.assign(full_name=_full_names(rows))
    return rows


def _full_names(rows: pd.DataFrame) -> pd.Series:
    """Madison, Wisconsin; Washington, D.C.; Coaldale (Schuylkill County), Pennsylvania."""
    told = (" (" + rows["distinction"] + ")").fillna("")
    return rows["name"] + told + ", " + rows["state"].map(SHORT_STATES).fillna(rows["state_name"])


def find(project: Project, geography: str, text: str) -> Place:
    """The place with this slug or GEOID.

    Raises:
        ResearchError: no such place; the message offers the nearest ones.
    """
    rows, word = frame(project, geography), text.strip().lower()
    positions = _positions(project, geography)
    if word in positions:
        return place_at(rows, geography, positions[word])
    where = tables.file_of(project, geographies(project)[geography])
    raise ResearchError(
        f"there is no {geography} '{text}'.",
        where=project.relative(where),
        instead=_nearest(rows, word),
    )


@functools.lru_cache(maxsize=16)
def _positions(project: Project, geography: str) -> dict[str, int]:
    return positions(frame(project, geography))


def positions(rows: pd.DataFrame) -> dict[str, int]:
    """Where each place is in a frame of places, by slug and by GEOID."""
    words = (rows[name].to_numpy(object) for name in ("slug", "geoid"))
    return {word: at for column in words for at, word in enumerate(column)}


def place_at(rows: pd.DataFrame, geography: str, position: int) -> Place:
    """The place in a row of a frame of places."""
    return _place(geography, rows.iloc[position].to_dict())


def _nearest(rows: pd.DataFrame, word: str) -> str:
    """Places whose slug starts with the word, largest first; else slugs spelt alike."""
    stem, _, state = word.rpartition("-")
    slugs = rows["slug"]
    same = slugs.str.startswith(word + "-")
    if stem:
        same |= slugs.str.startswith(stem + "-") & slugs.str.endswith("-" + state)
    namesakes = rows[same].sort_values("population", ascending=False, kind="stable")["slug"]
    if len(namesakes):
        return "Did you mean " + " or ".join(f"'{slug}'" for slug in namesakes[:3]) + "?"
    hint = f"Write a slug, like {slugs.iloc[0]}, or a Census code, like {rows.index[0]}."
    return did_you_mean(word, slugs) or hint


def where(
    project: Project, geography: str, condition: str = "", said: str = "condition"
) -> list[Place]:
    """Places that meet every comparison, sorted by state and name; all of them without a condition.

    A condition is made of comparisons of one column with one value, joined by `and`:
    `population >= 250000 and state == 'WI'`. A place without a value meets no comparison.

    Args:
        said: file and key where the condition is written, for the message.

    Raises:
        ResearchError: anything else, an unknown column, or a condition that no place meets; the
            message names the columns, or what the column holds.
    """
    rows = frame(project, geography)
    for part in AND.split(condition) if condition.strip() else []:
        try:
            met = rows[_meets(rows, part)]
        except ValueError as error:
            raise ResearchError(
                f"{error}.",
                where=said,
                instead="Write comparisons joined by 'and', like: population >= 250000 and "
                f"state == 'WI'. Columns are: {', '.join(rows.columns)}.",
            ) from None
        if met.empty:
            raise ResearchError(
                f"no {geography} matches: {part.strip()}.",
                where=said,
                instead=_held(frame(project, geography), part),
            )
        rows = met
    chosen = rows.sort_values(["state", "name", "slug"], kind="stable")
    return [_place(geography, row) for row in chosen.to_dict("records")]


def _meets(rows: pd.DataFrame, part: str) -> pd.Series:
    column, sign, value = _parsed(part)
    if column not in rows:
        raise ValueError(f"there is no column '{column}'")
    if rows[column].dtype.kind in NUMERIC:
        try:
            value = float(value)
        except ValueError:
            raise ValueError(f"'{column}' is compared with a number") from None
    elif OPERATORS[sign] not in (operator.eq, operator.ne):
        raise ValueError(f"'{column}' is text: compare it with == or !=")
    met: pd.Series = OPERATORS[sign](rows[column], value).fillna(False).astype(bool)
    return met & rows[column].notna()


def _parsed(part: str) -> tuple[str, str, Any]:
    match = COMPARISON.match(part)
    if not match:
        raise ValueError(f"'{part.strip()}' is not a comparison")
    column, sign, *values = match.groups()
    return column, sign, next(text for text in values if text is not None)


def _held(rows: pd.DataFrame, part: str) -> str:
    """What to write instead of a comparison that no place meets."""
    column, _, value = _parsed(part)
    known = rows[column].dropna()
    if rows[column].dtype.kind in NUMERIC:
        return f"'{column}' goes from {known.min():,} to {known.max():,}."
    found = {name: int((rows[name].astype(str) == value).sum()) for name in rows}
    if any(found.values()):
        return f"Did you mean {max(found, key=found.__getitem__)} == '{value}'?"
    return (
        did_you_mean(value, known.unique()) or f"'{column}' holds '{known.iloc[0]}' and the like."
    )


def _place(geography: str, row: dict[Any, Any]) -> Place:
    import pandas as pd  # here, because a plan reads its places from a list that it kept

    people = row["population"]
    for name in ("slug", "path"):
        if not FOLDER.fullmatch(row[name]):
            raise ResearchError(
                f"the {name} '{row[name]}' can't be an address.",
                where=f"the table of places of the kind '{geography}'",
                city=f"{row['geoid']} ({row['name']})",
                instead="Write small letters, digits and hyphens, as in wi/madison.",
            )
    return Place(
        geography=geography,
        geoid=row["geoid"],
        name=row["name"],
        possessive=row["possessive"],
        slug=row["slug"],
        path=row["path"],
        state=row["state"],
        state_name=row["state_name"],
        full_name=row["full_name"],
        population=None if pd.isna(people) else int(people),
        ids={key: row[key] for key in IDENTIFIERS if key in row and not pd.isna(row[key])},
    )
