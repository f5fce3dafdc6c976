"""The closing parts of a brief as plain data, the same for page and PDF: sources, citation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.evidence.sources import Source, list_sources
from cityresearch.methods.words import long_date
from cityresearch.project import Project

Facts = Mapping[str, Any]
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class SourceNote:
    """One source as a brief closes with it. `held` names the month of the copy, or is empty, as is
    `homepage` for a source of many publishers."""

    name: str
    title: str
    citation: str
    homepage: str
    licence: str
    licence_url: str
    held: str
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class CorrectionNote:
    """A correction in words, and where it is proven."""

    text: str
    reference: str

    @property
    def link(self) -> str:
        """The reference where it is an address, else empty."""
        return self.reference if LINK.fullmatch(self.reference) else ""


@dataclass(frozen=True)
class Closing:
    """What follows the text of a brief."""

    sources: tuple[SourceNote, ...]
    corrections: tuple[CorrectionNote, ...]
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
        sources=tuple(note for name in facts["sources"] for note in _notes(known[name], facts)),
        corrections=tuple(
            CorrectionNote(one["text"], one["reference"]) for one in facts["corrections"]
        ),
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


def _notes(source: Source, facts: Facts) -> Iterator[SourceNote]:
    """One for each publisher that the brief quotes; what to beware of stands once, with the last."""
    whole = source_note(source)
    quoted = facts["cited"].get(source.name) or [
        {"citation": whole.citation, "address": whole.homepage}
    ]
    for at, row in enumerate(quoted, 1):
        caveats = whole.caveats if at == len(quoted) else ()
        citation = row["citation"].rstrip(".") + "."
        yield replace(whole, citation=citation, homepage=row["address"], caveats=caveats)


def source_note(source: Source) -> SourceNote:
    """A source's citation, licence, date of the copy and caveats."""
    licence = source.licence
    doubt = "" if licence.confirmed else " (as we understand it; not confirmed by the publisher)"
    held = sorted({given.mirrored for given in source.inputs})
    return SourceNote(
        name=source.name,
        title=source.title,
        citation=source.cite_as,
        homepage=source.homepage or "",
        licence=licence.name + doubt,
        licence_url=licence.url or "",
        held=" and ".join(long_date(text) for text in held),
        caveats=tuple(source.caveats),
    )
