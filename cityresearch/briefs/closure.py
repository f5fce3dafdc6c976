"""Which modules of this package a module reaches, by its import statements, and a hash of each.

A change of a module then makes anew only what was made with it.
"""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import cityresearch

PACKAGE = "cityresearch"
ROOT = Path(cityresearch.__file__).parent


def modules_reached(names: Iterable[str]) -> dict[str, str]:
    """The modules that are loaded, now or when a function runs, with those of these names.

    Import statements of a module and of its functions count, and so do the packages that a module
    lies in. Names that are no module of this package are passed over.

    Args:
        names: as in `cityresearch.briefs.views`.

    Returns:
        SHA-256 of each file by its path inside the package, as in `briefs/views.py`.
    """
    found: dict[str, str] = {}
    waiting = [path for name in names for path in _files(name)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path], imported = _read(path)
            waiting += imported
    return dict(sorted(found.items()))


@functools.cache
def _read(path: str) -> tuple[str, tuple[str, ...]]:
    """The hash of a file, and the files that its import statements name."""
    content = (ROOT / path).read_bytes()
    names: list[str] = []
    for node in _statements(ast.parse(content)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = _start(path, node)
            names += [f"{start}.{alias.name}" for alias in node.names]
    files = dict.fromkeys(file for name in names for file in _files(name))
    return hashlib.sha256(content).hexdigest(), tuple(files)


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module and of its blocks; no import is in an expression."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(tree, name, []):
            yield node
            yield from _statements(node)


def _start(path: str, node: ast.ImportFrom) -> str:
    """The module that a from-import names, where it is relative by the folder of the file."""
    if not node.level:
        return node.module or ""
    parts = [PACKAGE, *Path(path).parent.parts]
    return ".".join(
        [*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])]
    )


def _files(name: str) -> list[str]:
    """The file of a module and of each package above it; of an attribute those of its module."""
    package, *parts = name.split(".")
    if package != PACKAGE:
        return []
    found = ["__init__.py"]
    for depth in range(1, len(parts) + 1):
        inside = "/".join(parts[:depth])
        found += [file for file in (f"{inside}.py", f"{inside}/__init__.py") if _exists(file)]
    return found


@functools.cache
def _exists(path: str) -> bool:
    return (ROOT / path).is_file()
