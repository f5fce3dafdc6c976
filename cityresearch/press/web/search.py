"""Full-text search: Pagefind's index over the words of all pages. It comes in pieces, so that a reader's
browser loads only what a query needs, however many pages there are."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from cityresearch.briefs import look
from cityresearch.errors import ResearchError
from cityresearch.press.files import link_all, write_whole
from cityresearch.press.web.search_order import put_in_order

FOLDER = "pagefind"  # below the root of the book; search.js loads it from there
MOST = 1000  # pages in a part of the index: Pagefind takes 0.3 MB of memory for each
# Pagefind's own pages of results, which ours do without.
UNUSED = ("pagefind-*ui.*", "pagefind-highlight.js")
MAIN, END = '<main id="content" data-pagefind-body>', "</main>"
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
# To the next tag that ends it, tag by tag: several times as quick as letter by letter.
ROW = re.compile(r"<tr\b[^>]*>([^<]*(?:<(?!tr\b|/tbody|/table)[^<]*)*)")
CELL = re.compile(r"<t([hd])\b([^>]*)>([^<]*(?:<(?!/?t[hdr]\b|/thead)[^<]*)*)")
STATUS = re.compile(r'data-mark="?([^">\s])')
SMALL = re.compile(r"<small>(.*?)\.?</small>", re.S)
LETTERS = re.compile(r"[^\W\d_]{2}")
# How much a row's words count, by its status: who looks for a field of policy wants states with a law on it.
LAW = 5
WEIGHTS = {
    look.STATUSES[name].mark: weight
    for name, weight in (("formerly", 3), ("none", 1), ("unknown", 1))
}


def make_index(words: Mapping[str, Path], kept: Path) -> None:
    """Makes the index of pages in the folder `kept`, where it waits for the next time. That of a large
    book is made in parts, one after the other; a part is made anew only where words of its pages changed.

    Args:
        words: files with what of a page is searched, from `searched`, by the page's address.

    Raises:
        ResearchError: Pagefind failed; the message holds what it said.
    """
    folders = []
    for number, part in enumerate(parts(words), 1):
        folders.append(folder := kept / f"{number}")
        key, note = _key(part), folder / "key"
        if not (note.is_file() and note.read_text() == key):
            _make_index(part, folder)
            write_whole(note, key.encode())
    for other in set(kept.iterdir()) - set(folders):
        shutil.rmtree(other) if other.is_dir() else other.unlink()


def put_index(book: Path, kept: Path) -> None:
    """Puts the index from `kept`, which is on the same disk, into the folder `book`: its first part, and
    below that the others, which search.js finds in a list."""
    first, *others = sorted(kept.iterdir(), key=lambda folder: int(folder.name))
    link_all(_in_folder(first / FOLDER), book / FOLDER)
    for folder in others:
        link_all(_in_folder(folder / FOLDER), book / FOLDER / folder.name)
    told = json.dumps([folder.name for folder in others])
    (book / FOLDER / "parts.json").write_text(told, encoding="utf-8")


def parts(words: Mapping[str, Path]) -> list[dict[str, Path]]:
    """The pages in parts of at most `MOST` pages, each of whole folders (a state's pages) unless one
    has more."""
    found: list[dict[str, Path]] = [{}]
    for _, group in groupby(sorted(words), lambda name: name.rpartition("/")[0].partition("/")[0]):
        names = list(group)
        for share in (names[at : at + MOST] for at in range(0, len(names), MOST)):
            if len(found[-1]) + len(share) > MOST:
                found.append({})
            found[-1] |= {name: words[name] for name in share}
    return found


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
    _, marked, rest = html.partition(MAIN)
    if not marked:
        return ""
    text = TAGS.sub("", LEFT_OUT.sub(_kept, rest.partition(END)[0]))
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
    """Nothing of a row that is named by a number or by a source, which its link tells.

    A status follows the name at once, and what is small print of either comes after both: results quote
    a few words, and a name must not end up beside the status of the row before or after.
    """
    kind, _, first = row[0].groups()
    name, more = _plain(SMALL.sub("", first)), _small(first)
    if kind != "h" or "<a href" in first or not LETTERS.search(name):
        return []
    said = []
    for column, (_, marks, cell) in zip(columns, (each.groups() for each in row), strict=False):
        if status := STATUS.search(marks):
            told = f"{name}. {column}: {_plain(SMALL.sub('', cell))}"
            words = _with(told, [*more, *_small(cell)])
            said.append(_paragraph(words, WEIGHTS.get(status[1], LAW)))
    return said or [_paragraph(_with(name, more), 1)]


def _small(cell: str) -> list[str]:
    return [_plain(found) for found in SMALL.findall(cell)]


def _with(words: str, more: list[str]) -> str:
    return f"{words} ({'; '.join(more)})." if more else f"{words}."


def _paragraph(words: str, weight: int) -> str:
    return f'<p data-pagefind-weight="{weight}">{words}</p>' if weight > 1 else f"<p>{words}</p>"


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
