"""A topic's parameters, checked before anything runs: what its notebook sets, declares and is given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cityresearch.briefs.topic import Parameter, Topic, notebook_path
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.press.files import write_whole
from cityresearch.project import Project

TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
}

SAVE = "Open it in JupyterLab and save it, or take it from git again."


def check_parameters(
    project: Project, topic: Topic, given: Mapping[str, str]
) -> dict[str, int | float | str | bool]:
    """The parameters of every brief of a topic: the declared defaults, changed as given.

    Raises:
        ResearchError: the notebook lacks the tag or a parameter, or a value does not fit.
    """
    where = f"notebooks/{topic.name}/brief.ipynb"
    declared = {topic.geography, *topic.parameters}
    found = notebook_parameters(project, topic.name)
    for name in sorted(found - declared):
        hint = (
            did_you_mean(name, declared)
            or f"Declare it under 'parameters' in notebooks/{topic.name}/topic.yml."
        )
        raise ResearchError(
            f"the parameters cell sets '{name}', which is not declared.", where=where, instead=hint
        )
    for name in sorted(declared - found):
        raise ResearchError(
            f"the cell tagged 'parameters' does not set '{name}'.",
            where=where,
            instead=f"Add a line: {name} = …",
        )
    for name in given:
        if name not in topic.parameters:
            hint = (
                did_you_mean(name, topic.parameters)
                or f"It has: {', '.join(topic.parameters) or 'none'}."
            )
            raise ResearchError(
                f"topic {topic.name} has no parameter '{name}'.", where="--parameter", instead=hint
            )
    return {
        name: _value(name, parameter, given.get(name, parameter.default))
        for name, parameter in topic.parameters.items()
    }


def notebook_parameters(project: Project, name: str) -> set[str]:
    """Names that the notebook's cell tagged `parameters` sets, as papermill reads them.

    Kept by the notebook's bytes: papermill takes longer to load than a whole plan may.

    Raises:
        ResearchError: no cell has the tag.
    """
    kept = kept_parameters(project, name)
    if not kept.is_file():
        write_whole(kept, json.dumps(sorted(_inspected(project, name))).encode())
    return set(json.loads(kept.read_bytes()))


def kept_parameters(project: Project, name: str) -> Path:
    """Where the names are kept once papermill has read them."""
    content = notebook_path(project, name).read_bytes()
    return project.build / "checked" / f"parameters-{hashlib.sha256(content).hexdigest()}.json"


def read_notebook(project: Project, name: str) -> Any:
    """The topic's notebook (nbformat 4), fit to be run.

    Raises:
        ResearchError: it is no notebook, or doesn't say which kernel runs it.
    """
    import nbformat

    path = notebook_path(project, name)
    where = project.relative(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ResearchError(
            f"this is not a notebook: it is no JSON ({error}).", where=where, instead=SAVE
        ) from None
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise ResearchError("this is not a notebook of format 4.", where=where, instead=SAVE)
    try:
        nbformat.validate(content)
    except nbformat.ValidationError as error:
        raise ResearchError(
            f"this is not a whole notebook: {error.message}.", where=where, instead=SAVE
        ) from None
    notebook = nbformat.from_dict(content)
    kernel, told = (
        notebook.metadata.get("kernelspec", {}),
        notebook.metadata.get("language_info", {}),
    )
    if not kernel.get("name") or not (told.get("name") or kernel.get("language")):
        raise ResearchError(
            "the notebook doesn't say which kernel runs it.",
            where=f"{where}, metadata.kernelspec",
            instead="Open it in JupyterLab, choose the kernel python3 and save it.",
        )
    return notebook


def _inspected(project: Project, name: str) -> set[str]:
    from papermill import inspect_notebook
    from papermill.exceptions import PapermillException

    path = notebook_path(project, name)
    cells = read_notebook(project, name).cells
    if not any("parameters" in cell.metadata.get("tags", []) for cell in cells):
        raise ResearchError(
            "no cell has the tag 'parameters', so every place would get the same brief.",
            where=project.relative(path),
            instead="Tag the cell that sets the city with 'parameters'.",
        )
    try:
        return set(inspect_notebook(str(path)))
    except PapermillException:
        raise ResearchError(
            "papermill can't set parameters in the language of this notebook.",
            where=f"{project.relative(path)}, metadata.kernelspec",
            instead="Open it in JupyterLab, choose the kernel python3 and save it.",
        ) from None


def _value(
    name: str, declared: Parameter, given: int | float | str | bool
) -> int | float | str | bool:
    value: Any = given
    if isinstance(given, str) and declared.type in ("integer", "number", "boolean"):
        try:
            value = json.loads(given)
        except ValueError:
            value = given
    fits = isinstance(value, TYPES[declared.type]) and (
        isinstance(value, bool) == (declared.type == "boolean")
    )
    low = declared.minimum if declared.minimum is not None else float("-inf")
    high = declared.maximum if declared.maximum is not None else float("inf")
    if fits and declared.type in ("integer", "number"):
        fits = low <= value <= high
    if not fits or (declared.enum and value not in declared.enum):
        limits = f" from {low:g} to {high:g}" if declared.minimum is not None else ""
        raise ResearchError(
            f"parameter {name} = {given!r} does not fit.",
            where="--parameter",
            instead=f"Write a value of type {declared.type}{limits}: {declared.description}.",
        )
    return value  # type: ignore[no-any-return]
