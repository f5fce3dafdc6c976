"""Tables of places: a row a place with what the briefs found, for pages on states and on topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cityresearch.briefs.topic import Topic
from cityresearch.methods import numbers
from cityresearch.methods.ranks import Rank
from cityresearch.press.manuscripts import Entry
from cityresearch.press.overview import Shown, Spread
from cityresearch.press.surroundings import label
from cityresearch.press.web.atlas import Atlas

MOST = 500  # rows of one page, so that it stays below 400 kB


@dataclass(frozen=True)
class Cell:
    """One cell: text, a smaller second line, what it is sorted by, and where it leads.

    `named` is the whole name of a link whose text is only a number.
    """

    text: str
    sub: str = ""
    order: str = ""
    href: str = ""
    named: str = ""


@dataclass(frozen=True)
class Column:
    """One column: its heading, whether it holds numbers, and how it comes sorted ("" or ascending…)."""

    heading: str
    numeric: bool = True
    sorted: str = ""
    minor: bool = False


@dataclass(frozen=True)
class PlaceTable:
    """A table of places; `states` are the choices of its filter, empty where it needs none; `lead`
    says above it what is the same for all its rows."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    states: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = field(default=())
    lead: Sequence[str] = field(default=())


def topic_table(atlas: Atlas, topic: Topic, entries: Sequence[Entry]) -> PlaceTable:
    """All places of a topic, or the largest: rank, then the figures of its overview with margins.

    A topic without overview has the headline of each brief instead.
    """
    spreads = atlas.spreads.get(topic.name, {})
    largest = sorted(entries, key=_size)[:MOST]
    key = atlas.key_spread(topic.name)
    if key:
        largest.sort(key=lambda entry: _position(entry, key))
    states = {entry.place.state: entry.place.state_name for entry in largest}
    first = [Column("Place", numeric=False), Column("Residents", minor=True)]
    figures = [Column(spreads[name].heading) for name in spreads]
    ranked = [Column("Rank", sorted="ascending"), *figures] if key else [Column("Finding", False)]
    return PlaceTable(
        caption=f"{topic.label}: {_counted(len(largest), len(entries))}",
        columns=[*first, *ranked],
        rows=[(entry.place.state, _topic_row(entry, topic, spreads)) for entry in largest],
        states=sorted(states.items(), key=lambda state: state[1]) if len(states) > 1 else (),
        notes=[*_rank_notes(key), *_margin_notes(largest)],
    )


def _counted(shown: int, total: int) -> str:
    if shown < total:
        return f"the {shown:,} largest places"
    return "one place" if total == 1 else f"all {total:,} places"


def _size(entry: Entry) -> tuple[int, str]:
    return -(entry.place.population or 0), entry.place.path


def _position(entry: Entry, key: Spread) -> tuple[float, float, float, str]:
    """By rank, then by value; what has no rank comes last."""
    shown = entry.overview.figures.get(key.name)
    rank = key.ranks.get(shown.area) if shown else None
    value = (shown.estimate.value if shown else None) or 0.0
    by_value = value if key.lowest_first else -value
    if rank is None:
        return (float("inf"), 0.0, by_value, entry.place.path)
    return (rank.first + rank.last, rank.first, by_value, entry.place.path)


def _topic_row(entry: Entry, topic: Topic, spreads: Mapping[str, Spread]) -> list[Cell]:
    place = entry.place
    up = f"../{place.path}/{topic.name}.html"
    state = place.state_name if place.state_name != label(place) else ""
    first = [Cell(label(place), state, href=up), _residents(entry)]
    if not spreads:
        return [*first, Cell(entry.headline)]
    key = next(iter(spreads.values()))
    figures = [_figure(entry.overview.figures.get(figure)) for figure in spreads]
    shown = entry.overview.figures.get(key.name)
    return [*first, _rank(key.ranks.get(shown.area) if shown else None), *figures]


def _residents(entry: Entry) -> Cell:
    people = entry.place.population
    return Cell(numbers.NOT_AVAILABLE) if people is None else Cell(f"{people:,}", order=str(people))


def _rank(rank: Rank | None) -> Cell:
    if rank is None:
        return Cell("not ranked")
    tied = f"{rank.first}–{rank.last}", "tied", f"{rank.first + rank.last}"
    return Cell(*tied) if rank.tied else Cell(str(rank), "", str(2 * rank.first))


