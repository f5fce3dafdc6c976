"""A mix: the briefs of one edition's method made anew from another edition's data.

Both sides are laid out in a folder of their own, and the briefs run there in a process of their own with
the package of the method's edition: nothing of the running one is imported. The libraries are today's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from cityresearch.press.editions import pins
from cityresearch.press.editions.edition import Edition
from cityresearch.press.editions.inputs import COLLECTION, data_side, method_side
from cityresearch.press.editions.pins import pins_of, with_pins, without_pins
from cityresearch.press.editions.shelf import digest_of
from cityresearch.press.editions.visible import NUMBERS, text_of
from cityresearch.press.files import write_whole

TOGETHER = 400  # places named in one command
DATED = (COLLECTION, "book/collection.yml")  # the date that briefs are about goes with the data
KEPT = (*NUMBERS, "unit", "reason")


@dataclass(frozen=True)
class Remade:
    """What a brief says in a mix: its facts' numbers by their ids, and its words; or why it can't run."""

    facts: dict[str, dict[str, Any]]
    text: str
    trouble: str = ""


class Mix:
    """The method of one edition on the data of another. What was made is remembered in `folder`."""

    def __init__(self, method: Edition, data: Edition, folder: Path) -> None:
        self.method, self.data = method, data
        self._methods, self._datas = method.hashes(), data.hashes()
        self._note = folder / f"{self._key()}.json"
        self._known: dict[str, Remade] = {}
        if self._note.is_file():
            said = json.loads(self._note.read_bytes())
            self._known = {stem: Remade(**each) for stem, each in said.items()}

    def get(self, stem: str) -> Remade | None:
        """What a brief says here, where it is known."""
        return self._known.get(stem)

    def make(self, stems: Iterable[str]) -> None:
        """Makes briefs that are not known yet."""
        lacking = [stem for stem in stems if stem not in self._known]
        if not lacking:
            return
        self._known |= self._taken(lacking) or self._run(lacking)
        text = json.dumps({stem: asdict(each) for stem, each in self._known.items()})
        write_whole(self._note, text.encode())

    def _taken(self, stems: Sequence[str]) -> dict[str, Remade]:
        """The briefs of an edition itself, where the other side is the same in both: it is this mix."""
        for edition, sides in ((self.data, self._method_of), (self.method, self._data_of)):
            if sides(self.method, self._methods) == sides(self.data, self._datas):
                return {
                    stem: _remade(edition.facts(stem), edition.text(stem))
                    if stem in edition.briefs
                    else Remade({}, "", "the edition has no such brief")
                    for stem in stems
                }
        return {}

    def _run(self, stems: Sequence[str]) -> dict[str, Remade]:
        with tempfile.TemporaryDirectory(prefix="mix-") as folder:
            tree = Path(folder)
            self._lay_out(tree)
            told = "".join(
                self._in_process(tree, topic, slugs) for topic, slugs in self._asked(stems)
            )
            return {stem: _read(tree / "_build", stem, told, self.data.date) for stem in stems}

    def _lay_out(self, tree: Path) -> None:
        own = [name for name in self._methods if not name.startswith("data/")]
        self.method.lay_out(tree, [name for name in own if name not in DATED])
        self.data.lay_out(tree, [*data_side(self._datas), *(n for n in DATED if n in self._datas)])
        for name in self._topics():
            if name in self._datas:
                mixed = with_pins(_declared(self.method, name), _declared(self.data, name))
                text = yaml.safe_dump(mixed, allow_unicode=True, sort_keys=False)
                (tree / name).write_text(text, encoding="utf-8")

    def _asked(self, stems: Sequence[str]) -> Iterable[tuple[str, list[str]]]:
        """Topics with the places to make, not too many for one command."""
        by_topic: dict[str, list[str]] = {}
        for stem in stems:
            brief = self.method.briefs.get(stem) or self.data.briefs[stem]
            by_topic.setdefault(brief.topic, []).append(brief.slug)
        for topic, slugs in by_topic.items():
            for start in range(0, len(slugs), TOGETHER):
                yield topic, slugs[start : start + TOGETHER]

    def _in_process(self, tree: Path, topic: str, slugs: Sequence[str]) -> str:
        """Runs briefs with the package that lies in the tree; what it says of failures."""
        places = [part for slug in slugs for part in ("--city", slug)]
        command = [sys.executable, "-m", "cityresearch.cli", "run", "--topic", topic, *places]
        where = ["--project", str(tree), "--build-dir", str(tree / "_build")]
        own = {name: value for name, value in os.environ.items() if "CITYRESEARCH" not in name}
        done = subprocess.run(
            [*command, *where, "--collection", str(tree / COLLECTION)],
            cwd=tree,
            env={**own, "PYTHONPATH": str(tree)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stderr

    def _topics(self) -> list[str]:
        return sorted(name for name in self._methods if name.endswith("/topic.yml"))

    def _method_of(self, edition: Edition, hashes: Mapping[str, str]) -> Any:
        topics = {
            name: without_pins(_declared(edition, name)) for name in hashes if _is_topic(name)
        }
        return [method_side(hashes), topics]

    def _data_of(self, edition: Edition, hashes: Mapping[str, str]) -> Any:
        topics = {name: pins_of(_declared(edition, name)) for name in hashes if _is_topic(name)}
        return [data_side(hashes), topics, edition.date]

    def _key(self) -> str:
        own = [Path(str(each)).read_text("utf-8") for each in (__file__, pins.__file__)]
        sides = [self._method_of(self.method, self._methods), self._data_of(self.data, self._datas)]
        sides += own  # how the two are brought together
        return digest_of(json.dumps(sides, sort_keys=True, default=str).encode())[:24]


def _is_topic(name: str) -> bool:
    return name.startswith("notebooks/") and name.endswith("/topic.yml")


def _declared(edition: Edition, name: str) -> dict[str, Any]:
    return yaml.safe_load(edition.read(name)) or {}


def _read(build: Path, stem: str, told: str, date: str) -> Remade:
    """What was made of a brief in a tree's build folder, or the line that tells why there is nothing."""
    facts, notebook = build / "facts" / f"{stem}.json", build / "notebooks" / f"{stem}.ipynb"
    if facts.is_file() and notebook.is_file():
        words = text_of(json.loads(notebook.read_bytes()), date)
        return _remade(json.loads(facts.read_bytes()), words)
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    topic = stem.rpartition("/")[2]
    own = [line for line in lines if line.startswith(f"{topic} ")]
    return Remade({}, "", (own or lines or ["it gave nothing"])[-1][:300])


def _remade(facts: Mapping[str, Any], text: str) -> Remade:
    return Remade({f["id"]: {key: f.get(key) for key in KEPT} for f in facts["facts"]}, text)
