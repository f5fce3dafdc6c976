"""Numbers typed where only figures may print them: in notebooks, in topics, in the words of our own code.

Allowed are a topic's own dates, as its declarations have them, and names that hold digits.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cityresearch.briefs.prose import EXPRESSION, expressions
from cityresearch.briefs.topic import Topic
from cityresearch.errors import ResearchError
from cityresearch.methods.numerals import numerals
from cityresearch.press.proofing.readings import sentence
from cityresearch.project import python_files

FRACTION = re.compile(
    r"\b(?:an?|one|two|three|four) (?:half|third|quarter|fourth|fifth|sixth|eighth|tenth)s? of\b"
    r"|\b(?:two|three|four|five|seven|nine)[- ](?:thirds|quarters|fourths|fifths|eighths|tenths)\b"
    r"|\bone in \w+\b|\bhalf (?:of|the|an?|as|its|their|all)\b|\btwice as\b"
    r"|\b(?:dozens|hundreds|thousands) of\b|\ba (?:thousand|million|billion)\b"
    r"|\b(?:two|three|four|five|ten)-?fold\b|\b(?:doubled|tripled|quadrupled|halved)\b"
    r"|[\u00bc-\u00be\u2150-\u2189]",
    re.IGNORECASE,
)
GIVEN = re.compile(r"^from cityresearch\.briefs\.(?:brief|law|bills) import", re.MULTILINE)
ITEM = re.compile(r"^\s*\d+\. ", re.MULTILINE)
CODE = re.compile(r"`[^`]*`|<[^>]*>|\]\([^)]*\)")  # of Markdown, with tags and addresses
FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as IPython compiles cells
MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
YEAR = re.compile(r"(?:19|20)\d\d")
ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
NAME = re.compile(r"[A-Z]+\d[\w.-]*$")  # a table of a publisher, such as B01003
# What a string of code is that nobody reads: a name, an address, a pattern, an expression of a chart.
ASKING = ("query", "compile", "sub", "match")  # their texts are not read by people
COMPUTING = ("abs", "float", "int", "len", "max", "min", "round", "sum")
WORDING = re.compile(r"(?:str|repr)$|words\.(?:number|plural|fraction|span)$|(?:Estimate|counted)$")
UNREAD = re.compile(r"^[\w.:/@#+\[\]=,*-]*$|^https?:|datum\.|[{}\\^<>]")
INSTEAD = (
    'Print a figure, as in {eval}`brief["income_p20"]`, its year, as in .year, or a declared constant, '
    'as in brief.constant("low_use") (docs/how-to/print-a-number.md).'
)


def notebook_faults(path: str, cells: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Numbers typed in the prose and in the texts of the code of a notebook."""
    typed = list(typed_cells(path, cells))
    given = [source for _, is_prose, source in typed if not is_prose]
    own = _plain_names(node for source in given for node in ast.walk(parsed(source)))
    for where, is_prose, source in typed:
        if is_prose:
            blank = EXPRESSION.sub(lambda found: " " * len(found[0]), ITEM.sub("", source))
            yield from _faults(where, CODE.sub(" ", blank))
            for said in expressions(source):
                yield from _expression_faults(where, said, own)
        else:
            yield from code_faults(where, source, own)


class TypedCell(NamedTuple):
    """A cell of a notebook as it was typed: where it is, whether it is Markdown or else code, its text."""

    where: str
    is_prose: bool
    source: str


def typed_cells(path: str, cells: Iterable[Mapping[str, Any]]) -> Iterator[TypedCell]:
    """The cells of a notebook, without that of its parameters, whose values belong there."""
    for number, cell in enumerate(cells, 1):
        where, kind = f"{path}, {cell.get('id', f'cell {number}')}", cell["cell_type"]
        if kind == "markdown" or (
            kind == "code" and "parameters" not in cell["metadata"].get("tags", [])
        ):
            yield TypedCell(where, kind == "markdown", "".join(cell["source"]))


def _expression_faults(where: str, said: str, own: Collection[str]) -> Iterator[str]:
    """Numbers typed in an expression of the prose: as its value, or in what it is made of."""
    for node in (each.value for each in ast.walk(parsed(said)) if isinstance(each, ast.Expr)):
        if _is_plain(node, own):
            yield _fault(where, ast.unparse(node), said)
        elif isinstance(node, ast.Constant):
            yield from _faults(where, str(node.value))
        else:
            yield from code_faults(where, said, own)


def code_faults(where: str, source: str, own: Collection[str] = ()) -> Iterator[str]:
    """Numbers typed in texts of Python code: in strings, and as plain values within f-strings.

    Args:
        own: names that hold plain values, besides those that this code sets.
    """
    nodes = list(ast.walk(parsed(source)))
    hidden = set(unread(nodes))
    own = {*own, *_plain_names(nodes)}
    for node in nodes:
        if told := _told_number(node, own):
            line = getattr(node, "lineno", 1)
            yield _fault(f"{where}, line {line}", told, ast.unparse(node))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in hidden:
            yield from _faults(f"{where}, line {node.lineno}", _read(node.value))


