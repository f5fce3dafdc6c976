"""Whether a PDF is still what its inputs would give: told by a look at files, not by reading them.

A mark beside the PDF holds two keys. The quick one names the state of each file (inode, size, time) and
everything else that shapes PDFs: code, templates, sources, collection. Where it still holds, the PDF is
fresh. Where it doesn't, the sheet is made and its own key decides, so that a copied folder, or a change
of code that leaves a brief's sheet alone, costs no typesetting.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from cityresearch.briefs.collection import Collection
from cityresearch.press import drawings
from cityresearch.press.files import state_of, write_whole
from cityresearch.press.paper import typesetting
from cityresearch.project import Project

PACKAGE = Path(__file__).parents[2]
LIBRARIES = (*typesetting.PACKAGES, *drawings.PACKAGES, "markdown-it-py")


def shared_key(project: Project, collection: Collection) -> str:
    """A hash of what shapes every PDF besides its own brief."""
    versions = " ".join(map(importlib.metadata.version, LIBRARIES))
    digest = hashlib.sha256(f"{collection.model_dump_json()} {versions}".encode())
    code = (path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".typ"))
    for path in (*sorted(code), *sorted(project.data.glob("*/source.yml"))):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def mark_file(project: Project, pdf: Path) -> Path:
    """Where it is noted what a PDF was made from."""
    return project.build / "cache" / pdf.relative_to(project.build).with_suffix(".key")


def state(inputs: Iterable[Path], shared: str) -> str:
    """A hash of the state of these files, and of `shared`, which comes from `shared_key`."""
    return hashlib.sha256(f"{shared} {' '.join(map(state_of, inputs))}".encode()).hexdigest()


class Mark:
    """What was noted when a PDF was made."""

    def __init__(self, file: Path, pdf: Path, inputs: Iterable[Path], shared: str) -> None:
        """`inputs` are the files of the brief or briefs, `shared` comes from `shared_key`."""
        self._file, self._pdf, self._shared = file, pdf, shared
        # Looked at before they are read: what changes meanwhile makes the PDF stale.
        self._inputs = " ".join(map(state_of, inputs))

    def holds(self) -> bool:
        """Whether nothing at all has changed since."""
        noted = self._noted()
        return bool(noted) and noted.get("quick") == self._quick()

    def is_of(self, paper_key: str) -> bool:
        """Whether the PDF was made from this paper, and is still the file that was made."""
        noted = self._noted()
        return noted.get("paper") == paper_key and noted.get("pdf") == _hash_of(self._pdf)

    def make(self, paper_key: str, make: Callable[[], bytes]) -> None:
        """Makes the PDF unless it was made from this paper, and notes it.

        Without its mark a PDF counts as stale: a run killed between the two writes makes it again.
        """
        if not self.is_of(paper_key):
            self._file.unlink(missing_ok=True)
            write_whole(self._pdf, make())
        noted = {"paper": paper_key, "pdf": _hash_of(self._pdf), "quick": self._quick()}
        write_whole(self._file, json.dumps(noted).encode())

    def _noted(self) -> dict[str, str]:
        try:
            noted = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def _quick(self) -> str:
        states = f"{self._shared} {self._inputs} {state_of(self._pdf)}"
        return hashlib.sha256(states.encode()).hexdigest()


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
