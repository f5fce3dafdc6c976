"""The table of contents that Jupyter Book is given: states, their cities, their briefs."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from cityresearch.press.web.index_pages import Folder


def table_of_contents(tree: Sequence[Folder], documents: Sequence[str]) -> str:
    """`_toc.yml`: states, their cities, their briefs; then the pages that belong to no place."""
    placed = [_toc_entry(folder) for folder in tree]
    of_places = {name for folder in tree for name in _names(folder)}
    others = sorted(set(documents) - of_places - {"index"})
    parts = [
        {"caption": "Places", "chapters": placed},
        {"caption": "Reference", "chapters": [{"file": name} for name in others]},
    ]
    content = {"format": "jb-book", "root": "index", "parts": [p for p in parts if p["chapters"]]}
    return yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def _toc_entry(folder: Folder) -> dict[str, object]:
    inner = [{"file": entry.href.removesuffix(".html")} for entry in folder.entries]
    sections = [*inner, *map(_toc_entry, folder.inside)]
    return {"file": f"{folder.path}/index", "sections": sections}


def _names(folder: Folder) -> list[str]:
    own = [f"{folder.path}/index", *(entry.href.removesuffix(".html") for entry in folder.entries)]
    return own + [name for inner in folder.inside for name in _names(inner)]
