"""What differs between two editions: fact by fact, and in the words of briefs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cityresearch.evidence import estimates
from cityresearch.evidence.estimates import Estimate
from cityresearch.press.editions.edition import Brief, Edition
from cityresearch.press.editions.visible import NUMBERS, shown_number

NEW_VINTAGE, REVISED, METHOD, TEXT, NEW, GONE = REASONS = (
    *("new vintage", "data revised", "method changed"),
    *("text changed", "new", "gone"),
)
WORDS = ("label", "text", "method", "source", "about")  # of a fact, as readers see them
NUMERAL = re.compile(r"[$−-]?\d[\d,.]*%?")
TABLE = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+(?=\[)")
OWN = re.compile(
    r"[a-z0-9_]+(:[a-z_]+)*"
)  # peers and years follow as codes: ":53200", ":WI", "@2019"
OTHERS = {"nation", "peers", "method"}
Fact = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One fact, or the words, of one brief that differ between two editions.

    `id` and `label` are the fact's; of a whole brief or its words they are empty. `old` or `new` is None
    where there is none. `reasons` are of `REASONS`; `claimed` are those that the hashes of the facts
    tell, before anything was computed anew, and `proof` says what that showed (see `causes`).
    """

    stem: str
    brief: Brief
    id: str
    label: str
    old: Fact | None
    new: Fact | None
    reasons: tuple[str, ...]
    claimed: tuple[str, ...] = ()
    proof: str = ""
    differs: bool | None = field(default=None)

    @property
    def own(self) -> bool:
        """Whether it is a figure of the place itself: not of a peer, an earlier year, a row of a table or
        the nation."""
        about = ((self.new or self.old or {}).get("about") or {}).get("kind")
        return bool(OWN.fullmatch(self.id)) and about not in OTHERS

    @property
    def is_number(self) -> bool:
        """Whether a number that both editions have became another."""
        return self.old is not None and self.new is not None and not same(self.old, self.new)


def compare(old: Edition, new: Edition) -> list[Change]:
    """All changes from one edition to another, brief by brief in the order of their addresses.

    Briefs of which readers see the same in both are passed over without a look at their facts.
    """
    found: list[Change] = []
    for stem in sorted({*old.briefs, *new.briefs}):
        before, now = old.briefs.get(stem), new.briefs.get(stem)
        if before is None or now is None:
            there = now or before
            assert there is not None
            reason = GONE if now is None else NEW
            found.append(Change(stem, there, "", "", None, None, (reason,), (reason,)))
        elif before.seen != now.seen:
            found += _of_brief(old, new, stem, now)
    return found


def _of_brief(old: Edition, new: Edition, stem: str, brief: Brief) -> Iterator[Change]:
    before, now = ({f["id"]: f for f in each.facts(stem)["facts"]} for each in (old, new))
    numbers = facts = False
    for name in dict.fromkeys([*now, *before]):
        a, b = before.get(name), now.get(name)
        reasons = _reasons(a, b, old.vintages, new.vintages)
        if reasons:
            label = str((b or a or {})["label"])
            differs = _differs(a, b) if a and b else None
            yield Change(stem, brief, name, label, a, b, reasons, reasons, "", differs)
            facts = True
            numbers = numbers or a is None or b is None or not same(a, b)
    # Words that tell changed numbers change with them; of others the writer is the reason.
    words = [each.text(stem) for each in (old, new)]
    if not numbers and len(set(map(masked, words) if facts else words)) > 1:
        yield Change(stem, brief, "", "", None, None, (TEXT,), (TEXT,))


def _reasons(
    a: Fact | None, b: Fact | None, old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[str, ...]:
    """Why a fact differs, by what the editions say of it; empty where readers see no difference."""
    if a is None or b is None:
        return (NEW,) if a is None else (GONE,)
    renewed = is_renewed(a, b, old, new)
    if same(a, b):
        if renewed:
            return (NEW_VINTAGE,)
        return (TEXT,) if any(a.get(key) != b.get(key) for key in WORDS) else ()
    found = []
    if renewed:
        found.append(NEW_VINTAGE)
    elif a["data_hash"] != b["data_hash"]:
        found.append(REVISED)
    if a["method_hash"] != b["method_hash"] or not found:
        found.append(METHOD)
    return tuple(found)


def is_renewed(a: Fact, b: Fact, old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether a fact rests on another vintage or another year than before."""
    if a.get("vintage") != b.get("vintage"):
        return True
    tables = {
        found for each in (a, b) for row in each.get("rows", []) for found in TABLE.findall(row)
    }
    if any(old.get(table) != new.get(table) for table in tables & old.keys() & new.keys()):
        return True
    return _years(a) != _years(b)


def sources_of(fact: Fact) -> set[str]:
    """The sources whose tables a fact was read from."""
    rows = (row for row in fact.get("rows", []))
    return {table.partition(".")[0] for row in rows for table in TABLE.findall(row)} | {
        fact["source"]
    }


def _years(fact: Fact) -> set[str]:
    return {year for row in fact.get("rows", []) for year in re.findall(r"\byear=(\d{4})", row)}


def same(a: Fact, b: Fact) -> bool:
    """Whether value, uncertainty, unit and reason are the same."""
    numbers = all(shown_number(a.get(key)) == shown_number(b.get(key)) for key in NUMBERS)
    return numbers and all(a.get(key) == b.get(key) for key in ("unit", "reason"))


def _differs(a: Fact, b: Fact) -> bool | None:
    """Whether the two differ at 90 %; None where that can't be tested: no value, no margin, other units."""
    if a.get("unit") != b.get("unit"):
        return None
    return estimates.differs(*(_estimate(each) for each in (a, b)))


def _estimate(fact: Fact) -> Estimate:
    if fact.get("value") is None:
        return estimates.missing(fact.get("reason") or "not available", fact.get("unit") or "")
    low, high = fact.get("low"), fact.get("high")
    moe = fact.get("moe") if low is None else None
    return Estimate(fact["value"], moe, fact.get("unit") or "", None, low, high)


def masked(text: str) -> str:
    """A text with a sign for each numeral: what stays when only numbers change."""
    return NUMERAL.sub("#", text)
