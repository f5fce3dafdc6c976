"""Building `data/` from a mirror: runs the build steps, writes tables, byte for byte alike."""

# mypy: disable-error-code="attr-defined, no-untyped-call"
# (pyarrow ships no types)

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cityresearch.errors import ResearchError
from cityresearch.evidence import builds, checks, tables
from cityresearch.evidence.mirror import Mirror
from cityresearch.evidence.sources import Column, Source, Table, load_source, source_names
from cityresearch.project import Project

GROUP = 100_000
ARROW_TYPES = {
    "text": pa.string(),
    "date": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
}


def builders() -> list[str]:
    """Names of the sources that have a build step: the modules of `evidence/builds`."""
    return sorted(module.name for module in pkgutil.iter_modules(builds.__path__))


def build_data(project: Project, mirror: Path, only: Iterable[str] | None = None) -> list[str]:
    """Rebuilds the tables of every source (or of `only` some) from a mirror; returns the files.

    A source without a build step has hand-entered tables, which are checked and left alone.

    Raises:
        ResearchError: an unknown source, a declaration, input or value that breaks a rule.
    """
    wanted = sorted(source_names(project) if only is None else only)
    sources = [load_source(project, name) for name in wanted]
    if not mirror.is_dir():
        raise ResearchError("this mirror is not a folder.", where=str(mirror))
    return [file for source in sources for file in _build_source(project, mirror, source)]


def _build_source(project: Project, folder: Path, source: Source) -> list[str]:
    if source.name not in builders():
        return [_check_hand_entered(project, source, table) for table in source.tables]
    step = importlib.import_module(f"{builds.__name__}.{source.name}")
    frames: dict[str, pd.DataFrame] = step.build(Mirror(folder, source))
    if set(frames) != set(source.tables):
        raise ValueError(
            f"{step.__name__} made {sorted(frames)}, declared: {sorted(source.tables)}"
        )
    target = project.data / source.name
    with tempfile.TemporaryDirectory(dir=target, prefix=".building-") as aside:
        for name, table in source.tables.items():
            made = _checked(project, f"{source.name}.{name}", frames[name])
            write_table(made, table, Path(aside) / table.file)
        for table in source.tables.values():
            (Path(aside) / table.file).replace(target / table.file)
    return [f"data/{source.name}/{table.file}" for table in source.tables.values()]


def _checked(project: Project, address: str, frame: pd.DataFrame) -> pd.DataFrame:
    """What the publisher has, once it keeps every rule as corrected: a file holds no corrections."""
    table = tables.declaration(project, address)
    where = f"data/{address.partition('.')[0]}/{table.file}"
    if (correct := tables.correction(project, address)) is None:
        return checks.check(frame, table, where)
    made = checks.typed(frame, table, where)
    checks.check_corrected(made, table, where, correct)
    return made


def _check_hand_entered(project: Project, source: Source, table: str) -> str:
    if source.inputs:
        raise ResearchError(
            "this source lists inputs, but no build step reads them.",
            where=f"data/{source.name}/source.yml",
            instead=f"Write cityresearch/evidence/builds/{source.name}.py.",
        )
    tables.load(project, f"{source.name}.{table}")
    return f"data/{source.name}/{source.tables[table].file}"


def write_table(frame: pd.DataFrame, table: Table, path: Path) -> None:
    """Writes a checked frame, sorted by its key, as CSV or Parquet by the file's ending."""
    ordered = frame.sort_values(table.key, kind="stable").reset_index(drop=True)
    if path.suffix == ".parquet":
        _write_parquet(ordered, table, path)
    else:
        texts = {name: csv_texts(ordered[name], c) for name, c in table.columns.items()}
        pd.DataFrame(texts).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _write_parquet(frame: pd.DataFrame, table: Table, path: Path) -> None:
    fields = [pa.field(name, ARROW_TYPES[c.type]) for name, c in table.columns.items()]
    content = pa.Table.from_pandas(frame, schema=pa.schema(fields), preserve_index=False)
    # Without pandas' metadata the bytes don't depend on the version of pandas that wrote them.
    content = content.replace_schema_metadata(None)
    pq.write_table(content, path, compression="zstd", compression_level=19, row_group_size=GROUP)


def csv_texts(values: pd.Series, column: Column) -> pd.Series:
    """A column as the CSV file shows it: plain digits, true and false, empty cells."""
    show = CSV_TEXTS.get(column.type, str)
    return pd.Series(["" if pd.isna(value) else show(value) for value in values], dtype="str")


def plain_number(value: float) -> str:
    """The shortest digits that read back as the same number, without an exponent."""
    return str(np.format_float_positional(value, trim="-"))


CSV_TEXTS: dict[str, Callable[[Any], str]] = {
    "number": plain_number,
    "integer": lambda value: str(int(value)),
    "flag": lambda value: str(value).lower(),
}
