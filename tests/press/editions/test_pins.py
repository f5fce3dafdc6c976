"""Pins: years and vintages go with the data, everything else of a declaration with the method."""

from __future__ import annotations

from typing import Any

from cityresearch.press.editions.pins import pins_of, with_pins, without_pins

OLD: dict[str, Any] = {
    "as_of": "data for 2022",
    "summary": "Old words",
    "vintages": {"ntd.areas": "2022", "cpi.annual": "2026"},
    "constants": {"line": {"value": 4.6}},
    "indicators": {
        "trips": {"year": 2022, "years": [2002, 2022], "inputs": ["ntd.areas.upt"]},
        "real": {"inputs": {"index": "cpi.annual.index", "base": "cpi.annual.index@2022"}},
        "gone": {"year": 2022, "inputs": ["ntd.areas.voms"]},
    },
}
NEW: dict[str, Any] = {
    "as_of": "data for 2023",
    "summary": "New words",
    "vintages": {"ntd.areas": "2023", "cpi.annual": "2026", "acs.more": "2024"},
    "constants": {"line": {"value": 7}},
    "indicators": {
        "trips": {"year": 2023, "years": [2002, 2023], "inputs": ["ntd.areas.vrm"]},
        "real": {"inputs": {"index": "cpi.annual.index", "base": "cpi.annual.index@2023"}},
    },
}


def test_the_method_of_one_takes_the_years_and_vintages_of_the_other() -> None:
    mixed = with_pins(OLD, NEW)
    assert mixed["vintages"] == {"ntd.areas": "2023", "cpi.annual": "2026"}
    assert mixed["indicators"]["trips"] == {
        **{"year": 2023, "years": [2002, 2023]},
        "inputs": ["ntd.areas.upt"],  # another column is another method
    }
    assert mixed["indicators"]["real"]["inputs"]["base"] == "cpi.annual.index@2023"
    assert mixed["indicators"]["gone"]["year"] == 2023
    assert mixed["summary"] == "Old words" and mixed["constants"] == OLD["constants"]
    assert OLD["indicators"]["trips"]["year"] == 2022  # the given ones stay as they are


def test_a_method_with_other_inputs_moves_to_the_years_of_the_others() -> None:
    new = {
        **NEW,
        "indicators": {**NEW["indicators"], "recovery": {"inputs": ["a.b.c@2023", "a.b.c@2019"]}},
    }
    old = {
        **OLD,
        "indicators": {**OLD["indicators"], "recovery": {"inputs": ["a.b.d", "a.b.d@2019"]}},
    }
    assert with_pins(new, old)["indicators"]["recovery"]["inputs"] == ["a.b.c@2022", "a.b.c@2019"]
    assert with_pins(new, OLD)["indicators"]["recovery"]["inputs"] == ["a.b.c@2022", "a.b.c@2019"]


def test_editions_that_differ_in_years_alone_have_one_method() -> None:
    later = with_pins(OLD, NEW)
    assert without_pins(later) == without_pins(OLD)
    assert pins_of(later) != pins_of(OLD)
    assert without_pins(NEW) != without_pins(OLD)
