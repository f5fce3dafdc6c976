"""Our part in the Sphinx build: the theme, what it prints around a page, and nothing of anyone else's.

Every page carries, in its metadata, what surrounds its text (kicker, trail, siblings); the template
prints that and our one stylesheet and one script. It never walks the table of contents, so the cost
of a page doesn't grow with the number of pages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from jinja2 import FileSystemBytecodeCache
from pydantic_core import from_json
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment.adapters.toctree import note_toctree
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.transforms.post_transforms import SphinxPostTransform

from cityresearch.press.files import THEME
from cityresearch.press.web.figure_links import in_page

# What goes through every page, by module or by name, for what no page of ours has.
UNUSED = {
    "myst_nb.ext.execution_tables",
    "myst_nb.ext.glue.crossref",
    "sphinx.builders.html.transforms",  # keys to press
    "sphinx.builders.latex.transforms",
    "sphinx.domains.c",
    "sphinx.domains.citation",
    "sphinx.domains.cpp",
    "sphinx.transforms.ApplySourceWorkaround",  # for translators
    "sphinx.transforms.i18n",
    "sphinx.transforms.post_transforms.code",  # other languages of code, doctests
    "sphinx_jupyterbook_latex.transforms",
}
LONGEST = 18  # letters of a section's address


class BareBlocks(SphinxPostTransform):  # type: ignore[misc]  # Sphinx as seen here is untyped
    """Takes displayed blocks out of the containers that notebooks wrap round their cells."""

    default_priority = 300  # after the choice of a MIME type, which looks for these containers

    def run(self, **_: Any) -> None:
        """Puts what is in each container of a cell, and of its outputs, in the container's place."""
        for kind in ("cell_code", "cell_code_output"):
            for node in list(self.document.findall(nodes.container)):
                if node.get("nb_element") == kind:
                    # Not `replace_self`, which hands the container's classes on.
                    at = node.parent.index(node)
                    node.parent[at : at + 1] = node.children
        for raw in self.document.findall(nodes.raw):
            raw["classes"] = []  # with classes, it would be wrapped once more
        for node in list(self.document.findall(nodes.compound)):
            if "toctree-wrapper" in node["classes"]:  # our pages list what they lead to
                node.parent.remove(node)
        _shorten(list(self.document.findall(nodes.section)))


def _shorten(sections: list[nodes.section]) -> None:
    """A section is named after its heading, which holds a whole finding: a few words do for an address."""
    taken: set[str] = set()
    for section in sections:
        [*_, name] = section["ids"]
        short = name if len(name) <= LONGEST else name[:LONGEST].rpartition("-")[0]
        if short in taken:
            short = name
        taken.add(short)
        section["ids"] = [short]


def read_page(text: str) -> Any:
    """A page's notebook as it is: it was written by us a moment ago, and needs no check."""
    return nbformat.from_dict(from_json(text))


def without_search(app: Sphinx) -> None:
    """Sphinx's search index grows with the book and its page needs scripts; readers find by place."""
    app.builder.search = False


def without_contents(app: Sphinx) -> None:
    """Sphinx lists the sections of every page, and numbers them and its figures: ours prints no list
    and no numbers. Which page leads to which is still noted."""
    for event in ("doctree-read", "env-get-updated"):
        for listener in list(app.events.listeners[event]):
            if isinstance(getattr(listener.handler, "__self__", None), TocTreeCollector):
                app.disconnect(listener.id)
    app.connect("doctree-read", _note_contents)


def _note_contents(app: Sphinx, page: nodes.document) -> None:
    env, name = app.env, app.env.docname
    env.tocs[name], env.toc_num_entries[name] = nodes.bullet_list(), 0
    for tree in page.findall(addnodes.toctree):
        note_toctree(env, name, tree)


def with_kept_templates(app: Sphinx) -> None:
    """The theme is compiled once for all volumes, in this build and the next ones."""
    kept = Path(app.srcdir).parents[2] / "templates"
    kept.mkdir(exist_ok=True)
    app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(kept))


def without_partials(app: Sphinx) -> None:
    """Sphinx renders title and contents of every page apart, for themes that print them."""
    app.builder.render_partial = lambda _: {"title": "", "fragment": ""}


def without_relations(_app: Sphinx, env: Any) -> None:
    """Sphinx renders the titles of neighbours and parents for every page; our theme prints none."""
    env.collect_relations = dict


def without_unused(app: Sphinx) -> None:
    """Sphinx goes through every page for translators, for LaTeX, and for much that ours don't have."""
    for transforms in (app.registry.transforms, app.registry.post_transforms):
        transforms[:] = [each for each in transforms if not _names(each) & UNUSED]


def _names(transform: type) -> set[str]:
    return {transform.__module__, f"{transform.__module__}.{transform.__name__}"}


def without_directives() -> None:
    """Directives and reStructuredText can put raw HTML into a page, and any file of this machine: what is
    written as one prints as the code that it is, with a warning, which fails the book."""
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer
    from myst_parser.warnings_ import MystWarnings

    def refuse(self: Any, token: Any, *_: Any, **__: Any) -> None:
        said = f"The directive '{token.info.strip()}' is not read in pages. Write plain Markdown."
        kind = MystWarnings.DIRECTIVE_PARSING
        self.create_warning(said, kind, line=token.map[0] + 1 if token.map else 0)
        self.current_node.append(nodes.literal_block(token.content, token.content))

    for name in ("render_directive", "render_restructuredtext"):
        setattr(DocutilsRenderer, name, refuse)


def page_context(
    app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Gives the template the page's own surroundings and the way up to the root of the book.

    Sphinx writes into the file of a page that is there. The book has that file under a second name, so it
    gets a new one.
    """
    Path(app.builder.get_outfilename(name)).unlink(missing_ok=True)
    context["page"] = json.loads(context["meta"]["page"])
    context["body"] = in_page(context["body"], context["page"].get("links", {}))
    context["root"] = "../" * name.count("/")


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the theme and the hooks with Sphinx."""
    without_directives()
    # Jupyter Book passes this setting on even where its extension is not loaded.
    app.add_config_value("comments_config", {}, "html")
    app.add_html_theme("cityresearch", str(THEME))
    app.add_post_transform(BareBlocks)
    for without in (without_search, without_contents, without_partials, without_unused):
        app.connect("builder-inited", without)
    app.connect("builder-inited", with_kept_templates)
    # This late, the environment has been saved: what is put on it doesn't last.
    app.connect("env-check-consistency", without_relations)
    app.connect("html-page-context", page_context)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
