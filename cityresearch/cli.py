"""The command line. Errors become messages here and nowhere else: exit 1 for a researcher's mistake."""

from __future__ import annotations

import errno
import gc
import signal
import sys

from cityresearch.errors import ResearchError
from cityresearch.press.running import head_start

FULL = (errno.ENOSPC, errno.EDQUOT)
FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


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
        told = _told(error)
        if not told:
            raise
        print(told, file=sys.stderr)
        sys.exit(1)
    finally:
        gc.freeze()  # at its end Python would look through all that was loaded, and find nothing


def _told(error: OSError) -> str:
    """What the machine refused, where that is no bug of ours; else empty."""
    if error.errno in FULL:
        return "The disk is full. What was there before is as it was: make room, and begin again."
    if error.errno in FORBIDDEN and error.filename:
        return (
            f"{error.filename}: this can't be read or written ({error.strerror}). Mend its rights; "
            "where it lies in the build folder, you may choose another one with --build-dir."
        )
    return ""


if __name__ == "__main__":
    main()
