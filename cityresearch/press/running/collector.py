"""What processes that run briefs set before they load anything.

Python's garbage collector is told to look seldom: they load much that lives on, and a brief's own process
ends before it makes much garbage. At the usual settings a fifth of a brief's time went into looking for it.
"""

import gc
import signal

gc.set_threshold(100_000, 20, 100)
signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while they load ends them without a word
