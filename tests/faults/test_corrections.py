"""Planted faults of corrections and of the values that they are about."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import edition_project as made
import pandas as pd
import pytest
import sample_brief
import yaml
from correction_project import ADA, BELL, FERN, entry, shops, write

from cityresearch.briefs.noted import sentence
from cityresearch.briefs.prepare import prepare
from cityresearch.briefs.shared import shared_measure
from cityresearch.errors import ResearchError
from cityresearch.evidence import screening, tables
from cityresearch.evidence.corrected import Corrected
from cityresearch.evidence.corrections import Corrections, load_corrections
from cityresearch.evidence.declarations import load_yaml
from cityresearch.evidence.screens import candidates
from cityresearch.evidence.sources import Table
from cityresearch.press.closing import Closing, CorrectionNote
from cityresearch.press.parts import fill
from cityresearch.press.spreadsheets import figures_csv
from cityresearch.press.web.reference_pages import sources_page
from cityresearch.project import Project

WHERE = "data/shops/corrections.yml"


def refused(folder: Path, *entries: dict[str, Any]) -> str:
    """What a load of the corrected table is refused with."""
    with pytest.raises(ResearchError) as caught:
        tables.load(shops(folder, *entries), "shops.counts")
    assert WHERE in str(caught.value)
    return str(caught.value)


def limit(columns: dict[str, Any], range: list[int | None]) -> None:
    """Gives sales, and no other column, a range."""
    columns["sales"] = {**columns["sales"], "range": range}


def sales(project: Project, town: str) -> list[float]:
    frame = tables.load(project, "shops.counts")
    return [float(value) for value in frame.loc[frame.geoid == town, "sales"]]


# A file of corrections that does not fit ----------------------------------------------------------


@pytest.mark.fault(
    "correction", "the publisher has mended the value under an override", "its guard, `expect`"
)
def test_a_mended_value_ends_its_correction(tmp_path: Path) -> None:
    told = refused(tmp_path, entry(expect=30_000))
    assert "entry 1 (override): counts[geoid=5500001,year=2021].sales holds 3,000.0" in told
    assert "not 30,000, which it expects" in told
    assert "If the publisher has mended it, delete the entry" in told


@pytest.mark.fault("correction", "a flag whose value is another now", "its guard, `expect`")
def test_a_flag_is_guarded_too(tmp_path: Path) -> None:
    assert "entry 1 (flag)" in refused(tmp_path, entry(action="flag", value=None, expect=1))


@pytest.mark.fault("correction", "a value that the publisher filled in", "its guard, `expect`")
def test_a_value_where_none_is_expected_ends_its_correction(tmp_path: Path) -> None:
    project = shops(tmp_path)
    said = entry(value=5)
    said["expect"] = None
    write(project, "shops", said)
    with pytest.raises(ResearchError, match=r"holds 3,000\.0, not no value"):
        tables.load(project, "shops.counts")


@pytest.mark.fault("correction", "a key that no row has", "loading the table")
def test_a_correction_without_a_row_is_refused(tmp_path: Path) -> None:
    told = refused(tmp_path, entry(key={"geoid": "5599999", "year": 2021}))
    assert "counts has no row with geoid 5599999, year 2021. Mend the key, or delete" in told


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param(
            {"column": "sale"},
            "entry 1: the table has no column 'sale'. Did you mean 'sales'?",
            marks=pytest.mark.fault("correction", "an unknown column", "the declaration's check"),
        ),
        pytest.param(
            {"table": "count"},
            "entry 1: the source has no table 'count'. Did you mean 'counts'?",
            marks=pytest.mark.fault("correction", "an unknown table", "the declaration's check"),
        ),
        pytest.param(
            {"key": {"town": ADA}},
            "'town' is no key column of the table; these are: geoid, year",
            marks=pytest.mark.fault("correction", "a key that is none", "the declaration's check"),
        ),
        pytest.param(
            {"reference": None},
            "reference: this key is missing",
            marks=pytest.mark.fault("correction", "no reference", "the declaration's check"),
        ),
        pytest.param(
            {"reference": "javascript:alert(1)"},
            "a link begins with http:// or https://",
            marks=pytest.mark.fault(
                "correction", "a reference that is a script", "the declaration's check"
            ),
        ),
        pytest.param(
            {"vintage": "0"},
            "written for vintage 0, but the table is of 1. Look again",
            marks=pytest.mark.fault(
                "correction", "a new vintage under an old correction", "the pinned vintage"
            ),
        ),
        pytest.param(
            {"value": "3300"},
            "value: this must be a number",
            marks=pytest.mark.fault(
                "correction", "a text for a number", "the column's declared type"
            ),
        ),
        pytest.param(
            {"action": "drop", "value": None, "table": "trips", "column": "upt"}
            | {"key": {"agency": "a"}, "expect": 500},
            "'upt' can't be empty by source.yml",
            marks=pytest.mark.fault(
                "correction", "a drop where a value must be", "the column's declaration"
            ),
        ),
        ({"value": None}, "'value' is for override"),
        ({"action": "scale"}, "'value' is for override"),
        ({"action": "scale", "value": None, "factor": 1}, "a factor of 1 changes nothing"),
        ({"value": 3000}, "'value' is the one expected"),
        ({"action": "dropp"}, "'drop', 'override', 'scale', 'flag' or 'keep'"),
        ({"reported": "22 November"}, "'22 November' is no date. Write it as in"),
        ({"reported": "2026-02-31"}, "'2026-02-31' is no date"),
        ({"why": "because"}, "unknown key"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    assert message in refused(tmp_path, entry(**changed))


@pytest.mark.fault("correction", "a factor that makes too large a number", "applying it")
@pytest.mark.parametrize("factor", [1e15, 1e300, 1e308])
@pytest.mark.parametrize(
    "cell",
    [
        {"table": "trips", "key": {"agency": "a"}, "column": "upt", "expect": 500},
        {"expect": 3000},
    ],
)
def test_a_scaled_value_is_one_that_a_table_may_hold(
    tmp_path: Path, cell: dict[str, Any], factor: float
) -> None:
    project = shops(tmp_path, entry(**cell, action="scale", value=None, factor=factor))
    with pytest.raises(
        ResearchError, match=r"entry 1 \(scale\): .* is larger than a table may hold"
    ):
        tables.load(project, f"shops.{cell.get('table', 'counts')}")


@pytest.mark.fault("correction", "two entries for one cell", "applying them")
def test_two_corrections_of_one_cell_are_refused(tmp_path: Path) -> None:
    whole = entry(key={"geoid": ADA}, value=7)  # all years of the town
    told = refused(tmp_path, entry(), whole)
    assert "entry 2 (override): entry 1 corrects counts[geoid=5500001,year=2021].sales" in told


@pytest.mark.fault("correction", "a corrected value beyond its range", "the table's own rules")
def test_a_corrected_value_keeps_the_rules(tmp_path: Path) -> None:
    project = shops(tmp_path, entry(value=-1))
    made.edit(
        project.data / "shops/source.yml",
        lambda said: limit(said["tables"]["counts"]["columns"], [0, None]),
    )
    with pytest.raises(ResearchError, match=r"counts\.csv as corrected.*below the range's limit 0"):
        tables.load(project, "shops.counts")


@pytest.mark.fault("correction", "a published value beyond its range", "a correction that mends it")
def test_a_correction_mends_what_the_rules_refuse(tmp_path: Path) -> None:
    fern = {"geoid": FERN}  # sales of 36,000 in both years
    for name, entries in (("a", []), ("b", [entry(key=fern, expect=36_000, value=3600)])):
        project = shops(tmp_path / name, *entries)
        made.edit(
            project.data / "shops/source.yml",
            lambda said: limit(said["tables"]["counts"]["columns"], [0, 30_000]),
        )
        if not entries:
            with pytest.raises(ResearchError, match="above the range's limit 30000"):
                tables.load(project, "shops.counts")
    assert sales(project, FERN) == [3600, 3600]


# What corrections do ------------------------------------------------------------------------------


@pytest.mark.fault("correction", "a correction applied twice", "the file stays as it was derived")
def test_a_correction_is_applied_once(tmp_path: Path) -> None:
    project = shops(tmp_path, entry(action="scale", value=None, factor=10))
    before = (project.data / "shops/counts.csv").read_bytes()
    assert sales(project, ADA) == [3000, 30_000]
    again = Project(project.root, project.build / ".." / project.build.name)
    assert sales(again, ADA) == [3000, 30_000]  # from what was kept
    assert prepare(again, "small").frame("shops.counts").sales.max() == 36_000
    assert tables.corrected(again, "shops.counts")[0].used == 30_000
    assert (project.data / "shops/counts.csv").read_bytes() == before


def test_one_entry_may_be_about_several_rows_and_says_which(tmp_path: Path) -> None:
    project = shops(tmp_path, entry(key={"geoid": ADA}))
    assert sales(project, ADA) == [3300, 3300]
    assert sales(project, BELL) == [6000, 6000]
    [one] = tables.corrected(project, "shops.counts")
    assert one.keys == ("geoid=5500001,year=2020", "geoid=5500001,year=2021")
    assert one.cells[0] == "shops.counts[geoid=5500001,year=2020].sales"


def test_without_corrections_nothing_is_made(tmp_path: Path) -> None:
    project = shops(tmp_path)
    with_none = tables.fingerprint(project, "shops.counts")
    (project.data / "shops/corrections.yml").unlink()
    fresh = Project(project.root, project.build / ".." / project.build.name)
    assert tables.fingerprint(fresh, "shops.counts") == with_none
    assert tables.corrected(fresh, "shops.counts") == ()
    assert tables.load(fresh, "shops.counts").attrs == {}


@pytest.mark.fault("missing value", "a value dropped by a correction", "the reason that is printed")
def test_a_dropped_value_prints_why(tmp_path: Path) -> None:
    said = entry(column="income", expect=31_000, action="drop", value=None)
    project = shops(tmp_path, {**said, "key": {"geoid": ADA, "year": 2020}})
    prepared = prepare(project, "small")
    found = shared_measure(prepared)("income", {"geoid": ADA}).estimate
    assert found.value is None
    assert found.reason == "left out as an error: The publisher says so in a note of its own"
    other = shared_measure(prepared)("income", {"geoid": "1700004"}).estimate
    assert other.reason == "none"  # not published at all


# What runs again and what readers see -------------------------------------------------------------


def people_entry(**changed: Any) -> dict[str, Any]:
    """A correction of the residents of Chicago, a made-up one."""
    said = {
        "table": "cities",
        "vintage": "2025",
        "key": {"geoid": made.CHICAGO},
        "column": "population",
        "expect": 2_707_648,
        "value": 2_700_000,
        **changed,
    }
    return entry(**said)


def planned(project: Project) -> dict[str, str]:
    """What would run, with the reason."""
    told = made.call(project, "plan", "--json")
    assert told.returncode == 0, told.stderr
    rows = json.loads(told.stdout)
    return {row["place"]: row["reason"] for row in rows if row["state"] == "to run"}


def facts_of(project: Project, path: str = "il/chicago") -> dict[str, Any]:
    return json.loads((project.build / f"facts/{path}/people.json").read_bytes())  # type: ignore[no-any-return]


@pytest.mark.fault(
    "stale result", "a correction of a row that one brief read", "the hash of the row, corrected"
)
def test_a_correction_runs_again_what_read_its_rows_and_says_so(project: Project) -> None:
    write(project, "census_places", people_entry())
    told = planned(project)
    assert list(told) == ["chicago-il"]
    made.run(project)
    facts = facts_of(project)
    [fact] = facts["facts"]
    assert fact["value"] == 2_700_000
    assert fact["correction"].startswith("Corrected: ")
    assert "2,700,000 where the publisher has 2,707,648" in fact["correction"]
    [said] = facts["corrections"]
    assert said["cells"] == ["census_places.cities[geoid=1714000].population"]
    assert (said["published"], said["used"], said["action"]) == (2_707_648, 2_700_000, "override")
    assert facts_of(project, "ny/new-york")["corrections"] == []
    # Without the entry the publisher's value is back.
    (project.data / "census_places/corrections.yml").unlink()
    assert list(planned(project)) == ["chicago-il"]
    made.run(project)
    assert facts_of(project)["facts"][0]["value"] == 2_707_648


@pytest.mark.fault(
    "stale result", "a flag, which changes no value, on a row that was read", "the hash of the row"
)
def test_a_flag_and_its_words_run_again_what_read_its_rows(project: Project) -> None:
    flag = people_entry(action="flag", value=None)
    write(project, "census_places", flag)
    told = planned(project)
    assert list(told) == ["chicago-il"]
    where = "row geoid 1714000 (data/census_places/corrections.yml)"
    assert told["chicago-il"].startswith("data: ") and where in told["chicago-il"]
    made.run(project)
    facts = facts_of(project)
    assert facts["facts"][0]["value"] == 2_707_648
    assert facts["facts"][0]["correction"].startswith("In doubt, but printed as published: ")
    assert planned(project) == {}
    write(project, "census_places", {**flag, "reason": "Another reason for the same doubt."})
    assert list(planned(project)) == ["chicago-il"]


def test_what_was_only_looked_at_runs_nothing_again(project: Project) -> None:
    write(project, "census_places", people_entry(action="keep", value=None))
    assert planned(project) == {}


EVIL = '=HYPERLINK("https://evil.example","x") <script>alert(1)</script> & "more"'


@pytest.mark.fault(
    "script from data", "HTML in the reason of a correction", "escaping in all templates"
)
def test_a_reason_reaches_pages_as_text() -> None:
    notes = (CorrectionNote(EVIL, "<b>a book</b>"),)
    last = Closing(sources=(), corrections=notes, citation="", address="")
    given = {"figures": [], "count": 0, "root": "", "topic": "t", "has_pdf": False}
    page = fill("closing", last=last, **given)
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "<b>" not in page and "&lt;b&gt;a book" in page
    one = Corrected(
        *("shops.counts", "1", "sales", "<i>sales</i>", "USD", "override", "<u>1", "<u>2", None),
        *(EVIL, "<b>a book</b>", "2026-11-22", (0,), ("geoid=<b>",), ("<b>",)),
    )
    source = yaml.safe_load((made.ROOT / "data/cpi/source.yml").read_text())
    known = {"cpi": _source("cpi", source)}
    note = CorrectionNote(sentence(one), one.reference)
    whole = sources_page(sample_brief.COLLECTION, known, {"cpi": [note]})
    assert "<script>alert" not in whole and "&lt;script&gt;alert" in whole
    assert not any(tag in whole for tag in ("<i>", "<u>", "<b>"))
    assert "&lt;i&gt;sales" in whole and "&lt;u&gt;1" in whole


def _source(name: str, declared: dict[str, Any]) -> Any:
    from cityresearch.evidence.sources import Source

    return Source.model_validate({"name": name, **declared})


@pytest.mark.fault(
    "formula in a download", "a formula in the reason of a correction", "the guard of CSV texts"
)
def test_a_reason_is_no_formula_in_a_download() -> None:
    fact = {**sample_brief.facts()["facts"][0], "correction": EVIL}
    [row] = csv.DictReader(io.StringIO(figures_csv([fact])))
    assert row["correction"].startswith("'=HYPERLINK")


def test_the_entry_that_the_guide_prints_fits() -> None:
    guide = (made.ROOT / "docs/how-to/correct-a-figure.md").read_text(encoding="utf-8")
    block = guide.split("```yaml\n")[1].split("```")[0]
    [said] = Corrections.model_validate(load_yaml(block, "the guide")).corrections
    real = load_corrections(Project(made.ROOT, made.ROOT / "_build"), "ntd")
    kept = {"reason": "", "reference": ""}  # the guide tells them in short
    assert said.model_copy(update=kept) in [each.model_copy(update=kept) for each in real]


# Screens ------------------------------------------------------------------------------------------

NUMBER = {"type": "number", "meaning": "a fixture", "nullable": True, "missing": "none"}
TOWNS = ("1", "2", "3", "4", "5", "6")


def table_of(**columns: dict[str, Any]) -> Table:
    said = {
        "geoid": {"type": "text", "meaning": "code"},
        "year": {"type": "integer", "meaning": "year"},
        **{name: {**NUMBER, **more} for name, more in columns.items()},
    }
    told = {"title": "t", "vintage": "1", "file": "t.csv", "key": ["geoid", "year"]}
    return Table.model_validate({**told, "derivation": "Made up.", "columns": said})


def years(**changed: float) -> pd.DataFrame:
    """Trips of six towns in six years, which rise by about 2 % a year; made up."""
    rows = [
        {
            "geoid": town,
            "year": 2018 + at,
            "trips": round(1000 * int(town) * (1.02 + int(town) / 500) ** at),
        }
        for town in TOWNS
        for at in range(6)
    ]
    frame = pd.DataFrame(rows).astype({"trips": "float64"})
    for at, value in changed.items():
        frame.loc[int(at.removeprefix("row")), "trips"] = value
    return frame


TRIPS = table_of(trips={"unit": "trips"})


@pytest.mark.fault("outlier", "a value ten times too large in a series", "the screen of years")
def test_a_tenfold_slip_is_listed() -> None:
    assert candidates(years(), TRIPS) == []
    [one] = candidates(years(row8=20_800), TRIPS)
    assert (one.screen, one.key, one.column) == ("tenfold", "geoid=2,year=2020", "trips")
    assert one.why == "about 10 times the year before, and back the year after"
    assert (one.before, one.value, one.after) == ("2,048", "20,800", "2,147")


@pytest.mark.fault("outlier", "a value a thousand times too small", "the screen of years")
def test_thousands_for_ones_are_listed() -> None:
    [one] = candidates(years(row8=2), TRIPS)
    assert one.screen == "tenfold" and one.why.startswith("about 1/1,000 of the year before")


@pytest.mark.fault("outlier", "a jump from one year to the next", "the screen of years")
def test_a_jump_is_listed_and_a_common_one_is_not() -> None:
    frame = years()
    frame.loc[(frame.geoid == "3") & (frame.year >= 2021), "trips"] *= 4
    [one] = candidates(frame, TRIPS)
    assert (one.screen, one.key) == ("jump", "geoid=3,year=2021")
    many = pd.concat(
        [years().assign(geoid=lambda rows, n=n: rows.geoid + str(n)) for n in range(9)]
    )
    many = many.reset_index(drop=True)
    many.loc[many.year == 2020, "trips"] /= 5  # all fell: that is no error of one
    assert candidates(many, TRIPS) == []


@pytest.mark.fault("outlier", "a share of 130 %", "the screen of what can't be")
def test_an_impossible_share_is_listed() -> None:
    table = table_of(transit_share={"unit": "%"}, change_percent={"unit": "%"})
    frame = years().drop(columns="trips").assign(transit_share=12.0, change_percent=130.0)
    frame.loc[4, "transit_share"] = 130.0
    [one] = candidates(frame, table)
    assert (one.screen, one.column, one.value) == ("share", "transit_share", "130")
    assert one.why == "a share is between 0 and 100"


@pytest.mark.fault("outlier", "parts that sum above their whole", "the screen of what can't be")
def test_parts_above_their_whole_are_listed() -> None:
    parts = {
        "bus": {"unit": "trips", "part_of": "trips"},
        "rail": {"unit": "trips", "part_of": "trips"},
    }
    table = table_of(trips={"unit": "trips"}, **parts)
    frame = years().assign(bus=lambda rows: rows.trips * 0.7, rail=lambda rows: rows.trips * 0.3)
    frame["rail"] = frame.trips - frame.bus
    assert candidates(frame, table) == []
    frame.loc[3, "rail"] *= 1.5
    [one] = candidates(frame, table)
    assert (one.screen, one.column, one.key) == ("parts", "trips", "geoid=1,year=2021")


@pytest.mark.fault("outlier", "a negative margin, a value outside its bounds", "the same screen")
def test_impossible_margins_are_listed() -> None:
    margin = {"unit": "USD", "error": "moe", "moe": "around"}
    bounds = {"unit": "USD", "error": "bounds", "low": "least", "high": "most"}
    table = table_of(income=margin, around={}, rent=bounds, least={}, most={})
    frame = (
        years().drop(columns="trips").assign(income=5.0, around=1.0, rent=5.0, least=4.0, most=6.0)
    )
    frame.loc[1, "around"], frame.loc[2, "least"] = -1.0, 5.5
    found = {(one.screen, one.column, one.row) for one in candidates(frame, table)}
    assert found == {("margin", "around", 1), ("margin", "rent", 2)}


@pytest.mark.fault(
    "outlier", "people for thousands, beside a measure that fits", "the screen of ratios"
)
def test_a_measure_that_does_not_fit_another_is_listed() -> None:
    table = table_of(people={"unit": "people"}, homes={"unit": "homes"})
    frame = years().drop(columns="trips").assign(homes=lambda rows: rows.index + 400.0)
    frame["people"] = frame.homes * (2.4 + frame.index % 3 / 10)
    frame["year"] = frame.index + 1900  # no two years beside each other
    frame["geoid"] = frame.index.astype(str)
    frame.loc[7, "people"] *= 1000
    [one] = candidates(frame, table)
    assert (one.screen, one.row, one.column) == ("tenfold", 7, "people")
    assert one.why.startswith("about 1,000 times what is usual beside its homes, 407")


@pytest.mark.fault("broken letters", "ñ read by a wrong code, in two ways", "the screen of letters")
def test_broken_letters_are_listed() -> None:
    table = table_of(trips={"unit": "trips"})
    frame = years()
    frame.loc[0:2, "geoid"] = ["A\x96asco", "AÃ±asco", "Añasco, São Paulo, Château"]
    found = [one for one in candidates(frame, table) if one.screen == "letters"]
    assert [one.row for one in found] == [0, 1]
    assert found[0].value == "“A‹U+0096›asco”"


def test_what_was_looked_at_is_not_listed_until_it_changes(tmp_path: Path) -> None:
    project = shops(tmp_path)
    path = project.data / "shops/counts.csv"
    path.write_text(path.read_text().replace("5500002,2021,6000", "5500002,2021,60000"))
    [one] = screening.listed(project, "shops")
    assert (one.table, one.vintage, one.key) == ("counts", "1", "geoid=5500002,year=2021")
    assert (one.name, one.column, one.before, one.value) == (
        "Bell in WI",
        "sales",
        "6,000",
        "60,000",
    )
    keep = entry(key={"geoid": BELL, "year": 2021}, action="keep", expect=60_000, value=None)
    write(project, "shops", keep)
    seen = Project(project.root, project.build / ".." / project.build.name)
    assert screening.listed(seen, "shops") == [] and screening.outdated(seen, "shops") == []
    path.write_text(path.read_text().replace("60000", "61000"))
    again = Project(project.root, project.build / ".." / ".." / folder_of(project))
    assert [each.value for each in screening.listed(again, "shops")] == ["61,000"]
    assert (
        "corrections.yml, entry 1: the value it keeps is no"
        in screening.outdated(again, "shops")[0]
    )


def folder_of(project: Project) -> Path:
    return project.build.relative_to(project.build.parent.parent)
