"""The page "What changed since …": why figures and words are others than in the edition before."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.topic import Topic
from cityresearch.evidence.places import Place
from cityresearch.methods.words import long_date
from cityresearch.press.editions.causes import BOTH_RUN
from cityresearch.press.editions.comparison import Change
from cityresearch.press.editions.difference import Difference, difference, last_edition
from cityresearch.press.editions.edition import WorkingEdition
from cityresearch.press.editions.summary import (
    by_topic,
    other_libraries,
    printed,
    reasons_of_briefs,
    significance,
)
from cityresearch.press.parts import fill
from cityresearch.press.spreadsheets import text
from cityresearch.press.surroundings import Link, escaped, surround
from cityresearch.press.web import notebooks
from cityresearch.project import Project

NAME = "changes"
MOST = 100  # rows of a table, and names of a list: the file beside the page has all
COLUMNS = ("topic", "place", "indicator", "before", "now", "reasons", "significance", "proof")


@dataclass(frozen=True)
class News:
    """What changed since the edition before; `reasons` are those of new and changed briefs by address."""

    since: str
    difference: Difference
    reasons: Mapping[str, str]


def news(
    project: Project, collection: Collection, wanted: Sequence[tuple[str, Place]]
) -> News | None:
    """What changed in these briefs since the last public edition; None where there is none to see.

    Nothing is computed anew here: reasons rest on what `diff` and `publish` have computed.

    Raises:
        ResearchError: that edition's manifest was changed, or its files are damaged.
    """
    if not (project.root / "editions").is_dir():
        return None
    old = last_edition(project, collection, datetime.date.today())
    if old is None:
        return None
    found = difference(project, old, WorkingEdition(project, collection, wanted), remake=False)
    return News(old.manifest.edition, found, reasons_of_briefs(found.changes))


def changes_page(collection: Collection, topics: Mapping[str, Topic], told: News) -> str:
    """The page. Its tables and lists have a bound; `changes_csv` has everything."""
    shown = by_topic(told.difference.changes)
    numbers = [each for each in told.difference.changes if each.is_number]
    since = long_date(told.since)
    body = fill(
        "changes",
        since=since,
        topics=[(topics.get(each.topic), each) for each in shown],
        rows={each.topic: _rows(topics.get(each.topic), each.own) for each in shown},
        unproven=sum(each.proof != BOTH_RUN for each in numbers),
        numbers=len(numbers),
        most=MOST,
        printed=printed,
        significance=significance,
        libraries=other_libraries(told.difference.old, told.difference.new),
        is_tested=any(each.old and each.old["moe"] for each in numbers),
    )
    title = f"What changed since the edition of {since}"
    metadata = surround(
        collection,
        f"{NAME}.html",
        kind="plain",
        found_by={},
        title=title,
        description="Which figures and words are others than in the edition before, and why.",
        trail=[Link(collection.title, "index.html"), Link("What changed")],
    )
    return notebooks.page([notebooks.text("# " + escaped(title)), notebooks.ready(body)], metadata)


def _rows(topic: Topic | None, own: Sequence[Change]) -> list[Change]:
    """The changes of the figure that the topic's places are ranked by, the first of each place."""
    key = next(iter(topic.overview), "") if topic else ""
    return [each for each in own if each.id == key][:MOST]


def changes_csv(told: News) -> str:
    """All changes of the places' own figures and of words, a row each."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in told.difference.changes:
        if each.own or not each.id:
            row = [each.brief.topic, each.brief.place, each.label, printed(each.old)]
            row += [printed(each.new), ", ".join(each.reasons), significance(each), each.proof]
            writer.writerow([text(cell) for cell in row])
    return written.getvalue()
