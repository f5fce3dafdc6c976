"""What the warm server imports, once, for all kernels that are forked from it. See `kernels`."""

import gc

import cityresearch.briefs.views
import cityresearch.cli  # noqa: F401  a forked process looks for the command that started it

# Objects that live on are left out of the collector's rounds, so that their pages stay shared.
gc.collect()
gc.freeze()
