"""Blocks as HTML: accessible tables, key numbers, callouts and figures. Everything is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from cityresearch.briefs.calculator import calculator_html

Json = Mapping[str, Any]

IMPLIED = re.compile("</t[hdr]>")  # end tags that HTML implies: a fifth of a table
LEADS_AWAY = re.compile(r"[\s\x00-\x1f]|[/\\]{2}|.*[\n\r\t]")  # browsers drop or turn such signs
NARROW_SCREEN = "(max-width: 480px)"


def block_html(block: Json, image: Json | None = None, *, lean: bool = False) -> str:
    """One block as HTML, with class names that the stylesheets of page and export know.

    Args:
        block: the block's JSON (see `blocks`).
        image: for a chart, where its files are: `wide` and `narrow` addresses, `live`, the id of
            the element that holds its specification, or None, and `files`, addresses to download by
            kind. Without it the SVG is embedded.
        lean: for a page, whose stylesheet adds what tables repeat in each cell.
    """
    if block["kind"] == "chart":
        return _chart(block, image, lean)
    if block["kind"] == "table":
        return _table(block, lean)
    makers: dict[str, Callable[[Json], str]] = {
        "numbers": _numbers,
        "callout": _callout,
        "bill_calculator": calculator_html,
        "insert": _insert,
    }
    return makers[block["kind"]](block)


def _numbers(block: Json) -> str:
    return f'<div class="numbers">{"".join(map(_number, block["items"]))}</div>'


def _number(item: Json) -> str:
    parts = ("value", "label", "margin", "comparison", "note")
    lines = (f'<p class="{part}">{escape(item[part])}</p>' for part in parts if item.get(part))
    return f'<div class="number">{"".join(lines)}</div>'


def _callout(block: Json) -> str:
    title = f'<p class="title">{escape(block["title"])}</p>' if block.get("title") else ""
    return (
        f'<div class="callout {escape(block["tone"])}">{title}<p>{escape(block["text"])}</p></div>'
    )


def _insert(block: Json) -> str:
    """What a person wrote, with a line above that says so and one below that warns of it."""
    title = f'<p class="title">{escape(block["title"])}</p>' if block["title"] else ""
    return (
        f'<div class="insert" role="note" aria-label="{escape(block["by"])}">'
        f'<p class="by">{escape(block["by"])}</p>{title}{_written(block["body"])}'
        f'<p class="warning">{escape(block["warning"])}</p></div>'
    )


def _written(parts: Iterable[Json]) -> str:
    """Paragraphs and lists of an insert."""
    return "".join(map(_written_part, parts))


def _written_part(part: Json) -> str:
    if part["k"] == "p":
        return f"<p>{_inline(part['c'])}</p>"
    items = "".join(f"<li>{_item(item)}</li>" for item in part["items"])
    if part["start"] is None:
        return f"<ul>{items}</ul>"
    start = "" if part["start"] == 1 else f' start="{int(part["start"])}"'
    return f"<ol{start}>{items}</ol>"


def _item(parts: Sequence[Json]) -> str:
    alone = len(parts) == 1 and parts[0]["k"] == "p"
    return _inline(parts[0]["c"]) if alone else _written(parts)


def _inline(parts: Iterable[str | Json]) -> str:
    return "".join(escape(part) if isinstance(part, str) else _marked(part) for part in parts)


def _marked(part: Json) -> str:
    if part["k"] == "br":
        return "<br>"
    inner = _inline(part["c"])
    if part["k"] in ("em", "strong"):
        return f"<{part['k']}>{inner}</{part['k']}>"
    return f'<a href="{escape(part["to"])}">{inner}</a>' if safe_link(part["to"]) else inner


def _chart(block: Json, image: Json | None, lean: bool) -> str:
    name, table = escape(block["id"]), _table(block["table"], lean)
    return (
        f'<figure class="chart" id="{name}"><figcaption>{escape(block["title"])}</figcaption>'
        f"{_picture(block, image)}{_source(block)}"
        f'<details class="data"><summary>{_summary(block)}</summary>{table}</details>'
        f"{_files(block, (image or {}).get('files', {}))}</figure>"
    )


def _files(block: Json, files: Mapping[str, str]) -> str:
    if not files:
        return ""
    of = f'<span class="visually-hidden"> of “{escape(block["title"])}”</span>'
    links = ", ".join(
        f'<a href="{escape(address)}" download>{escape(kind)}</a>'
        for kind, address in files.items()
    )
    return f'<p class="files">Download{of}: {links}</p>'


def _summary(block: Json) -> str:
    # Each control says what it opens: "Data" alone would name several things on one page.
    return f'Data of this chart<span class="visually-hidden">: {escape(block["title"])}</span>'


def _picture(block: Json, image: Json | None) -> str:
    if image is None:
        # Imported here: pages with image files never start the drawing engine.
        from cityresearch.briefs import svg

        return svg.render({**block["spec"], "description": block["alt"]}, svg.WIDE)
    live = f' data-live="{escape(image["live"])}"' if image.get("live") else ""
    return (
        f'<picture{live}><source media="{NARROW_SCREEN}" srcset="{escape(image["narrow"])}">'
        f'<img src="{escape(image["wide"])}" alt="{escape(block["alt"])}"></picture>'
    )


def _source(block: Json) -> str:
    return f'<p class="source">Source: {escape(block["source"])}</p>' if block.get("source") else ""


def _table(block: Json, lean: bool) -> str:
    columns = block["columns"]
    head = "".join(_head(column, lean) for column in columns)
    own = set(block.get("highlight", ()))
    rows = "".join(_row(row, columns, at in own, lean) for at, row in enumerate(block["rows"]))
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in block.get("notes", ()))
    return (
        f'<div class="table" id="{escape(block["id"])}"><table class="data">'
        f"<caption>{escape(block['caption'])}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{notes}{_source(block)}</div>"
    )


def _head(column: Json, lean: bool) -> str:
    quote = "" if lean else '"'
    unit = f' <span class="unit">{escape(column["unit"])}</span>' if column.get("unit") else ""
    align = f" class={quote}num{quote}" if column.get("align") == "right" else ""
    return f"<th scope={quote}col{quote}{align}>{escape(column['label'])}{unit}</th>"


def _row(row: list[Any], columns: list[Json], own: bool, lean: bool) -> str:
    scope = "" if lean else ' scope="row"'  # in a body whose other cells are data, a row's head
    first = f"<th{scope}>{_cell(row[0], lean)}</th>"
    rest = (_data(cell, column, lean) for cell, column in zip(row[1:], columns[1:], strict=True))
    start = '<tr class="own">' if own else "<tr>"
    made = f"{start}{first}{''.join(rest)}</tr>"
    return IMPLIED.sub("", made) if lean else made


def safe_link(address: str) -> bool:
    """Whether an address is http(s) or leads to a page of the site: never a script, never another host
    by a path that only looks like one."""
    if address.startswith(("https://", "http://")):
        return True
    start = re.split(r"[/?#]", address, maxsplit=1)[0]
    return bool(address) and ":" not in start and not LEADS_AWAY.match(address)


def _data(cell: str | Json, column: Json, lean: bool) -> str:
    marked = not isinstance(cell, str) and cell.get("state")
    if lean:  # the stylesheet knows a state by its mark
        mark = f" data-mark={_bare(cell['mark'])}" if marked else ""  # type: ignore[index]
        return f"<td{mark}>{_cell(cell, lean)}</td>"
    classes = ["num"] if column.get("align") == "right" else []
    if marked:
        classes += ["state", f"state-{escape(cell['state'])}"]  # type: ignore[index]
    kind = f' class="{" ".join(classes)}"' if classes else ""
    return f'<td{kind} data-label="{escape(column["label"])}">{_cell(cell, lean)}</td>'


def _bare(mark: str) -> str:
    """The value of an attribute; one letter needs no quotes, and tables of laws hold many."""
    return escape(mark) if len(mark) == 1 and not mark.isspace() else f'"{escape(mark)}"'


def _cell(cell: str | Json, lean: bool) -> str:
    if isinstance(cell, str):
        return escape(cell)
    text = escape(cell["text"])
    if safe_link(cell.get("href", "")):
        text = f'<a href="{escape(cell["href"])}">{text}</a>'
    # The mark repeats the words beside it, for eyes that see no colour; a screen reader has the words.
    mark = (
        f'<span class="mark" aria-hidden="true">{escape(cell["mark"])}</span> '
        if cell.get("mark") and not lean
        else ""
    )
    # A page has many: the shortest name for what is said in small letters.
    start, end = ("<small>", "</small>") if lean else ('<span class="sub">', "</span>")
    sub = f"{start}{escape(cell['sub'])}{end}" if cell.get("sub") else ""
    return f"{mark}{text}{' ' + sub if sub else ''}"
