"""A tile map of the states: all of one size, letters inside, the law shown by tone and mark."""

from __future__ import annotations

from collections.abc import Mapping

from altair.utils import schemapi

from cityresearch.briefs import look
from cityresearch.briefs.blocks import Cell, Chart, Column
from cityresearch.briefs.charts import tables, tiles
from cityresearch.briefs.charts.canvas import Caption, data_table, finish
from cityresearch.briefs.charts.records import Record
from cityresearch.errors import ResearchError

# Neighbours stay neighbours as far as squares allow.
TILES = """
AK .. .. .. .. .. .. .. .. .. ME
.. .. .. .. .. WI .. .. .. VT NH
WA ID MT ND MN IL MI .. NY MA RI
OR NV WY SD IA IN OH PA NJ CT ..
CA UT CO NE MO KY WV VA MD DE ..
.. AZ NM KS AR TN NC SC DC .. ..
.. .. .. OK LA MS AL GA .. .. ..
HI .. .. TX .. .. .. .. FL .. ..
"""
PLACES = {
    code: (at, row)
    for row, line in enumerate(TILES.split("\n")[1:-1])
    for at, code in enumerate(line.split())
    if code != ".."
}
OPTIONAL = {"DC"}  # not a state: drawn only where there is something to say of it


@schemapi.debug_mode(False)  # the parts are checked by the tests, not one by one in each brief
def tile_map(
    areas: Mapping[str, Mapping[str, str]],
    caption: Caption,
    *,
    own: str = "",
    names: Mapping[str, str] | None = None,
) -> Chart:
    """The 50 states by the state of their law, a panel for each of one to three policy areas.

    Args:
        areas: name of the area to postal code to status: preempted, limited, none, unknown, formerly.
            All 50 states each; the District of Columbia where it is given.
        caption: name, title, alternative text, source.
        own: postal code of our state, which is outlined.
        names: names of the states by postal code, for the data table and the key.

    Raises:
        ResearchError: no area or more than three, a state left out, an unknown state or status.
    """
    if not 1 <= len(areas) <= 3:
        where = f"chart '{caption.id}'"
        raise ResearchError(
            f"there are {len(areas)} areas.", where=where, instead="Draw one to three."
        )
    for area, states in areas.items():
        _check(area, states, own, caption.id)
    called = {code: (names or {}).get(code, code) for code in sorted(PLACES)}
    grid = tiles.lay_out(len(areas))
    drawn = [
        {**_place(state), "panel": panel, **_style(status), "own": 1 if state == own else None}
        for panel, states in enumerate(areas.values())
        for state, status in sorted(states.items())
    ]
    key = _key(areas, called.get(own, ""))
    rooms = grid.rooms(key)
    heads = [{"text": area, "panel": at} for at, area in enumerate(areas) if len(areas) > 1]
    layers = [*grid.squares(), *grid.letters(), *tiles.key_marks(), *grid.heads(heads)]
    datasets = {"tiles": drawn, "key": key, "heads": heads}
    table = data_table(caption, *_table(areas, called), highlight=[called.get(own, "")])
    return finish(caption, layers, datasets, rooms, table)


def _check(area: str, states: Mapping[str, str], own: str, name: str) -> None:
    where = f"chart '{name}', {area}"
    absent = sorted(set(PLACES) - OPTIONAL - set(states))
    if absent:
        raise ResearchError(
            f"{', '.join(absent)} has no status.",
            where=where,
            instead="Where nothing is known: unknown.",
        )
    strange = sorted(set(states) - set(PLACES)) + ([own] if own and own not in PLACES else [])
    if strange:
        raise ResearchError(f"'{strange[0]}' is no postal code of a state.", where=where)
    for status in states.values():
        tables.status(status, where)


def _place(state: str) -> Record:
    at, row = PLACES[state]
    return {"state": state, "col": at, "row": row}


def _style(status: str) -> Record:
    style = look.STATUSES[status]
    return {
        "mark": style.mark,
        "words": style.words,
        "fill": look.light(style.fill),
        "ink": look.light(style.ink),
        "hatched": 1 if style.hatched else None,
    }


def _key(areas: Mapping[str, Mapping[str, str]], own: str) -> list[Record]:
    """The statuses that occur, strongest first, and our own state's outline."""
    shown = {status for states in areas.values() for status in states.values()}
    key = [_style(status) for status in look.STATUSES if status in shown]
    if own:
        plain = {"fill": look.light("paper"), "ink": look.light("ink"), "mark": ""}
        key.append({**plain, "words": own, "own": 1})
    return key


def _table(
    areas: Mapping[str, Mapping[str, str]], called: Mapping[str, str]
) -> tuple[list[Column], list[list[str | Cell]]]:
    shown = [code for code in called if any(code in states for states in areas.values())]
    columns = [Column("State"), *(Column(area) for area in areas)]
    cells = [
        [
            called[code],
            *(
                tables.status(states[code], area) if code in states else ""
                for area, states in areas.items()
            ),
        ]
        for code in sorted(shown, key=lambda code: called[code])
    ]
    return columns, cells
