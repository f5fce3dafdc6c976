"""What can be checked without running a brief: data, topics, notebooks, prose, links, reading grades.

Every fault is told, not the first alone. Grades, and values that look like errors, are advice and no fault;
words that a topic lets pass without a test are told each time.
"""

from __future__ import annotations

import ast
import contextlib
import json
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

from cityresearch.briefs.collection import briefs, load_collection
from cityresearch.briefs.indicators import Measure
from cityresearch.briefs.prepare import check_vintages
from cityresearch.briefs.prose import EXPRESSION, expressions
from cityresearch.briefs.topic import Topic, list_topics, load_topic, notebook_path
from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence import places, tables
from cityresearch.evidence.corrections import file_of, load_corrections
from cityresearch.evidence.screening import listed
from cityresearch.evidence.sources import Table, load_source, source_names
from cityresearch.evidence.texts import read_text
from cityresearch.methods.words import long_date
from cityresearch.press import inserts, reading, typed, typed_places, worded
from cityresearch.press.manuscripts import manuscript_files
from cityresearch.press.running.parameters import check_parameters, read_notebook
from cityresearch.press.running.status import count
from cityresearch.press.web.finding_pages import short_names
from cityresearch.project import Project

PACKAGE = Path(typed.__file__).parents[1]
MARKDOWN = MarkdownIt("commonmark")
MADE = ("coverage.html", "index.html", "sources.html")  # pages that the press makes itself
Report = dict[str, Any]


@dataclass
class Checked:
    """How many things of each kind were looked at, what is wrong, how hard each text is, how many values of
    each source look like errors, and which claims stand without a test since their topic says why."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    grades: list[Report] = field(default_factory=list)
    suspects: dict[str, int] = field(default_factory=dict)
    untested: list[Report] = field(default_factory=list)

    def look(self, kind: str, at: Callable[[], object]) -> None:
        """Counts one thing looked at; a ResearchError of it is a fault."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        try:
            at()
        except ResearchError as error:
            if str(error) not in self.faults:  # a topic and its notebook may fail alike
                self.faults.append(str(error))

    def grade(self, name: str, basis: str, markdown: str) -> None:
        """Adds the reading grade of a text, and whether it is that of the printed text."""
        if found := reading.grade(reading.paragraphs(markdown)):
            self.grades.append({"text": name, "basis": basis, **asdict(found)})

    def lines(self) -> Iterator[str]:
        """The report in words."""
        yield "Checked: " + ", ".join(
            count(number, kind.removesuffix("s")) for kind, number in self.counts.items()
        )
        for one in self.grades:
            yield (
                f"{one['text']}: grade {one['grade']}, {one['words_per_sentence']} words a sentence, "
                f"{one['words']:,} words ({one['basis']}). Hardest:"
            )
            yield from (f"  {sentence}" for sentence in one["hardest"])
        if self.suspects:
            told = ", ".join(f"{number} in {name}" for name, number in self.suspects.items())
            number = count(sum(self.suspects.values()), "value")
            yield f"{number} to look at ({told}): `cityresearch screen` lists them"
        for one in self.untested:
            yield f"Not tested, by {one['where']}: “{one['text']}”, for {one['reason']}"


def check(project: Project, collection: Path | None = None) -> Checked:
    """Looks at everything in the project that can be checked without running it."""
    found = Checked()
    found.look("collections", partial(_check_collection, project, collection))
    for source in source_names(project):
        found.look("sources", partial(load_source, project, source))
        if file_of(project, source).is_file():
            found.look("correction files", partial(load_corrections, project, source))
    for table in _tables(project):
        found.look("tables", partial(tables.checked, project, table))
    _screen(project, found)
    for name in list_topics(project):
        found.look("topics", partial(_check_topic, project, name, found))
        found.look("notebooks", partial(_read_notebook, project, name, found))
        for path in inserts.insert_files(project, name):
            found.look("inserts", partial(_check_insert, project, collection, name, path))
    found.faults += typed.module_faults(PACKAGE)
    found.faults += worded.module_faults("cityresearch/briefs", PACKAGE / "briefs")
    found.look("short name lists", partial(short_names, project))
    for page in sorted(project.book.glob("*.md")):
        found.look("pages", partial(_check_page, project, page, found))
    return found


def _screen(project: Project, found: Checked) -> None:
    """Counts the values that look like errors; a source with a fault, which is told, is passed over."""
    for source in source_names(project):
        with contextlib.suppress(ResearchError):
            if number := len(listed(project, source)):
                found.suspects[source] = number


def _check_collection(project: Project, file: Path | None) -> None:
    """Its topics are there, and its conditions choose places."""
    briefs(project, load_collection(project, file))


def _check_insert(project: Project, file: Path | None, topic: str, path: Path) -> None:
    """An insert is one that can be shown, and of no later day than its brief."""
    insert, issue = inserts.check_insert(project, topic, path), load_collection(project, file)
    if insert.date > issue.date:
        own, latest = long_date(insert.date), long_date(issue.date)
        raise ResearchError(
            f"the insert is dated {own}, but the collection {latest}: its brief would be the older.",
            where=project.relative(path),
            instead=f"Write the day on which it was written, or a later 'date:' in {issue.file}.",
        )


