"""Whose brief this process makes: the stamp of its place, which blocks and figures carry with them.

A chart that was kept from another city's brief, in a module, a cache or a file, bears that city's stamp
or none, and is refused where the press runs the notebook.
"""

from __future__ import annotations

from cityresearch.briefs import marks
from cityresearch.errors import ResearchError

KEY = "about"  # of an output's metadata: the stamp of the block that it shows
_now = ["", ""]  # code and full name of the place


def begin(code: str, name: str) -> None:
    """This process makes the brief of this place from now on; "" where it makes none.

    Raises:
        ResearchError: the press runs the notebook, and that began a brief of another place before.
    """
    if code and _now[0] and code != _now[0] and marks.switched_on():
        raise ResearchError(
            f"this notebook is writing about {_now[1]}, and here it makes a Brief for {name}.",
            instead="Make one Brief, for the place of the parameters; its peers are brief.peers.",
        )
    _now[:] = [code, name]


def now() -> str:
    """The code of the place that this process writes about."""
    return _now[0]


def refuse_another(code: str, what: str, name: str) -> None:
    """Refuses a figure of another place's brief, where the press runs the notebook.

    Raises:
        ResearchError: it is one.
    """
    if code and code != _now[0] and marks.switched_on():
        raise ResearchError(
            f"“{what}” is a figure of a Brief for {name}, and this brief is about {_now[1] or 'nobody'}.",
            instead="Print figures of the one Brief that the notebook makes.",
        )
