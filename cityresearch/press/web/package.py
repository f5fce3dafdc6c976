"""What a brief offers beside its page: data of its charts, citations, its card, and all in one package."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.collection import Collection
from cityresearch.methods.words import long_date
from cityresearch.press import references, spreadsheets
from cityresearch.press.closing import SourceNote, citation, page_address
from cityresearch.press.facts_text import facts_text
from cityresearch.press.figure_list import printed
from cityresearch.press.files import write_changed
from cityresearch.press.manuscripts import Manuscript, blocks, manuscript_files, title_of
from cityresearch.press.paper.stills import still
from cityresearch.press.surroundings import plain
from cityresearch.press.web.pictures import Picture
from cityresearch.project import Project

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same archive whenever it is made

Block = Mapping[str, Any]


@dataclass(frozen=True)
class Offered:
    """What is made for one brief: its maker's own project, collection and sources, and its charts."""

    project: Project
    collection: Collection
    manuscript: Manuscript
    sources: Sequence[SourceNote]
    pictures: Mapping[str, Picture]

    @property
    def topic(self) -> str:
        return self.manuscript.topic.name

    def files(self) -> dict[str, Path]:
        """Every file by its name beside the page."""
        tables = dict(self._tables())
        cited = {
            f"{self.topic}.bib": references.bibtex(self.manuscript, self.collection),
            f"{self.topic}.csl.json": references.csl(self.manuscript, self.collection),
        }
        made = {name: text.encode() for name, text in {**tables, **cited}.items()}
        facts = self.manuscript.facts
        published = {**facts, "facts": printed(facts["facts"])}
        made[f"{self.topic}.json"] = facts_text(published).encode()
        made[f"{self.topic}.zip"] = self._package(tables, cited)
        folder = self.project.build / "downloads" / self.manuscript.place.path
        for name, content in made.items():
            write_changed(folder / name, content)
        return {name: folder / name for name in made} | dict(self._stills())

    def _tables(self) -> Iterator[tuple[str, str]]:
        facts = self.manuscript.facts["facts"]
        for output, block in _charts(self.manuscript):
            table = {**block["table"], "source": block.get("source", "")}
            figures = output["metadata"].get("figures", [])
            name = f"{self.topic}-{block['id']}.csv"
            yield name, spreadsheets.table_csv(table, figures, facts)

    def _stills(self) -> Iterator[tuple[str, Path]]:
        edition = f"{self.collection.title}, edition of {long_date(self.collection.edition)}"
        for _, block in _charts(self.manuscript):
            name = f"{self.topic}-{block['id']}"
            drawing = self.pictures[block["id"]].drawing
            ours = f"{self.manuscript.facts['place']}. {edition}."
            foot = f"Source: {block['source']}. {ours}" if block.get("source") else ours
            given = {"title": block["title"], "drawing": drawing, "foot": foot}
            yield f"{name}.png", still(self.project, "chart", given)
        yield f"{self.topic}.card.png", still(self.project, "card", self._card())

    def _card(self) -> dict[str, str]:
        shown = (block for block in blocks(self.manuscript) if block["kind"] == "numbers")
        first = next((block["items"][0] for block in shown), {"value": "", "label": ""})
        return {
            "kicker": title_of(self.manuscript),
            "headline": plain(self.manuscript.facts["title"]),
            "value": first["value"],
            "label": first["label"],
            "collection": self.collection.title,
            "edition": f"Edition of {long_date(self.collection.edition)}",
        }

    def _package(self, tables: Mapping[str, str], cited: Mapping[str, str]) -> bytes:
        facts = manuscript_files(self.project, self.topic, self.manuscript.place)[1]
        whole = {
            "README.txt": self._readme(tables),
            "figures.csv": spreadsheets.figures_csv(self.manuscript.facts["facts"]),
            "figures.json": facts.read_text(encoding="utf-8"),
            **tables,
            **cited,
        }
        folder = references.name_of(self.manuscript, self.collection)
        return archive({f"{folder}/{name}": text.encode() for name, text in whole.items()})

    def _readme(self, tables: Mapping[str, str]) -> str:
        facts, place = self.manuscript.facts, self.manuscript.place
        address = page_address(self.collection, place.path, self.topic)
        charts = "".join(f"- {name}: the data of one chart\n" for name in tables)
        sources = "\n".join(map(_told, self.sources))
        return (
            f"{plain(facts['title'])}\n{title_of(self.manuscript)}\n"
            f"{self.collection.title}, edition of {long_date(self.collection.edition)}\n\n"
            f"How to cite\n\n{citation(facts, self.collection, address)}\n\n"
            "Files\n\n- figures.csv: every figure of the brief, one a row\n"
            "- figures.json: the same with all source rows and hashes of method and data\n"
            f"{charts}- {self.topic}.bib, {self.topic}.csl.json: the citation for BibTeX and Zotero\n\n"
            "All files are UTF-8. A text in a CSV file that a spreadsheet would take for a formula "
            "begins with an apostrophe. Margins are at 90 percent; low and high are bounds as their "
            "publisher gives them. The column reliability goes by the coefficient of variation: "
            "what it calls suppressed is too uncertain for a text. Where there is no value, a "
            "reason is given.\n\n"
            f"Sources and their licences\n\n{sources}"
        )


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip archive whose bytes depend on names and content alone."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in sorted(files.items()):
            about = zipfile.ZipInfo(name, EPOCH)
            about.compress_type, about.create_system = zipfile.ZIP_DEFLATED, 3
            about.external_attr = 0o644 << 16
            opened.writestr(about, content)
    return written.getvalue()


def _told(note: SourceNote) -> str:
    terms = f"{note.licence}. {note.licence_url}".rstrip(". ")
    return f"{note.citation}\n  {note.homepage}\n  Licence: {terms}\n"


def _charts(manuscript: Manuscript) -> Iterator[tuple[Any, Block]]:
    for cell in manuscript.notebook["cells"]:
        for output in cell.get("outputs", []):
            block = output.get("data", {}).get(MIME, {})
            if block.get("kind") == "chart" and "pdf-only" not in cell["metadata"].get("tags", []):
                yield output, block
