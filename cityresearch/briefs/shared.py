"""What the briefs of a topic share in memory: a process reads it once, its forks inherit it."""

from __future__ import annotations

import functools

from cityresearch.briefs import derive, peer_group, reads
from cityresearch.briefs.indicators import Measure
from cityresearch.briefs.prepared import Prepared


def load_all(prepared: Prepared) -> None:
    """Reads all that the topic's briefs read into this process, so that its forks share it."""
    for name in prepared.fingerprints:
        reads.row_hashes(prepared.held(name))
        if name.startswith("places-"):
            prepared.places(name.removeprefix("places-"))
            prepared.place(name.removeprefix("places-"), "")
            prepared.positions(name, ("geoid",))
            continue
        # By what `Brief.rows` asks for. What else a brief asks for is there from the second on: the process
        # that forks them looks up the rows that each read, to note their hashes.
        if key := derive.place_key(prepared.frame(name).columns):
            prepared.positions(name, (key,))
    for kind in derive.UNIT_NAMES:
        peer_group.name_of(prepared, kind, "")
    for name in prepared.topic.vintages:
        prepared.declared(name)
        prepared.source(name.partition(".")[0])
    shared_measure(prepared).load()


@functools.lru_cache(maxsize=64)
def shared_measure(prepared: Prepared) -> Measure:
    """The one measure of this process that notes what the topic's briefs read."""
    return Measure(prepared.topic, prepared, reads.note)
