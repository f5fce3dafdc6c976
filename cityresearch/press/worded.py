"""Words of comparison, trend, rank and share that no test of the figures gave, in notebooks, in topics
and in our own code; and comparisons of bare values there.

A topic may let a wording pass in the open, under `untested` in topic.yml, with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cityresearch.briefs.prose import EXPRESSION, expressions
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.methods.claims import claims
from cityresearch.press.proofing.readings import sentence
from cityresearch.press.typed import CODE, helper_files, parsed, texts_of, typed_cells, unread

NAME = re.compile(r"[\w-]*[:_./@#=][\S]*$")  # a string that is no word: a key, a column, an address
TEST = ("Comparison", "sort_values", "groupby")  # what is given to them isn't printed as it stands
PICK = {"max", "min", "sorted"}  # of values; those of a table rank whatever they are given
RANK = {"idxmax", "idxmin", "argmax", "argmin", "nlargest", "nsmallest", "rank"}
WORDINGS = {"HIGHER", "HIGHER_IN", "MORE_IN", "LESS_IN", "TREND"}
SIZES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
HOW = " (docs/how-to/compare-figures.md)."
INSTEAD = {
    "comparison": 'Write {eval}`brief.stand("income")` for the place among its peers, or '
    'words.compare(a.estimate, b.estimate, "the nation")' + HOW,
    "trend": 'Write {eval}`brief.change("income")`, or words.trend(old.estimate, new.estimate)'
    + HOW,
    "rank": 'Write {eval}`brief.stand("income")`, which calls ties ties; for the parts of a whole '
    'views.largest(brief, parts, "source", "of all money")' + HOW,
    "share": 'Print the share, as in {eval}`brief["share"]`, or words.fraction(brief["share"].estimate)'
    + HOW,
}
BARE = (
    "Write .close(), which says “an estimated” or “not available” where the margin asks for it"
    + HOW
)


class Told(NamedTuple):
    """A text that a reader may see, and where it stands."""

    where: str
    text: str


def notebook_faults(
    path: str, cells: Iterable[Mapping[str, Any]], allowed: Allowed
) -> Iterator[str]:
    """Untested words in the prose, the expressions and the code of a notebook; values compared there."""
    for where, is_prose, source in typed_cells(path, cells):
        if is_prose:
            prose = CODE.sub(" ", EXPRESSION.sub("…", source))
            yield from _faults(Told(where, prose), allowed)
            for expression in expressions(source):
                yield from _code(where, expression, allowed, prose=True)
        else:
            yield from _code(where, source, allowed)


def topic_faults(path: str, topic: Topic, allowed: Allowed) -> Iterator[str]:
    """Untested words in the texts of a topic that pages print; a definition may use any word."""
    texts = texts_of(topic)
    for name, indicator in topic.indicators.items():
        if indicator.requires:
            texts[f"indicators.{name}.requires.reason"] = indicator.requires.reason
    for key, text in texts.items():
        yield from _faults(Told(f"{path}, {key}", text), allowed)


def helper_faults(path: str, folder: Path, allowed: Allowed) -> Iterator[str]:
    """The same in the Python files beside a notebook, which it may import.

    Args:
        path: how the folder is called in the messages.
    """
    for where, source in helper_files(path, folder):
        yield from _code(where, source, allowed)


def module_faults(path: str, folder: Path) -> Iterator[str]:
    """Untested words in our own modules, whose code may compare values: it is the library."""
    for where, source in helper_files(path, folder):
        for told in _texts(where, source):
            yield from _faults(told, Allowed("", ()))


class Allowed:
    """The wordings that a topic lets pass without a test, and which of them were met."""

    def __init__(self, path: str, texts: Iterable[str]) -> None:
        self.path = path
        self.met = dict.fromkeys(texts, False)

    def covers(self, text: str, start: int, end: int) -> bool:
        """Whether a wording that is allowed holds this part of the text."""
        for each in self.met:
            for found in re.finditer(re.escape(each), text):
                if found.start() <= start and end <= found.end():
                    self.met[each] = True
                    return True
        return False

    def unused(self) -> Iterator[str]:
        """The wordings that hold no word that would need them: they are to go."""
        for text, met in self.met.items():
            if not met:
                what = f"“{text}” holds no word that is looked for, or stands in no text."
                yield _told(
                    f"{self.path}, untested", what, "Take it out, or write it as it stands."
                )


# Code --------------------------------------------------------------------------------------------


def _code(where: str, source: str, allowed: Allowed, *, prose: bool = False) -> Iterator[str]:
    """What is wrong in a notebook's code, or in an expression of its prose."""
    for told in _texts(where, source):
        yield from _faults(told._replace(where=where) if prose else told, allowed)
    nodes = list(ast.walk(parsed(source)))
    given = {each for node in nodes if isinstance(node, ast.Call) for each in _given(node)}
    for node in nodes:
        at = where if prose else f"{where}, line {getattr(node, 'lineno', 1)}"
        what = "values are compared without their margins" if _compares(node) else ""
        if _is_wording(node) and node not in given:
            what = "the words of a comparison are taken without its test"
        said = ast.unparse(node) if what else ""
        if what and not allowed.covers(said, 0, len(said)):
            yield _told(at, f"{what} in “{said}”.", INSTEAD["comparison"])
        if isinstance(node, ast.FormattedValue) or (prose and isinstance(node, ast.Expr)):
            yield from _bare(at, node.value)


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _is_wording(node: ast.AST) -> bool:
    """Whether it is words.TREND or its like, or takes it under another name."""
    if isinstance(node, ast.alias):
        return node.name in WORDINGS and node.asname is not None
    return isinstance(node, ast.Name | ast.Attribute) and _name(node) in WORDINGS


