"""Progress of long work: a bar with the time left on a terminal, a line per tenth in a log."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")


def follow(
    items: Generator[Item, None, None], total: int, what: str, screen: Console
) -> list[Item]:
    """All items of a slow iterator, with progress shown while they come."""
    with contextlib.closing(items):  # however this ends, the work behind the iterator is ended too
        return _shown(items, total, what, screen)


def _shown(
    items: Generator[Item, None, None], total: int, what: str, screen: Console
) -> list[Item]:
    if screen.is_terminal:
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=screen, transient=True) as bar:
            return list(bar.track(items, total=total))
    return list(_logged(items, total, what, screen))


def _logged(
    items: Generator[Item, None, None], total: int, what: str, screen: Console
) -> Iterator[Item]:
    start = time.perf_counter()
    for number, item in enumerate(items, start=1):
        if number * 10 // total > (number - 1) * 10 // total:
            spent = time.perf_counter() - start
            left = spent / number * (total - number)
            screen.print(f"{number} of {total} {what}, {spent:.0f} s, about {left:.0f} s to go")
        yield item
