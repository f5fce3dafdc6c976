"""The command line. Errors become messages here and nowhere else: exit 1 for a researcher's mistake."""

from __future__ import annotations

import errno
import gc
import signal
import sys

from cityresearch.errors import ResearchError
from cityresearch.press.running import head_start


def main() -> None:
    """The console command: a ResearchError is a message and exit 1; a bug keeps its traceback."""
    # A polite end (SIGTERM) is taken like Ctrl-C, so that no worker is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    gc.set_threshold(100_000, 20, 100)  # nearly all that a command loads lives as long as it does
    head_start.begin(sys.argv[1:])
    from cityresearch import checking  # noqa: F401  (its command)
    from cityresearch.commands import app  # it loads while what a run needs loads beside it

    try:
        app()
    except ResearchError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(
            "The disk is full. What was there before is as it was: make room, and begin again.",
            file=sys.stderr,
        )
        sys.exit(1)
    finally:
        gc.freeze()  # at its end Python would look through all that was loaded, and find nothing


if __name__ == "__main__":
    main()
