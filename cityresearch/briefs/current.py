"""The brief that this process makes: what the engine asks of it when its cells have run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cityresearch.briefs import marks, reads, stamp

if TYPE_CHECKING:
    from cityresearch.briefs.brief import Brief

_current: list[Brief] = []


def begin(brief: Brief) -> None:
    """A notebook made a brief. What it read for one before it counts as well: it may print that too.

    Raises:
        ResearchError: that was a brief of another place.
    """
    stamp.begin(brief.place.geoid, brief.place.full_name)
    _current[:] = [brief]


def none_yet() -> None:
    """A process begins that has made no brief: what the one it was forked from made does not count."""
    _current.clear()
    stamp.begin("", "")
    reads.forget()
    marks.forget()


def record() -> str:
    """What the press needs from the brief of this process, as JSON text (null where there is none)."""
    if not _current:
        return "null"
    brief = _current[0]
    told = {
        "place": brief.place.geoid,
        "topic": brief.topic.name,
        "peers": brief.peers_used,
        "circle": brief.circle.members(alone=not brief.peers_used),
        "facts": list(brief.ledger.facts.values()),
        "quotes": list(brief.ledger.quotes.values()),
        "said": sorted(brief.ledger.said),
        "reads": reads.taken(),
        "printings": marks.printings(brief.ledger),
    }
    # Out of the text in one go: facts are many small texts.
    return marks.plain(json.dumps(told, ensure_ascii=False))


def has(section: str) -> str:
    """Whether the brief of this process has what a section needs, "yes" or "no"."""
    return "yes" if _current and _current[0].has(section) else "no"
