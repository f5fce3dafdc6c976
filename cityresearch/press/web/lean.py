"""What the libraries under Jupyter Book do for every page and no page of ours needs, left out.

Each of these costs a tenth of a page's time or so and leaves the HTML as it is: a test compiles the same
book with and without.
"""

from __future__ import annotations

import copy
import functools
import logging
from types import SimpleNamespace
from typing import Any


def leave_out() -> None:
    """Applies to this process, which compiles volumes and does nothing else."""
    _remember_settings()
    _write_no_notebook()
    _word_no_events()
    _count_no_words()
    _read_yaml_quickly()
    logging.disable(logging.INFO)  # warnings are what we read


def _remember_settings() -> None:
    """docutils makes its settings anew for every page, from more than a hundred declared options."""
    from docutils import frontend

    made = functools.cache(frontend.get_default_settings)

    def settings(*components: Any) -> Any:
        return copy.deepcopy(made(*components))

    frontend.get_default_settings = settings


def _write_no_notebook() -> None:
    """myst-nb checks each notebook that it has read and writes it beside the HTML, for downloads: ours
    are made from the executed notebook."""
    from myst_nb import sphinx_  # type: ignore[import-untyped]

    sphinx_.nbformat = SimpleNamespace(**vars(sphinx_.nbformat) | {"writes": lambda _: ""})


def _word_no_events() -> None:
    """Sphinx words a message for each of its events, with the whole text of the page, and then cuts it."""
    from sphinx import events

    vars(events)["repr"] = lambda _: ""


def _count_no_words() -> None:
    """myst-parser counts the words of every cell, for texts that say how long they take to read."""
    from myst_parser.parsers import mdit

    vars(mdit)["wordcount_plugin"] = lambda *_, **__: None


def _read_yaml_quickly() -> None:
    """Settings and contents of a volume are read several times; PyYAML has a reader written in C."""
    import yaml

    vars(yaml)["safe_load"] = lambda text: yaml.load(text, yaml.CSafeLoader)
