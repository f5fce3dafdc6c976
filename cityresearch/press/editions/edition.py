"""An edition as it is compared: one that is kept on the shelf, or the working build as it stands."""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cityresearch.briefs.collection import Collection
from cityresearch.evidence.places import Place
from cityresearch.evidence.sources import list_sources
from cityresearch.press.editions import inputs, listing, record, visible
from cityresearch.press.editions.listing import Listing, inside
from cityresearch.press.editions.manifest import Manifest, read_manifest, shelf_of
from cityresearch.press.editions.shelf import Shelf
from cityresearch.press.editions.visible import seen_hash, text_of
from cityresearch.press.files import write_whole
from cityresearch.press.manuscripts import manuscript_files
from cityresearch.project import Project

WORKING = "the working build"


@dataclass(frozen=True)
class Brief:
    """Whose brief it is, and the hash of what readers see of it."""

    topic: str
    place: str
    slug: str
    seen: str


class Edition(Protocol):
    """What two editions are compared by. Briefs go by their addresses, as `wi/madison/transit`; libraries
    are versions by name."""

    name: str
    date: str
    briefs: Mapping[str, Brief]
    vintages: Mapping[str, str]
    libraries: Mapping[str, str]

    def facts(self, stem: str) -> dict[str, Any]: ...

    def text(self, stem: str) -> str: ...

    def hashes(self) -> Mapping[str, str]: ...

    def read(self, name: str) -> bytes: ...

    def lay_out(self, folder: Path, names: Iterable[str]) -> None: ...


class KeptEdition:
    """An edition that was published; `vintages` are those of its data tables by their addresses.

    Raises:
        ResearchError: no such edition, a changed manifest, or a shelf that lacks or has damaged files.
    """

    def __init__(self, manifest: Manifest, shelf: Shelf) -> None:
        self.manifest, self._shelf = manifest, shelf
        self.name, self.date = manifest.name, manifest.date
        self.briefs: Mapping[str, Brief] = {
            stem: Brief(one.topic, one.place, one.slug, one.seen)
            for stem, one in manifest.briefs.items()
        }
        self.vintages: Mapping[str, str] = {
            table: one.vintage for table, one in manifest.data.items()
        }
        self.libraries: Mapping[str, str] = {**manifest.libraries, "Python": manifest.python}

    @functools.cached_property
    def listing(self) -> Listing:
        return listing.read(self._shelf.get(self.manifest.files.listing))

    def facts(self, stem: str) -> dict[str, Any]:
        return json.loads(self._content(f"html/{stem}.json"))  # type: ignore[no-any-return]

    def text(self, stem: str) -> str:
        return self._content(f"texts/{stem}.txt").decode()

    def hashes(self) -> dict[str, str]:
        """SHA-256 of each input."""
        files = self.listing.items()
        return {n.removeprefix("inputs/"): f.sha256 for n, f in files if n.startswith("inputs/")}

    def read(self, name: str) -> bytes:
        """The content of one input."""
        return self._content(f"inputs/{name}")

    def lay_out(self, folder: Path, names: Iterable[str]) -> None:
        """Writes inputs into a folder."""
        for name in names:
            write_whole(inside(folder, name), self.read(name))

    def restore(self, folder: Path) -> int:
        """Writes the pages, with all that readers may fetch, into a folder; how many files."""
        return listing.lay_out(self._shelf, self.listing, "html/", folder)

    def verify(self) -> int:
        """Reads everything that the edition holds; how many files.

        Raises:
            ResearchError: the first file that the shelf lacks or has damaged.
        """
        for name in self.listing:
            self._content(name)
        return len(self.listing)

    def _content(self, name: str) -> bytes:
        return listing.content(self._shelf, self.listing, name)


class WorkingEdition:
    """The briefs that are up to date in the build folder, with the inputs of now.

    Args:
        wanted: those briefs, as (topic, place).
        file: of the collection, where it is not the project's own.
    """

    def __init__(
        self,
        project: Project,
        collection: Collection,
        wanted: Iterable[tuple[str, Place]],
        file: Path | None = None,
    ) -> None:
        self.name, self.date = WORKING, collection.date
        self._project, self._collection, self._file = project, collection, file
        self.wanted = {f"{place.path}/{topic}": (topic, place) for topic, place in wanted}
        seen = Seen(project, collection.date)
        self.briefs: Mapping[str, Brief] = {
            stem: Brief(topic, place.full_name, place.slug, seen.of(topic, place))
            for stem, (topic, place) in self.wanted.items()
        }
        seen.keep()
        self.vintages: Mapping[str, str] = {
            f"{name}.{table}": declared.vintage
            for name, source in list_sources(project).items()
            for table, declared in source.tables.items()
        }
        self.libraries: Mapping[str, str] = {
            **record.libraries(),
            "Python": platform.python_version(),
        }

    def facts(self, stem: str) -> dict[str, Any]:
        path = manuscript_files(self._project, *self.wanted[stem])[1]
        return json.loads(path.read_bytes())  # type: ignore[no-any-return]

    def text(self, stem: str) -> str:
        notebook = manuscript_files(self._project, *self.wanted[stem])[0]
        return text_of(json.loads(notebook.read_bytes()), self.date)

    @functools.cached_property
    def files(self) -> dict[str, Path]:
        """The inputs by their paths."""
        return inputs.input_files(self._project, self._collection, self._file)

    def hashes(self) -> dict[str, str]:
        """SHA-256 of each input."""
        return {n: hashlib.sha256(path.read_bytes()).hexdigest() for n, path in self.files.items()}

    def read(self, name: str) -> bytes:
        """The content of one input."""
        return self.files[name].read_bytes()

    def lay_out(self, folder: Path, names: Iterable[str]) -> None:
        """Copies inputs into a folder."""
        for name in names:
            target = inside(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.files[name], target)


def kept_edition(project: Project, collection: Collection, name: str) -> KeptEdition:
    """A published edition by its name.

    Raises:
        ResearchError: no such edition, or its manifest was changed.
    """
    return KeptEdition(read_manifest(project, name), shelf_of(project, collection))


class Seen:
    """The hashes of what readers see of the working briefs, remembered by the state of their files.

    Args:
        date: of the edition, which its briefs may tell.
    """

    def __init__(self, project: Project, date: str) -> None:
        self._project, self._file = project, project.build / "cache" / "seen.json"
        self._date = date
        how = hashlib.sha256(Path(visible.__file__).read_bytes() + date.encode())
        self._how = how.hexdigest()[:16]
        self._known: dict[str, list[str]] = {}
        try:
            self._known = json.loads(self._file.read_bytes())
        except (OSError, ValueError):  # absent or cut short: read anew
            self._known = {}
        self._found: dict[str, list[str]] = {}

    def of(self, topic: str, place: Place) -> str:
        """The hash of one brief, which has been run."""
        paths = manuscript_files(self._project, topic, place)
        files = (f"{s.st_ino}.{s.st_size}.{s.st_mtime_ns}" for s in map(Path.stat, paths))
        state = " ".join((self._how, *files))
        stem = f"{place.path}/{topic}"
        known = self._known.get(stem)
        if not (known and known[0] == state):
            notebook, facts = (json.loads(path.read_bytes()) for path in paths)
            known = [state, seen_hash(text_of(notebook, self._date), facts)]
        self._found[stem] = known
        return known[1]

    def keep(self) -> None:
        """Remembers them for the next time."""
        every = {**self._known, **self._found}
        if every != self._known:
            write_whole(self._file, json.dumps(every).encode())
