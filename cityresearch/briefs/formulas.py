"""Formulas: the functions that the declarations of indicators name."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable

from cityresearch.errors import ResearchError
from cityresearch.evidence import estimates
from cityresearch.evidence.estimates import Estimate


def formula(name: str, where: str = "topic.yml") -> Callable[..., Estimate]:
    """The function that a declaration names: one of estimates, or `module.function` of methods.

    Args:
        where: file and key, for the message.

    Raises:
        ResearchError: there is no such formula.
    """
    if name == "value":
        return lambda estimate: estimate
    try:
        if "." not in name:
            return getattr(estimates, name)  # type: ignore[no-any-return]
        module, function = name.split(".", 1)
        return getattr(importlib.import_module(f"cityresearch.methods.{module}"), function)  # type: ignore[no-any-return]
    except (ImportError, AttributeError):
        raise ResearchError(
            f"there is no formula '{name}'.",
            where=where,
            instead="Write value, ratio, difference, proportion, percent_change, product, total, or "
            "a function of cityresearch.methods such as water.affordable_bill.",
        ) from None


@functools.cache
def source_of(name: str) -> str:
    """The Python source of the function that a declaration names; empty for a value as it stands."""
    return "" if name == "value" else inspect.getsource(formula(name))
