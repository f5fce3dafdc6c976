"""Tables: a file of `data/` read by its declaration and checked before anyone sees a row.

A plan asks for fingerprints only, so pandas is loaded by what opens a table, not by this module.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.corrected import FILE, Corrected, applied, parts_of, taken
from cityresearch.evidence.sources import Table, load_source
from cityresearch.project import Project

if TYPE_CHECKING:
    import pandas as pd


def declaration(project: Project, address: str) -> Table:
    """The declaration of `source.table`.

    Raises:
        ResearchError: not an address, no such source or table.
    """
    name, _, table = address.partition(".")
    source = load_source(project, name)
    if table not in source.tables:
        hint = did_you_mean(table, source.tables) or f"It has: {', '.join(source.tables)}."
        where = f"data/{name}/source.yml"
        raise ResearchError(f"the source has no table '{table}'.", where=where, instead=hint)
    return source.tables[table]


def file_of(project: Project, address: str) -> Path:
    """Where the table's file lies."""
    table = declaration(project, address)
    return project.data / address.partition(".")[0] / table.file


def load(project: Project, address: str) -> pd.DataFrame:
    """The rows of `source.table`, with exactly the declared columns, corrected (see `corrections`) and
    checked; cached per process.

    Text and dates are pandas `str`, integers `int64` or `Int64`, numbers `float64`, flags `bool` or
    `boolean`. The frame is shared by all callers: copy before changing it.

    Raises:
        ResearchError: a missing file or column, or a value that breaks the declaration; the message
            names file, column, row and the row's key.
    """
    return _load(project, address)


@functools.lru_cache(maxsize=64)
def _load(project: Project, address: str) -> pd.DataFrame:
    import pandas as pd

    found = pd.read_parquet(checked(project, address))
    found.attrs = {}  # each slice of the frame would copy them
    return found


def corrected(project: Project, address: str) -> tuple[Corrected, ...]:
    """The corrections of `source.table` as they were applied, in the order of their file.

    Raises:
        ResearchError: as `load`.
    """
    if not _corrections(project, address):
        return ()
    from pyarrow import parquet

    said = parquet.read_schema(checked(project, address)).metadata[b"PANDAS_ATTRS"]
    return tuple(_named(project, one) for one in taken(json.loads(said)))


def _named(project: Project, one: Corrected) -> Corrected:
    """The correction with names of its rows, where another table names a code of theirs."""
    if one.names:
        return one
    from cityresearch.evidence.names import name_of

    table = declaration(project, one.table)
    found = (name_of(project, table, parts_of(key)) for key in one.keys)
    return one._replace(names=tuple(filter(None, dict.fromkeys(found))))


def checked(project: Project, address: str) -> Path:
    """The file that holds the rows of `source.table` as `load` gives them.

    Raises:
        ResearchError: as `load`.
    """
    path, table = file_of(project, address), declaration(project, address)
    where = project.relative(path)
    if not path.is_file():
        hint = "Rebuild it with: cityresearch data build --mirror DIR"
        raise ResearchError("the table's file is missing.", where=where, instead=hint)
    # The same bytes under the same declaration pass the same checks: they are checked once.
    kept = kept_table(project, address)
    if not kept.is_file():
        from cityresearch.evidence.checks import read_checked

        _keep(read_checked(path, table, where, correction(project, address)), kept)
    return kept


def correction(project: Project, address: str) -> Callable[[pd.DataFrame], pd.DataFrame] | None:
    """What corrects the rows of a table, of the declared types; None where nothing is to be corrected."""
    if not _corrections(project, address):
        return None
    from cityresearch.evidence.corrections import of_table

    table, entries = declaration(project, address), of_table(project, address)
    return functools.partial(applied, address=address, table=table, entries=entries)


def _corrections(project: Project, address: str) -> str:
    """The corrections of a table as a text that changes with each of them; empty where there are none."""
    source, _, table = address.partition(".")
    return _corrections_of(project, source).get(table, "")


@functools.lru_cache(maxsize=64)
def _corrections_of(project: Project, source: str) -> dict[str, str]:
    kept = kept_corrections(project, source)
    if kept is None:
        return {}
    # Files that fitted each other once do so always.
    if not kept.is_file():
        from cityresearch.evidence.corrections import texts

        found = texts(project, source)
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(found), encoding="utf-8")
        part.replace(kept)
    return json.loads(kept.read_bytes())  # type: ignore[no-any-return]


def kept_corrections(project: Project, source: str) -> Path | None:
    """Where the corrections of a source are kept once they are checked; None for a source without."""
    declared, path = (project.data / source / name for name in ("source.yml", FILE))
    if not path.is_file():
        return None
    digest = hashlib.sha256(declared.read_bytes() + b"\0" + path.read_bytes()).hexdigest()
    return project.build / "checked" / f"corrections-{digest}.json"


def kept_table(project: Project, address: str) -> Path:
    """Where the rows of a table are kept once they are checked."""
    return project.build / "checked" / f"{fingerprint(project, address)}.parquet"


def _keep(frame: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    frame.to_parquet(part, index=False)
    part.replace(path)


@functools.lru_cache(maxsize=64)
def fingerprint(project: Project, address: str) -> str:
    """SHA-256 of the table's bytes, its declaration and its corrections: changes whenever its rows or
    meaning can.

    Raises:
        ResearchError: no such source or table.
    """
    said = json.dumps(declaration(project, address).model_dump(), sort_keys=True)
    digest = hashlib.sha256(said.encode())
    digest.update(_corrections(project, address).encode())
    digest.update(file_of(project, address).read_bytes())
    return digest.hexdigest()


def row_key(values: Iterable[Any]) -> str:
    """The values of a row's key columns as one text: "53200|2019"."""
    return "|".join(map(str, values))
