"""Pages for Jupyter Book as notebooks: Markdown cells for text, cells with ready HTML for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import to_json

Cell = dict[str, Any]
# myst-nb skips code cells without source, so ready HTML needs a line that is then removed.
SOURCE = "# shown as HTML"


def text(markdown: str) -> Cell:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": markdown}


def ready(html: str) -> Cell:
    """A cell that shows HTML as it is."""
    output = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": ["remove-input"]},
        "outputs": [output],
        "source": SOURCE,
    }


def page(cells: Iterable[Cell], metadata: Mapping[str, Any]) -> str:
    """The notebook's JSON text; `metadata` (from `surround`) reaches the theme by the key `page`."""
    numbered = [{"id": f"c{number}", **cell} for number, cell in enumerate(cells)]
    content = {
        "cells": numbered,
        "metadata": {"page": dict(metadata)},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return written(content)


def written(notebook: Mapping[str, Any]) -> str:
    """A notebook's JSON text, a line for each cell, so that two of them can be compared."""
    lines = (_json(cell) for cell in notebook["cells"])
    rest = _json({name: value for name, value in notebook.items() if name != "cells"})
    return '{"cells": [\n' + ",\n".join(lines) + "\n],\n" + rest[1:] + "\n"


def _json(value: object) -> str:
    return to_json(value).decode()  # several times as quick as `json`
