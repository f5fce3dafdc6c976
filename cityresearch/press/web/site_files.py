"""What a web host and other programs read of a book: sitemap, feed, robots.txt, the page of a lost
address. Those that need absolute addresses are made only where the collection declares its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as xml

from cityresearch.briefs.collection import Collection
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import Entry
from cityresearch.press.web.feed import feed

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
UNLISTED = {"404", "search", "compare"}  # pages that are nothing without a query
RELATIVE = re.compile(r'(\s(?:href|src|data-root)=")(?![a-z]+:|#|/)')


def site_files(
    collection: Collection,
    documents: Iterable[str],
    entries: Sequence[Entry],
    reasons: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """The files by their address.

    Args:
        documents: the pages of the book, by their address without ending.
        entries: its briefs.
        reasons: why briefs are new or changed since the edition before, by their address without
            ending; None where there is none, and all of them are new.
    """
    if not collection.address:
        return {"robots.txt": b"User-agent: *\nDisallow:\n"}
    largest = sorted(entries, key=lambda entry: (-(entry.place.population or 0), entry.href))
    return {
        "robots.txt": f"User-agent: *\nDisallow:\nSitemap: {collection.address}/sitemap.xml\n".encode(),
        "sitemap.xml": sitemap(collection, documents),
        "feed.xml": feed(collection, largest, reasons),
    }


def sitemap(collection: Collection, documents: Iterable[str]) -> bytes:
    """The sitemap (protocol 0.9) of all pages but those that need a query; dated with the edition."""
    xml.register_namespace("", SITEMAP)
    root = xml.Element(f"{{{SITEMAP}}}urlset")
    for name in sorted(set(documents) - UNLISTED):
        url = xml.SubElement(root, f"{{{SITEMAP}}}url")
        xml.SubElement(url, f"{{{SITEMAP}}}loc").text = f"{collection.address}/{name}.html"
        xml.SubElement(url, f"{{{SITEMAP}}}lastmod").text = collection.date
    written: bytes = xml.tostring(root, "utf-8", xml_declaration=True)
    return written + b"\n"


def root_links(html: str, collection: Collection) -> str:
    """The page of lost addresses with links from the root of its host.

    A host shows this page at any depth, where links relative to it would lead nowhere.
    """
    root = f"{urlsplit(collection.address).path}/"
    return RELATIVE.sub(lambda found: found[1] + root, html)


def complete(
    whole: Path,
    collection: Collection,
    documents: Sequence[str],
    entries: Sequence[Entry],
    reasons: Mapping[str, str] | None = None,
) -> None:
    """Adds these files to a finished book, and mends the links of its page of lost addresses."""
    for name, content in site_files(collection, documents, entries, reasons).items():
        write_whole(whole / name, content)
    lost = whole / "404.html"
    if lost.is_file():
        write_whole(lost, root_links(lost.read_text("utf-8"), collection).encode())
