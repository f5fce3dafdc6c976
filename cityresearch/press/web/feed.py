"""The Atom feed of a collection (RFC 4287): its edition, then its new and changed briefs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit
from xml.etree import ElementTree as xml

from cityresearch.briefs.collection import Collection
from cityresearch.methods.words import long_date
from cityresearch.press.manuscripts import Entry
from cityresearch.press.surroundings import plain

ATOM = "http://www.w3.org/2005/Atom"
TOLD = {"new": "New brief."}  # else as in "New vintage, method changed."
MOST = 200  # briefs; the edition's own entry says how many there are


def feed(
    collection: Collection, entries: Sequence[Entry], reasons: Mapping[str, str] | None = None
) -> bytes:
    """The feed as XML, the same for the same edition.

    The identifier of an edition is a tag: URI, that of a brief its address: both stay what they are
    when the book is made again. All dates are the edition's.

    Args:
        entries: the briefs of this edition, the most telling first.
        reasons: why briefs are new or changed since the edition before, by their address without
            ending: the others are left out. None where there is no edition before: all are new.
    """
    told = [each for each in entries if reasons is None or _stem(each) in reasons]
    xml.register_namespace("", ATOM)
    root = _part(None, "feed", **{"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    address = f"{collection.address}/feed.xml"
    _texts(root, id=address, title=collection.title, subtitle=collection.subtitle)
    _texts(root, updated=_moment(collection))
    _part(root, "link", rel="self", type="application/atom+xml", href=address)
    _part(root, "link", rel="alternate", type="text/html", href=f"{collection.address}/index.html")
    _texts(_part(root, "author"), name=collection.publisher)
    _edition(root, collection, len(told))
    for entry in told[:MOST]:
        _brief(root, collection, entry, (reasons or {}).get(_stem(entry), ""))
    xml.indent(root)
    written: bytes = xml.tostring(root, "utf-8", xml_declaration=True)
    return written + b"\n"


def _edition(root: xml.Element, collection: Collection, count: int) -> None:
    host = urlsplit(collection.address).hostname
    said = " ".join(plain(item) for item in collection.new)
    noun = "brief" if count == 1 else "briefs"
    _entry(
        root,
        collection,
        name=f"tag:{host},{collection.date}:edition/{collection.edition}",
        title=f"Edition of {long_date(collection.edition)}",
        summary=f"{count:,} new or changed {noun}. {said}".strip(),
        href=f"{collection.address}/index.html",
    )


def _stem(entry: Entry) -> str:
    return entry.href.removesuffix(".html")


def _brief(root: xml.Element, collection: Collection, entry: Entry, reason: str) -> None:
    address = f"{collection.address}/{entry.href}"
    title = f"{entry.place.full_name}: {plain(entry.headline)}"
    summary = f"{plain(entry.summary)} {TOLD.get(reason, reason.capitalize() + '.')}".strip()
    _entry(root, collection, address, title, summary if reason else plain(entry.summary), address)


def _entry(
    root: xml.Element, collection: Collection, name: str, title: str, summary: str, href: str
) -> None:
    entry = _part(root, "entry")
    _texts(entry, id=name, title=title, updated=_moment(collection))
    _part(entry, "link", rel="alternate", type="text/html", href=href)
    _texts(entry, summary=summary)


def _moment(collection: Collection) -> str:
    return f"{collection.date}T00:00:00Z"


def _part(parent: xml.Element | None, name: str, **attributes: str) -> xml.Element:
    tag = f"{{{ATOM}}}{name}"
    if parent is None:
        return xml.Element(tag, attributes)
    return xml.SubElement(parent, tag, attributes)


def _texts(parent: xml.Element, **texts: str) -> None:
    for name, text in texts.items():
        _part(parent, name).text = text
