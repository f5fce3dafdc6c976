"""Which of the project's own files and folders the cells of a brief read by themselves, past `Brief`.

Python's audit events tell of them, so what C code opens by itself is not seen; Parquet files are.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cityresearch.press.running.stamps import PASSING, Stamp, names_hash, stamp_of

ROOMS = ("book", "data", "notebooks")
# Of the topic's own folder these are in its recipe already.
KNOWN = ("topic.yml", "brief.ipynb")
CACHED = "/__pycache__/"  # what Python compiled of modules, which are noted themselves
HOOK = "__path_hook__"  # what an editable install puts on the path of modules: it is no file
LISTINGS = ("os.listdir", "os.scandir")
# What a program or a fork reads is told to nobody: all that lies beside the notebook may be among it.
PROGRAMS = (
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"),
    *("os.fork", "os.forkpty"),
)
HEARD = frozenset(("open", "sqlite3.connect", *LISTINGS, *PROGRAMS))
IMPORTS = "<frozen importlib"  # the code that lists folders in search of modules
# What modules read when this process imported them: its forks, which import them no more, rest on it too.
_by_imports: dict[str, Stamp] = {}


class OpenedFiles:
    """Notes what this process reads below the project's rooms: files that it opens, folders that it
    lists, and once it starts a program all files in the folder where it began, the topic's."""

    def __init__(self, root: Path) -> None:
        self._rooms = tuple(f"{root}/{room}/" for room in ROOMS)
        self._root = root
        self._beside = str(Path.cwd())
        self._known = {f"{self._beside}/{name}" for name in KNOWN}
        self._seen = {
            path: stamp for path, stamp in _by_imports.items() if path.startswith(self._rooms)
        }
        self._written: set[str] = set()
        self._modules = len(sys.modules)
        self._listens = True

    def watch(self) -> None:
        """Begins to watch, for the rest of the process: an audit hook cannot be taken back."""
        _tell_of_parquet()
        sys.addaudithook(self._heard)

    @contextlib.contextmanager
    def during_imports(self) -> Iterator[None]:
        """What modules read while they are imported in the block is noted of every brief that this process
        is forked for."""
        self._listens = True
        try:
            yield
        finally:
            self._listens = False
            _by_imports.update(self._seen)

    def note_beside(self) -> None:
        """Notes all files of the topic's folder as read, and their names; once, since those that come
        later are made by the brief."""
        top, self._beside = self._beside, ""
        for folder, inner, names in os.walk(top if top.startswith(self._rooms) else ""):
            inner[:] = [name for name in inner if not name.startswith(PASSING)]
            for name in ("", *names):
                self._note(os.path.join(folder, name))  # noqa: PTH118

    def stamps(self) -> dict[str, Stamp]:
        """What was read, by its path from the project's root, sorted; folders end with a slash."""
        # Modules are in the order of their import. To look at the old ones would copy their memory.
        late = itertools.islice(reversed(sys.modules.values()), len(sys.modules) - self._modules)
        for module in list(late):
            self._note(str(getattr(module, "__file__", "")))
        start = len(f"{self._root}/")
        return {path[start:]: stamp for path, stamp in sorted(self._seen.items())}

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in HEARD or not self._listens:  # of a brief's hundreds of events all but a few
            return
        # What fails here would fail what the cells do.
        with contextlib.suppress(OSError, ValueError):
            if event == "open":
                self._opened(*arguments)
            elif event in LISTINGS and not _for_imports():
                self._note(_text(arguments[0] or ".") + "/")
            elif event == "sqlite3.connect":
                self._note(_text(arguments[0]).removeprefix("file:").partition("?")[0])
            elif event in PROGRAMS:
                self.note_beside()

    def _opened(self, path: Any, _: Any, flags: int) -> None:
        """A file that is only written, or emptied first, is not read, nor is what was written there."""
        if flags & (os.O_TRUNC | os.O_EXCL):
            self._written.add(os.path.abspath(_text(path)))  # noqa: PTH100
        elif not flags & os.O_WRONLY:
            self._note(_text(path))

    def _note(self, text: str) -> None:
        if not text or text.startswith(":memory:"):
            return
        # A relative path is from the topic's folder, where cells run. Links stay links.
        path = os.path.abspath(text) + "/" * text.endswith("/")  # noqa: PTH100
        if not path.startswith(self._rooms) or CACHED in path or HOOK in path:
            return
        if path in self._known or path in self._seen or path in self._written:
            return
        self._seen[path] = None  # before it is listed, which is an event like others
        self._seen[path] = names_hash(path) if path.endswith("/") else stamp_of(path)


@functools.cache
def listener(root: Path) -> OpenedFiles:
    """The one of this process that listens while it imports modules: see `during_imports`."""
    made = OpenedFiles(root)
    made.watch()
    return made


@functools.cache
def _tell_of_parquet() -> None:
    from pyarrow import (
        parquet,  # here it is loaded; where papermill only loads our engine, it is not
    )

    for kind in (parquet.ParquetDataset, parquet.ParquetFile):
        kind.__init__ = _telling(kind.__init__)


def _telling(begin: Callable[..., None]) -> Callable[..., None]:
    """Arrow opens Parquet files in C++ (pandas asks it to): here they are told of as Python's are."""

    @functools.wraps(begin)
    def tell_and_begin(self: Any, source: Any, *rest: Any, **more: Any) -> None:
        for path in source if isinstance(source, list) else [source]:
            if isinstance(path, (str, os.PathLike)):
                files = Path(path).rglob("*") if os.path.isdir(path) else [path]  # noqa: PTH112
                for each in files:
                    sys.audit("open", each, "rb", os.O_RDONLY)
        begin(self, source, *rest, **more)

    return tell_and_begin


def _for_imports() -> bool:
    return sys._getframe(2).f_code.co_filename.startswith(IMPORTS)


def _text(path: Any) -> str:
    """A path as text; a file's number becomes one that is no path of ours."""
    return "" if isinstance(path, int) else os.fsdecode(path)
