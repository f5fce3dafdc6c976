"""Full-text search: Pagefind's index over the words of all pages. It comes in pieces, so that a reader's
browser loads only what a query needs, however many pages there are."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from cityresearch.briefs import look
from cityresearch.errors import ResearchError
from cityresearch.press.files import link_all, write_whole
from cityresearch.press.web.search_order import put_in_order

FOLDER = "pagefind"  # below the root of the book; search.js loads it from there
# Pagefind's own pages of results, which ours do without.
UNUSED = ("pagefind-*ui.*", "pagefind-highlight.js")
MAIN = re.compile(r'<main id="content" data-pagefind-body>(.*?)</main>', re.S)
META = re.compile(r"<meta[^>]* data-pagefind[^>]*>")
# Figures, sources and links repeat on all pages of a topic: nobody finds a page by them.
LEFT_OUT = re.compile(
    r"<(table|figure|nav|details|svg)\b.*?</\1>|<section [^>]*class=\"closing\".*"
    r'|<p class="(?:kicker|dateline|source|note|margin|comparison)">.*?</p>',
    re.S,
)
TAGS = re.compile(r"<(?!/?(?:h[1-6]|p|li)\b)[^>]*>")
# Tables that set places beside each other mark the brief's own row. They are left out: with them the name of
# a place would find the briefs of all its peers.
OF_PLACES = re.compile(r'<tr class="?own\b')
ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=<tr\b|</tbody|</table|$)", re.S)
CELL = re.compile(r"<t([hd])\b([^>]*)>(.*?)(?=</?t[hdr]\b|</thead|$)", re.S)
STATUS = re.compile(r'data-mark="?([^">\s])')
SMALL = re.compile(r"<small>(.*?)\.?</small>", re.S)
LETTERS = re.compile(r"[^\W\d_]{2}")
# How much a row's words count, by its status: who looks for a field of policy wants states with a law on it.
LAW = 5
WEIGHTS = {
    look.STATUSES[name].mark: weight
    for name, weight in (("formerly", 3), ("none", 1), ("unknown", 1))
}


def put_index(book: Path, words: Mapping[str, Path], kept: Path) -> None:
    """Puts the index of pages into the folder `book`; it is made anew only where their words changed.

    Args:
        words: files with what of a page is searched, from `searched`, by the page's address.
        kept: a folder on the same disk, in which the index waits for the next time.

    Raises:
        ResearchError: Pagefind failed; the message holds what it said.
    """
    key, note = _key(words), kept / "key"
    if not (note.is_file() and note.read_text() == key):
        _make_index(words, kept)
        write_whole(note, key.encode())
    link_all(_in_folder(kept / FOLDER), book / FOLDER)


def _key(words: Mapping[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(words.items()):
        digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _make_index(words: Mapping[str, Path], kept: Path) -> None:
    shutil.rmtree(kept, ignore_errors=True)
    site, target = kept / "words", kept / FOLDER
    link_all(words, site)
    command = [sys.executable, "-m", "pagefind", "--site", str(site), "--output-path", str(target)]
    command += ["--force-language", "en", "--keep-index-url", "--quiet"]
    result = subprocess.run(command, text=True, capture_output=True)
    if result.returncode:
        raise ResearchError(
            f"Pagefind could not make the search index:\n{result.stderr or result.stdout}",
            where="book",
        )
    shutil.rmtree(site)
    for pattern in UNUSED:
        for path in target.glob(pattern):
            path.unlink()
    put_in_order(target)


def _in_folder(folder: Path) -> dict[str, Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in files}


def searched(html: str) -> str:
    """What of a page is searched, as a page of its own; empty where it is not marked for that."""
    found = MAIN.search(html)
    if not found:
        return ""
    text = TAGS.sub("", LEFT_OUT.sub(_kept, found[1]))
    head = "".join(META.findall(html))
    return f'<html lang="en"><head>{head}</head><body><main data-pagefind-body>{text}</main></body></html>'


def _kept(found: re.Match[str]) -> str:
    return _of_table(found[0]) if found[1] == "table" else " "


def _of_table(table: str) -> str:
    """The words of a table's first column, each with its status where it has one, as paragraphs."""
    head, _, body = table.partition("<tbody")
    if OF_PLACES.search(body):
        return " "
    columns = [_plain(cell[3]) for cell in CELL.finditer(head)]
    rows = [list(CELL.finditer(row[1])) for row in ROW.finditer(body)]
    said = (paragraph for row in rows if row for paragraph in _of_row(columns, row))
    return "".join(dict.fromkeys(said)) or " "  # an agency can head more than one row


def _of_row(columns: list[str], row: list[re.Match[str]]) -> list[str]:
    """Nothing of a row that is named by a number or by a source, which its link tells."""
    kind, _, first = row[0].groups()
    name = _plain(first)
    if kind != "h" or "<a href" in first or not LETTERS.search(name):
        return []
    said = [
        _paragraph(f"{name}. {column}: {_plain(cell[3])}.", WEIGHTS.get(status[1], LAW))
        for column, cell in zip(columns, row, strict=False)
        if (status := STATUS.search(cell[2]))
    ]
    return said or [_paragraph(f"{name}.", 1)]


def _paragraph(words: str, weight: int) -> str:
    return f'<p data-pagefind-weight="{weight}">{words}</p>' if weight > 1 else f"<p>{words}</p>"


def _plain(html: str) -> str:
    """The words of a cell; what stands small below them, in brackets."""
    return " ".join(re.sub(r"<[^>]+>", " ", SMALL.sub(r" (\1)", html)).split())
