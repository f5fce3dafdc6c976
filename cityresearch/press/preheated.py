"""Imported by the process that all workers are forked from: it is warm before they ask for anything."""

import cityresearch.press.warm  # noqa: F401  with all that briefs import
from cityresearch.briefs import charts
from cityresearch.press.shell import make_shell

charts.warm()
make_shell()
