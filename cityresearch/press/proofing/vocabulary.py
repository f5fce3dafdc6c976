"""The numerals that one brief may print, and the texts in which any others may stand.

They come from its facts file alone, and from what is declared of its topic, sources and collection.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cityresearch.briefs.collection import Collection
from cityresearch.briefs.inserts import lines
from cityresearch.briefs.topic import Topic
from cityresearch.methods.numbers import margin_text
from cityresearch.methods.numerals import Numeral, numerals
from cityresearch.methods.words import long_date, sentence_start
from cityresearch.press.closing import Closing, SourceNote
from cityresearch.press.figure_list import anchors, estimate_of, exact
from cityresearch.press.manuscripts import Manuscript, blocks, title_of

Fact = Mapping[str, Any]
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
ROW_YEAR = re.compile(r"year=(\d{4})")
SPACE = re.compile(r"\s+")
APART = re.compile(r"[\s\ufffe-]+")  # a hyphen at the end of a printed line is read as U+FFFE
SHORT = re.compile(r"^https?://(?:www\.)?|/$")  # an address as it is printed lacks these
SIGNS = "−-"
ITEM = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)


class Around(NamedTuple):
    """What stands before and after a numeral in a text that is known as a whole, without spaces and
    hyphens."""

    before: str
    after: str


class Vocabulary:
    """What one brief may print.

    `of` are the numerals of each entry in its list of figures, `exact` their values as the list has
    them, `years` those of their source rows, `every` all that may stand anywhere: numerals of facts,
    years of their data, dates of the edition, which `edition` are alone.
    """

    def __init__(self, manuscript: Manuscript, collection: Collection, closing: Closing) -> None:
        facts: Sequence[Fact] = manuscript.facts["facts"]
        topic = manuscript.topic
        self.of: dict[str, set[str]] = {}
        self.exact: dict[str, set[str]] = {}
        self.years: dict[str, set[str]] = {}
        self._rows: dict[str, str] = {}
        self._facts: dict[str, list[Fact]] = {}
        for fact, anchor in zip(facts, anchors(facts), strict=True):
            self.of.setdefault(anchor, set()).update(wordings(fact))
            self.exact.setdefault(anchor, set()).add(exact(fact["value"]))
            self.years.setdefault(anchor, set()).update(ROW_YEAR.findall(" ".join(fact["rows"])))
            self._facts.setdefault(anchor, []).append(fact)
        self.edition = {long_date(text) for text in (collection.edition, collection.date)}
        dates = [*self.edition, collection.date[:4], topic.as_of]
        dates += _vintages(manuscript)
        self.every = set().union(*self.of.values(), _years(facts), *map(_of, dates))
        texts = {*_own_texts(facts), *_items(manuscript), title_of(manuscript)}
        texts |= {line for block in blocks(manuscript, "insert") for line in _of_insert(block)}
        texts |= {quote["text"] for quote in manuscript.facts["quotes"]}
        for one in manuscript.facts["corrections"]:
            address = re.sub(SHORT, "", one["reference"])
            texts |= {one["text"], one["reason"].rstrip("."), one["reference"], address}
        texts |= {f"Show all {len(facts)} figures", manuscript.place.full_name}
        texts |= {collection.title, collection.publisher}
        self._known = [_index(frozenset(texts)), _declared(_named(topic), closing.sources)]

    def quotes(self, text: str, found: Numeral) -> bool:
        """Whether a numeral stands in a text that is known as a whole, wherever its lines break."""
        core, start = _core(found)
        for known in (each for index in self._known for each in index.get(core, ())):
            before = text[max(0, start - 2 * len(known.before)) : start]
            after = text[found.end : found.end + 2 * len(known.after)]
            if _bare(before).endswith(known.before) and _bare(after).startswith(known.after):
                return True
        return False

    def lists(self, entry: str, numeral: str) -> bool:
        """Whether the row of an entry in the list of figures may hold a numeral; "" is its heads."""
        if entry not in self._rows:
            own = self._facts.get(entry) or [each for own in self._facts.values() for each in own]
            self._rows[entry] = "\n".join(dict.fromkeys(map(_row, own)))
        return _holds(self._rows[entry], numeral)


def _holds(text: str, numeral: str) -> bool:
    """Whether a text holds a numeral, not as a part of another one."""
    at = text.find(numeral)
    while at >= 0:
        beside = text[at - 1 : at] + text[at + len(numeral) :][:1]
        if not any(map(str.isalnum, beside)):
            return True
        at = text.find(numeral, at + 1)
    return False


def _index(texts: Iterable[str]) -> dict[str, list[Around]]:
    """What stands around each numeral of these texts, by the numeral without its sign."""
    known: dict[str, list[Around]] = {}
    for text in map(_spaced, texts):
        for found in numerals(text):
            core, start = _core(found)
            around = Around(_bare(text[:start]), _bare(text[found.end :]))
            known.setdefault(core, []).append(around)
    return known


def _spaced(text: str) -> str:
    return SPACE.sub(" ", text)


def _core(found: Numeral) -> tuple[str, int]:
    """A numeral without its sign, for a line may break after a hyphen, and where that begins."""
    core = found.text.lstrip(SIGNS)
    return core, found.end - len(core)


def _bare(text: str) -> str:
    return APART.sub("", text).lower()


def wordings(fact: Fact) -> set[str]:
    """The numerals that a fact is printed as, also where one begins a sentence."""
    told = [fact["text"], *fact["wordings"]]
    return _of("\n".join((*told, *map(sentence_start, told))))


def _of(text: str) -> set[str]:
    return {found.text for found in numerals(text)}


def _row(fact: Fact) -> str:
    """What the list may give of a fact: its exact value, margin and method, words of its rows' keys."""
    about, rows = fact["about"], " ".join(fact["rows"])
    margin = margin_text(estimate_of(fact))
    told = [exact(fact["value"]), margin, fact["label"], about["name"], about["id"]]
    told += [fact["method"], fact["source"], fact["vintage"], fact["reason"] or "", rows]
    return "\n".join((*told, f"{len(fact['rows'])} rows"))


