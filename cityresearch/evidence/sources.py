"""Sources: the declarations `data/<source>/source.yml`, read strictly, found by listing folders."""

from __future__ import annotations

import functools
import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.declarations import Declaration, read_declaration
from cityresearch.project import Project

MOST = 2**53  # a whole number beyond it is no longer exact everywhere that it is read
LARGEST_NUMBER = 1e15  # and none that we publish comes near to this; infinity lies beyond
Address = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]
Sentence = Annotated[str, Field(min_length=1)]


class Licence(Declaration):
    """What may be done with the data. `confirmed` is false where nobody has asked the publisher."""

    name: Sentence
    url: Address | None = None
    confirmed: bool
    note: str | None = None


class Input(Declaration):
    """A file of the mirror that the build step reads, as retrieved from `address`."""

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.*-]+(/[A-Za-z0-9_.*-]+)*$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    address: Address
    mirrored: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]


class Column(Declaration):
    """One column of a table: its type, meaning and rules, said once and checked at every load.

    `part_of` names the column of the whole: columns that are parts of one don't overlap.
    """

    type: Literal["text", "integer", "number", "date", "flag"]
    meaning: Sentence
    unit: str | None = None
    pattern: str | None = None
    choices: list[str] | None = None
    range: Annotated[list[float | None], Field(min_length=2, max_length=2)] | None = None
    nullable: bool = False
    missing: Sentence | None = None
    error: Literal["counted", "moe", "bounds", "unknown"] | None = None
    part_of: str | None = None
    moe: str | None = None
    low: str | None = None
    high: str | None = None

    @model_validator(mode="after")
    def _rules_fit_the_type(self) -> Column:
        numeric = self.type in ("integer", "number")
        wrong = [
            (self.nullable and not self.missing, "a column that can be empty says why ('missing')"),
            (self.missing and not self.nullable, "'missing' without 'nullable: true'"),
            (self.range is not None and not numeric, "'range' is for numbers"),
            (self.error is not None and not numeric, "'error' is for numbers"),
            (self.part_of is not None and not numeric, "'part_of' is for numbers"),
            (self.pattern and self.type != "text", "'pattern' is for text"),
            (self.choices is not None and self.type != "text", "'choices' is for text"),
            ((self.error == "moe") != (self.moe is not None), "'error: moe' goes with 'moe'"),
            ((self.error == "bounds") != bool(self.low and self.high), "bounds need low and high"),
        ]
        for is_wrong, message in wrong:
            if is_wrong:
                raise ValueError(message)
        if self.pattern:
            _check_pattern(self.pattern)
        return self


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern is not a regular expression: {error}") from None


class Table(Declaration):
    """One table of a source: its file, key, vintage, way of derivation and columns.

    `geography` marks the one table that lists the places of a kind (city, state).
    """

    title: Sentence
    vintage: Sentence
    geography: str | None = None
    file: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*\.(csv|parquet)$")]
    key: Annotated[list[str], Field(min_length=1)]
    derivation: Sentence
    columns: Annotated[dict[str, Column], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_columns(self) -> Table:
        named = list(self.key)
        for column in self.columns.values():
            beside = (column.part_of, column.moe, column.low, column.high)
            named += [name for name in beside if name]
        for name in named:
            if name not in self.columns:
                hint = did_you_mean(name, self.columns)
                raise ValueError(f"'{name}' is not among the columns. {hint}".strip())
        for name in self.key:
            if self.columns[name].nullable:
                raise ValueError(f"the key column '{name}' can't be nullable")
        return self


class Source(Declaration):
    """A dataset that one publisher issues: licence, citation, caveats, inputs and tables.

    One gathered from many publishers has no homepage: each row gives its own `source` and `source_url`.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Sentence
    publisher: Sentence
    homepage: Address | None = None
    licence: Licence
    cite_as: Sentence
    description: Sentence
    caveats: list[Sentence]
    inputs: list[Input]
    tables: Annotated[dict[str, Table], Field(min_length=1)]

    @model_validator(mode="after")
    def _says_where_it_is_from(self) -> Source:
        own = ({"source", "source_url"} <= table.columns.keys() for table in self.tables.values())
        if not (self.homepage or any(own)):
            raise ValueError(
                "homepage: this key is missing. Without one, a table has columns 'source' and "
                "'source_url'"
            )
        return self


def source_names(project: Project) -> list[str]:
    """Names of the sources: the folders of `data/` that hold a source.yml."""
    return sorted(path.parent.name for path in project.data.glob("*/source.yml"))


@functools.lru_cache(maxsize=64)
def load_source(project: Project, name: str) -> Source:
    """Reads and checks one declaration; the source's name is its folder's.

    Raises:
        ResearchError: no such source, no YAML, an unknown, missing or inconsistent key.
    """
    path = project.data / name / "source.yml"
    if not path.is_file():
        known = source_names(project)
        hint = did_you_mean(name, known) or f"Sources are: {', '.join(known) or 'none yet'}."
        raise ResearchError(f"there is no source '{name}'.", where="data/", instead=hint)
    return read_declaration(Source, path, project, name=name)


def list_sources(project: Project) -> dict[str, Source]:
    """Every source by its name.

    Raises:
        ResearchError: as `load_source`.
    """
    return {name: load_source(project, name) for name in source_names(project)}
