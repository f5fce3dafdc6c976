"""Strict declarations: a YAML file as a pydantic model, with the keys at fault in the message."""

from __future__ import annotations

import contextlib
import datetime
import re
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.texts import read_text, unseen
from cityresearch.project import Project

DEEPEST = 32  # levels of lists and keys
MOST_PARTS = 100_000  # texts, numbers, lists and keys
WRONG_KINDS = ("list_type", "dict_type", "model_type", "int_type", "float_type", "bool_type")
Declared = TypeVar("Declared", bound=BaseModel)


def _is_a_day(text: str) -> str:
    with contextlib.suppress(ValueError):  # which says the same in other words
        if datetime.date.fromisoformat(text).isoformat() == text:
            return text
    raise ValueError(f"'{text}' is no date. Write it as in 2026-11-22")


Day = Annotated[str, AfterValidator(_is_a_day)]  # of the calendar, written 2026-11-22


def written(pattern: str, wrong: str) -> AfterValidator:
    """A text of this pattern; `wrong` says what another one is not, and what to write."""

    def checked(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"'{text}' is {wrong}")
        return text

    return AfterValidator(checked)


class Declaration(BaseModel):
    """What every part of a declaration obeys: unknown and missing keys are refused, nothing is
    converted from one type to another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class _Loader(yaml.CSafeLoader):
    """YAML in which dates stay text and a key written twice is a mistake."""

    yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in rules if not tag.endswith("timestamp")]
        for letter, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                problem = "a key must be a text"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            if key.value in seen:
                problem = f"the key '{key.value}' is written twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_yaml(text: str, where: str) -> Any:
    """What a YAML text says: plain values alone, nested no deeper than `DEEPEST`.

    Raises:
        ResearchError: no YAML, or more than plain values: tags, endless aliases, signs that nobody
            sees, numbers that no program holds.
    """
    try:
        _bound(text)
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _no_yaml(error, where) from None
    except ValueError as error:  # a number of thousands of digits
        raise ResearchError(f"this is not valid YAML: {error}.", where=where) from None


def _bound(text: str) -> None:
    """Looks at the parts of the text before anything is built of them: a few bytes can nest so deep that
    the process dies, or, by aliases of aliases, stand for more than a memory holds.

    Raises:
        yaml.YAMLError: the first part that is more than a declaration needs.
    """
    open_: list[
        tuple[str | None, int]
    ] = []  # anchors of lists and keys, with the parts before them
    sizes: dict[str, int] = {}  # parts for which an alias stands
    count = 0
    for part in yaml.parse(text, Loader=yaml.CSafeLoader):
        anchor = getattr(part, "anchor", None)
        if isinstance(part, yaml.AliasEvent):
            count += sizes.get(str(anchor), MOST_PARTS)  # one that is still open would hold itself
        elif isinstance(part, yaml.CollectionEndEvent):
            named, before = open_.pop()
            sizes |= {named: count - before} if named else {}
        elif isinstance(part, yaml.NodeEvent):
            count += 1
            if isinstance(part, yaml.CollectionStartEvent):
                open_.append((anchor, count - 1))
            else:
                sizes |= {anchor: 1} if anchor else {}
        if problem := _too_much(part, len(open_), count):
            raise yaml.MarkedYAMLError(None, None, problem, part.start_mark)  # type: ignore[arg-type]


def _too_much(part: Any, depth: int, count: int) -> str:
    if depth > DEEPEST:
        return f"it is nested deeper than {DEEPEST} levels"
    if count >= MOST_PARTS:
        return f"with all its aliases it has more than {MOST_PARTS:,} parts"
    if getattr(part, "tag", None) is not None:
        return f"the tag '{part.tag}' is not read; write plain text, numbers and lists"
    if isinstance(part, yaml.ScalarEvent) and (code := unseen(part.value)):
        return f"it holds {code}, a sign that nobody sees"
    return ""


def read_declaration(model: type[Declared], path: Path, project: Project, **given: Any) -> Declared:
    """One YAML file as a model; `given` are keys that the file itself doesn't carry.

    Raises:
        ResearchError: missing file, no YAML, not in UTF-8, an unknown, missing or wrongly typed key.
    """
    where = project.relative(path)
    if not path.is_file():
        is_folder = path.is_dir()
        what = "this is a folder, not a file." if is_folder else "this file doesn't exist."
        raise ResearchError(what, where=where)
    content = load_yaml(read_text(path, where), where)
    if not isinstance(content, dict):
        raise ResearchError("this file must hold keys and values.", where=where)
    if twice := given.keys() & content.keys():
        raise ResearchError(
            f"{min(twice)}: the place of the file says this.", where=where, instead="Leave it out."
        )
    try:
        return model.model_validate({**given, **content})
    except ValidationError as error:
        raise refusal([told(fault, model, given) for fault in error.errors()], where) from None


def _no_yaml(error: yaml.YAMLError, where: str) -> ResearchError:
    mark = getattr(error, "problem_mark", None)
    at = f"{where}, line {mark.line + 1}, column {mark.column + 1}" if mark else where
    what = getattr(error, "problem", None) or str(error)
    return ResearchError(f"this is not valid YAML: {what}.", where=at)


def refusal(faults: Iterable[str], where: str) -> ResearchError:
    """One error that tells all faults of a declaration."""
    text = "; ".join(fault.rstrip(".") for fault in faults)
    return ResearchError(text if text.endswith("?") else f"{text}.", where=where)


def told(fault: Any, model: type[BaseModel], given: Iterable[str] = ()) -> str:
    """A fault that pydantic found, as key, what is wrong and what to write instead."""
    keys = ".".join(str(part) for part in _keys(fault["loc"]))
    return f"{keys}: {wrong(fault, model, given)}" if keys else wrong(fault, model)


def wrong(fault: Any, model: type[BaseModel], apart: Iterable[str] = ()) -> str:
    """What is wrong with a key, and what to write instead; keys `apart` are not offered."""
    *path, key = _keys(fault["loc"]) or [""]
    kind, value = fault["type"], fault["input"]
    if kind == "extra_forbidden":
        known = [name for name in _fields(model, path) if name not in apart]
        return f"unknown key. {did_you_mean(str(key), known) or 'Keys are: ' + ', '.join(known)}"
    if kind == "missing":
        form = _form(_annotation(model, [*path, key]))
        return f"this key is missing. Add '{key}:' and {form}"
    if kind == "string_type":
        several = isinstance(value, list | dict)
        return f"this must be a text{', not a list' if several else '. Write it in quotes'}"
    if kind == "string_too_short" and not value.strip():
        return "this text is empty. Write one"
    if kind in WRONG_KINDS:
        return f"this must be {_form(_annotation(model, [*path, key]))}"
    return str(fault["msg"]).removeprefix("Value error, ").replace("Input should", "this should")


def _keys(path: Iterable[str | int]) -> list[str | int]:
    """A path without what pydantic adds to it: which member of a union it tried."""
    return [part for part in path if not re.search(r"[\[\](){}]", str(part))]


def _annotation(model: type[BaseModel], path: Iterable[str | int]) -> Any:
    """What a path of keys leads to in a declaration: a model, a list, a type."""
    found: Any = model
    for part in path:
        if _is_model(found):
            found = found.model_fields[str(part)].annotation
        else:
            found = next(iter(get_args(found)[-1:]), Any)
        if get_origin(found) in (types.UnionType, Union, Annotated):
            found = get_args(found)[0]
    return found


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _fields(model: type[BaseModel], path: Iterable[str | int]) -> list[str]:
    found = _annotation(model, path)
    return list(found.model_fields) if _is_model(found) else []


def _form(kind: Any) -> str:
    """How a value of this kind is written."""
    if get_origin(kind) is list:
        return "a list: one entry a line, each after '- '"
    if get_origin(kind) is dict or _is_model(kind):
        return "keys with values, one a line and indented"
    return {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, "a text")
