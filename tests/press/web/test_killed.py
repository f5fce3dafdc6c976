"""A book whose maker is killed leaves no process behind that would work on, beside the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from left_over import left_over, processes
from sample_project import put_all

from cityresearch.project import Project

MAKE = """
import sys
from pathlib import Path
import sample_brief
from sample_project import sample_briefs
from cityresearch.press.web import book, brief_pages
from cityresearch.project import Project
brief_pages.TOGETHER = 1  # so that few places are enough for a pool
project = Project(Path(sys.argv[1]), Path(sys.argv[1]) / "_build")
book.make_book(project, sample_brief.COLLECTION, sample_briefs(project), workers=2)
"""


@pytest.mark.parametrize("doing", ["multiprocessing.forkserver", "press.web.compiling"])
def test_a_killed_book_leaves_no_process_behind(press_project: Project, doing: str) -> None:
    put_all(press_project)
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)])
    given = {**os.environ, "PYTHONPATH": paths, "BUILD_OF_TEST": str(press_project.build)}
    command = [sys.executable, "-c", MAKE, str(press_project.root)]
    with subprocess.Popen(command, env=given, start_new_session=True) as process:
        for _ in range(1200):
            if len(processes(press_project.build, doing)) > 1:  # it has forked
                break
            time.sleep(0.05)
        assert process.poll() is None
        assert len(processes(press_project.build, doing)) > 1
        if doing == "press.web.compiling":
            _hold_up(min(processes(press_project.build, doing), key=_number))
        process.kill()
        process.wait(60)
    left = left_over(press_project.build)
    for folder in left:
        os.kill(_number(folder), signal.SIGKILL)
    assert left == []
    assert not (press_project.build / "html").exists()


def _number(folder: Path) -> int:
    return int(folder.name)


def _hold_up(folder: Path) -> None:
    """So that it can't end because its work is done. What kills it needs no answer."""
    os.kill(_number(folder), signal.SIGSTOP)
