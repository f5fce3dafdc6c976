"""The closing parts of a brief as plain data, the same for page and PDF: figures, sources, citation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.sources import Source, list_sources
from cityresearch.methods import numbers
from cityresearch.methods.words import long_date
from cityresearch.project import Project

Facts = Mapping[str, Any]
MOST_ROWS = 4  # source rows of a figure that are printed one by one


@dataclass(frozen=True)
class SourceNote:
    """One source as a brief closes with it. `held` names the month of the copy, or is empty."""

    name: str
    title: str
    citation: str
    homepage: str
    licence: str
    licence_url: str
    held: str
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class FigureLine:
    """One figure as printed: its margin (or why it is missing), whom it is about, its source rows."""

    id: str
    label: str
    text: str
    margin: str
    about: str
    rows: str


@dataclass(frozen=True)
class FigureGroup:
    """Figures made in the same way from the same edition of a source."""

    method: str
    source: str
    lines: tuple[FigureLine, ...]

    @property
    def label(self) -> str:
        """The label where one figure is given for several places, so that it is said once."""
        return _common(line.label for line in self.lines) if len(self.lines) > 1 else ""

    @property
    def about(self) -> str:
        """Whom all lines are about, where their labels differ."""
        return "" if self.label else _common(line.about for line in self.lines)

    @property
    def margin(self) -> str:
        """The margin that all lines share, such as "counted, no sampling error"."""
        return _common(line.margin for line in self.lines)


def _common(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True)
class Closing:
    """What follows the text of a brief."""

    figures: tuple[FigureGroup, ...]
    sources: tuple[SourceNote, ...]
    citation: str
    address: str


def closing(project: Project, facts: Facts, collection: Collection, path: str) -> Closing:
    """The closing parts of one brief.

    Args:
        facts: content of the brief's facts file.
        path: folder of the place's pages, as in `wi/madison`.

    Raises:
        ResearchError: a source's declaration is wrong.
    """
    known = list_sources(project)
    address = page_address(collection, path, facts["topic"])
    return Closing(
        figures=figure_groups(facts, known),
        sources=tuple(source_note(known[name]) for name in facts["sources"]),
        citation=citation(facts, collection, address),
        address=address,
    )


def page_address(collection: Collection, path: str, topic: str) -> str:
    """Where the page is published, or an empty string for a collection without an address."""
    return f"{collection.address}/{path}/{topic}.html" if collection.address else ""


def citation(facts: Facts, collection: Collection, address: str) -> str:
    """How to cite the brief: publisher, year, headline, place, collection, edition, address."""
    year = collection.date[:4]
    headline, place = (facts[name].rstrip(".") for name in ("title", "place"))
    work = f"{collection.title}, edition of {long_date(collection.edition)}"
    end = f" {address}" if address else ""
    return f"{collection.publisher} ({year}). {headline}. {place}. {work}.{end}"


def source_note(source: Source) -> SourceNote:
    """A source's citation, licence, date of the copy and caveats."""
    licence = source.licence
    doubt = "" if licence.confirmed else " (as we understand it; not confirmed by the publisher)"
    held = sorted({given.mirrored for given in source.inputs})
    return SourceNote(
        name=source.name,
        title=source.title,
        citation=source.cite_as,
        homepage=source.homepage,
        licence=licence.name + doubt,
        licence_url=licence.url or "",
        held=" and ".join(long_date(text) for text in held),
        caveats=tuple(source.caveats),
    )


def figure_groups(facts: Facts, known: Mapping[str, Source]) -> tuple[FigureGroup, ...]:
    """Every figure of the brief, gathered by method and source in the order of the brief."""
    groups: dict[tuple[str, str], list[FigureLine]] = {}
    for fact in facts["facts"]:
        line = FigureLine(
            id=fact["id"],
            label=fact["label"],
            text=fact["text"],
            margin=_margin(fact),
            about=fact["about"]["name"],
            rows=_rows(fact["rows"]),
        )
        groups.setdefault((fact["method"], _made_from(fact, known)), []).append(line)
    return tuple(
        FigureGroup(method, source, tuple(lines)) for (method, source), lines in groups.items()
    )


def _made_from(fact: Mapping[str, Any], known: Mapping[str, Source]) -> str:
    """The source and its edition; a constant cites a text, which mostly holds its year already."""
    source = known.get(fact["source"])
    title = source.title if source else str(fact["source"])
    return title if not source and fact["vintage"] in title else f"{title}, {fact['vintage']}"


def _rows(rows: Sequence[str]) -> str:
    """The source rows of a figure; where they are many, only their number and table."""
    if len(rows) <= MOST_ROWS:
        return "; ".join(rows)
    tables = " and ".join(dict.fromkeys(row.partition("[")[0] for row in rows))
    return f"{len(rows)} rows of {tables}, listed in the JSON file"


def _margin(fact: Mapping[str, Any]) -> str:
    if fact["value"] is None:
        return str(fact["reason"])
    keys = ("value", "moe", "unit", "reason", "low", "high")
    return numbers.margin_text(Estimate(**{key: fact[key] for key in keys}))
