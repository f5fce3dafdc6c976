"""Python's garbage collector, told to look seldom. Loaded before all else by processes that run briefs.

They load much that lives on, and a brief's own process ends before it makes much garbage: at the usual
settings a fifth of a brief's time went into looking for it.
"""

import gc

gc.set_threshold(100_000, 20, 100)
