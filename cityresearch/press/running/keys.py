"""The recipe of a topic: all that shapes every one of its briefs, part by part, so that a plan can say
which part changed. What shapes one brief alone (parameters, place, rows read) is in its row of the ledger."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.metadata
import json
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import cityresearch
from cityresearch.briefs import closure
from cityresearch.briefs.collection import Collection
from cityresearch.briefs.topic import Topic, load_topic, notebook_path
from cityresearch.project import Project, python_files

# These shape what any brief prints; what a notebook imports besides is added to them.
LIBRARIES = (
    *("altair", "ipykernel", "ipython", "nbclient", "nbformat"),
    *("numpy", "pandas", "papermill", "pyarrow"),
)
# What the press does with every brief while it runs and after; `whom` finds the names of cities that are
# kept of it. Modules of `ALONE` are taken without what they import, which is the whole press.
FINISHING = (
    *(f"cityresearch.press.running.{name}" for name in ("engine", "finish", "shell")),
    "cityresearch.press.whom",
)
ALONE = ("press/running/run.py", "press/running/whose.py")
PACKAGE = Path(cityresearch.__file__).parent
# How a reason names the parts that have many members; the others are named as they are.
KINDS = {"helpers": "helper", "libraries": "library", "declarations": "declaration"}
MAGIC = re.compile(r"^[%!](?!.*\bimport\b).*$", re.MULTILINE)
MAGICS = ("run_line_magic", "run_cell_magic")  # which IPython gives code as text


def make_recipe(project: Project, collection: Collection, name: str) -> dict[str, Any]:
    """The parts of a topic's recipe: plain values, and for `KINDS` a value for each member."""
    topic = load_topic(project, name)
    imported = sorted(_all_imports(project, name))
    return {
        "notebook": _source_hash(_notebook(project, name)),
        "topic.yml": _hash(project.notebooks / name / "topic.yml"),
        "helpers": _helpers([*imported, *_formulas(topic)]),
        "declarations": _declarations(project, topic),
        "libraries": _libraries(imported),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "edition": f"{collection.edition} {collection.date}",
    }


def recipe_hash(parts: Mapping[str, Any]) -> str:
    """The name of a recipe, by what is in it."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between two recipes, in the order of the new one: "notebook", "helper:
    methods/water.py", "library: altair 6.2.0 → 6.3.0"."""
    found: list[str] = []
    for part, now in new.items():
        before = old.get(part)
        if before == now:
            continue
        if part in KINDS:
            found += _members(KINDS[part], before or {}, now)
        else:
            found.append(part if part != "python" else f"python {before} → {now}")
    return found


def _members(kind: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            change = f" {before.get(name, 'none')} → {now.get(name, 'none')}"
            yield f"{kind}: {name}{change if kind == 'library' else ''}"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _notebook(project: Project, name: str) -> dict[str, Any]:
    return json.loads(notebook_path(project, name).read_bytes())  # type: ignore[no-any-return]


def _source_hash(notebook: Mapping[str, Any]) -> str:
    """Of cells, their tags and the kernel: executing a notebook in JupyterLab changes no brief."""
    cells = [
        [
            *(cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])),
            *([cell["attachments"]] if cell.get("attachments") else []),  # pictures in Markdown
        ]
        for cell in notebook["cells"]
    ]
    kernel = notebook["metadata"].get("kernelspec", {}).get("name")
    return hashlib.sha256(json.dumps([cells, kernel]).encode()).hexdigest()[:16]


def _all_imports(project: Project, name: str) -> set[str]:
    """What a topic's cells and the modules beside its notebook import, and what is imported by modules
    elsewhere in `notebooks/` that have a name among that."""
    cells = (cell for cell in _notebook(project, name)["cells"] if cell.get("cell_type") == "code")
    found = {each for cell in cells for each in _imports("".join(cell["source"]))}
    waiting = list(python_files(project.notebooks / name))
    others = set(python_files(project.notebooks)) - {*waiting}
    while True:
        found |= {each for path in waiting for each in _imports(path.read_bytes())}
        names = (each.split(".") for each in found)
        words = {word for parts in names if parts[0] != "cityresearch" for word in parts}
        waiting = [path for path in others if _module(path) in words]
        if not waiting:
            return found
        others -= {*waiting}


def _module(path: Path) -> str:
    return path.parent.name if path.stem == "__init__" else path.stem


def _imports(code: str | bytes) -> set[str]:
    """Every dotted name that a piece of code imports: `from a import b` may mean a module `a.b`."""
    found = set()
    try:
        nodes = list(ast.walk(_parsed(code)))
    except (SyntaxError, ValueError):  # lines that look like import statements are still read
        text = code.decode(errors="replace") if isinstance(code, bytes) else code
        return set(closure.imported("", text))
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in MAGICS:
            found |= _imports(str(getattr(node.args[-1], "value", ""))) if node.args else set()
    return found


def _parsed(code: str | bytes) -> ast.AST:
    """Bytes are a module's; what cells have besides Python is read as IPython reads it, which takes its
    time to load."""
    if isinstance(code, bytes):
        return ast.parse(code)
    try:
        return ast.parse(MAGIC.sub("", code))
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        manager = TransformerManager()  # type: ignore[no-untyped-call]
        return ast.parse(manager.transform_cell(code))


def _formulas(topic: Topic) -> Iterator[str]:
    for indicator in topic.indicators.values():
        if "." in indicator.formula:
            yield f"cityresearch.methods.{indicator.formula.split('.')[0]}"


def _helpers(names: Iterable[str]) -> dict[str, str]:
    """The modules of this package that a brief can reach, each with a hash."""
    reached = closure.modules_reached([*names, *FINISHING])
    alone = {path: _hash(PACKAGE / path) for path in ALONE}
    return {**{path: text[:16] for path, text in reached.items()}, **alone}


def _declarations(project: Project, topic: Topic) -> dict[str, str]:
    """The declarations of the pinned sources, and of the one that lists the topic's places."""
    from cityresearch.evidence import places

    tables = [*topic.vintages, places.geographies(project)[topic.geography]]
    names = sorted({table.partition(".")[0] for table in tables})
    return {f"data/{name}/source.yml": _hash(project.data / name / "source.yml") for name in names}


def _libraries(imported: Iterable[str]) -> dict[str, str]:
    tops = {name.partition(".")[0] for name in imported} - {
        "cityresearch",
        *sys.stdlib_module_names,
    }
    return {name: _version(name) for name in sorted({*LIBRARIES, *tops})}


@functools.cache
def _version(name: str) -> str:
    """The version of a library or of an importable module; empty for a module that is no library's."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        known = importlib.metadata.packages_distributions().get(name, [])
        return ", ".join(importlib.metadata.version(each) for each in sorted(set(known)))