def _tables(project: Project) -> Iterator[str]:
    for source in source_names(project):
        try:
            named = load_source(project, source).tables
        except ResearchError:
            continue  # told once, as a fault of the source
        yield from (f"{source}.{table}" for table in named)


# Topics and their notebooks ----------------------------------------------------------------------


class _Declared:
    """What is declared of tables, without a row of them."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def declared(self, name: str) -> Table:
        return tables.declaration(self.project, name)


def _check_topic(project: Project, name: str, found: Checked) -> None:
    topic = load_topic(project, name)
    check_vintages(project, topic)
    declared: Any = _Declared(project)  # a check reads no rows
    Measure(topic, declared).check()
    if topic.places:
        places.where(project, topic.geography, topic.places, f"notebooks/{name}/topic.yml, places")
    check_parameters(project, topic, {})
    inserts.read_seen(project, name)
    at = project.relative(notebook_path(project, name).with_name("topic.yml"))
    found.faults += typed.topic_faults(at, topic)
    found.faults += typed_places.topic_faults(project, at, topic)


def _read_notebook(project: Project, name: str, found: Checked) -> None:
    """Checks each expression's grammar, finds typed numbers, then grades the prose: as printed where it
    has been run."""
    where = project.relative(notebook_path(project, name))
    cells = read_notebook(project, name).cells
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "markdown":
            said = cell.get("id", f"cell {number}")
            _check_expressions("".join(cell["source"]), f"{where}, {said}")
    topic = load_topic(project, name)
    _check_words(project, topic, cells, found)
    found.faults += typed.notebook_faults(where, cells)
    found.faults += typed_places.notebook_faults(project, where, topic, cells)
    printed = _executed(project, topic, cells)
    if printed:
        own, ran = _markdown(printed["cells"]), printed["metadata"]["cityresearch"]["place"]
        found.grade(f"notebooks/{name}", f"as printed for {ran}", own)
    else:
        bare = EXPRESSION.sub("", _markdown(cells))
        found.grade(f"notebooks/{name}", "not run yet, so without what its expressions print", bare)
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    inserts.check_placed(project, name, codes)


def _check_words(project: Project, topic: Topic, cells: list[Any], found: Checked) -> None:
    """Finds claims that nothing tested in all texts of a topic; tells those that the topic lets pass."""
    folder = notebook_path(project, topic.name).parent
    at, declared = project.relative(folder), f"{project.relative(folder)}/topic.yml"
    allowed = worded.Allowed(declared, [each.text for each in topic.untested])
    found.faults += typed.helper_faults(at, folder)
    found.faults += worded.notebook_faults(f"{at}/brief.ipynb", cells, allowed)
    found.faults += worded.helper_faults(at, folder, allowed)
    found.faults += worded.topic_faults(declared, topic, allowed)
    found.faults += allowed.unused()
    found.untested += [{"where": declared, **each.model_dump()} for each in topic.untested]


def _check_expressions(markdown: str, where: str) -> None:
    for expression in expressions(markdown):
        try:
            ast.parse(expression, mode="eval")
        except SyntaxError as error:
            raise ResearchError(
                f"the expression {expression} is not Python: {error.msg}.", where=where
            ) from None


def _executed(project: Project, topic: Topic, cells: list[Any]) -> Any:
    """The executed notebook of the place that the notebook itself is about; None where it has none."""
    given = next(c for c in cells if "parameters" in c["metadata"].get("tags", []))
    for line in ast.parse("".join(given["source"])).body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == topic.geography:
            place = places.find(project, topic.geography, ast.literal_eval(line.value))
            path = manuscript_files(project, topic.name, place)[0]
            return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return None


def _markdown(cells: list[Mapping[str, Any]]) -> str:
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


# Hand-written pages ------------------------------------------------------------------------------


def _check_page(project: Project, page: Path, found: Checked) -> None:
    """Grades its words, then checks its links."""
    where = project.relative(page)
    text = read_text(page, where)
    found.grade(where, "as written", text)
    _check_links(project, text, where)


def _check_links(project: Project, text: str, where: str) -> None:
    """Links within the book lead to a page that is written by hand or made by the press."""
    known = {f"{path.stem}.html" for path in project.book.glob("*.md")} | set(MADE)
    known |= {f"topics/{topic}.html" for topic in list_topics(project)}
    for link in _links(text):
        parts = urlsplit(link)
        address = posixpath.normpath(unquote(parts.path))
        inside = not parts.scheme and parts.path
        if inside and address not in known and not (project.build / "html" / address).is_file():
            raise ResearchError(
                f"the link '{link}' leads to no page of the book.",
                where=where,
                instead=did_you_mean(address, known),
            )


def _links(markdown: str) -> Iterator[str]:
    for token in MARKDOWN.parse(markdown):
        for child in token.children or []:
            if child.type == "link_open":
                yield str(child.attrs["href"])
