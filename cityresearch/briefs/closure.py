"""Which modules of this package a module reaches, by its import statements, and a hash of each.

A change of a module then makes anew only what was made with it.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import cityresearch

PACKAGE = "cityresearch"
ROOT = Path(cityresearch.__file__).parent
# "from a import b, c" with members on this line or in brackets (with remarks), or "import a, b".
IMPORT = re.compile(
    r"(?:^|[;:])[ \t]*(?:from[ \t]*(\.[\w.]*|(?<=[ \t])[\w.]+)[ \t]+import[ \t]*"
    r"(\((?:[^)#]|#[^\n]*)*\)|(?<=[ \t])[^\n#;]+)|import[ \t]+([^\n#;]+))",
    re.MULTILINE,
)
NAME = re.compile(r"[\w.]+")
REMARK = re.compile(r"#[^\n]*")
CONTINUED = re.compile(r"\\\r?\n")  # a line that ends with a backslash


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
    names = imported(path, content.decode(errors="replace"))
    files = dict.fromkeys(file for name in names for file in _files(name))
    return hashlib.sha256(content).hexdigest(), tuple(files)


def imported(path: str, text: str) -> Iterator[str]:
    """Every dotted name that may be imported, by the lines that look like import statements: a plan
    reads all modules, and Python's own parser takes twenty times as long."""
    whole = CONTINUED.sub(" ", text) if "\\" in text else text
    for module, members, modules in IMPORT.findall(whole):
        start = _start(path, module)
        yield from (f"{start}.{member}" for member in NAME.findall(REMARK.sub("", members)))
        yield from NAME.findall(modules)


def _start(path: str, module: str) -> str:
    """The module that a from-import names, where it is relative by the folder of the file."""
    name = module.lstrip(".")
    level = len(module) - len(name)
    if not level:
        return name
    parts = [PACKAGE, *Path(path).parent.parts]
    return ".".join([*parts[: len(parts) - level + 1], *filter(None, [name])])


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
