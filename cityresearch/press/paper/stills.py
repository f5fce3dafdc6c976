"""Stills: charts as PNG pictures that stand alone, and the card of a brief, each made once by Typst.

They are kept by content under `_build/charts` beside the drawings, and go with those.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from cityresearch.press.files import write_whole
from cityresearch.press.paper.typesetting import compiler, versions
from cityresearch.project import Project

TEMPLATES = Path(__file__).parent / "templates" / "stills"
DOTS = {"chart": 120.0, "card": 72.0}  # an inch; a card is 1200 by 630 points, and pixels


def still(project: Project, kind: str, given: Mapping[str, str]) -> Path:
    """The PNG file of a `chart` or a `card`; `given` are the texts that its template names."""
    text = json.dumps(given, sort_keys=True, ensure_ascii=False)
    name = hashlib.sha256(_maker() + f"{kind} {text}".encode()).hexdigest()[:32]
    path = project.build / "charts" / name[:2] / f"{name}.png"
    if not path.is_file():
        write_whole(path, _made(kind, text))
    return path


def _made(kind: str, text: str) -> bytes:
    made = compiler().compile(
        TEMPLATES / f"{kind}.typ",
        root=TEMPLATES,
        format="png",
        ppi=DOTS[kind],
        sys_inputs={"still": text},
    )
    assert isinstance(made, bytes)
    return made


@functools.cache
def _maker() -> bytes:
    """What else shapes a still: the templates, Typst and the fonts."""
    return b"".join(path.read_bytes() for path in sorted(TEMPLATES.iterdir())) + versions().encode()
