"""How to cite a brief, for people and their programs: BibTeX, CSL-JSON, and what search engines read."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from cityresearch.briefs.collection import Collection
from cityresearch.methods.words import long_date
from cityresearch.press.closing import SourceNote, page_address
from cityresearch.press.manuscripts import Manuscript, title_of
from cityresearch.press.surroundings import plain

Json = dict[str, Any]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SIGNS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
SIGNS |= {sign: f"\\{sign}" for sign in "&%$#_{}"}
LATEX = str.maketrans(SIGNS)


def name_of(manuscript: Manuscript, collection: Collection) -> str:
    """The name of a brief among other works: `cityresearch-2026-11-transit-madison-wi`."""
    parts = (collection.publisher, collection.edition, manuscript.topic.name, manuscript.place.slug)
    # It names a folder of the package: nothing in it may lead elsewhere.
    return "-".join("-".join(re.findall(r"[^\W_]+", part.lower())) for part in parts)


def _title(manuscript: Manuscript) -> str:
    return f"{plain(manuscript.facts['title'])}. {manuscript.facts['place']}"


def bibtex(manuscript: Manuscript, collection: Collection) -> str:
    """One entry for BibTeX and its successors."""
    fields = {
        "title": "{" + _title(manuscript).translate(LATEX) + "}",
        "author": "{" + collection.publisher.translate(LATEX) + "}",
        "institution": collection.publisher.translate(LATEX),
        "year": collection.date[:4],
        "month": MONTHS[int(collection.date[5:7]) - 1],
        "series": collection.title.translate(LATEX),
        "note": f"Edition of {long_date(collection.edition)}",
        "url": page_address(collection, manuscript.place.path, manuscript.topic.name),
    }
    lines = [
        f"  {name} = {text if name == 'month' else '{' + text + '}'},\n"
        for name, text in fields.items()
        if text
    ]
    return f"@techreport{{{name_of(manuscript, collection)},\n{''.join(lines)}}}\n"


def csl(manuscript: Manuscript, collection: Collection) -> str:
    """One entry as CSL-JSON, which Zotero, Word and pandoc read."""
    address = page_address(collection, manuscript.place.path, manuscript.topic.name)
    entry = {
        "id": name_of(manuscript, collection),
        "type": "report",
        "title": _title(manuscript),
        "author": [{"literal": collection.publisher}],
        "issued": {"date-parts": [[int(part) for part in collection.date.split("-")]]},
        "publisher": collection.publisher,
        "collection-title": collection.title,
        "edition": long_date(collection.edition),
        "language": "en-US",
        **({"URL": address} if address else {}),
    }
    return json.dumps([entry], ensure_ascii=False, indent=1) + "\n"


def linked_data(
    manuscript: Manuscript, collection: Collection, sources: Sequence[SourceNote], card: str
) -> str:
    """The brief and its data as JSON-LD in the words of schema.org, safe inside a page."""
    facts, place, topic = manuscript.facts, manuscript.place, manuscript.topic.name
    folder = f"{collection.address}/{place.path}/" if collection.address else ""
    within = {"@type": "State", "name": place.state_name}
    city: Json = {"@type": "Place", "@id": "#place", "name": place.full_name}
    city["identifier"] = f"GEOID {place.geoid}"
    if place.state_name != place.full_name:
        city["containedInPlace"] = within
    author = {"@type": "Organization", "name": collection.publisher}
    shared = {"datePublished": collection.date, "inLanguage": "en-US"}
    here = {"@id": f"{folder}{topic}.html"}
    data = {
        "@type": "Dataset",
        "@id": f"{folder}{topic}.html#figures-in-this-brief",
        "name": f"Figures of {title_of(manuscript)}",
        "description": f"Each figure of a brief on {place.full_name}, with its exact value, margin of "
        "error, source rows and method.",
        "creator": author,
        "license": list(dict.fromkeys(s.licence_url for s in sources if s.licence_url)),
        "isBasedOn": [source.homepage for source in sources if source.homepage],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": mime,
                "contentUrl": f"{folder}{topic}.{end}",
            }
            for mime, end in (("application/zip", "zip"), ("application/json", "json"))
        ],
        "spatialCoverage": {"@id": "#place"},
        **shared,
    }
    report = {
        "@type": "Report",
        **here,
        "headline": textwrap.shorten(plain(facts["title"]), 110, placeholder="…"),
        "author": author,
        "publisher": author,
        "spatialCoverage": city,
        "image": f"{folder}{card}",
        "isPartOf": {"@type": "Collection", "name": collection.title},
        "hasPart": {"@id": data["@id"]},
        **({"url": here["@id"]} if folder else {}),
        **shared,
    }
    return in_script({"@context": "https://schema.org", "@graph": [report, data]})


def in_script(content: Mapping[str, Any]) -> str:
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
