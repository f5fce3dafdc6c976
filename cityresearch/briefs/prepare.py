"""What a topic's briefs share, made once for all places: checked tables and indicators of every area.

A brief's process opens the prepared folder and reads only there, so it sees no vintage that its topic
does not pin, and pays neither for checking tables nor for computing other places' indicators.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import cityresearch
from cityresearch.briefs.indicators import Measure, Measured
from cityresearch.briefs.topic import Topic, load_topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import places, sources, tables
from cityresearch.evidence.estimates import Estimate
from cityresearch.evidence.sources import Source, Table
from cityresearch.project import Project

PREPARED_VARIABLE = "CITYRESEARCH_PREPARED"
UNIT_NAMES = {
    "uace": "census_urban_areas.areas",
    "cbsa": "acs1_commuting.metros",
    "state": "census_places.states",
}


@dataclass(frozen=True)
class Prepared:
    """One topic's prepared folder: `frame` and `declared` for tables, `indicators` for areas."""

    folder: Path

    @functools.cache  # noqa: B019  a process opens one folder a topic
    def frame(self, name: str) -> pd.DataFrame:
        """A table that the topic pins, as checked.

        Raises:
            ResearchError: the topic does not pin it.
        """
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            raise ResearchError(
                f"this topic does not pin the table '{name}'.",
                where="topic.yml, vintages",
                instead=f"Pinned are: {', '.join(sorted(self.sources_of))}.",
            )
        return pd.read_parquet(path)

    @functools.cached_property
    def _declared(self) -> dict[str, dict[str, Any]]:
        return json.loads((self.folder / "declared.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    @property
    def sources_of(self) -> dict[str, str]:
        """The source of each pinned table."""
        return {name: name.split(".")[0] for name in self._declared["tables"]}

    @functools.cache  # noqa: B019  a process opens one folder a topic
    def declared(self, name: str) -> Table:
        """What source.yml declares of a table."""
        return Table.model_validate(self._declared["tables"][name])

    @functools.cache  # noqa: B019  a process opens one folder a topic
    def source(self, name: str) -> Source:
        """What source.yml declares of a source."""
        return Source.model_validate(self._declared["sources"][name])

    def nation(self, name: str) -> Measured:
        """The national figure of an indicator that declares one, at the indicator's own year."""
        found = self._declared["nation"][name]
        inputs = tuple(Estimate(**given) for given in found["inputs"])
        return Measured(Estimate(**found["estimate"]), tuple(found["rows"]), inputs)

    @functools.cache  # noqa: B019  a process opens one folder a topic
    def indicators(self, kind: str) -> pd.DataFrame:
        """All areas of one kind (geoid, uace, state): their name and, a column an indicator, values."""
        return pd.read_parquet(self.folder / f"indicators-{kind}.parquet")


def prepare(project: Project, name: str) -> Prepared:
    """The prepared folder of a topic, made anew where its data, declaration or code changed.

    A run names the folder that it planned with in CITYRESEARCH_PREPARED, so that all of its briefs
    read the same one.
    """
    if given := os.environ.get(PREPARED_VARIABLE):
        return Prepared(Path(given))
    topic = load_topic(project, name)
    check_vintages(project, topic)
    folder = project.build / "prepared" / f"{name}-{prepared_key(project, topic)}"
    if not folder.is_dir():
        for old in folder.parent.glob(f"{name}-*"):
            shutil.rmtree(old, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
        try:
            _write(project, topic, aside)
            aside.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster with the same content
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return Prepared(folder)


def check_vintages(project: Project, topic: Topic) -> None:
    """Refuses a topic that pins a table or a vintage that the evidence does not hold."""
    known = sources.list_sources(project)
    for table, vintage in topic.vintages.items():
        where = f"notebooks/{topic.name}/topic.yml, vintages.{table}"
        source, _, short = table.partition(".")
        if source not in known or short not in known[source].tables:
            raise ResearchError("there is no such table in data/.", where=where)
        held = known[source].tables[short].vintage
        if held != vintage:
            raise ResearchError(
                f"the topic pins {vintage}, but data/{source}/ holds {held}.",
                where=where,
                instead=f"Pin '{held}' after reading what changed, or bring the old vintage back.",
            )


def prepared_key(project: Project, topic: Topic) -> str:
    """A hash of all that shapes the prepared folder."""
    digest = hashlib.sha256(code_hash().encode())
    digest.update((project.notebooks / topic.name / "topic.yml").read_bytes())
    for table in topic.vintages:
        digest.update(tables.fingerprint(project, table).encode())
    return digest.hexdigest()[:16]


@functools.cache
def code_hash() -> str:
    """A hash of the helpers that shape a brief: every module outside the press."""
    root = Path(cityresearch.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root).as_posix()
        if not inside.startswith(("press/", "cli.py", "evidence/builds/")):
            digest.update(inside.encode() + path.read_bytes())
    return digest.hexdigest()


def _write(project: Project, topic: Topic, folder: Path) -> None:
    declared = {}
    for name in topic.vintages:
        source, _, short = name.partition(".")
        tables.load(project, name).to_parquet(folder / f"{name}.parquet", compression="zstd")
        declared[name] = sources.load_source(project, source).tables[short]
    known = {
        name.split(".")[0]: sources.load_source(project, name.split(".")[0]) for name in declared
    }
    content = {
        "tables": {name: table.model_dump() for name, table in declared.items()},
        "sources": {name: source.model_dump() for name, source in known.items()},
    }
    (folder / "declared.json").write_text(json.dumps(content), encoding="utf-8")
    measure = Measure(topic, Prepared(folder))
    content["nation"] = {
        name: dataclasses.asdict(measure.nation(name))
        for name, indicator in topic.indicators.items()
        if indicator.nation == "sum"
    }
    (folder / "declared.json").write_text(json.dumps(content), encoding="utf-8")
    for kind in sorted({indicator.about for indicator in topic.indicators.values()}):
        _indicators(project, topic, measure, kind).to_parquet(folder / f"indicators-{kind}.parquet")


def _indicators(project: Project, topic: Topic, measure: Measure, kind: str) -> pd.DataFrame:
    units = _units(project, topic, measure, kind)
    names = [name for name, indicator in topic.indicators.items() if indicator.about == kind]
    identifiers = [column for column in units.columns if column != "name"]
    rows = []
    for unit, row in zip(units.index, units[identifiers].to_dict("records"), strict=True):
        ids = {
            kind: unit,
            **{str(key): str(value) for key, value in row.items() if not pd.isna(value)},
        }
        found = {name: measure(name, ids).estimate for name in names}
        rows.append({name: estimate.value for name, estimate in found.items()})
    values = pd.DataFrame(rows, index=units.index, columns=names, dtype=float)
    return units[["name"]].join(values)


def _units(project: Project, topic: Topic, measure: Measure, kind: str) -> pd.DataFrame:
    """Every area of a kind with its name and the ids it can be joined by."""
    if kind == "geoid":
        frame = places.frame(project, topic.geography)
        return pd.DataFrame(
            {
                "name": frame["full_name"],
                **{key: frame[key] for key in ("state", "uace", "cbsa") if key in frame.columns},
            }
        )
    return measure.tables.frame(UNIT_NAMES[kind]).set_index(kind)[["name"]].sort_index()
