"""Imported by the process that all workers are forked from: it is warm before they ask for anything."""

import contextlib
import gc
import os
from pathlib import Path

import nbformat

import cityresearch.press.running.pool
import cityresearch.press.running.run
import cityresearch.press.running.warm  # noqa: F401  with all that briefs import
from cityresearch.briefs import charts
from cityresearch.briefs.prepared import Prepared
from cityresearch.briefs.shared import load_all
from cityresearch.press.running.server import FORESEEN_VARIABLE
from cityresearch.press.running.shell import make_shell

charts.warm()
gc.freeze()  # the shell has all garbage collected when it is made: now there is little to look through
make_shell()
nbformat.validate(nbformat.v4.new_notebook())  # the first time it reads the schema
for folder in filter(None, os.environ.pop(FORESEEN_VARIABLE, "").split(os.pathsep)):
    with contextlib.suppress(Exception):  # another run may be removing it
        load_all(Prepared(Path(folder)))
gc.freeze()
