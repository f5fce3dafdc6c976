"""The list of a brief's figures as plain data: what is exact, where it comes from, how it was made."""

from __future__ import annotations

import base64
import functools
import hashlib
import operator
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.sources import Source
from cityresearch.methods import numbers

Facts = Mapping[str, Any]
COUNTED = "counted"  # the list says once that such figures have no sampling error
CORRECTED = "See Corrections."
MOST_ROWS = 4  # source rows of a figure that are printed one by one
LETTERS = 4  # of the hash in an anchor
LONGEST = 12  # letters of an anchor; a fact with a longer name is known by its hash
REPEATED = 16_384  # names and values of figures, which come several times in a brief, and in those of peers
BESIDE = re.compile(r"[^A-Za-z0-9]+")
SIGNS = re.compile(r"[$,%]")  # what a printed number has and an exact one has not
WORD = re.compile(r"([^\[\]=,;.]+)")
KEPT = operator.itemgetter("value", "moe", "unit", "reason", "low", "high")  # of an estimate


@dataclass(frozen=True)
class FigureLine:
    """One figure as printed and as it is: what tells it from the others of its group, the exact value
    (empty where there is none, or where it is what is printed), its margin or why it is missing, its
    source rows. What the whole group says is empty here."""

    anchor: str
    name: str
    text: str
    exact: str
    margin: str
    rows: str


@dataclass(frozen=True)
class FigureGroup:
    """Figures of one unit, made in the same way from the same edition of a source. `label`, `about`
    and `margin` are what all lines share, and empty where they differ; `rows` is the pattern of their
    source rows, in which … stands for what a line gives itself."""

    label: str
    about: str
    method: str
    source: str
    unit: str
    margin: str
    rows: str
    lines: tuple[FigureLine, ...]


def anchors(facts: Sequence[Facts]) -> list[str]:
    """The address of each fact's entry within the page; the same in each edition."""
    return list(_anchors(tuple(fact.get("entry", fact["id"]) for fact in facts)))


@functools.lru_cache(maxsize=2)  # several parts of a brief ask for those of the same facts
def _anchors(own: tuple[str, ...]) -> list[str]:
    entries = list(dict.fromkeys(own))
    plain = [f"f-{BESIDE.sub('-', entry).strip('-')}" for entry in entries]
    short = [f"f-{_digest(entry)}" for entry in entries]
    met = Counter(plain + short)
    named = {
        entry: next(
            (one for one in (name, brief) if len(one) <= LONGEST and met[one] == 1), f"f-{at}"
        )
        for at, (entry, name, brief) in enumerate(zip(entries, plain, short, strict=True))
    }
    return [named[entry] for entry in own]


@functools.lru_cache(maxsize=REPEATED)
def _digest(identity: str) -> str:
    """A few letters and digits."""
    return base64.b32encode(hashlib.sha256(identity.encode()).digest())[:LETTERS].decode().lower()


@functools.lru_cache(maxsize=REPEATED)
def exact(value: float | None) -> str:
    """A value for machines and for those who check, to ten figures: the data have no more."""
    return "" if value is None else format(Decimal(f"{value:.10g}"), "f")


def _more_exact(fact: Facts) -> str:
    value = exact(fact["value"])
    return "" if value == SIGNS.sub("", fact["text"]) else value


def printed(facts: Sequence[Facts]) -> list[dict[str, Any]]:
    """Each fact with what other pages show of it: its `cell` and `margin` as tables print them (the
    margin empty for counts), and its `entry`, the place of its entry on the brief's page."""
    return [
        {**fact, "cell": _cell_of(estimate_of(fact)), "entry": anchor}
        | {"margin": "" if (margin := _margin(fact)) == COUNTED else margin}
        for fact, anchor in zip(facts, anchors(facts), strict=True)
    ]


@functools.lru_cache(maxsize=REPEATED)
def _cell_of(estimate: Estimate) -> str:
    return numbers.number(estimate, precise=True)


def figure_groups(facts: Sequence[Facts], known: Mapping[str, Source]) -> tuple[FigureGroup, ...]:
    """Every figure of the brief, gathered by method and source in the order of the brief.

    Args:
        facts: those of the facts file.
        known: sources by name.
    """
    groups: dict[tuple[str, str, str], list[tuple[Facts, str]]] = {}
    for fact, anchor in _entries(facts):
        made_from = "" if "entry" in fact else _made_from(fact, known)
        key = (fact["method"], made_from, fact["unit"] or "")
        groups.setdefault(key, []).append((fact, anchor))
    return tuple(_group(*key, members) for key, members in groups.items())


