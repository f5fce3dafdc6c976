"""Full-text search: Pagefind's index over the finished pages. It comes in pieces, so that a reader's
browser loads only what a query needs, however many pages there are."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cityresearch.errors import ResearchError
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


def make_index(book: Path) -> None:
    """Writes the index of all pages in the folder `book` whose text is marked to be searched.

    Raises:
        ResearchError: Pagefind failed; the message holds what it said.
    """
    target = book / FOLDER
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        _write_texts(book, Path(folder))
        command = [sys.executable, "-m", "pagefind", "--site", folder, "--output-path", str(target)]
        command += ["--force-language", "en", "--keep-index-url", "--quiet"]
        result = subprocess.run(command, text=True, capture_output=True)
    if result.returncode:
        raise ResearchError(
            f"Pagefind could not make the search index:\n{result.stderr or result.stdout}",
            where="book",
        )
    for pattern in UNUSED:
        for path in target.glob(pattern):
            path.unlink()
    put_in_order(target)


def _write_texts(book: Path, folder: Path) -> None:
    """The pages with nothing but their text: Pagefind takes a third of the time for these."""
    for path in sorted(book.rglob("*.html")):
        text = searched(path.read_text("utf-8"))
        if text:
            lean = folder / path.relative_to(book)
            lean.parent.mkdir(parents=True, exist_ok=True)
            lean.write_text(text, encoding="utf-8")


def searched(html: str) -> str:
    """What of a page is searched, as a page of its own; empty where it is not marked for that."""
    found = MAIN.search(html)
    if not found:
        return ""
    text = TAGS.sub("", LEFT_OUT.sub(" ", found[1]))
    head = "".join(META.findall(html))
    return f'<html lang="en"><head>{head}</head><body><main data-pagefind-body>{text}</main></body></html>'
