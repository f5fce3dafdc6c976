"""Markdown of a brief as plain data for the Typst template: prose can never become Typst code.

The template receives the data as JSON and only ever shows its strings, so `#panic("x")`, `@ref`,
`$x$` or a stray `]` in a notebook print as they stand.

Inline: a string, or {"k": "em" | "strong" | "link", "c": [inline…]} (a link has "to"),
{"k": "code", "text"}, {"k": "br"}. Block: {"k": "p", "c": [inline…]}, {"k": "heading", "level",
"c"}, {"k": "list", "start": int | None, "items": [[block…]…]}, {"k": "quote", "c": [block…]},
{"k": "pre", "text"}, {"k": "rule"}, and tables in the shape of a table block (`briefs/blocks.py`)
with inline parts as labels and cells.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from cityresearch.press.paper.widths import widths

Node = dict[str, Any]
Inline = str | Node

PRINTED_ADDRESS = re.compile(r"^(https?://|mailto:)", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Characters without a glyph, which PDF/UA refuses: controls, zero-width marks, private use,
# noncharacters and lone surrogates. Tab and newline count as spaces.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ue000-\uf8ff"
    "\ufdd0-\ufdef\ufeff\ufff0-\uffff\U000f0000-\U0010ffff\ud800-\udfff]"
)
# Typographer: straight quotes are set as curly ones, as Sphinx does on the page.
PARSER = MarkdownIt("commonmark", {"typographer": True}).enable(["table", "smartquotes"])


@functools.lru_cache(maxsize=512)
def blocks(markdown: str) -> list[Node]:
    """The blocks of a Markdown text, nested as the module says.

    Raw HTML prints as it stands, but comments are left out; links that are neither http(s) nor
    mailto, and images, keep their words alone. What several briefs say is parsed once, so callers
    leave the nodes as they are.
    """
    root = SyntaxTreeNode(PARSER.parse(markdown))
    return [node for child in root.children for node in _block(child)]


def inline(markdown: str) -> list[Inline]:
    """The inline parts of a single paragraph of Markdown."""
    return [part for node in blocks(markdown) for part in node.get("c", [])]


def text_of(parts: list[Any]) -> str:
    """The words of inline parts without their marks, for bookmarks and titles."""
    return "".join(
        part if isinstance(part, str) else part.get("text") or text_of(part.get("c", [])) or " "
        for part in parts
    )


def printable(value: Any) -> Any:
    """The data with every string freed of what no font can show: controls and the like."""
    if isinstance(value, str):
        # Python knows at once that plain text is fit to print.
        return value if value.isascii() and value.isprintable() else UNPRINTABLE.sub("", value)
    if isinstance(value, dict):
        return {key: printable(inner) for key, inner in value.items()}
    return [printable(inner) for inner in value] if isinstance(value, list) else value


def _block(node: SyntaxTreeNode) -> list[Node]:
    kind = node.type
    if kind == "paragraph":
        return [{"k": "p", "c": _inline(node)}]
    if kind == "heading":
        return [{"k": "heading", "level": int(node.tag[1]), "c": _inline(node)}]
    if kind in ("bullet_list", "ordered_list"):
        start = int(node.attrs.get("start", 1)) if kind == "ordered_list" else None
        return [{"k": "list", "start": start, "items": [_nested(item) for item in node.children]}]
    if kind == "blockquote":
        return [{"k": "quote", "c": _nested(node)}]
    if kind == "table":
        return [_table(node)]
    if kind == "hr":
        return [{"k": "rule"}]
    text = COMMENT.sub("", node.content) if kind == "html_block" else node.content
    return [{"k": "pre", "text": text.rstrip("\n")}] if text.strip() else []


def _nested(node: SyntaxTreeNode) -> list[Node]:
    return [inner for child in node.children for inner in _block(child)]


def _table(node: SyntaxTreeNode) -> Node:
    header = node.children[0].children[0].children
    body = node.children[1].children if len(node.children) > 1 else []
    aligns = [str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in header]
    columns = [
        {"label": _inline(cell), "align": align or "left"}
        for cell, align in zip(header, aligns, strict=True)
    ]
    rows = [[_inline(cell) for cell in row.children] for row in body]
    table: Node = {"k": "table", "caption": "", "columns": columns, "rows": rows}
    return {**table, "highlight": [], "notes": [], "widths": widths(table)}


def _inline(node: SyntaxTreeNode) -> list[Inline]:
    """The parts of a node whose only child is the `inline` token, or of a mark inside it."""
    children = node.children
    if len(children) == 1 and children[0].type == "inline":
        children = children[0].children
    return [part for child in children for part in _part(child)]


def _part(node: SyntaxTreeNode) -> list[Inline]:
    kind = node.type
    if kind in ("em", "strong"):
        return [{"k": kind, "c": _inline(node)}]
    if kind == "link":
        address = str(node.attrs.get("href", ""))
        words = _inline(node)
        return [{"k": "link", "to": address, "c": words}] if printed(address) else words
    if kind == "code_inline":
        return [{"k": "code", "text": node.content}]
    if kind == "softbreak":
        return [" "]
    if kind == "hardbreak":
        return [{"k": "br"}]
    text = COMMENT.sub("", node.content) if kind == "html_inline" else node.content
    return [text] if text else []


def printed(address: str) -> bool:
    """Whether an address may be a link in the PDF: http, https and mailto only."""
    return bool(PRINTED_ADDRESS.match(address)) and printable(address) == address
