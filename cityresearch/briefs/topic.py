"""A topic's declaration: `notebooks/<topic>/topic.yml`, read strictly and checked before anything runs."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cityresearch.errors import ResearchError, did_you_mean
from cityresearch.evidence.declarations import Declaration, read_declaration
from cityresearch.project import Project

NAME = re.compile(r"[a-z][a-z0-9_]*")
WHOM = {
    "geoid": "it",
    "uace": "its urban area",
    "cbsa": "its metropolitan area",
    "state": "its state",
}
INPUT = re.compile(
    r"^(?P<sum>sum\()?(?P<table>[a-z0-9_]+\.[a-z0-9_]+)\.(?P<column>[a-z0-9_]+)"
    r"(?:\[(?P<by>[a-z0-9_]+)=(?P<equals>[^\]]+)\])?(?(sum)\))(?:@(?P<year>\d{4}))?$"
)


class Parameter(Declaration):
    """One parameter of the notebook, in the words of JSON Schema."""

    type: Literal["integer", "number", "string", "boolean"]
    description: str
    default: int | float | str | bool
    minimum: float | None = None
    maximum: float | None = None
    enum: list[int | float | str] | None = None


class Constant(Declaration):
    """A number that a method needs: dated and cited, so that it is never a bare number in code.

    `verified` is false where the primary text was not read; the brief then says so.
    """

    value: float
    unit: str
    as_of: str
    source: str
    verified: bool = True


class Requirement(Declaration):
    """A flag column that must not be false for an indicator to have a value, and why."""

    flag: Annotated[str, Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+$")]
    reason: str


class Indicator(Declaration):
    """A declared measure. `inputs` name columns as `source.table.column`, with `@year` where the
    year is not the indicator's own, `[column=value]` to choose a row, and `sum(...)` to add up all
    rows of the place."""

    label: str
    unit: str
    definition: str
    direction: Literal["more", "less", "neutral"]
    about: Literal["geoid", "uace", "cbsa", "state"]
    formula: str = "value"
    inputs: list[str] | dict[str, str]
    constants: dict[str, str] = {}
    scale: float = 1.0
    year: int | None = None
    years: Annotated[list[int], Field(min_length=2, max_length=2)] | None = None
    comparison: Literal["higher", "more", "less"] = "higher"
    requires: Requirement | None = None
    reference: str
    nation: Literal["sum", "none"] = "none"

    @property
    def named_inputs(self) -> dict[str, str]:
        """Inputs by argument name; unnamed ones are numbered."""
        if isinstance(self.inputs, dict):
            return self.inputs
        return {str(place): text for place, text in enumerate(self.inputs)}

    @property
    def tables(self) -> list[str]:
        """The table of each input."""
        return [str(INPUT.match(text)["table"]) for text in self.named_inputs.values()]  # type: ignore[index]

    @model_validator(mode="after")
    def _inputs_are_addresses(self) -> Indicator:
        for text in self.named_inputs.values():
            if not INPUT.match(text):
                raise ValueError(
                    f"input '{text}' is not an address like ntd.areas.upt, ntd.areas.upt@2019 "
                    "or sum(ntd.funding.local_usd)"
                )
        return self


class Untested(Declaration):
    """A wording that claims a comparison, trend or rank without a test, and why it may stand."""

    text: Annotated[str, Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1)]


class Section(Declaration):
    """What a section of the brief needs: indicators, or tables with a row for the place. All `needs` must
    be there, and where there are any, one of `any_of`, which only an optional section may have."""

    needs: list[str] = []
    any_of: list[str] = []
    optional: bool = False

    @model_validator(mode="after")
    def _needs_something(self) -> Section:
        if not self.needs + self.any_of:
            raise ValueError("a section needs something. Add 'needs:' with indicators or tables")
        if self.any_of and not self.optional:
            raise ValueError("only a section with 'optional: true' may have 'any_of'")
        return self


class PeerVariable(Declaration):
    """One of the measures that make places alike; population and incomes are compared as logs."""

    log: bool = False
    weight: Annotated[float, Field(gt=0)] = 1.0


class PeerRule(Declaration):
    """How peers are found: k nearest on the standardised indicators named here."""

    of: Literal["geoid", "uace", "cbsa", "state"]
    k: int = 8
    variables: dict[str, PeerVariable]


class Topic(Declaration):
    """A policy question: its title, places, pinned vintages, sections, constants and indicators.

    `overview` names the figures of its briefs that pages over many places show, each with its heading
    in tables; the first is the one that places are ranked and mapped by. The briefs of a `draft` bear
    that word and enter no edition; with `approval: required` each needs a person's approval to enter one.
    """

    name: str  # its folder's
    label: str
    title: str
    summary: str
    as_of: str
    geography: str = "city"
    draft: bool = False
    approval: Literal["required", "none"] = "none"
    time_limit: Annotated[int, Field(ge=1)] = 300  # seconds that one brief may take
    memory_limit: Annotated[int, Field(ge=1)] = 2048  # MB that one brief may take
    places: str = ""
    parameters: dict[str, Parameter] = {}
    vintages: dict[str, str]
    sections: dict[str, Section]
    constants: dict[str, Constant] = {}
    indicators: dict[str, Indicator]
    overview: dict[str, str] = {}
    untested: list[Untested] = []
    mentions: list[str] = []  # full names of cities that every brief may name, as examples
    peers: PeerRule | None = None

    @model_validator(mode="after")
    def _names_are_known(self) -> Topic:
        for name, indicator in self.indicators.items():
            _known(indicator.constants.values(), self.constants, f"indicators.{name}.constants")
            _known(
                indicator.tables,
                self.vintages,
                f"indicators.{name}.inputs (tables under 'vintages')",
            )
        for name, section in self.sections.items():
            known = {**self.indicators, **self.vintages}
            _known(section.needs, known, f"sections.{name}.needs")
            _known(section.any_of, known, f"sections.{name}.any_of")
        if self.peers:
            _known(self.peers.variables, self.indicators, "peers.variables")
        # A figure that the notebook derives has a colon in its name, and only a run knows of it.
        _known([name for name in self.overview if ":" not in name], self.indicators, "overview")
        return self

    def indicator(self, name: str) -> Indicator:
        """A declared indicator.

        Raises:
            ResearchError: the topic declares none of this name.
        """
        if name not in self.indicators:
            raise self._undeclared("indicator", name, self.indicators)
        return self.indicators[name]

    def section(self, name: str) -> Section:
        """A declared section.

        Raises:
            ResearchError: the topic declares none of this name.
        """
        if name not in self.sections:
            raise self._undeclared("section", name, self.sections)
        return self.sections[name]

    def lack(self, need: str, title: str = "") -> str:
        """Why a place lacks a section, in words: a need without data. For readers, a table has its `title`;
        those who keep the evidence know it by its address."""
        if need not in self.indicators:
            return f"the table {f'“{title}”' if title else need} has no row about it"
        each = self.indicators[need]
        return f"there is no figure “{each.label}” for {WHOM[each.about]}"

    def _undeclared(self, kind: str, name: str, known: Iterable[str]) -> ResearchError:
        return ResearchError(
            f"the topic declares no {kind} '{name}'.",
            where=f"notebooks/{self.name}/topic.yml",
            instead=did_you_mean(name, known) or f"Declared are: {', '.join(known)}.",
        )


def _known(names: Any, known: Any, where: str) -> None:
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"Declared are: {', '.join(known) or 'none'}"
            raise ValueError(f"{where}: '{name}' is not declared. {hint}")


def list_topics(project: Project) -> list[str]:
    """Names of the topics: the folders of `notebooks/` that hold a topic.yml."""
    return sorted(path.parent.name for path in project.notebooks.glob("*/topic.yml"))


@functools.lru_cache(maxsize=64)
def load_topic(project: Project, name: str) -> Topic:
    """Reads and checks one topic.

    Raises:
        ResearchError: no such topic, no YAML, an unknown or missing key, or an undeclared name.
    """
    path = project.notebooks / name / "topic.yml"
    if not path.is_file():
        known = list_topics(project)
        hint = did_you_mean(name, known) or f"Topics are: {', '.join(known) or 'none yet'}."
        raise ResearchError(f"there is no topic '{name}'.", where="notebooks/", instead=hint)
    if not NAME.fullmatch(name):
        raise ResearchError(
            f"the name of the folder, '{name}', can't be that of a topic.",
            where=f"notebooks/{name}/",
            instead="Rename it: small letters, digits and _, a letter first, as in working_at_home.",
        )
    return read_declaration(Topic, path, project, name=name)


def notebook_path(project: Project, name: str) -> Path:
    """The topic's notebook.

    Raises:
        ResearchError: the folder has no brief.ipynb.
    """
    path = project.notebooks / name / "brief.ipynb"
    if not path.is_file():
        raise ResearchError("this topic has no notebook brief.ipynb.", where=f"notebooks/{name}/")
    return path
