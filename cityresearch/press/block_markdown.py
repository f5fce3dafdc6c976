"""Blocks as Markdown, for the export: pipe tables, and charts as images inside the file."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

Json = Mapping[str, Any]

MARKS = re.compile(r"([\\`*_\[\]<>|#$~])")


def block_markdown(block: Json, svg: str) -> str:
    """One block as Markdown.

    Args:
        block: the block's JSON (see `briefs/blocks.py`).
        svg: for a chart, its drawing.
    """
    if block["kind"] == "chart":
        return _chart(block, svg)
    makers: dict[str, Callable[[Json], str]] = {
        "numbers": _numbers,
        "table": _table,
        "callout": _callout,
        "insert": _insert,
        "bill_calculator": lambda block: escaped(block["worked"]),
    }
    return makers[block["kind"]](block)


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return MARKS.sub(r"\\\1", " ".join(text.split()))


def _numbers(block: Json) -> str:
    return "\n".join(map(_number, block["items"]))


def _number(item: Json) -> str:
    asides = [item.get(part) for part in ("comparison", "margin", "note")]
    words = "; ".join(escaped(aside) for aside in asides if aside)
    line = f"- **{escaped(item['value'])}** {escaped(item['label'])}"
    return f"{line} ({words})" if words else line


def _callout(block: Json) -> str:
    title = f"**{escaped(block['title'])}** " if block.get("title") else ""
    return f"> {title}{escaped(block['text'])}"


def _insert(block: Json) -> str:
    """A quotation: what it says is not the brief's own."""
    title = [f"**{escaped(block['title'])}**"] if block["title"] else []
    by, warning = escaped(block["by"]), escaped(block["warning"])
    parts = [f"*{by}*", *title, *map(_part, block["body"]), f"*{warning}*"]
    return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(parts).split("\n"))


def _part(part: Json) -> str:
    if part["k"] == "p":
        return "".join(map(_inline, part["c"]))
    mark = "-" if part["start"] is None else f"{part['start']}."
    items = ["\n\n".join(map(_part, item)).replace("\n", "\n   ") for item in part["items"]]
    return "\n".join(f"{mark} {item}" for item in items)


def _inline(part: str | Json) -> str:
    if isinstance(part, str):
        return escaped(f"|{part}|")[2:-2]  # the spaces at its ends part it from its neighbours
    if part["k"] == "br":
        return "\\\n"
    inner = "".join(map(_inline, part["c"]))
    ends = {"em": ("*", "*"), "strong": ("**", "**")}.get(
        part["k"], ("[", f"](<{part.get('to')}>)")
    )
    return inner.join(ends)


def _chart(block: Json, svg: str) -> str:
    data = base64.b64encode(svg.encode()).decode()
    image = f"![{escaped(block['alt'])}](data:image/svg+xml;base64,{data})"
    title = f"**{escaped(block['title'])}**"
    return "\n\n".join([title, image, *_source(block), _table({**block["table"], "source": ""})])


def _source(block: Json) -> list[str]:
    return [f"*Source: {escaped(block['source'])}*"] if block.get("source") else []


def _table(block: Json) -> str:
    own = set(block.get("highlight", ()))
    head = _line([_label(column) for column in block["columns"]])
    rule = "|" + "|".join("--:" if _right(column) else "---" for column in block["columns"]) + "|"
    rows = [_line([_cell(cell, at in own) for cell in row]) for at, row in enumerate(block["rows"])]
    notes = [escaped(note) for note in block.get("notes", ())]
    caption = f"**{escaped(block['caption'])}**"
    return "\n\n".join([caption, "\n".join([head, rule, *rows]), *notes, *_source(block)])


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _right(column: Json) -> bool:
    return column.get("align") == "right"


def _label(column: Json) -> str:
    unit = f" ({escaped(column['unit'])})" if column.get("unit") else ""
    return escaped(column["label"]) + unit


def _cell(cell: str | Json, own: bool) -> str:
    given: Json = {"text": cell} if isinstance(cell, str) else cell
    text = escaped(given["text"])
    if str(given.get("href", "")).startswith(("https://", "http://")):
        text = f"[{text}](<{given['href']}>)"
    if own and text:
        text = f"**{text}**"
    return f"{text} ({escaped(given['sub'])})" if given.get("sub") else text
