"""Strict declarations: a YAML file as a pydantic model, with the keys at fault in the message."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.texts import read_text
from cityresearch.project import Project

WRONG_KINDS = ("list_type", "dict_type", "model_type", "int_type", "float_type", "bool_type")
Declared = TypeVar("Declared", bound=BaseModel)


class Declaration(BaseModel):
    """What every part of a declaration obeys: unknown and missing keys are refused, nothing is
    converted from one type to another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Loader(yaml.CSafeLoader):
    """YAML in which dates stay text and a key written twice is a mistake."""

    yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in rules if not tag.endswith("timestamp")]
        for letter, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key '{key.value}' is written twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_declaration(model: type[Declared], path: Path, project: Project, **given: Any) -> Declared:
    """One YAML file as a model; `given` are keys that the file itself doesn't carry.

    Raises:
        ResearchError: missing file, no YAML, not in UTF-8, an unknown, missing or wrongly typed key.
    """
    where = project.relative(path)
    if not path.is_file():
        raise ResearchError("this file doesn't exist.", where=where)
    try:
        content = yaml.load(read_text(path, where), Loader=_Loader)
    except yaml.YAMLError as error:
        raise _no_yaml(error, where) from None
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
