"""What a topic's briefs share, made once for all places: checked tables and indicators of every area.

A brief's process opens the prepared folder and reads only there, so it sees no vintage that its topic
does not pin, and pays neither for checking tables nor for computing other places' indicators. The
folder is written by `making`, which a plan loads only where something must be prepared.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from cityresearch.briefs.closure import modules_reached
from cityresearch.briefs.indicators import hashed
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.topic import Topic, load_topic
from cityresearch.errors import ResearchError
from cityresearch.evidence import places, sources, tables
from cityresearch.project import Project

PREPARED_VARIABLE = "CITYRESEARCH_PREPARED"


def prepare(project: Project, name: str) -> Prepared:
    """The prepared folder of a topic, made anew where its data, declaration or code changed.

    A run names the folder that it planned with in CITYRESEARCH_PREPARED, so that all of its briefs
    read the same one.
    """
    if given := os.environ.get(PREPARED_VARIABLE):
        return Prepared(Path(given))
    topic = load_topic(project, name)
    check_vintages(project, topic)
    folder = folder_of(project, topic)
    if not folder.is_dir():
        from cityresearch.briefs.making import write_folder

        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
        try:
            write_folder(project, topic, _tables(project, topic), aside)
            aside.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster with the same content
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return Prepared(folder)


def folder_of(project: Project, topic: Topic) -> Path:
    """Where a topic's prepared folder is, or will be."""
    return project.build / "prepared" / f"{topic.name}-{prepared_key(project, topic)}"


def forget_others(prepared: Prepared) -> None:
    """Removes what was prepared for the same topic before. For a run, which no other run goes beside:
    a plan made during it would take away the folder that its briefs read."""
    name = prepared.folder.name.rpartition("-")[0]
    for old in prepared.folder.parent.glob(f"{name}-*"):
        if old != prepared.folder and old.name.rpartition("-")[0] == name:
            shutil.rmtree(old, ignore_errors=True)


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
    formulas = {each.formula.rpartition(".")[0] for each in topic.indicators.values()} - {""}
    modules = [
        "cityresearch.briefs.prepare",
        *(f"cityresearch.methods.{name}" for name in formulas),
    ]
    said = (project.notebooks / topic.name / "topic.yml").read_text(encoding="utf-8")
    held = {name: tables.fingerprint(project, name) for name in _tables(project, topic).values()}
    return hashed([modules_reached(modules), said, held])


def _tables(project: Project, topic: Topic) -> dict[str, str]:
    """The tables of the folder: those pinned by their own names, and those that list places."""
    kinds = (topic.geography, "state")
    listed = {f"places-{kind}": places.table_of(project, kind) for kind in kinds}
    return {**{name: name for name in topic.vintages}, **listed}
