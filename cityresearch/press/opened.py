"""Which of the project's own files the cells of a brief read by themselves, past `Brief`."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import Any

from cityresearch.project import Project

ROOMS = ("book", "data", "notebooks")
# These are in every key already: what declares and what is run, read by the machinery itself.
KNOWN = ("source.yml", "topic.yml", "collection.yml", ".ipynb", ".pyc")
HOOK = "__path_hook__"  # what an editable install puts on the path of modules: it is no file


def files_beside(project: Project, topic: str) -> list[str]:
    """The files in a topic's folder that no key holds already, from the project's root."""
    found = (project.notebooks / topic).rglob("*")
    names = (path.relative_to(project.root).as_posix() for path in found if path.is_file())
    return sorted(name for name in names if not name.endswith(KNOWN))


class OpenedFiles:
    """Notes each file below the project's rooms that this process opens, by Python's audit events."""

    def __init__(self, root: Path) -> None:
        self._rooms = tuple(f"{root}/{room}/" for room in ROOMS)
        self._root = root
        self._seen: set[str] = set()
        self._modules = len(sys.modules)

    def watch(self) -> None:
        """Begins to watch, for the rest of the process: an audit hook cannot be taken back."""
        sys.addaudithook(self._note)

    def paths(self) -> list[str]:
        """Paths from the project's root: files that were opened, and modules imported from there."""
        # Modules are in the order of their import. To look at the old ones would copy their memory.
        late = itertools.islice(reversed(sys.modules.values()), len(sys.modules) - self._modules)
        modules = {str(getattr(module, "__file__", "")) for module in late}
        return sorted(
            Path(path).relative_to(self._root).as_posix()
            for path in self._seen | modules
            if self._is_ours(path)
        )

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
            path = os.fspath(arguments[0])
            # A relative path is from the topic's folder, where cells run.
            self._seen.add(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100  links stay links

    def _is_ours(self, path: str) -> bool:
        return path.startswith(self._rooms) and not path.endswith(KNOWN) and HOOK not in path
