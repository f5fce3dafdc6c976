"""Own city only: whether what a brief shows is about its own place, wider areas of it, and its peers.

Held against each other are its blocks with the figures that their numbers are, whom those are about,
and the names of cities in its texts. So a table whose names stand beside the values of others is found,
and so is a chart that another brief made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cityresearch.briefs import stamp
from cityresearch.briefs.blocks import MIME
from cityresearch.briefs.inserts import lines
from cityresearch.methods.numerals import numerals
from cityresearch.press.whom import Circle, Json, Whom, about

RICH = re.compile(r"^(?:image|application|video|audio)/|^text/(?!plain)")
WORDS = ("title", "caption", "alt", "text", "sub", "label", "comparison", "note", "notes", "worked")
PARTS = ("items", "rows", "columns", "table")
ESCAPE = re.compile(r"\\([\\`\[\]<])")
SECTION = re.compile(r"^(?=#+ )", re.MULTILINE)
HEADING = re.compile(r"#+ (.+)")
GUIDE = "(docs/how-to/own-city-only.md)"
NAMES = (
    "Print brief.place.name; a city that every brief is to name is declared under 'mentions' in "
    f"topic.yml {GUIDE}."
)
INSERT = (
    "Correct the text, or name the city in the insert’s file, below its date: "
    'mentions: ["Milwaukee, Wisconsin"] (docs/how-to/write-an-insert.md).'
)
KEPT = "Make it in the notebook after its Brief, and keep none in a module, a cache or a file."
RICH_HINT = f"Show a chart, a table or a callout, or nothing {GUIDE}."
DRAW = f"Draw it with cityresearch.briefs.charts, whose rows say whom they are about {GUIDE}."
PEERS = "Take name and figure from the same peer, as views.peer_table and views.peer_bars do."

Told = tuple[str, str]  # what is wrong, and what to write instead


class Fault(NamedTuple):
    """What is not about the brief's own place: the number of its cell, the heading that this stands
    under, what it is, and what to write instead."""

    cell: int
    under: str
    what: str
    instead: str


def faults(cells: Sequence[Json], circle: Circle) -> Iterator[Fault]:
    """What an executed notebook and its facts tell that is not about the brief's own place."""
    under = ""
    for fact in circle.facts:
        if not circle.holds(fact):
            told = f"the fact “{fact['label']}” is about {fact['about']['name']}, no peer of it."
            yield Fault(0, under, told, PEERS)
    for at, cell in enumerate(cells):
        if cell["cell_type"] == "markdown":
            for part in SECTION.split(_prose(cell)):
                found = HEADING.match(part)
                under = found[1] if found else under
                for what, instead in _names(part, circle, "the text"):
                    yield Fault(at, under, what, instead)
            spans = cell.get("metadata", {}).get("figures", [])
            for what, instead in _unnamed("the text", spans, _prose(cell), circle):
                yield Fault(at, under, what, instead)
        for output in cell.get("outputs", []):
            for what, instead in _output(output, circle):
                yield Fault(at, under, what, instead)


def _prose(cell: Json) -> str:
    return ESCAPE.sub(r"\1", "".join(cell["source"]))


def _names(text: str, circle: Circle, where: str, hint: str = NAMES) -> Iterator[Told]:
    for name in circle.strangers(text):
        yield f"{where} names {name}, which is neither {circle.name} nor a peer.", hint


def _output(output: Json, circle: Circle) -> Iterator[Told]:
    shown = output.get("data", {})
    if MIME not in shown:
        for kind in filter(RICH.match, shown):
            yield f"the cell shows {kind}, which says of nobody that it is about them.", RICH_HINT
            return
        return
    block: Json = shown[MIME]
    what = f"the {block['kind'].replace('_', ' ')} {_title(block)}"
    made, figures = (output["metadata"].get(name) for name in (stamp.KEY, "figures"))
    if made != circle.own["geoid"]:
        whose = (
            f"made for another place ({made})" if made else "made before this brief or by no brief"
        )
        yield f"{what} was {whose}.", KEPT
    hint = INSERT if block["kind"] == "insert" else NAMES
    yield from _names(_words(block), circle, what, hint)
    yield from _rows(what, block, figures or [], circle)
    if block["kind"] == "numbers":
        yield from _key_numbers(block, figures or [], circle)
    if block["kind"] == "callout":
        spans = [span for _, found in figures or [] for span in found]
        yield from _unnamed(what, spans, _words(block), circle)
    if block["kind"] == "chart":
        yield from _drawn(what, block["spec"], circle)


def _title(block: Json) -> str:
    found = (block.get(name) for name in ("caption", "title", "text"))
    return next((f"“{text}”" for text in found if text), "of key numbers")


