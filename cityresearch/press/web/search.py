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

from cityresearch.errors import ResearchError
from cityresearch.press.files import link_all, write_whole
from cityresearch.press.web.search_order import put_in_order

FOLDER = "pagefind"  # below the root of the book; search.js loads it from there
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


def make_index(words: Mapping[str, Path], kept: Path) -> None:
    """Makes the index of pages in the folder `kept`, where it waits for the next time: it is made anew
    only where their words changed.

    Args:
        words: files with what of a page is searched, from `searched`, by the page's address.

    Raises:
        ResearchError: Pagefind failed; the message holds what it said.
    """
    key, note = _key(words), kept / "key"
    if not (note.is_file() and note.read_text() == key):
        _make_index(words, kept)
        write_whole(note, key.encode())


def put_index(book: Path, kept: Path) -> None:
    """Puts the index from `kept`, which is on the same disk, into the folder `book`."""
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
    _, marked, rest = html.partition(MAIN)
    if not marked:
        return ""
    text = TAGS.sub("", LEFT_OUT.sub(" ", rest.partition(END)[0]))
    head = "".join(META.findall(html))
    return f'<html lang="en"><head>{head}</head><body><main data-pagefind-body>{text}</main></body></html>'
