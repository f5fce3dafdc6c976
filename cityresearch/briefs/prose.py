"""Prose: MyST `{eval}` expressions in Markdown, and what they may print."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from cityresearch.briefs.facts import Figure
from cityresearch.errors import ResearchError

POWERFUL = re.compile(r"[\\`\[\]<]")
LINES = re.compile(r"\s*[\n\r\u2028\u2029]\s*")
TEXT = "application/vnd.cityresearch.text"  # of a reply: text as it is
EXPRESSION = re.compile(r"\{eval\}`([^`]+)`")


def expressions(markdown: str) -> list[str]:
    """The expressions of one Markdown cell, in order."""
    return EXPRESSION.findall(markdown)


def say(value: Any) -> str:
    """What an expression prints. Bare numbers are refused: they have no source, unit or margin.

    Raises:
        ResearchError: the value is neither text, a figure nor a count of things listed.
    """
    if isinstance(value, str | Figure):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    kind = "nothing" if value is None else f"a bare {type(value).__name__}"
    raise ResearchError(
        f"the expression gives {kind}, which has no source, unit or margin.",
        instead='Print a figure, such as brief["trips_per_resident"], or words made from figures.',
    )


def request(expression: str) -> str:
    """The code that a kernel is asked to evaluate for one expression; its result is JSON text."""
    return f"__import__('cityresearch.briefs.prose', fromlist=['said']).said(({expression}))"


def said(value: Any) -> str:
    """`say`, with a researcher's mistake given back as text, so that it crosses to the engine."""
    try:
        return json.dumps({"text": say(value)})
    except ResearchError as error:
        return json.dumps({"error": str(error)})


def text_of(reply: dict[str, Any]) -> str:
    """The text that an expression gave, out of one kernel reply.

    Our own shell has it as it is, a kernel as Python prints it.

    Raises:
        ResearchError: the expression failed, with the kernel's own error.
    """
    if reply["status"] != "ok":
        raise ResearchError(f"{reply['ename']}: {reply['evalue']}")
    shown = reply["data"]
    return str(shown[TEXT] if TEXT in shown else ast.literal_eval(shown["text/plain"]))


def answer(reply: dict[str, Any]) -> str:
    """The text of one kernel reply to `request`.

    Raises:
        ResearchError: the expression failed, with the kernel's own error.
    """
    content = json.loads(text_of(reply))
    if "error" in content:
        raise ResearchError(content["error"])
    return str(content["text"])


def resolve(markdown: str, texts: dict[str, str]) -> str:
    """The Markdown with each expression replaced by its text, in one line and with no sign that makes a
    link, code or HTML: names and titles from data are words."""
    return EXPRESSION.sub(lambda match: _words(texts[match[1]]), markdown)


def _words(text: str) -> str:
    return POWERFUL.sub(r"\\\g<0>", LINES.sub(" ", text))
