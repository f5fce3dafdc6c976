"""Progress of long work: a bar with counts, rate and time left on a terminal, a line per tenth in a log."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.console import Console

Item = TypeVar("Item")


@dataclass
class Tally:
    """How far some work is: how many of `total` are done or failed, how many were done before it
    (`cached`), and which is in work (`current`)."""

    total: int
    what: str
    cached: int = 0
    done: int = 0
    failed: int = 0
    current: str = ""
    start: float = field(default_factory=time.perf_counter)

    @property
    def ended(self) -> int:
        return self.done + self.failed

    def count(self, failed: bool) -> None:
        """One more has ended."""
        self.done, self.failed = self.done + (not failed), self.failed + failed

    def told(self) -> str:
        """As in "40 done, 2 failed, 91 cached; 300 a minute, about 75 s to go"."""
        spent = time.perf_counter() - self.start
        counts = {"done": self.done, "failed": self.failed, "cached": self.cached}
        # Nothing failed, or nothing was cached: not worth a word.
        text = ", ".join(f"{n} {word}" for word, n in counts.items() if n or word == "done")
        if not self.ended or not spent:
            return text
        text += f"; {self.ended / spent * 60:.0f} a minute"
        left = spent / self.ended * (self.total - self.ended)
        return f"{text}, about {left:.0f} s to go" if left else text


def follow(
    items: Generator[Item, None, None],
    tally: Tally,
    screen: Console,
    failed: Callable[[Item], bool],
) -> list[Item]:
    """All items of a slow iterator, with progress shown while they come; `failed` says which did."""
    with contextlib.closing(items):  # however this ends, the work behind the iterator is ended too
        shown = _drawn if screen.is_terminal else _logged
        return list(shown(_counted(items, tally, failed), tally, screen))


def _counted(items: Iterator[Item], tally: Tally, failed: Callable[[Item], bool]) -> Iterator[Item]:
    for item in items:
        tally.count(failed(item))
        yield item


def _drawn(items: Iterator[Item], tally: Tally, screen: Console) -> Iterator[Item]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
    from rich.text import Text

    class Told(ProgressColumn):
        """The counts, read whenever the bar is drawn: the time left falls between two items too."""

        def render(self, _: object) -> Text:
            return Text(f"{tally.told()}  {tally.current}")

    columns = (TextColumn(tally.what), BarColumn(20), MofNCompleteColumn(), Told())
    with Progress(*columns, console=screen, transient=True) as bar:
        yield from bar.track(items, total=tally.total)


def _logged(items: Iterator[Item], tally: Tally, screen: Console) -> Iterator[Item]:
    for number, item in enumerate(items, start=1):
        if number * 10 // tally.total > (number - 1) * 10 // tally.total:
            screen.print(f"{number} of {tally.total} {tally.what}: {tally.told()}", markup=False)
        yield item
