"""Words that claim a comparison, a trend, a rank or a share, found in a text that somebody typed.

The law: such words come only from a test of the figures (`words.compare`, `words.trend`,
`words.position`, `words.fraction`). This finds those that did not. It knows words, not meaning: what
it lets pass is listed here, and docs/how-to/compare-figures.md tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Claim(NamedTuple):
    """A claiming word, what it claims, and where it stands in its text."""

    kind: str
    word: str
    start: int
    end: int


_HOW_MUCH = (
    "higher|lower|larger|smaller|greater|bigger|fewer|better|worse|cheaper|costlier|dearer|poorer"
    "|richer|faster|slower|safer|steeper|denser|busier"
)
_UTMOST = (
    "highest|lowest|largest|smallest|greatest|biggest|fewest|best|worst|cheapest|costliest|dearest"
    "|poorest|richest|fastest|slowest|safest|steepest|densest|busiest|strongest|weakest"
)
_HAS = (
    "has|have|had|pays?|paid|spends?|spent|earns?|earned|costs?|is|are|was|were|gets?|got|uses?|used"
    "|runs?|ran|carr(?:y|ies|ied)|owes?|owed|charges?|charged|receives?|received|takes?|took"
)
_MOVED = (
    "rose|risen|rises|rising|fell|fallen|falling|grew|grown|grows|growing|shrank|shrunk|shrinks"
    "|shrinking|dropped|dropping|climbed|climbs|climbing|declined|declines|declining|increased"
    "|increases|increasing|increasingly|decreased|decreases|decreasing|doubled|doubles|doubling"
    "|tripled|quadrupled|halved|soar(?:ed|s|ing)|plunged|plunging|plummeted|surged|surging|slumped"
    "|spiked|jumped|gained|improved|improves|improving|worsened|worsens|worsening|rebounded|eroded"
    "|stagnated|unchanged|peaked|slipped|slips|dipped|dwindled|dwindling|escalated|escalating|skyrocketed"
    "|crept|swelled|tumbled|outgrew|outgrows"
)
_BEATS = (
    "exceed(?:s|ed)|surpass(?:es|ed)|outpac(?:es|ed|ing)|(?:out|under)perform(?:s|ed)|outrank(?:s|ed)|outstrip(?:s|ped)"
    "|outnumber(?:s|ed)|overtook|overtakes|trails|trailed|trailing|lags|lagged|lagging|beats|tops|topped"
    "|dwarf(?:s|ed)|eclips(?:es|ed)"
)
_PEOPLE = "households|homes|families|residents|people|workers|adults|renters|owners|riders"
_BEAT = "beat|lead|top|trail|lag|exceed|surpass|outpace|outperform|outnumber"
_WHOM = "average|median|mean|nation|national|norm|typical|peers?|state’s|country"
_MOVES = "rise|fall|grow|shrink|drop|climb|decline|increase|decrease|double|triple|improve|worsen"
_MOVE = "rise|drop|increase|decrease|decline|growth|surge|slump|jump"

# What a word claims, by what finds it; of two that begin at one place the first counts.
_PATTERNS = {
    "share": (
        r"(?:more|less|fewer) than (?:half|an? (?:third|quarter|fifth|tenth)|\w+ in \w+)",
        r"most(?= (?:of|residents|people|households|homes|families|renters|owners|workers|commuters|riders"
        r"|adults|children|trips|cities|areas|states|places|neighborhoods|agencies|systems)\b)",
        r"(?:a|the|vast|large|clear|slim) majority",
    ),
    "comparison": (
        r"(?:\w+er|more|less) (?:(?!than\b)[\w’…-]+ ){0,4}than",
        rf"(?:{_HOW_MUCH})",
        rf"(?<=[ (])(?:{_HAS}) (?:far |much |even |slightly |a little |no )?(?:more|less)(?! than\b)",
        rf"(?:above|below)(?:[ -]the)?[ -](?:{_WHOM})",
        r"(?:above|below|beyond)(?= (?:those|that) (?:of|in)\b| what (?:its|most|other|peers)\b)",
        r"has the edge|an edge over|(?:is|are) tied",
        rf"(?:{_BEATS})",
        rf"(?:{_BEAT})(?= (?:its|their|all|every|most|those of|the (?:nation|median|average|peers)))",
        r"(?:ahead of|behind)(?= (?:its|their|all|most|other|every|the (?:nation|peers|rest)|…))",
        r"(?:on|at|above|below) (?:a )?par(?: with)?|in line with|stands? out|stood out",
        r"(?:similar|comparable) to(?= (?:its|their|the|that|those|…))|unlike(?= (?:its|most|other|all))",
        r"(?:twice|double|triple)(?= (?:as|its|the|that|those|what))",
        r"(?:same|as (?:many|much|high|low|large|small|good|bad)) as"
        r"(?= (?:in |its|their|the|other|all|most|…))",
    ),
    "trend": (
        rf"(?:{_MOVED})",
        rf"(?:an?|the|this|its|their|sharp|steep|steady|slow|rapid) (?:{_MOVE}) (?:in|of)",
        rf"will (?:{_MOVES})|[a-z]+s (?:{_MOVES})(?= (?:each|every|by|from|since|over|with|faster)\b|[.,;])",
        r"(?:is|are|was|were|goe?s?|went|gone|going) (?:up|down)(?= (?:since|from|by|over|again)\b|[.,;]|$)",
        r"(?:has|have|had|fully|partly) recovered|recovered(?= (?:after|since)\b|[.;]|$)",
        r"(?:came|(?:has|have) come|bounced|bounces) back(?= (?:after|since|from)\b|[.,;]|$)",
        r"(?:up|down)ward trend|trend(?:s|ed|ing)? (?:is )?(?:up|down)(?:ward)?",
        r"(?:held|stayed|remained|been|was|were) (?:flat|steady|stable|level)",
        r"(?:more and more|fewer and fewer|less and less|ever (?:more|fewer|less|higher|lower))",
    ),
    "rank": (
        rf"(?:{_UTMOST})",
        r"(?:most|least)",
        r"leads(?! (?:to|from|here|back|into|up|down|nowhere|astray)\b)",
        r"leading(?! (?:to|from|up|into|zeros?|edge|questions?)\b)",
        r"(?:lead|led) (?:the (?:nation|country|state|region|peers|way|field|list|pack|group)|all|its peers)",
        r"in the lead|(?:comes?|came|placed?|places|finishe[sd]) (?:first|second|third|last)",
        r"rank(?:s|ed|ing)?(?!-)",
        r"(?:first|second|third|last|number one) (?:among|of) (?:its|the|all)",
        r"(?:is|are|was|were) (?:first|second|third|last|number one)(?= in (?:its|the) (?:state|nation"
        r"|country|region)\b|[.,;]|$)",
        r"second only to|near the (?:top|bottom)(?= of\b|[.,;]|$)|among the (?:top|bottom)",
        r"(?:top|bottom) (?:of the (?:list|table|ranking|group|nation)|spot|rank|place|performers?"
        r"|quarter|tier|half)",
        r"record (?:highs?|lows?)|all-time|second to none|unmatched|unrivall?ed",
    ),
}
_KINDS = "|".join(f"(?P<{kind}>{'|'.join(each)})" for kind, each in _PATTERNS.items())
_FOUND = re.compile(rf"(?<![\w’])(?:{_KINDS})(?![\w’])", re.IGNORECASE)

# What only looks like a claim: fixed names, bounds, dates, mentions of a word, and what may be.
_HARMLESS = re.compile(
    r"higher (?:education|learning|ed|laws?|courts?|powers?|authority)\b"
    r"|lower (?:house|chamber|courts?|bounds?|limits?)\b|\bto (?:lower|better)\b"
    r"|\bor (?:higher|lower|more|less|fewer|better|greater|larger|smaller|older|younger)\b"
    r"|less than (?:high school|a high|\w+ grade)\b"
    r"|\b(?:other|rather|later|earlier|sooner|older|newer|younger) than\b"
    r"|\bmore than … (?:day|week|month|year)s?(?= (?:old|ago|older|before|later)\b)"
    rf"|\bof (?:the |all )?(?:{_PEOPLE})\b[^.!?;:]*?(?:have|had|earn|earned|make|made|pay|paid) (?:more|less)"
    r"(?: than [^.!?;:]*?\b(?:and|or) (?:more|less))?(?: than)?\b"
    r"|\bnot? (?:more|less|fewer|later|earlier) than\b"
    r"|\bat (?:the )?(?:most|least|best|worst|highest|lowest)\b|\b(?:not|nor) least\b"
    r"|\brank(?:s|ed) (?:the [\w’-]+ )?by\b|\b(?:has|have) more to do\b"
    r"|\bmost (?:likely|recent(?:ly)?|like|often|notably|importantly)\b|\bfor the most part\b"
    r"|\bbest (?:practices?|known|to|way|ways|suited|place to)\b|\bbetter (?:off|known|to)\b|\bhad better\b"
    r"|\bgrow(?:ing|n)[ -]up\b|\bgrowing seasons?\b|\brank(?:ed)?[ -](?:choice|and)\b"
    r"|\b(?:can|could|may|might|would|should|must|will|to|not|n’t|lets?) (?:have|cost|take|get|pay|use|spend"
    r"|earn|carry|run|be) (?:\w+ )?(?:more|less)\b(?! (?:[\w’-]+ ){0,4}than\b)"
    rf"|\ban? (?:{_HOW_MUCH}) [\w’-]+(?: [\w’-]+)?(?= (?:would|could|might|may|can)\b)"
    r"|\btwice the (?:federal )?poverty (?:line|level|threshold)\b"
    r"|[“\"*](?:[\w’]+ ?){1,3}[,.;]?[”\"*]",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:^|(?<=[.!?:;,(]\s)|(?<=\())(?:where|when)\b[^,;:.!?\n]*(?=,)"
    r"|\b(?:if|whether|unless|where (?=an? |no |they |one |figures ))\b[^,;:.!?\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_MEANING = re.compile(
    rf"(?:^|(?<=[.!?:]\s))(?:An? )?(?:{_HOW_MUCH}|more|less|high|low|large|small)\b"
    r"[^.!?\n]{0,40}?\b(?:means?|stands for|says|tells|shows) [^.!?\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_START = re.compile(r"(?:^|[.!?:|#>*•·]|\n)[\s“”\"'*_-]*$")


def claims(text: str) -> Iterator[Claim]:
    """The claiming words of a text, in order. Write “…” where something is printed that is not typed.

    Not found are names ("Greater Boston", "Great Falls"), what `_HARMLESS` lists, clauses that begin
    with if, where, when, whether or unless, and sentences that say what "a higher …" means.
    """
    exempt = [
        found.span() for each in (_HARMLESS, _CLAUSE, _MEANING) for found in each.finditer(text)
    ]
    for found in _FOUND.finditer(text):
        start, end = found.span()
        inside = any(first <= start and end <= last for first, last in exempt)
        if not inside and not _is_name(text, start, end):
            yield Claim(str(found.lastgroup), found[0].strip(), start, end)


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether it has a capital that no sentence gives it, or is the first of words with capitals."""
    if not text[start].isupper():
        return False
    return not _START.search(text[:start]) or bool(re.match(r" [A-Z][a-z]", text[end:]))