def _figure(shown: Shown | None, href: str = "", named: str = "") -> Cell:
    if shown is None:
        return Cell("not in this brief", href=href, named=f"{named}, not in this brief")
    value = shown.estimate.value
    sub = shown.margin if value is not None else (shown.estimate.reason or "")
    order = "" if value is None else f"{value:.6g}"
    return Cell(shown.text, sub, order, href, f"{named}, {shown.text}" if href else "")


def _rank_notes(key: Spread | None) -> list[str]:
    if key is None:
        return []
    end = "lowest" if key.lowest_first else "highest"
    return [
        f"Ranks are by {key.heading[:1].lower()}{key.heading[1:]}, 1 being the {end}, among {key.counted}."
        " Where margins of error overlap, or figures are equal, ranks are called tied. They stand"
        " by the middle of their ranks: one with a wide margin can stand below a lower figure. Places"
        " in one area share its figures and its rank."
    ]


def _margin_notes(entries: Sequence[Entry]) -> list[str]:
    shown = [each for entry in entries for each in entry.overview.figures.values()]
    if any(each.estimate.moe == 0 for each in shown):
        return [
            "A figure without a second line is a count or set by law: it has no sampling error."
        ]
    return []


def state_table(
    atlas: Atlas, topics: Mapping[str, Topic], name: str, inside: Sequence[Sequence[Entry]]
) -> PlaceTable:
    """The places of a state, the largest first: residents and the key figure of each topic. A figure
    about the state, the same for all its places, stands above the table instead.

    Args:
        name: of the state.
        inside: the briefs of each place.
    """
    used = {entry.topic for entries in inside for entry in entries}
    ordered = sorted(inside, key=lambda entries: _size(entries[0]))
    head = [Column("Place", numeric=False), Column("Residents", sorted="descending")]
    keys = {name: atlas.key_spread(name) for name in used}
    common = {name: shown for name in used if (shown := _of_state(keys[name], inside))}
    told = [topic for topic in topics.values() if topic.name in common]
    chosen = [topic for topic in topics.values() if topic.name in used - common.keys()]
    headings = [Column(_heading(topic, keys[topic.name])) for topic in chosen]
    return PlaceTable(
        caption=f"Places in {name}",
        columns=[*head, *headings],
        rows=[(entries[0].place.state, _state_row(entries, chosen)) for entries in ordered],
        notes=_margin_notes([entry for entries in inside for entry in entries]),
        lead=[
            f"{_heading(topic, keys[topic.name])}: {common[topic.name].text}. This is about the whole"
            " state, so it holds for all places here."
            for topic in told
        ],
    )


def _of_state(key: Spread | None, inside: Sequence[Sequence[Entry]]) -> Shown | None:
    """The figure that several places of a state share because it is about the state; else none.

    A law about one named city alone makes the counts of that city differ.
    """
    if key is None or len(inside) < 2:
        return None
    figures = [entry.overview.figures.get(key.name) for entries in inside for entry in entries]
    shown = [figure for figure in figures if figure and figure.kind == "state"]
    alike = len(shown) == len(inside) and len({figure.estimate for figure in shown}) == 1
    return shown[0] if alike else None


def heading_of(topic: Topic, heading: str) -> str:
    """A figure's heading beside those of other topics: with the topic's name, unless it begins so."""
    if heading.startswith(topic.label):
        return heading
    return f"{topic.label}: {heading[:1].lower()}{heading[1:]}"


def _heading(topic: Topic, key: Spread | None) -> str:
    return heading_of(topic, key.heading) if key else topic.label


def _state_row(entries: Sequence[Entry], topics: Sequence[Topic]) -> list[Cell]:
    place = entries[0].place
    folder = place.path.rpartition("/")[2]
    of_topic = {entry.topic: entry for entry in entries}
    cells = [Cell(label(place), href=f"{folder}/index.html"), _residents(entries[0])]
    for topic in topics:
        entry, href = of_topic.get(topic.name), f"{folder}/{topic.name}.html"
        named = f"{topic.label}, {label(place)}"
        if entry is None:
            cells.append(Cell("no brief"))
        elif not topic.overview:
            cells.append(Cell("Brief", href=href, named=f"Brief on {named}"))
        else:
            shown = entry.overview.figures.get(next(iter(topic.overview)))
            cells.append(_figure(shown, href, named))
    return cells
