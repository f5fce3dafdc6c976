"""What the press made of a brief, remembered by a hash of all that it was made from.

Among thousands of briefs few change from one build to the next; for the others one look at their files
must do. What is remembered lies in `_build/cache` and is never needed: without it, things are made again.
"""

from __future__ import annotations

import functools
import hashlib
import pickle
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cityresearch
from cityresearch.briefs.collection import Collection
from cityresearch.evidence.places import Place
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import manuscript_files
from cityresearch.project import Project

PACKAGE = Path(cityresearch.__file__).parent
SHAPING = {".py", ".html", ".typ"}  # files of this package that shape what is made
LIBRARIES = ("fonttools", "jinja2", "markdown-it-py", "typst", "vl-convert-python")


def source_key(
    project: Project, collection: Collection, briefs: Sequence[tuple[str, Place]]
) -> str:
    """A hash of what some executed briefs, and all that the press may read for them, hold now.

    Raises:
        FileNotFoundError: one of them was not run.
    """
    digest = hashlib.sha256(_shared(project, collection.model_dump_json()).encode())
    for topic, place in briefs:
        digest.update(f"\0{topic} {place!r}\0".encode())
        for path in manuscript_files(project, topic, place):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.lru_cache(maxsize=4)
def _shared(project: Project, collection: str) -> str:
    """What shapes all briefs: this package, libraries, the collection, declarations and data."""
    digest = hashlib.sha256(collection.encode())
    digest.update(" ".join(map(version, LIBRARIES)).encode())
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in SHAPING):
        digest.update(f"{path.relative_to(PACKAGE)}\0".encode() + path.read_bytes())
    for path in sorted(project.notebooks.glob("*/topic.yml")):
        digest.update(f"{path.parent.name}\0".encode() + path.read_bytes())
    for path in sorted(path for path in project.data.rglob("*") if path.is_file()):
        about = path.stat()  # tables are large: their size and time tell enough
        said = f"{path.relative_to(project.data)}\0{about.st_size} {about.st_mtime_ns}\0"
        digest.update(said.encode())
    return digest.hexdigest()


def recall(note: Path, key: str) -> Any:
    """What was remembered in the file `note` under this very key, or None."""
    try:
        found, made = pickle.loads(note.read_bytes())
    except Exception:  # absent, cut short, or of an older cityresearch: made again
        return None
    return made if found == key else None


def remember(note: Path, key: str, made: Any) -> None:
    """Remembers it for the next build."""
    write_whole(note, pickle.dumps((key, made)))