def parsed(source: str) -> ast.AST:
    """Python as IPython takes it, without its magics and shell commands; the text of a cell that is one
    magic is a string. Empty for what is no Python: whoever runs it tells."""
    if source.startswith("%%"):
        return ast.Constant(source.partition("\n")[2], lineno=2, col_offset=0)
    plain = MAGIC.sub(r"\1pass", source)
    try:
        tree: ast.AST = compile(plain, "cell", "exec", FLAGS)
        return tree
    except SyntaxError:
        return ast.Module([], [])


def helper_files(path: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The Python files of a folder and below it, where they are as told, and their text."""
    for file in python_files(folder):
        yield f"{path}/{file.relative_to(folder).as_posix()}", file.read_text(encoding="utf-8")


def helper_faults(path: str, folder: Path) -> Iterator[str]:
    """Numbers typed in the Python files beside a notebook, which it may import."""
    for where, source in helper_files(path, folder):
        yield from code_faults(where, source)


def unread(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Strings that no reader sees: docstrings, formats within f-strings, what a table is asked for."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            yield from ast.walk(node.format_spec)
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in ASKING:
            yield from node.args
        elif ast.unparse(node.func) == "ResearchError":
            yield from (part for each in (*node.args, *node.keywords) for part in ast.walk(each))


def _plain_names(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that are set to plain numbers and to nothing else, as in `homes = 12`."""
    plain, other = set[str](), set[str]()
    set_plain = set[ast.AST]()
    for node in nodes:
        if isinstance(node, ast.Assign) and _is_plain(node.value, ()):
            set_plain.update(each for each in node.targets if isinstance(each, ast.Name))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            (plain if node in set_plain else other).add(node.id)
    return plain - other


def _is_plain(node: ast.AST, own: Collection[str]) -> bool:
    """Whether a value is made of typed numbers alone: 12, 6 + 6, round(11.6), len("four")."""
    parts = list(ast.walk(node))
    names = {each.id for each in parts if isinstance(each, ast.Name)}
    typed = any(isinstance(e, ast.Constant) and type(e.value) in (int, float) for e in parts)
    counted = "len" in names and any(isinstance(each, ast.Constant) for each in parts)
    allowed = {*COMPUTING, *own}
    whole = not any(
        isinstance(each, ast.Attribute | ast.Subscript | ast.JoinedStr) for each in parts
    )
    return whole and names <= allowed and bool(typed or counted or names & set(own))


def _told_number(node: ast.AST, own: Collection[str]) -> str:
    """The number that is typed where it becomes text: in {5}, str(6 + 6), words.number(homes)."""
    given: list[ast.expr] = []
    if isinstance(node, ast.FormattedValue):
        given = [node.value]
    elif isinstance(node, ast.Call) and WORDING.match(ast.unparse(node.func)):
        given = node.args
    return next((ast.unparse(each) for each in given if _is_plain(each, own)), "")


def _read(text: str) -> str:
    """What of a string is read: all of one with words, nothing of a name or a pattern."""
    return "" if UNREAD.search(text) and " " not in text.strip() else text


def module_faults(package: Path) -> Iterator[str]:
    """Numbers typed in our own modules that print the prose of briefs: those that are given a brief."""
    for path in sorted(package.glob("briefs/*.py")):
        source = path.read_text(encoding="utf-8")
        if GIVEN.search(source):
            yield from code_faults(f"cityresearch/briefs/{path.name}", source)


def topic_faults(path: str, topic: Topic) -> Iterator[str]:
    """Numbers typed in the texts of a topic, other than its own declared years and ordinals."""
    own = _declared_years(topic)
    texts = texts_of(topic)
    for name, indicator in topic.indicators.items():
        texts[f"indicators.{name}.definition"] = indicator.definition
    for key, text in texts.items():
        for found in numerals(text):
            named = ORDINAL.search(found.text) or NAME.match(found.text)
            if not named and not set(YEAR.findall(found.text)) & own:
                yield _fault(f"{path}, {key}", found.text, text)


def texts_of(topic: Topic) -> dict[str, str]:
    """The texts of a topic that pages print, by their keys in topic.yml, but for definitions."""
    texts = {"title": topic.title, "summary": topic.summary, "as_of": topic.as_of}
    texts |= {f"indicators.{name}.label": one.label for name, one in topic.indicators.items()}
    return texts | {f"overview.{name}": label for name, label in topic.overview.items()}


def _declared_years(topic: Topic) -> set[str]:
    """The years that a topic's declarations hold besides its texts."""
    declared = topic.model_dump(include={"vintages", "constants"})
    said = [json.dumps(declared, default=str)]
    for indicator in topic.indicators.values():
        said.append(json.dumps([indicator.year, indicator.years, indicator.inputs], default=str))
    return set(YEAR.findall(" ".join(said)))


def _faults(where: str, text: str) -> Iterator[str]:
    plain = re.sub(r"[ \t]+", " ", text)
    for found in numerals(plain):
        if not NAME.match(found.text):
            yield _fault(where, found.text, sentence(plain, found.start, found.end))
    for fraction in FRACTION.finditer(plain):
        yield _fault(where, fraction[0], sentence(plain, *fraction.span()))


def _fault(where: str, numeral: str, around: str) -> str:
    what = f"the number “{numeral}” is typed in “{around}”."
    return str(ResearchError(what, where=where, instead=INSTEAD))
