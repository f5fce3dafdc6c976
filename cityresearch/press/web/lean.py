"""What the libraries under Jupyter Book do for every page and no page of ours needs, left out.

Each of these costs a tenth of a page's time or so and leaves the HTML as it is: a test compiles the same
book with and without.
"""

from __future__ import annotations

import copy
import functools
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

# What typographic quotes, dashes and ellipses are made of, and what docutils writes for them on its way.
TYPED = re.compile(r"""["'`\\]|--|\.\.|\. \.|&#""")


def leave_out() -> None:
    """Applies to this process, which compiles volumes and does nothing else."""
    _remember_settings()
    _write_no_notebook()
    _word_no_events()
    _count_no_words()
    _read_yaml_quickly()
    _find_nodes_quickly()
    _make_one_parser()
    _educate_no_plain_text()
    logging.disable(logging.INFO)  # warnings are what we read


def execute_nothing() -> None:
    """To be called before anything of myst-nb is imported: what it executes notebooks with, a database
    among it, takes a third of a second to load. No page of ours is executed."""
    for way in ("Cache", "Direct", "Inline"):
        module = ModuleType(f"myst_nb.core.execute.{way.lower()}")
        setattr(module, f"NotebookClient{way}", None)
        sys.modules[module.__name__] = module


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
    from myst_nb.core.render import NbElementRenderer  # type: ignore[import-untyped]

    write = NbElementRenderer.write_file

    def write_others(self: Any, path: list[str], content: bytes, *more: Any, **named: Any) -> str:
        return write(self, path, content, *more, **named) if content else ""

    sphinx_.nbformat = SimpleNamespace(**vars(sphinx_.nbformat) | {"writes": lambda _: ""})
    NbElementRenderer.write_file = write_others


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


def _find_nodes_quickly() -> None:
    """docutils looks for nodes hundreds of times a page, by a generator within a generator for each depth."""
    from docutils import nodes

    slow = nodes.Node.findall

    def findall(self: Any, condition: Any = None, *ways: Any, **named: Any) -> Iterator[Any]:
        if condition is None or ways or named:
            return slow(self, condition, *ways, **named)  # type: ignore[no-any-return]
        return _walk(self, condition if not isinstance(condition, type) else _is_a(condition))

    nodes.Node.findall = findall


def _is_a(kind: type) -> Callable[[Any], bool]:
    return lambda node: isinstance(node, kind)


def _walk(start: Any, wanted: Callable[[Any], bool]) -> Iterator[Any]:
    """A node and all below it that are wanted, each before those in it. Like docutils' own way it looks
    at the children when it comes to them: who takes a node may change what is in it."""
    levels = [iter((start,))]
    while levels:
        for node in levels[-1]:
            if wanted(node):
                yield node
            if node.children:
                levels.append(iter(node.children))
                break
        else:
            levels.pop()


def _make_one_parser() -> None:
    """myst-nb makes a parser of Markdown for every page, and looks among all installed packages for the
    class that renders outputs; myst-parser makes an empty document in case that there is none."""
    from myst_nb import sphinx_
    from myst_parser.mdit_to_docutils import base

    make, kept = sphinx_.create_md_parser, list[tuple[Any, Any, Any]]()

    def parser(config: Any, renderer: Any) -> Any:
        if not kept or kept[0][:2] != (config, renderer):
            kept[:] = [(config, renderer, make(config, renderer))]
        return kept[0][2]

    vars(sphinx_)["create_md_parser"] = parser
    vars(sphinx_)["load_renderer"] = functools.cache(sphinx_.load_renderer)
    vars(base)["make_document"] = functools.cache(base.make_document)


def _educate_no_plain_text() -> None:
    """docutils puts typographic quotes, dashes and ellipses into texts by a dozen of patterns: most texts
    have nothing that one of them could find."""
    from docutils.utils import smartquotes

    educate = smartquotes.educate_tokens

    def quickly(tokens: Iterable[tuple[str, str]], *how: Any, **named: Any) -> Iterable[str]:
        block = list(tokens)
        if any(TYPED.search(text) for _, text in block):
            return educate(block, *how, **named)  # type: ignore[no-any-return]
        return (text for _, text in block)

    smartquotes.educate_tokens = quickly
