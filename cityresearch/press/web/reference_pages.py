"""The home page, the page of sources, and the hand-written pages of `book/`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.noted import sentence
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import places, tables
from cityresearch.evidence.sources import Source
from cityresearch.evidence.texts import read_text
from cityresearch.methods.words import long_date
from cityresearch.press.closing import CorrectionNote, source_note
from cityresearch.press.manuscripts import Entry
from cityresearch.press.paper.volume import Volume
from cityresearch.press.parts import fill
from cityresearch.press.surroundings import Link, counted, escaped, plain, surround
from cityresearch.press.web import notebooks
from cityresearch.press.web.atlas import Atlas
from cityresearch.press.web.index_pages import Folder
from cityresearch.press.web.topic_pages import home_map
from cityresearch.project import Project

TITLE = re.compile(r"\A# (?P<title>.+)\n\s*(?P<first>.+(?:\n.+)*)")


def home_page(
    project: Project,
    collection: Collection,
    topics: Mapping[str, Topic],
    atlas: Atlas,
    folders: Sequence[Folder],
    entries: Sequence[Entry],
    bound: Mapping[str, Sequence[Volume]],
    since: str = "",
) -> str:
    """The home page: find your city, the topics with their national findings, states, what is new.

    Its last part is the hand-written `book/index.md`.

    Args:
        bound: the PDF volumes of states, by the folder of the state.
        since: the edition that the page of changes compares with; empty where there is none.
    """
    cities = list(atlas.places.values())
    body = fill(
        "home",
        collection=collection,
        topics=[_topic(project, atlas, topic, entries) for topic in topics.values()],
        tiles=_tiles(project, folders),
        volumes=[
            Link(volume.title, f"{folder.path}/{volume.name}.pdf")
            for folder in folders
            for volume in bound.get(folder.path, ())
        ],
        contents=counted(len(cities), (place.geography for place in cities)),
        example=f"For example {cities[0].name}" if cities else "",
        edition=long_date(collection.edition),
        long_date=long_date(collection.date),
        briefs=len(entries),
        since=long_date(since) if since else "",
    )
    metadata = surround(
        collection,
        "index.html",
        kind="home",
        title=collection.title,
        description=f"{collection.subtitle.rstrip('.')}.",
        scripts=["find.js"],
    )
    title = notebooks.text("# " + escaped(collection.title))
    words = notebooks.text(_read(project, "index"))
    return notebooks.page([title, notebooks.ready(body), words], metadata)


def _topic(
    project: Project, atlas: Atlas, topic: Topic, entries: Sequence[Entry]
) -> dict[str, Any]:
    """A topic on the home page: its national finding, its map, the number of its briefs."""
    of_topic = [entry for entry in entries if entry.topic == topic.name]
    key = atlas.key_spread(topic.name)
    return {
        "topic": topic,
        "count": len(of_topic),
        "finding": key.finding if key else "",
        "map": home_map(project, key, of_topic) if key else "",
    }


def _tiles(project: Project, folders: Sequence[Folder]) -> list[dict[str, Any]]:
    """A tile for each state at its place on the grid; what is no state follows without a place."""
    by_path = {folder.path: folder for folder in folders}
    tiles = []
    for state in places.frame(project, "state").to_dict("records"):
        folder = by_path.pop(state["path"], None)
        place = {"row": int(state["tile_row"]), "column": int(state["tile_col"])}
        tiles.append({**_tile(state["full_name"], state["state"], folder), **place})
    tiles += [
        {**_tile(folder.name, "", folder), "row": "", "column": ""} for folder in by_path.values()
    ]
    return tiles


def _tile(name: str, code: str, folder: Folder | None) -> dict[str, Any]:
    href = f"{folder.path}/index.html" if folder else ""
    return {
        "name": name,
        "code": code,
        "href": href,
        "count": len(folder.inside) or 1 if folder else 0,
    }


def corrections_of(project: Project, source: Source) -> list[CorrectionNote]:
    """The corrections of all tables of a source, in words.

    Raises:
        ResearchError: one does not fit its table.
    """
    found = (tables.corrected(project, f"{source.name}.{name}") for name in source.tables)
    return [CorrectionNote(sentence(one), one.reference) for each in found for one in each]


def sources_page(
    collection: Collection,
    sources: Mapping[str, Source],
    corrections: Mapping[str, Sequence[CorrectionNote]],
) -> str:
    """Every source: publisher, licence, citation, caveats, its corrections, and its tables with vintage
    and making.

    Args:
        corrections: those of each source, by its name (see `corrections_of`).
    """
    entries = [
        (source, source_note(source), corrections.get(name, ())) for name, source in sources.items()
    ]
    metadata = surround(
        collection,
        "sources.html",
        kind="plain",
        found_by={},
        title="Sources",
        description="Where the figures come from: publishers, editions, licences and caveats.",
        trail=[Link(collection.title, "index.html"), Link("Sources")],
    )
    return notebooks.page(
        [notebooks.text("# Sources"), notebooks.ready(fill("sources", sources=entries))], metadata
    )


def written_page(project: Project, collection: Collection, name: str) -> str:
    """A hand-written page of `book/` with what surrounds it put before its text.

    Raises:
        ResearchError: it does not begin with a title and a paragraph.
    """
    markdown = _read(project, name)
    found = TITLE.match(markdown)
    if not found:
        raise ResearchError(
            "a page begins with a title and a paragraph.",
            where=f"book/{name}.md",
            instead="Write '# ' and the title on the first line, then a paragraph.",
        )
    metadata = surround(
        collection,
        f"{name}.html",
        kind="plain",
        found_by={},
        title=plain(found["title"]),
        description=plain(found["first"].replace("\n", " ")),
        trail=[Link(collection.title, "index.html"), Link(plain(found["title"]))],
    )
    # JSON is YAML: quotes and colons in the texts need no care of their own.
    front = json.dumps({"page": metadata}, ensure_ascii=False, sort_keys=True)
    return f"---\n{front}\n---\n\n{markdown}"


def written_names(project: Project) -> list[str]:
    """Names of the hand-written pages beside the home page's text: the Markdown files of `book/`."""
    return sorted(path.stem for path in project.book.glob("*.md") if path.stem != "index")


def _read(project: Project, name: str) -> str:
    path = project.book / f"{name}.md"
    return read_text(path, project.relative(path)) if path.is_file() else ""
