"""Strict declarations: a YAML file as a pydantic model, with the keys at fault in the message."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from cityresearch.errors import ResearchError
from cityresearch.evidence.texts import read_text
from cityresearch.project import Project

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
        raise ResearchError(f"this is not valid YAML: {error}", where=where) from None
    if not isinstance(content, dict):
        raise ResearchError("this file must hold keys and values.", where=where)
    try:
        return model.model_validate({**given, **content})
    except ValidationError as error:
        raise ResearchError("; ".join(map(_fault, error.errors())) + ".", where=where) from None


def _fault(fault: Any) -> str:
    keys = ".".join(str(part) for part in fault["loc"]) or "file"
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        message = "unknown key"
    if fault["type"] == "missing":
        message = "this key is missing"
    return f"{keys}: {message}"
