"""The example in the guide to briefing books can be made of real briefs, and `--city` chooses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cityresearch.binding import chosen
from cityresearch.briefs.collection import load_collection
from cityresearch.errors import ResearchError
from cityresearch.evidence import places
from cityresearch.evidence.places import Place
from cityresearch.press.paper.briefing import brief_asked, guide_text, load_briefing
from cityresearch.project import Project

ROOT = Path(__file__).parents[1]


def test_the_example_of_the_guide_is_a_good_declaration(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path / "_build")
    guide = (ROOT / "docs/how-to/make-a-briefing-book.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    file = tmp_path / "council-retreat.yml"
    file.write_text(example, encoding="utf-8")
    briefing = load_briefing(project, file)
    for session in briefing.sessions:
        for asked in session.briefs:
            assert brief_asked(project, asked, "x")[1].state == "WI"
        for name in session.guides:
            assert guide_text(project, tmp_path, name, "x").startswith("# ")


def test_cities_are_chosen_by_slug_or_census_code() -> None:
    project = Project(ROOT, ROOT / "_build")
    briefs = [("water", places.find(project, "city", slug)) for slug in ("madison-wi", "austin-tx")]
    collection = load_collection(project)

    def of(*cities: str) -> list[tuple[str, Place]]:
        return chosen(project, collection, briefs, cities)

    assert of() == briefs
    assert of("madison-wi") == briefs[:1] == of("5548000")
    with pytest.raises(
        ResearchError, match=r"--city: there is no finished brief for 'madson-wi'\. Did you mean"
    ):
        of("madson-wi")
    with pytest.raises(
        ResearchError,
        match=r"for '5553000'\. Run it first: cityresearch run --city milwaukee-wi$",
    ):
        of("5553000")
    with pytest.raises(ResearchError, match=r"'chicgo-il'\. Did you mean 'chicago-il'"):
        of("chicgo-il")