def _years(facts: Iterable[Fact]) -> set[str]:
    """The years that the figures are of, as their labels, vintages and rows tell them."""
    found: set[str] = set()
    for fact in facts:
        found.update(YEAR.findall(f"{fact['label']} {fact['vintage']}"))
        found.update(ROW_YEAR.findall(" ".join(fact["rows"])))
    return found


def _vintages(manuscript: Manuscript) -> list[str]:
    named = manuscript.notebook["metadata"]["cityresearch"]["vintages"]
    return [told.partition(" ")[2] for told in named]


def _own_texts(facts: Iterable[Fact]) -> Iterator[str]:
    for fact in facts:
        yield from (fact["label"], fact["about"]["name"], fact["method"], fact["source"])
        yield from (fact["reason"] or "", fact["label"].partition(": ")[0])


def _named(topic: Topic) -> tuple[str, ...]:
    return (topic.as_of, *(indicator.label for indicator in topic.indicators.values()))


@functools.lru_cache(maxsize=64)  # briefs of a topic share it
def _declared(named: tuple[str, ...], sources: tuple[SourceNote, ...]) -> dict[str, list[Around]]:
    """What a topic names, and what its sources declare: citations, licences, caveats, addresses."""
    texts = set(named)
    for note in sources:
        texts |= {note.title, note.citation, note.licence, f"Copy of {note.held}", *note.caveats}
        texts |= {re.sub(r"^https?://", "", note.homepage), re.sub(SHORT, "", note.homepage)}
    return _index(texts)


def _of_insert(block: Mapping[str, Any]) -> Iterator[str]:
    """What a person wrote and signed, line by line: its numbers may stand there, and nowhere else."""
    yield from (block["by"], block["title"], block["warning"], *lines(block["body"]))
    yield from _numbered(block["body"])


def _numbered(body: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for part in body:
        for at, item in enumerate(part.get("items", ())):
            if part["start"] is not None:
                yield f"{part['start'] + at} {next(iter(lines(item)), '')}"
            yield from _numbered(item)


def _items(manuscript: Manuscript) -> Iterator[str]:
    """The numbers of a list's items, each with the words that it stands before."""
    for cell in manuscript.notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for number, item in ITEM.findall("".join(cell["source"])):
                yield f"{number} {' '.join(item.replace('*', '').split()[:3])}"
