"""Progress: a line per tenth in a log, counts on a terminal, and the work behind it always ended."""

from __future__ import annotations

import io
from collections.abc import Generator

import pytest
from rich.console import Console

from cityresearch.press.running.progress import Tally, follow


def work(number: int, ended: list[str] | None = None) -> Generator[int, None, None]:
    try:
        yield from range(number)
    finally:
        if ended is not None:
            ended.append("closed")


def shown(number: int, terminal: bool) -> str:
    text = io.StringIO()
    screen = Console(file=text, force_terminal=terminal, width=200)
    tally = Tally(number, "briefs", cached=7, current="Madison, Wisconsin")
    assert follow(work(number), tally, screen, lambda item: item % 10 == 3) == list(range(number))
    return text.getvalue()


def test_a_log_gets_a_line_for_each_tenth() -> None:
    lines = shown(40, terminal=False).splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("4 of 40 briefs: 3 done, 1 failed, 7 cached; ")
    assert lines[-1].startswith("40 of 40 briefs: 36 done, 4 failed, 7 cached; ")
    assert " s to go" in lines[0]
    assert lines[-1].endswith(" a minute")


def test_a_terminal_shows_counts_and_the_city() -> None:
    text = shown(40, terminal=True)
    assert "cached" in text and "Madison, Wisconsin" in text


def test_nothing_to_do_prints_nothing_in_a_log() -> None:
    assert shown(0, terminal=False) == ""


def test_the_work_is_ended_when_it_is_stopped() -> None:
    ended: list[str] = []

    def stop(item: int) -> bool:
        if item == 2:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        follow(work(9, ended), Tally(9, "briefs"), Console(file=io.StringIO()), stop)
    assert ended == ["closed"]
