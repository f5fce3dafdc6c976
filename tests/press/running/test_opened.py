"""What a brief reads past `Brief` is noted, with the hash of what it saw: a stale brief is never fresh."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import papermill
import pytest
from fixture_project import notebook

from cityresearch.press.running import engine
from cityresearch.press.running.stamps import CHANGED, file_hash, hashed
from cityresearch.project import Project

Read = Callable[..., dict[str, str]]


@pytest.fixture
def topic(make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A topic's folder with a few files."""
    project = make_project()
    monkeypatch.setenv("CITYRESEARCH_PROJECT", str(project.root))
    monkeypatch.setattr(engine, "other_threads", list)
    folder = project.notebooks / "people"
    (folder / "parts").mkdir()
    for name in ("a.csv", "parts/b.csv", "parts/c.csv", ".hidden"):
        (folder / name).write_text(f"x\n{name}\n")
    (folder / "f").mkdir()
    for name in ("d.parquet", "f/1.parquet"):
        pd.DataFrame({"x": [1]}).to_parquet(folder / name)
    with sqlite3.connect(folder / "e.sqlite") as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    return folder


@pytest.fixture
def read(topic: Path) -> Read:
    """Runs code as a brief's cells; what it read in the topic's folder, with hashes."""

    def run(*cells: str) -> dict[str, str]:
        made = notebook([("parameters", "city = 'x'"), *(("code", cell) for cell in cells)])
        options = {"cwd": str(topic), "progress_bar": False, "engine_name": "cityresearch"}
        executed = papermill.execute_notebook(made, None, {}, **options)
        root = topic.parent.parent
        found = hashed(root, executed.metadata["cityresearch_opened"])
        return {name.removeprefix("notebooks/people/"): each for name, each in found.items()}

    return run


def now(topic: Path, *names: str) -> dict[str, str]:
    return {name: file_hash(f"{topic}/{name}") for name in names}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("open('a.csv').read()", ["a.csv"]),
        ("import os; os.read(os.open('a.csv', os.O_RDONLY), 9)", ["a.csv"]),
        ("open('gone.csv') if False else None", []),
        ("try: open('gone.csv')\nexcept OSError: pass", ["gone.csv"]),
        ("import pandas as pd; pd.read_parquet('d.parquet')", ["d.parquet"]),
        ("import pandas as pd; pd.read_parquet('f')", ["f/", "f/1.parquet"]),
        ("import pyarrow.parquet as pq; pq.read_table('d.parquet')", ["d.parquet"]),
        ("import pyarrow.parquet as pq; pq.ParquetFile('d.parquet')", ["d.parquet"]),
        ("import pandas as pd; pd.read_csv('a.csv', engine='pyarrow')", ["a.csv"]),
        ("import sqlite3; sqlite3.connect('e.sqlite')", ["e.sqlite"]),
        ("import sqlite3; sqlite3.connect('file:e.sqlite?mode=ro', uri=True)", ["e.sqlite"]),
        ("import sqlite3; sqlite3.connect(':memory:')", []),
        ("import os; os.listdir('parts')", ["parts/"]),
        ("import os; os.listdir()", [""]),
        ("from pathlib import Path; list(Path('parts').iterdir())", ["parts/"]),
        ("from pathlib import Path; list(Path('parts').glob('*.csv'))", ["parts/"]),
        ("import glob; glob.glob('parts/*.csv')", ["parts/"]),
        ("import os; list(os.walk('.'))", ["", "f/", "parts/"]),
    ],
)
def test_what_is_read_is_noted(topic: Path, read: Read, code: str, names: list[str]) -> None:
    assert read(code) == now(topic, *names)


@pytest.mark.parametrize(
    "name",
    ["resource.yml", "mytopic.yml", "x_source.yml", "common.ipynb", "parts/topic.yml", "a.pyc"],
)
def test_a_file_whose_name_only_resembles_a_known_one_is_noted(
    topic: Path, read: Read, name: str
) -> None:
    (topic / name).write_text("1")
    assert read(f"open('{name}').read()") == now(topic, name)
    assert name in read("!true")


def test_what_is_in_the_recipe_already_is_not_noted(read: Read) -> None:
    assert read("open('topic.yml').read(); open('brief.ipynb').read()") == {}


BESIDE = ["", ".hidden", "a.csv", "d.parquet", "e.sqlite", "f/", "f/1.parquet"]
BESIDE += ["parts/", "parts/b.csv", "parts/c.csv"]


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess; subprocess.run(['cat', 'a.csv'])",
        "import os; os.system('true')",
        "!cat a.csv",
        "import os; os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
        "import os\nif not os.fork():\n    os._exit(0)",
    ],
)
def test_once_a_program_starts_all_beside_the_notebook_counts(
    topic: Path, read: Read, code: str
) -> None:
    assert read(code) == now(topic, *BESIDE)


def test_all_beside_a_kernels_notebook_counts(
    topic: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "OUR_KERNEL", "another")
    expected = now(topic, *BESIDE)
    found = read("open('a.csv', 'a').write('more'); open('new.csv', 'w').write('new')")
    assert found == {**expected, "a.csv": CHANGED}


def test_names_that_come_and_go_by_themselves_change_no_folder(topic: Path) -> None:
    before = file_hash(f"{topic}/")
    (topic / "__pycache__").mkdir()
    (topic / ".ipynb_checkpoints").mkdir()
    assert file_hash(f"{topic}/") == before
    (topic / "g.csv").touch()
    assert file_hash(f"{topic}/") not in (before, "absent")
    assert file_hash(f"{topic}/gone/") == file_hash(f"{topic}/gone") == "absent"


def test_modules_are_noted_and_the_search_for_them_is_not(topic: Path, read: Read) -> None:
    (topic / "beside.py").write_text("NAME = 1\n")
    for _ in range(2):  # from its source, then from its cache
        assert read("import beside, colorsys") == now(topic, "beside.py")


@pytest.mark.parametrize(
    "code",
    [
        "open('made.csv', 'w').write('1')",
        "open('a.csv', 'w').write('1')",
        "open('a.csv', 'ab').write(b'1')",
        "open('made.csv', 'x').write('1'); open('made.csv').read()",
        "open('a.csv', 'w').write('1')\nopen('a.csv').read()",
        "import pandas as pd; pd.DataFrame({'x': [1]}).to_csv('a.csv')",
    ],
)
def test_what_a_brief_writes_itself_is_not_read(read: Read, code: str) -> None:
    assert read(code) == {}


@pytest.mark.parametrize(
    "change",
    [
        "open('a.csv', 'a').write('more')",
        "import os; open('made', 'w').write('x\\na.csv\\n'); os.replace('made', 'a.csv')",
        "import os; os.remove('a.csv')",
    ],
)
def test_a_file_that_changes_after_it_was_read_is_like_no_hash(read: Read, change: str) -> None:
    assert read("open('a.csv').read()", change) == {"a.csv": CHANGED}
    assert CHANGED != "absent"


def test_a_file_that_comes_after_it_was_looked_for_is_like_no_hash(read: Read) -> None:
    look = "try: open('late.csv')\nexcept OSError: pass"
    assert read(look, "open('late.csv', 'w').write('1')") == {"late.csv": CHANGED}
