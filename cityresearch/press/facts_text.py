"""The text of a facts file: as a run keeps it, and as readers get it with what pages show of each fact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode  # made once: lines are many


def facts_text(kept: Mapping[str, Any]) -> str:
    """The facts file as JSON text, a line for each fact: quick to write, and to compare."""
    text = _json({**kept, "facts": [0], "quotes": [0]}) + "\n"
    for name in ("facts", "quotes"):
        lines = ",\n".join(map(_json, kept[name]))
        text = text.replace(f'"{name}": [0]', f'"{name}": [\n{lines}\n]', 1)
    return text