def _entries(facts: Sequence[Facts]) -> Iterable[tuple[Facts, str]]:
    """What the list has a line for, with its anchor: the counts of one comparison share theirs."""
    told: dict[str, list[Facts]] = {}
    for fact, anchor in zip(facts, anchors(facts), strict=True):
        told.setdefault(anchor, []).append(fact)
    for anchor, of_entry in told.items():
        first = of_entry[0]
        if "entry" not in first:
            yield first, anchor
            continue
        label = first["label"].rpartition(": ")[0]
        counts = (f"{each['label'].rpartition(': ')[2]} {each['text']}" for each in of_entry)
        rows = [f"{len(first['rows'])} rows"]
        entry = {"label": label, "text": ", ".join(counts), "rows": rows, "unit": ""}
        yield {**first, **entry, "value": None, "reason": COUNTED}, anchor


def _group(
    method: str, source: str, unit: str, members: Sequence[tuple[Facts, str]]
) -> FigureGroup:
    facts = [fact for fact, _ in members]
    label, names = _named([fact["label"] for fact in facts])
    about = _common(fact["about"]["name"] for fact in facts)
    if about and any(names):
        names = [name or about for name in names]
    else:
        names = [
            ", ".join(filter(None, (name, fact["about"]["name"])))
            for name, fact in zip(names, facts, strict=True)
        ]
        about = ""
    margins = [_margin(fact) for fact in facts]
    margin = _common(margins)
    pattern, rows = _pattern([_rows(fact["rows"]) for fact in facts])
    lines = (
        FigureLine(anchor, name, fact["text"], _more_exact(fact), "" if margin else own, keys)
        for (fact, anchor), name, own, keys in zip(
            members, names, margins, map(_noted, rows, facts), strict=True
        )
    )
    return FigureGroup(label, about, method, source, unit, margin, pattern, tuple(lines))


def _named(labels: Sequence[str]) -> tuple[str, list[str]]:
    """What the labels share, and what is left of each: "Trips, 2022" and "Trips, 2023" share "Trips"."""
    if shared := _common(labels):
        return shared, [""] * len(labels)
    stems = [label.rpartition(", ") if ", " in label else (label, "", "") for label in labels]
    if shared := _common(stem for stem, _, _ in stems):
        return shared, [rest for _, _, rest in stems]
    return "", list(labels)


def _common(texts: Iterable[str]) -> str:
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _pattern(rows: list[str]) -> tuple[str, list[str]]:
    """What most of these texts share, with … for the words in which they differ; and those words of
    each, or the whole text of one that is not of the pattern. So long texts are said once."""
    split = [WORD.split(text) for text in rows]
    shapes = [tuple(each[::2]) for each in split]  # what stands between the words
    shape, count = Counter(shapes).most_common(1)[0]
    alike = [each for each, its in zip(split, shapes, strict=True) if its == shape]
    differ = [at for at, words in enumerate(zip(*alike, strict=True)) if len(set(words)) > 1]
    own = [list(dict.fromkeys(each[at] for at in differ)) for each in alike]
    if count < 2 or any(len(words) not in (0, 1, len(differ)) for words in own):
        return "", rows
    pattern = "".join("…" if at in differ else word for at, word in enumerate(alike[0]))
    short = iter(", ".join(words) for words in own)
    told = [next(short) if its == shape else text for text, its in zip(rows, shapes, strict=True)]
    return pattern, told


def _made_from(fact: Facts, known: Mapping[str, Source]) -> str:
    """The source and its edition; a constant cites a text, which mostly holds its year already."""
    source = known.get(fact["source"])
    title = source.title if source else str(fact["source"])
    return title if not source and fact["vintage"] in title else f"{title}, {fact['vintage']}"


def _rows(rows: Sequence[str]) -> str:
    """The source rows of a figure; where they are many, only their number and table."""
    if len(rows) <= MOST_ROWS:
        return "; ".join(rows)
    tables = " and ".join(dict.fromkeys(row.partition("[")[0] for row in rows))
    return f"{len(rows)} rows of {tables}"


def _noted(rows: str, fact: Facts) -> str:
    """The rows of a line, and whether they were corrected."""
    return f"{rows}\n{CORRECTED}".strip() if "correction" in fact else rows


def _margin(fact: Facts) -> str:
    if fact["value"] is None:
        return str(fact["reason"])
    return _margin_of(estimate_of(fact))


@functools.lru_cache(maxsize=REPEATED)
def _margin_of(estimate: Estimate) -> str:
    margin = numbers.margin_text(estimate)
    return COUNTED if margin == numbers.COUNTED else margin


def estimate_of(fact: Facts) -> Estimate:
    """The estimate that a fact holds."""
    return _estimate(*KEPT(fact))


_estimate = functools.lru_cache(maxsize=REPEATED, typed=True)(Estimate)
