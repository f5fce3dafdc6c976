"""Where a brief stands: one topic's tables and texts as seen from one place, its areas and its peers."""

from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cityresearch.briefs import derive, peer_group, reads
from cityresearch.briefs.circle import Circle, Member, member
from cityresearch.briefs.collection import EDITION_VARIABLE, load_collection
from cityresearch.briefs.facts import About
from cityresearch.briefs.peer_group import PeerGroup
from cityresearch.briefs.prepare import prepare
from cityresearch.briefs.topic import Topic, load_topic
from cityresearch.briefs.true_rows import TrueRows
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.evidence.sources import Table
from cityresearch.project import find_project


class Standpoint:
    """What `Brief` knows before it computes anything: its place, whom it may speak of, what it may read."""

    def __init__(self, topic: str, place: str, parameters: Mapping[str, Any]) -> None:
        self.project = find_project()
        self.topic: Topic = load_topic(self.project, topic)
        self._prepared = prepare(self.project, topic)
        self.place: Place = self._place(self.topic.geography, place)
        self.parameters = parameters
        named = functools.partial(peer_group.name_of, self._prepared)
        self.circle = Circle(self.place, named, self._peer_members)
        self._true_rows = TrueRows(self.circle, self._prepared)

    # Evidence ----------------------------------------------------------------------------------

    def table(self, name: str, **equals: Any) -> pd.DataFrame:
        """The rows of a pinned table that have these values, as in `table(name, state="WI")`.

        Without a value the whole table: for national comparisons. Every change of it then makes the
        brief run again. Rows of this place: `brief.rows`.

        Raises:
            ResearchError: the topic does not pin the table, it has no such column, or a value is the
                code of a stranger.
        """
        if not equals:
            frame = self._prepared.frame(name)
            reads.note_whole(name)
            return frame
        self.circle.admit_codes(equals, f"what is asked of the table {name}")
        return self._rows(name, self._prepared.cells(name, equals))

    def rows(self, name: str) -> pd.DataFrame:
        """The rows of a pinned table that are about this place, by the most local code it has."""
        key = derive.place_key(self.declared(name).columns)
        if not key:
            raise ResearchError(f"table {name} has no column that names a place.", where="notebook")
        code = self.place.ids.get(key)
        return self._rows(name, {key: code}) if code else self._prepared.frame(name).head(0)

    def declared(self, name: str) -> Table:
        """What source.yml declares of a pinned table: its title, key and columns.

        Raises:
            ResearchError: the topic does not pin it.
        """
        return self._prepared.declared(name)

    def _rows(self, name: str, equals: Mapping[str, Any]) -> pd.DataFrame:
        columns, values = tuple(equals), tuple(equals.values())
        reads.note(name, columns, values)
        return self._prepared.rows(name, columns, values)

    def cite(self, *tables: str) -> str:
        """The source line of a chart or table: publisher, title and vintage."""
        lines = []
        for table in tables:
            source = self._prepared.source(table.split(".")[0])
            lines.append(f"{source.publisher}, {source.title}, {self.topic.vintages[table]}")
        return "; ".join(dict.fromkeys(lines))

    def source_of(self, *names: str) -> str:
        """The source line of one or more indicators."""
        return self.cite(*(table for name in names for table in self.topic.indicator(name).tables))

    # Places and areas --------------------------------------------------------------------------

    def about(self, name: str) -> About:
        """Whom an indicator is about for this place: itself, its urban area, its state."""
        kind = self.topic.indicator(name).about
        return self.area(kind)

    def area(self, kind: str) -> About:
        """The place itself (geoid) or the wider area of that kind (uace, state) that it lies in."""
        own = self._own_id(kind)
        if kind == "geoid":
            return About(kind, own, self.place.full_name)
        if not own:
            return About(kind, "", "no area")
        return self.named(kind, own)

    def named(self, kind: str, code: str) -> About:
        """An area of the circle by its code, with its name.

        Raises:
            ResearchError: it is a stranger.
        """
        self.circle.admit_codes({kind: code}, "the area asked for")
        return peer_group.named(self._prepared, kind, code)

    def place_of(self, geography: str, text: str) -> Place:
        """A place of the circle of a kind ("city", "state") by its slug or GEOID.

        Raises:
            ResearchError: no such place (the message offers the nearest ones), or a stranger.
        """
        found = self._place(geography, text)
        if not self.circle.holds("geoid", found.geoid):
            raise self.circle.stranger(f"the place asked for is {found.full_name}")
        return found

    def _place(self, geography: str, text: str) -> Place:
        place = self._prepared.place(geography, text)
        if place is None:
            return places.find(self.project, geography, text)
        reads.note(f"places-{geography}", ("geoid",), (place.geoid,))
        return place

    @functools.cached_property
    def peers(self) -> PeerGroup:
        """The k nearest places or areas on the topic's declared variables."""
        return peer_group.find_peers(
            self._prepared, self.topic, self.place, self.parameters.get("peers")
        )

    def _peer_members(self) -> list[Member]:
        """Name and codes of each peer; none where the topic declares none."""
        named = self.peers.members if self.topic.peers else ()
        return [
            member(self._place(self.topic.geography, each.id))
            if each.kind == "geoid"
            else {"name": each.name, "ids": {each.kind: each.id}}
            for each in named
        ]

    @property
    def peers_used(self) -> list[dict[str, str]]:
        """Kind, code and name of each peer, nearest first; none where the brief asked for none."""
        group = self.__dict__.get("peers")
        return [dataclasses.asdict(peer) for peer in group.members] if group else []

    # Inside ---------------------------------------------------------------------------------------

    @property
    def edition(self) -> str:
        """The date of the edition, as in 2026-11-22: of the collection that is run, or else the project's
        own."""
        return os.environ.get(EDITION_VARIABLE) or load_collection(self.project).date

    def _own_id(self, kind: str) -> str:
        return self.place.ids.get(kind, "")

    def _ids(self, about: About) -> Mapping[str, str]:
        if about.kind != "geoid":
            return {about.kind: about.id}
        return self.place_of(self.topic.geography, about.id).ids
