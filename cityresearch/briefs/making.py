"""Writes a topic's prepared folder: its tables, checked, and what is derived from them for all places."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cityresearch.briefs import derive
from cityresearch.briefs.indicators import Measure
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.topic import Topic
from cityresearch.evidence import sources, tables
from cityresearch.project import Project


def write_folder(project: Project, topic: Topic, held: Mapping[str, str], folder: Path) -> None:
    """Fills a prepared folder.

    Args:
        held: the tables of `data/` that it holds, by their names in the folder.

    Raises:
        ResearchError: a table breaks its declaration, or an indicator does not fit its tables.
    """
    for name, table in held.items():
        shutil.copyfile(tables.checked(project, table), folder / f"{name}.parquet")
    corrected = {name: tables.corrected(project, table) for name, table in held.items()}
    said = {name: [one._asdict() for one in each] for name, each in corrected.items()}
    _write_json(folder / "corrections.json", {name: each for name, each in said.items() if each})
    prints = {name: tables.fingerprint(project, table) for name, table in held.items()}
    _write_json(folder / "declared.json", _declarations(project, topic))
    prepared = Prepared(folder)
    measure = Measure(topic, prepared)
    measure.check()
    _write_json(folder / "nation.json", derive.nation(measure))
    for kind in derive.KINDS:
        if derive.asked(topic, kind):
            frame = derive.indicators(prepared, measure, kind)
            frame.to_parquet(folder / f"indicators-{kind}.parquet", index=False)
    if topic.peers:
        areas = prepared.indicators(topic.peers.of)
        near, far = derive.peers_of_all(topic.peers, areas, topic.peers.k)
        near.to_parquet(folder / "peers.parquet", index=False)
        far.to_parquet(folder / "peer-distances.parquet", index=False)
    _write_json(folder / "lacking.json", derive.lacking(prepared))
    contents = _contents(folder)
    _write_json(folder / "contents.json", contents)
    _write_json(folder / "fingerprints.json", {**contents, **prints})


def _declarations(project: Project, topic: Topic) -> dict[str, Any]:
    known = {name.partition(".")[0] for name in topic.vintages}
    return {
        "topic": topic.model_dump(),
        "tables": {name: tables.declaration(project, name).model_dump() for name in topic.vintages},
        "sources": {
            name: sources.load_source(project, name).model_dump() for name in sorted(known)
        },
    }


def _contents(folder: Path) -> dict[str, str]:
    """A hash of each table's file, which of a derived one is its fingerprint too."""
    files = sorted([*folder.glob("*.parquet"), folder / "nation.json"])
    return {
        path.name.rpartition(".")[0]: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