def _bare(where: str, printed: ast.expr) -> Iterator[str]:
    """A figure whose doubt is not told where it is printed in prose."""
    said = ast.unparse(printed)
    if said.endswith((".cell()", ".value")):
        yield _told(where, f"“{said}” is printed in prose without what its margin says.", BARE)


def _compares(node: ast.AST) -> bool:
    """Whether values are held against each other: a > b, max(…, key=…)."""
    if isinstance(node, ast.Compare):
        sizes = any(isinstance(each, SIZES) for each in node.ops)
        return sizes and any(map(_is_value, ast.walk(node)))
    if isinstance(node, ast.Call):
        name = _name(node.func)
        return name in RANK or (name in PICK and any(map(_is_value, ast.walk(node))))
    return False


def _is_value(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("value", "estimate", "interval")


def _texts(where: str, source: str) -> Iterator[Told]:
    """The strings of some code that a reader may see; what an f-string prints is “…”."""
    nodes = list(ast.walk(parsed(source)))
    hidden = {*unread(nodes), *_untold(nodes)}
    for node in nodes:
        text = ""
        if isinstance(node, ast.JoinedStr):
            hidden |= {part for part in node.values if isinstance(part, ast.Constant)}
            parts = (p.value if isinstance(p, ast.Constant) else "…" for p in node.values)
            text = "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if NAME.match(node.value) else node.value
        if text and node not in hidden:
            yield Told(f"{where}, line {getattr(node, 'lineno', 1)}", text)


def _untold(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Strings that only name something: keys, what is compared with, wordings of a test, methods."""
    for node in nodes:
        named: list[ast.AST | None] = []
        if isinstance(node, ast.Dict):
            named = [
                key
                for key in node.keys
                if isinstance(key, ast.Constant) and " " not in str(key.value)
            ]
        elif isinstance(node, ast.Subscript):
            named = [node.slice]
        elif isinstance(node, ast.Compare):
            named = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and _name(node.func) in TEST:
            named = [*node.args, *node.keywords]
        elif isinstance(node, ast.AnnAssign) and "Literal" in ast.unparse(node.annotation):
            named = [node]
        elif isinstance(node, ast.keyword | ast.Assign) and _named(node).lower() == "method":
            named = [node.value]
        yield from (part for each in named if each for part in ast.walk(each))


def _named(node: ast.keyword | ast.Assign) -> str:
    return node.arg or "" if isinstance(node, ast.keyword) else _name(node.targets[0])


def _name(node: ast.expr) -> str:
    """The last name of a.b.c; empty for what has none."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


# Messages ----------------------------------------------------------------------------------------


def _faults(told: Told, allowed: Allowed) -> Iterator[str]:
    plain = re.sub(r"[ \t]+", " ", told.text)
    for claim in claims(plain):
        if not allowed.covers(plain, claim.start, claim.end):
            around = sentence(plain, claim.start, claim.end)
            what = (
                f"the word “{claim.word}” claims a {claim.kind} that nothing tested, in “{around}”."
            )
            yield _told(told.where, what, INSTEAD[claim.kind])


def _told(where: str, what: str, instead: str) -> str:
    return str(ResearchError(what, where=where, instead=instead))