def _words(part: Any) -> str:
    """The words that readers see of a block, a line each; sources of data are named elsewhere."""
    if isinstance(part, str):
        return part
    if isinstance(part, list | tuple):
        return "\n".join(map(_words, part))
    if part.get("kind") == "insert":
        return "\n".join((part["title"], *lines(part["body"])))
    return "\n".join(_words(part[name]) for name in (*WORDS, *PARTS) if name in part)


# Numbers -----------------------------------------------------------------------------------------


def _key_numbers(block: Json, figures: Sequence[Any], circle: Circle) -> Iterator[Told]:
    """Key numbers that are a peer's: they stand there as the place's own."""
    for place, spans in figures:
        for fact in (circle.facts[number] for _, _, number in spans):
            if place[-1] == "value" and circle.is_peer([about(fact)]):
                name, label = fact["about"]["name"], block["items"][place[1]]["label"]
                yield f"the key number “{label}” is a figure about {name}.", PEERS


def _rows(what: str, block: Json, figures: Sequence[Any], circle: Circle) -> Iterator[Told]:
    """Rows and columns that are named after one of the circle and hold a number of another; and rows of
    peers that are highlighted."""
    table, start = (block["table"], 1) if "table" in block else (block, 0)
    spans: dict[tuple[int, int], list[Any]] = {}
    for place, found in figures:
        if place[start : start + 1] == ["rows"]:
            spans.setdefault(tuple(place[start + 1 : start + 3]), []).extend(found)
    heads = [column["label"] for column in table.get("columns", [])]
    headed = any(map(circle.named, heads))
    above = _words((_title(block).replace("peer", ""), heads))
    for number, row in enumerate(table.get("rows", [])):
        names = [name if circle.named(name := _text(cell)) else "" for cell in row]
        own = next(filter(None, names), "")
        if number in table["highlight"] and circle.is_peer(circle.named(own)):
            yield f"{what} highlights the row “{own}” as the place’s own.", PEERS
        if not own and not headed:
            if found := [span for at in range(len(row)) for span in spans.get((number, at), [])]:
                told = f"the row “{_text(row[0])}” of {what}"
                yield from _unnamed(told, found, f"{above}\n{_words(row)}", circle)
            continue
        for column, cell in enumerate(row):
            if names[column]:
                continue  # names may hold numerals
            for kind, name in (("row", own), ("column", heads[column])):
                whom, found = circle.named(name), spans.get((number, column), [])
                if whom and (told := _wrong(cell, found, whom, circle)):
                    yield f"the {kind} “{name}” of {what} shows {told}.", PEERS


def _unnamed(what: str, spans: Sequence[Any], words: str, circle: Circle) -> Iterator[Told]:
    """Figures about peers among words that don't name them: they would stand there as the place's own.
    Words on "its peers", and those on the states that they lie in, may leave the names out."""
    for fact in (circle.facts[number] for _, _, number in spans if "peer" not in words):
        (kind, _), name = about(fact), fact["about"]["name"]
        if kind != "state" and circle.is_peer([about(fact)]) and name.split(",")[0] not in words:
            yield (
                f"{what} shows “{fact['text']}”, a figure about {name}, and does not name it.",
                PEERS,
            )


def _wrong(cell: str | Json, spans: Sequence[Any], whom: Whom, circle: Circle) -> str:
    """What is wrong with a cell of a named row, or nothing."""
    for fact in (circle.facts[number] for _, _, number in spans):
        if not circle.beside(whom, fact):
            return f"“{fact['text']}”, a figure about {fact['about']['name']}"
    if not spans and (found := numerals(_words(cell))):
        known = circle.numerals_of(whom) | circle.reasons_in(" ".join(_words(cell).split()))
        strange = next((each.text for each in found if each.text not in known), "")
        return f"“{strange}”, which is no figure about it" if strange else ""
    return ""


def _text(cell: str | Json) -> str:
    return cell if isinstance(cell, str) else str(cell["text"])


def _drawn(what: str, spec: Json, circle: Circle) -> Iterator[Told]:
    """Values that a chart draws and no figure has, or none about whom they are drawn for; and rows that
    it draws as the place's own and are not."""
    if "rooms" not in spec.get("usermeta", {}):
        yield f"{what} is drawn by hand, and can't say whom it is about.", DRAW
        return
    for row in (row for rows in spec["datasets"].values() for row in rows):
        value, name = row.get("value"), str(row.get("name") or row.get("series") or "")
        whom = circle.named(name)
        state = {("state", row["state"])} if "state" in row else set()
        if row.get("own") and (circle.is_peer(whom) or not state <= set(circle.own.items())):
            yield f"{what} draws {name or row['state']} as the place’s own.", PEERS
        # A date is quoted, and drawn where its text says.
        if value is not None and "date" not in row and not circle.has_value(value, whom):
            of = f" about {name}" if whom else ""
            label = name or row.get("text", "")
            yield (
                f"{what} draws {value} for “{label}”, and no figure{of} here has that value.",
                PEERS,
            )
