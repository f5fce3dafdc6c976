"""How hard the prose is to read: the Flesch–Kincaid grade, words a sentence, the hardest sentences."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import textstat
from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark")
# A full stop inside "4.6%" or "D.C." ends nothing: after the end of a sentence comes a capital or a figure.
END = re.compile(r"(?<=[.!?])[”’\")]*\s+(?=[“‘(\"]?[A-Z0-9$])")
WORD = re.compile(r"\w")
VOWELS = re.compile(r"[aeiouy]+")
LABEL, HARDEST = 3, 3
SHORTEST = 8  # words: a shorter sentence of one long name is not what makes a page hard


@dataclass(frozen=True)
class Grade:
    """How hard a text is: US school grade, mean words a sentence, and its hardest sentences."""

    words: int
    sentences: int
    grade: float
    words_per_sentence: float
    hardest: list[str]


def grade(text: Iterable[str]) -> Grade | None:
    """The grade of some paragraphs of plain text; None where there is no sentence.

    Flesch–Kincaid (1975): 0.39 · words / sentences + 11.8 · syllables / words − 15.59. Syllables are
    those of textstat's dictionary; a figure counts as one.
    """
    sentences = [found for paragraph in text for found in split(paragraph)]
    words = [word for sentence in sentences for word in _words(sentence)]
    if not words:
        return None
    ranked = sorted(
        (sentence for sentence in sentences if len(_words(sentence)) >= SHORTEST),
        key=lambda sentence: (-_grade([sentence]), sentence),
    )
    return Grade(
        words=len(words),
        sentences=len(sentences),
        grade=round(_grade(sentences), 1),
        words_per_sentence=round(len(words) / len(sentences), 1),
        hardest=ranked[:HARDEST],
    )


def split(paragraph: str) -> list[str]:
    """The sentences of a paragraph."""
    return [found for found in END.split(" ".join(paragraph.split())) if WORD.search(found)]


def paragraphs(markdown: str) -> Iterator[str]:
    """The prose of some Markdown as plain text: paragraphs, items of lists, headings, definitions.

    A heading or term of a few words, such as "Limits", is a label and left out: it would flatter.
    """
    for token in MARKDOWN.parse(markdown.replace("\n: ", "\n\n")):
        said = "".join(map(_plain, token.children or []))
        if token.type == "inline" and len(_words(said)) > LABEL:
            yield said


def _plain(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _words(sentence: str) -> list[str]:
    return [word for word in sentence.replace("–", " ").split() if WORD.search(word)]


def _grade(sentences: list[str]) -> float:
    words = [word for sentence in sentences for word in _words(sentence)]
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


@functools.cache
def _syllables(word: str) -> int:
    """Syllables by textstat; names that its dictionary lacks by their groups of vowels."""
    if not re.search(r"[A-Za-z]", word):
        return 1
    plain = word.replace("’", "'").strip(".,;:!?()“”‘'\"")
    try:
        return max(1, int(textstat.syllable_count(plain)))
    except KeyError:
        return max(1, len(VOWELS.findall(plain.lower().removesuffix("e"))))
