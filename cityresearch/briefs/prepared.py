"""The prepared folder of a topic, as its briefs read it: tables, places, indicators, peers."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch.briefs.indicators import Measured
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence import places
from cityresearch.evidence.corrected import Corrected, from_json
from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.places import Place
from cityresearch.evidence.sources import Source, Table
from cityresearch.evidence.tables import row_key

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Held:
    """A table of a prepared folder; equal to another with the same content, whatever its name: a table
    of places may be pinned as well.

    The content is a hash of the file that is read, not of what that was made from: a folder that was
    made by other code may hold another table.
    """

    name: str = field(compare=False)
    content: str
    folder: Prepared = field(compare=False)


@functools.cache
def _frame(held: Held) -> pd.DataFrame:
    return held.folder._load(held.name)


@functools.cache
def _positions(held: Held, columns: tuple[str, ...]) -> dict[str, list[int]]:
    cells = _frame(held)[list(columns)]
    filled = cells.notna().all(axis=1).to_numpy()
    # As plain objects in one go: text that Arrow holds is slow to take one by one.
    keys = [cells[column][filled].astype("str").to_numpy(object).tolist() for column in columns]
    at = filled.nonzero()[0].tolist()
    joined = list(map("|".join, zip(*keys, strict=True)))
    found = {key: [row] for row, key in zip(at, joined, strict=True)}
    if len(found) < len(at):  # several rows of one key
        found = {}
        for row, key in zip(at, joined, strict=True):
            found.setdefault(key, []).append(row)
    return found


@functools.cache
def _places(held: Held, states: Held) -> pd.DataFrame:
    return places.with_names(_frame(held), _frame(states))


@functools.cache
def _spots(held: Held) -> dict[str, int]:
    return places.positions(_frame(held))


@dataclass(frozen=True)
class Prepared:
    """One topic's prepared folder. A brief reads only there, through `Brief`, which notes the rows.

    Its tables are those that the topic pins and those that `prepare` derives for all briefs:
    `indicators-<kind>` and `peers` (a row for each area), `peer-distances`, `places-<geography>` (a
    row for each place) and `nation` (a row for each national figure).
    """

    folder: Path

    @property
    def topic(self) -> Topic:
        """The topic's declaration."""
        return self._topic()

    @functools.cache  # noqa: B019  a process opens one folder a topic
    def _topic(self) -> Topic:
        return Topic.model_validate(self._declared["topic"])

    @functools.cache  # noqa: B019  asked for every cell
    def held(self, name: str) -> Held:
        """A table by its content: two folders that hold the same one share it in memory."""
        try:
            content = _read(self.folder / "contents.json").get(name, "")
        except FileNotFoundError:  # the folder is being made
            content = ""
        return Held(name, content or f"{self.folder}/{name}", self)

    def frame(self, name: str) -> pd.DataFrame:
        """A table that the topic pins, as checked, or one that was derived.

        Raises:
            ResearchError: the topic does not pin it.
        """
        return _frame(self.held(name))

    def _load(self, name: str) -> pd.DataFrame:
        import pandas as pd  # here, because a plan asks a folder for fingerprints only

        if name == "nation":
            said = {key: json.dumps(figure) for key, figure in self._nation.items()}
            return pd.DataFrame({"name": list(said), "said": list(said.values())}, dtype="str")
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            raise self._not_pinned(name)
        found = pd.read_parquet(path)
        found.attrs = {}  # each slice of the frame would copy them
        return found

    def _not_pinned(self, name: str) -> ResearchError:
        return ResearchError(
            f"this topic does not pin the table '{name}'.",
            where="topic.yml, vintages",
            instead=f"Pinned are: {', '.join(sorted(self._declared['tables']))}.",
        )

    def positions(self, name: str, columns: tuple[str, ...]) -> dict[str, list[int]]:
        """Where the rows of a table are, by the values of these columns (see `row_key`). Rows with an
        empty cell there are left out."""
        return _positions(self.held(name), columns)

    def rows(self, name: str, columns: tuple[str, ...], values: tuple[Any, ...]) -> pd.DataFrame:
        """The rows of a table whose columns have these values; counted from 0."""
        # A change of it is its own.
        return self._rows(name, columns, row_key(values)).copy(deep=False)

    @functools.lru_cache(maxsize=64)  # noqa: B019  a brief asks for the same rows again and again
    def _rows(self, name: str, columns: tuple[str, ...], key: str) -> pd.DataFrame:
        at = self.positions(name, columns).get(key, [])
        frame = self.frame(name)
        # Rows of one place mostly stand together: a slice copies nothing, and `take` every column.
        together = at and at[-1] - at[0] == len(at) - 1
        found = frame.iloc[at[0] : at[-1] + 1] if together else frame.take(at)
        return found.reset_index(drop=True)

    def cells(self, name: str, equals: Mapping[str, Any]) -> dict[str, Any]:
        """Values as the columns of a pinned table hold them: a year may come as 2023.0, out of a
        column with gaps.

        Raises:
            ResearchError: the table has no such column.
        """
        columns = self.declared(name).columns
        for column in equals:
            if column not in columns:
                hint = did_you_mean(column, columns) or f"It has: {', '.join(columns)}."
                raise ResearchError(
                    f"table {name} has no column '{column}'.", where="notebook", instead=hint
                )
        return {key: _cell(columns[key].type, value) for key, value in equals.items()}

    @property
    def _declared(self) -> dict[str, dict[str, Any]]:
        return _read(self.folder / "declared.json")  # type: ignore[no-any-return]

    @functools.cache  # noqa: B019
    def declared(self, name: str) -> Table:
        """What source.yml declares of a table.

        Raises:
            ResearchError: the topic does not pin it.
        """
        if name not in self._declared["tables"]:
            raise self._not_pinned(name)
        return Table.model_validate(self._declared["tables"][name])

    @functools.cache  # noqa: B019
    def source(self, name: str) -> Source:
        """What source.yml declares of a source."""
        return Source.model_validate(self._declared["sources"][name])

    def corrections(self, name: str) -> tuple[Corrected, ...]:
        """The corrections of a table; most have none."""
        return self._corrections.get(name, ())

    @functools.cached_property
    def _corrections(self) -> dict[str, tuple[Corrected, ...]]:
        said = _read(self.folder / "corrections.json")
        return {name: tuple(map(from_json, each)) for name, each in said.items()}

    def missing(self, name: str, column: str, at: int | str) -> str | None:
        """Why a cell of a pinned table is empty.

        Args:
            at: its row, counted from 0, or the row's key, as in `uace=53200,year=2023`.
        """
        for each in self.corrections(name):
            rows: tuple[int | str, ...] = each.rows if isinstance(at, int) else each.keys
            if each.column == column and each.action == "drop" and at in rows:
                return f"left out as an error: {each.reason.rstrip('.')}"
        return self.declared(name).columns[column].missing

    @property
    def _nation(self) -> dict[str, Any]:
        return _read(self.folder / "nation.json")  # type: ignore[no-any-return]

    def nation(self, name: str) -> Measured:
        """The national figure of an indicator that declares one, at the indicator's own year."""
        found = self._nation[name]
        inputs = tuple(Estimate(**given) for given in found["inputs"])
        return Measured(Estimate(**found["estimate"]), tuple(found["rows"]), inputs)

    @functools.cache  # noqa: B019
    def indicators(self, kind: str) -> pd.DataFrame:
        """All areas of one kind (geoid, uace, cbsa, state) with the indicators, a column each, that
        peers are chosen by or that a required section needs."""
        return self.frame(f"indicators-{kind}").set_index(kind)

    def places(self, geography: str) -> pd.DataFrame:
        """The places of a kind, as `evidence.places.frame` gives them.

        Raises:
            ResearchError: there is no such kind.
        """
        return _places(self.held(f"places-{geography}"), self.held("places-state"))

    @functools.cache  # noqa: B019
    def place(self, geography: str, text: str) -> Place | None:
        """The place with this slug or GEOID, or none."""
        at = _spots(self.held(f"places-{geography}")).get(text.strip().lower())
        return None if at is None else places.place_at(self.places(geography), geography, at)

    @property
    def fingerprints(self) -> dict[str, str]:
        """A hash of each table, pinned or derived, that changes whenever one of its rows does."""
        return self._fingerprints()

    @functools.cache  # noqa: B019  asked for every brief that is judged
    def _fingerprints(self) -> dict[str, str]:
        return _read(self.folder / "fingerprints.json")  # type: ignore[no-any-return]

    @functools.cached_property
    def lacking(self) -> dict[str, tuple[str, str]]:
        """The places that the topic cannot serve: GEOID to the first section and need without data."""
        found: dict[str, tuple[str, str]] = {}
        for section, need, geoids in _read(self.folder / "lacking.json"):
            found |= dict.fromkeys(geoids, (section, need))
        return found


@functools.lru_cache(maxsize=64)
def _read(path: Path) -> Any:
    """A file of a prepared folder; these never change."""
    return json.loads(path.read_bytes())


def _cell(kind: str, value: Any) -> Any:
    if kind == "number":
        return float(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
