"""A mirror of the publishers' files: read only through their declared hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.sources import Source


@dataclass(frozen=True)
class Mirror:
    """The files that one source's build step may read: those its declaration lists."""

    folder: Path
    source: Source

    def path(self, file: str) -> Path:
        """Where a listed file lies, once its bytes have been found to be the declared ones.

        Raises:
            ResearchError: a file that isn't listed, isn't there, or has other bytes.
        """
        where = f"data/{self.source.name}/source.yml, inputs"
        declared = {entry.file: entry for entry in self.source.inputs}
        if file not in declared:
            hint = did_you_mean(file, declared)
            raise ResearchError(f"'{file}' is not among the inputs.", where=where, instead=hint)
        path = self.folder / file
        if not path.is_file():
            hint = f"The publisher has it at {declared[file].address}."
            raise ResearchError(f"the mirror has no file {file}.", where=where, instead=hint)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != declared[file].sha256:
            raise ResearchError(
                f"the mirror's {file} has the hash {found}, not {declared[file].sha256}.",
                where=where,
                instead="Use the file that was declared, or declare the new one and say why.",
            )
        return path

    def csv(self, file: str, **options: Any) -> pd.DataFrame:
        """A CSV file as text columns, where an empty cell is an empty text.

        Raises:
            ResearchError: as `path`.
        """
        settings = {"dtype": str, "keep_default_na": False, "encoding": "utf-8-sig", **options}
        frame: pd.DataFrame = pd.read_csv(self.path(file), **settings)
        return frame

    def json(self, file: str) -> Any:
        """The content of a JSON file.

        Raises:
            ResearchError: as `path`.
        """
        return json.loads(self.path(file).read_text(encoding="utf-8"))
