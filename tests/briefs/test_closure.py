"""Which modules a module reaches, by its import statements."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cityresearch.briefs import closure
from cityresearch.briefs.closure import modules_reached


def test_what_prepare_reaches_is_neither_press_nor_charts() -> None:
    reached = modules_reached(["cityresearch.briefs.prepare"])
    assert {"__init__.py", "briefs/__init__.py", "briefs/prepare.py", "methods/peers.py"} <= {
        *reached
    }
    assert not [path for path in reached if path.startswith(("press/", "briefs/charts/", "cli"))]


def test_names_outside_the_package_are_passed_over() -> None:
    assert modules_reached(["pandas", "os.path", "cityresearches.briefs"]) == {}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package in the place of this one."""
    for name, text in {
        "__init__.py": "",
        "one.py": "import cityresearch.two.first\n",
        "two/__init__.py": "from cityresearch import base\n",
        "two/first.py": "def later():\n    from . import second\n    from ..three import thing\n",
        "two/second.py": "from cityresearch.one import anything  # a circle\n",
        "three.py": "thing = 1\n",
        "base.py": "",
        "apart.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(closure, "ROOT", tmp_path)
    for kept in (closure._read, closure._exists):
        kept.cache_clear()
        monkeypatch.setattr(closure, kept.__name__, kept.__wrapped__)
    return tmp_path


@pytest.mark.usefixtures("made")
def test_imports_inside_functions_packages_and_circles_are_followed() -> None:
    assert list(modules_reached(["cityresearch.one"])) == [
        "__init__.py",
        "base.py",
        "one.py",
        "three.py",
        "two/__init__.py",
        "two/first.py",
        "two/second.py",
    ]


def test_no_import_of_our_own_modules_is_overlooked() -> None:
    """Lines are read as Python's parser reads the statements; what else looks like one names nothing."""
    for path in sorted(closure.ROOT.rglob("*.py")):
        text, inside = path.read_text(), path.relative_to(closure.ROOT).as_posix()
        named = set(closure.imported(inside, text))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= named, inside
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, "this test knows no relative imports"
                assert {f"{node.module}.{alias.name}" for alias in node.names} <= named, inside


@pytest.mark.parametrize(
    "statement",
    [
        "from cityresearch.methods import (  # shared (by both)\n    one,  # (1)\n    two,\n)",
        "from cityresearch.methods import one, \\\n    two",
        "from cityresearch.methods \\\r\n    import one, two",
        "from cityresearch.methods import(one, two)",
        "import cityresearch.methods.one as a, \\\n    cityresearch.methods.two",
        "try: from cityresearch.methods import one, two\nexcept ImportError: pass",
        "import os; from cityresearch.methods import one; from cityresearch.methods import two",
    ],
)
def test_an_import_statement_of_any_form_is_read_whole(statement: str) -> None:
    ast.parse(statement)
    both = {"cityresearch.methods.one", "cityresearch.methods.two"}
    assert both <= set(closure.imported("", statement))


def test_a_changed_module_changes_what_reaches_it_alone(made: Path) -> None:
    before, apart = modules_reached(["cityresearch.one"]), modules_reached(["cityresearch.apart"])
    (made / "three.py").write_text("thing = 2\n")
    after = modules_reached(["cityresearch.one"])
    assert [path for path in after if after[path] != before[path]] == ["three.py"]
    assert modules_reached(["cityresearch.apart"]) == apart
