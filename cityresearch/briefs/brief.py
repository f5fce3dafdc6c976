"""What a notebook imports: `brief = Brief("transit", city)`, and all that it can show about one place."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cityresearch.briefs import (
    counts,
    current,
    figures,
    indicators,
    plain,
    reads,
)
from cityresearch.briefs.facts import About, Figure, Ledger
from cityresearch.briefs.indicators import Measured
from cityresearch.briefs.inserts import Insert, find_insert
from cityresearch.briefs.shared import shared_measure
from cityresearch.briefs.standpoint import Standpoint
from cityresearch.errors import ResearchError
from cityresearch.evidence.estimates import Estimate
from cityresearch.methods import words
from cityresearch.methods.words import Comparison


class Brief(Standpoint):
    """One topic for one place.

    `brief["trips_per_resident"]` is a figure about the place; `brief["trips", 2019]` the one of a year.

    Args:
        topic: name of the topic, the folder's.
        place: slug or code of the place, as in `madison-wi` or `5548000`.
        parameters: the topic's other parameters, by name.

    Raises:
        ResearchError: unknown topic or place, undeclared parameter or bad value.
    """

    def __init__(self, topic: str, place: str, **parameters: Any) -> None:
        super().__init__(topic, place, parameters)
        current.begin(self)
        self.ledger = Ledger(
            place=self.place.geoid, name=self.place.full_name, admit=self.circle.admit
        )
        self._measure = shared_measure(self._prepared)
        self._figures: dict[tuple[str, About, int | None], Figure] = {}
        self._constants: dict[str, Figure] = {}
        self._sections: dict[str, bool] = {}

    # Figures -----------------------------------------------------------------------------------

    def __getitem__(self, wanted: str | tuple[str, int]) -> Figure:
        name, year = (wanted, None) if isinstance(wanted, str) else wanted
        return self.figure(name, self.about(name), year)

    def figure(self, name: str, about: About, year: int | None = None) -> Figure:
        """The indicator `name` for the place or area `about`, in `year` (default: the indicator's)."""
        known = (name, about, year)
        if known not in self._figures:
            self._figures[known] = self._found(name, about, year)
        return self._figures[known]

    def _found(self, name: str, about: About, year: int | None) -> Figure:
        self.topic.indicator(name)
        own = about.id == self._own_id(about.kind)
        if not own and not self.circle.holds(about.kind, about.id):
            raise self.circle.stranger(f"the figure '{name}' is asked for {about.name}")
        ids = dict(self.place.ids) if own else self._ids(about)
        measured = self._measure(name, ids, year)
        suffix = ("" if own else f":{about.id}") + (f"@{year}" if year else "")
        return self._as_figure(name, name + suffix, about, measured, year)

    def nation(self, name: str) -> Figure:
        """The indicator over all areas of the country that have every input, added up first.

        Raises:
            ResearchError: the indicator does not declare `nation: sum`.
        """
        if self.topic.indicator(name).nation != "sum":
            where = f"notebooks/{self.topic.name}/topic.yml, indicators.{name}"
            raise ResearchError(
                "no national figure is declared.", where=where, instead="Add nation: sum."
            )
        reads.note("nation", ("name",), (name,))
        measured = self._prepared.nation(name)
        about = About("nation", "US", "all areas with figures")
        return self._as_figure(name, f"{name}:US", about, measured, None)

    def history(self, name: str) -> list[Figure]:
        """The indicator in each of its declared years that has a value, oldest first."""
        first, last = self.topic.indicator(name).years or [0, -1]
        figures = [self[name, year] for year in range(first, last + 1)]
        return [figure for figure in figures if figure.exists]

    def derived(
        self, name: str, label: str, estimate: Estimate, *, table: str, rows: list[str], method: str
    ) -> Figure:
        """A figure that the notebook computes itself, with the table and rows that it used."""
        source = table.split(".")[0]
        return Figure(
            id=name,
            label=label,
            estimate=estimate,
            about=self.area("geoid"),
            year=None,
            source=source,
            vintage=self.topic.vintages[table],
            rows=tuple(f"{table}[{row}]" for row in rows),
            method=method,
            method_hash=indicators.hashed(method),
            data_hash=indicators.hashed([str(estimate), rows]),
            ledger=self.ledger,
        )

    def cell(self, table: str, row: Mapping[str, Any], column: str, name: str = "") -> Figure:
        """One number of a row of a pinned table (see `rows`), about what the row calls `name`.

        Raises:
            ResearchError: the row is about a stranger, or its number is not the table's.
        """
        vintage = self.topic.vintages[table]
        self._true_rows.admit(table, row, column)
        if not name and row.get("geoid") == self.place.geoid:
            name = self.place.full_name
        return figures.of_cell(self._prepared, self.ledger, (table, column), row, name, vintage)

    def quoted(
        self, table: str, row: Mapping[str, Any], column: str, printed: str = "", key: str = ""
    ) -> str:
        """A text of a row of a pinned table, to be printed as its publisher wrote it.

        Numerals in it are no figures of ours: the facts file keeps the text with its row.

        Args:
            printed: how it is printed, where not as it stands, such as a date in words.
            key: of the row, where `row` lacks the columns of the table's own.

        Raises:
            ResearchError: the row is about a stranger.
        """
        told = key or self.key_of(table, row)
        text = printed or ("" if plain.empty(row[column]) else str(row[column]))
        rows = [f"{table}[{told}].{column}"]
        self._true_rows.admit_text(table, row, rows)
        return self.ledger.quote(text, rows, self.topic.vintages[table])

    def why_missing(self, table: str, row: Mapping[str, Any], column: str) -> str:
        """Why a cell of a row of a pinned table is empty."""
        return self._prepared.missing(table, column, self.key_of(table, row)) or ""

    def key_of(self, table: str, row: Mapping[str, Any]) -> str:
        """The key of a row, as in `geoid=5548000,year=2023`."""
        return ",".join(f"{name}={row[name]}" for name in self.declared(table).key)

    def constant(self, name: str) -> Figure:
        """A declared constant, such as a threshold, as a figure with its own source."""
        if name not in self._constants:
            self._constants[name] = figures.of_constant(self.topic, self.ledger, name)
        return self._constants[name]

    # Comparisons -------------------------------------------------------------------------------

    def among_peers(self, name: str) -> list[Figure]:
        """The indicator for each peer, nearest first; those without a value are left out."""
        figures = [self.figure(name, peer) for peer in self.peers.members]
        return [figure for figure in figures if figure.exists]

    def median_peer(self, name: str) -> Figure | None:
        """The median of the peers that have a value; it is a summary and has no margin of its own."""
        peers = self.among_peers(name)
        if not peers:
            return None
        middle = statistics.median(peer.value or 0.0 for peer in peers)
        about = About("peers", name, "the median peer")
        rows = tuple(row for peer in peers for row in peer.rows)
        inputs = tuple(peer.estimate for peer in peers)
        counted = 0.0 if all(peer.estimate.moe == 0 for peer in peers) else None
        measured = Measured(Estimate(middle, counted, peers[0].estimate.unit), rows, inputs)
        return self._as_figure(name, f"{name}:median", about, measured, None)

    def stand(self, name: str) -> str:
        """Where the place stands among its peers: "higher than in all eight of its peers"."""
        kinds = {"higher": words.HIGHER_IN, "more": words.MORE_IN, "less": words.LESS_IN}
        wording = kinds[self.topic.indicator(name).comparison]
        return self.position(name, wording)

    def position(self, name: str, wording: Comparison) -> str:
        """The same with other words, such as "higher than in"."""
        peers = self.among_peers(name)
        estimates = [peer.estimate for peer in peers]
        return counts.position(self[name], estimates, counts.rows_of(peers), wording=wording)

    def peer_count(self, stay: str = "", number: int | None = None) -> Figure:
        """How many peers the place has.

        Args:
            stay: "fewest" or "most", for the `number` that stays with one variable left out.
        """
        codes = [f"{peer.kind}={peer.id}" for peer in self.peers.members]
        table = self.topic.indicator(self.peers.names[0]).tables[0]
        label = f"Peers: {stay} that stay without a variable" if stay else "Peers: chosen"
        name = f"peers:{stay}" if stay else "peers"
        return replace(self.count(name, label, table, codes, number), entry="peers")

    def count(
        self, name: str, label: str, table: str, rows: Sequence[str], number: int | None = None
    ) -> Figure:
        """A count as a figure about the place: of rows of a pinned table, or of what they name.

        Args:
            rows: keys of the rows that were counted, as in `agency=50005,year=2023`.
            number: how many there are, where it is not the number of rows.
        """
        at, about = (table, self.topic.vintages[table]), self.area("geoid")
        size = len(rows) if number is None else number
        return counts.of_rows(self.ledger, at, rows, (name, label), about, size)

    def change(self, name: str) -> str:
        """What the indicator did from its first year with a value to its last: "rose", "fell"."""
        history = self.history(name)
        return words.trend(history[0].estimate, history[-1].estimate)

    def has(self, section: str) -> bool:
        """Whether everything that the section needs is there for this place."""
        if section not in self._sections:
            wanted = self.topic.section(section)
            one = not wanted.any_of or any(map(self._has, wanted.any_of))
            self._sections[section] = one and all(map(self._has, wanted.needs))
        return self._sections[section]

    def _has(self, need: str) -> bool:
        known = need in self.topic.indicators
        return self[need].exists if known else len(self.rows(need)) > 0

    def insert(self) -> Insert | None:
        """What was written by hand for this place: `inserts/<place>.md` beside the notebook; nothing
        where there is no such file.

        Raises:
            ResearchError: it lacks author or date, or holds more than plain text.
        """
        found = find_insert(self.project, self.topic.name, self.place.slug)
        self.ledger.said.update(found.mentions if found else ())
        return found

    # Inside ------------------------------------------------------------------------------------

    def _as_figure(
        self, name: str, key: str, about: About, measured: Measured, year: int | None
    ) -> Figure:
        indicator = self.topic.indicator(name)
        table = indicator.tables[0]
        when = f", {year}" if year else ""
        return Figure(
            id=key,
            label=indicator.label + when,
            estimate=measured.estimate,
            about=about,
            year=year or indicator.year,
            source=table.split(".")[0],
            vintage=self.topic.vintages[table],
            rows=measured.rows,
            method=f"{indicator.formula}: {indicator.definition}",
            method_hash=self._measure.method_hash(name),
            data_hash=measured.data_hash,
            ledger=self.ledger,
        )
