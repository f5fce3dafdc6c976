"""Imported by the process that all workers are forked from: it is warm before they ask for anything."""

from cityresearch.press.warm import warm_process

warm_process()
