"""Our papermill engine against papermill's own: the same outputs, and nothing that a brief's process
does reaches another brief, the run, or the next run."""

from __future__ import annotations

import ast
import contextlib
import gc
import json
import os
import re
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from fixture_project import ROOT, notebook
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from cityresearch.briefs import marks, stamp
from cityresearch.briefs.prepare import prepare
from cityresearch.briefs.topic import list_topics
from cityresearch.press.running import engine
from cityresearch.press.running.compiled import CellCompiler
from cityresearch.press.running.limits import TOO_LARGE
from cityresearch.press.running.shell import make_shell
from cityresearch.project import Project, find_project

PARAMETERS = ("parameters", "city = 'madison-wi'")
# What notebooks do, a cell each. None of it depends on the time or the process.
CELLS = [
    "import sys\nprint('one')\nprint('two')\nprint('a warning', file=sys.stderr)",
    "1 + 1",
    "6;",
    "None",
    "from IPython.display import HTML, Image, Javascript, Markdown, clear_output, display\n"
    "display(HTML('<b>bold</b>'), Markdown('*text*'))",
    "Image(data=bytes([137, 80, 78, 71, 13, 10, 26, 10]) + bytes(64), format='png')",
    "import pandas as pd\npd.DataFrame({'city': ['Madison'], 'people': [270000]})",
    "handle = display('first', display_id='kept')\nprint('between')",
    "handle.update('second')",
    "display({'application/json': {'a': [1, 2]}, 'text/plain': 'json'}, raw=True)",
    "print('gone')\nclear_output()\nprint('kept')",
    "print('gone later')\nclear_output(wait=True)\nprint('kept too')",
    "class Two:\n    def __repr__(self):\n        return 'two'\n\n    def _repr_html_(self):\n        "
    "return '<i>2</i>'\n\nTwo()",
    "%%capture caught\nprint('captured')",
    "caught.stdout",
    "%precision 3\n3.14159265",
    "!echo from a shell",
    "lines = !echo a; echo b\nlines",
    "%%python3\nprint('from another Python')",
    "get_ipython().run_line_magic('who_ls', 'str')",
    "import asyncio\nawait asyncio.sleep(0, 'awaited')",
    "import warnings\nwarnings.simplefilter('ignore')\n__name__",
    "_, In[2], Out[4], len(In)",
    "import os\nos.path.basename(os.getcwd())",
    "import sys\ntry:\n    sys.stdout.write(5)\nexcept TypeError:\n    print('no text')",
    "import helper_beside\nhelper_beside.NAME",
    "import pickle, sys\npickle.loads(pickle.dumps(Two())), sys.modules['__main__'].Two is Two",
    "type(get_ipython()).__name__",
    "from rich.table import Table\nTable('a table of rich')",
    "class Picture:\n    def __repr__(self):\n        return 'a picture'\n\n"
    "    def _repr_png_(self):\n        return bytes([137, 80, 78, 71, 255])\n\n"
    "    _repr_jpeg_ = _repr_png_\n\nPicture()",
    "import datetime\nclass Bundle:\n    def _repr_mimebundle_(self, **_):\n"
    "        said = {1: (2, 3), None: {4}, 'when': datetime.date(2024, 2, 29)}\n"
    "        return {'application/json': said, 'text/plain': 'a bundle'}, "
    "{'application/json': {2: (True,)}}\n\nBundle()",
    "display({'application/json': {1: bytes(2)}, 'image/png': bytes(3)}, raw=True)",
    "class Text(str):\n    pass\n\ndisplay({'text/plain': Text('of its own kind')}, raw=True)",
    "print('', end='')",
    "!true",
    "print('said', end='')\nprint('', end='', file=sys.stderr)\nprint(' at once')",
    "__spec__, __loader__, __package__, __doc__",
    "import math\nfrom concurrent.futures import ProcessPoolExecutor\n"
    "from multiprocessing import get_context\n"
    "with ProcessPoolExecutor(1, mp_context=get_context('spawn')) as pool:\n"
    "    root = pool.submit(math.sqrt, 9).result()\nroot",
]
STREAMS = ("stdout", "stderr")
FAILING = [
    "1 / 0",
    "def broken(:\n    pass",
    "raise ValueError('of\\ntwo lines')",
    "input('who? ')",
    "class Bad:\n    def _repr_html_(self):\n        raise KeyError('no')\n\nBad()",
    "%no_such_magic",
    "raise SystemExit(3)",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITYRESEARCH_PROJECT", str(ROOT))
    monkeypatch.setenv("CITYRESEARCH_DEFER_SVG", "1")
    # Other tests leave threads behind that wait for ever and hold nothing.
    monkeypatch.setattr(engine, "other_threads", list)
    (tmp_path / "helper_beside.py").write_text("NAME = 'a module beside the notebook'\n")
    return tmp_path


def run(cells: list[str], folder: Path, name: str | None = "cityresearch", **more: Any) -> Any:
    """The notebook of these cells, executed by an engine; None is papermill's own."""
    made = notebook([PARAMETERS, *(("code", cell) for cell in cells)])
    return run_notebook(made, folder, name, **more)


def run_notebook(made: Any, folder: Path, name: str | None, **more: Any) -> Any:
    options = {"cwd": str(folder), "progress_bar": False, **more}
    parameters = {"city": "milwaukee-wi"}
    return papermill.execute_notebook(made, None, parameters, engine_name=name, **options)


def outputs(executed: Any) -> list[Any]:
    """Count and outputs of each code cell; neighbouring texts of one stream are one text, as a
    kernel cuts them by time."""
    found: list[Any] = []
    for cell in executed.cells:
        if cell.cell_type == "code":
            found.append([cell.execution_count, _joined(json.loads(json.dumps(cell.outputs)))])
    return found


def _joined(given: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for output in given:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and output["name"] == last.get("name"):
            last["text"] += output["text"]
        else:
            joined.append(output)
    return joined


def test_cells_say_what_they_say_in_a_kernel(folder: Path) -> None:
    ours, theirs = (outputs(run(CELLS, folder, name)) for name in ("cityresearch", None))
    for code, mine, other in zip(["", "", *CELLS], ours, theirs, strict=True):
        assert mine == other, code
    assert len(ours) == len(CELLS) + 2  # the parameters, and those that papermill put in


def test_cells_that_are_timed_give_what_they_give_in_a_kernel(folder: Path) -> None:
    """What they say of their time differs from run to run; their values don't."""
    cells = [
        "%time 1 + 1",
        "%%time\nx = 2\nx + 1",
        "%timeit -n1 -r1 x + 1",
        "%%timeit -n1 -r1\nx",
        "x",
    ]
    both = [run(cells, folder, name).cells[-len(cells) :] for name in ("cityresearch", None)]
    ours, theirs = (
        [[each.data for each in cell.outputs if "data" in each] for cell in made] for made in both
    )
    assert ours == theirs
    assert [bool(each) for each in ours] == [True, True, False, False, True]


def test_cells_known_beforehand_are_read_by_the_rules_of_their_moment(folder: Path) -> None:
    """What IPython makes of a notebook's cells is kept for all briefs: not where a cell changes how."""
    cells = [
        "first = 1\n%precision 3\n2 / 3",
        "import IPython\n"
        "def shout(lines):\n    return [line.replace('quiet', 'LOUD') for line in lines]\n"
        "get_ipython().input_transformers_cleanup.append(shout)",
        "word = 'quiet'\nword",
    ]
    make_shell().learn(cells)
    ours, theirs = (outputs(run(cells, folder, name)) for name in ("cityresearch", None))
    assert ours == theirs
    assert ours[-1][1][0]["data"]["text/plain"] == "'LOUD'"


REWRITTEN = [
    "import ast\n"
    "class Doubled(ast.NodeTransformer):\n"
    "    def visit_Constant(self, node):\n"
    "        whole = isinstance(node.value, int)\n"
    "        return ast.Constant(2 * node.value) if whole else node\n"
    "get_ipython().ast_transformers.append(Doubled())",
    "number = 21\nnumber",
    "get_ipython().ast_transformers.clear()\nget_ipython().ast_node_interactivity = 'all'",
    "'shown'\n'as well'",
    "get_ipython().ast_node_interactivity = 'last_expr_or_assign'\nother = 1",
    "from __future__ import annotations",
    "def noted(x: no_such_name): ...\nnoted.__annotations__",
    "import asyncio\nawait asyncio.sleep(0, 'awaited')",
]


def test_cells_compiled_beforehand_run_by_the_rules_of_their_moment(folder: Path) -> None:
    make_shell().learn(REWRITTEN)
    ours, theirs = (outputs(run(REWRITTEN, folder, name)) for name in ("cityresearch", None))
    for code, mine, other in zip(["", "", *REWRITTEN], ours, theirs, strict=True):
        assert mine == other, code
    assert next(one[1][-1]["data"]["text/plain"] for one in ours if one[1]) == "42"


def test_a_single_line_known_beforehand_means_what_names_mean_at_its_moment(folder: Path) -> None:
    """A magic's name alone is the magic, until a variable has that name."""
    cells = ["precision 2", "1 / 3", "precision = 7", "precision", "1 / 7"]
    make_shell().learn(cells)
    ours, theirs = (outputs(run(cells, folder, name)) for name in ("cityresearch", None))
    assert ours == theirs
    shown = [one[1][0]["data"]["text/plain"] for one in ours if one[1]]
    assert shown[-3:] == ["0.33", "7", "0.14"]


def test_a_cell_compiled_beforehand_is_not_compiled_again(folder: Path) -> None:
    """A trace of what Python compiles in the brief's process: the cell that tells of it alone."""
    told = "heard = []\nimport sys\nsys.addaudithook(lambda event, given: event == 'compile' and "
    cells = [told + "heard.append(given))", "first = 1\nfirst + 1", "len(heard)"]
    make_shell().learn(cells[:2])
    *_, [_, [last]] = outputs(run(cells, folder))
    assert int(last["data"]["text/plain"]) == 2  # parsed and compiled: the last one


def test_code_made_beforehand_is_never_that_of_another_cell() -> None:
    """Topics share cells, so a process learns some several times, and forgets what it first made."""
    compiler, told, kept = CellCompiler(), dict[int, int](), []
    for number in range(300):
        shared, read = "first = 1\nsecond = 2\n", f"told[{number}] = {number}\n"
        compiler.learn(shared, shared, 0)
        tree: Any = compiler.ast_parse(read, "name")
        kept.append(tree)
        exec(compiler(ast.Module(tree.body, []), "name", "exec"), {"told": told})
    assert told == {number: number for number in range(300)}


def test_a_cell_that_python_warns_of_warns_in_its_brief() -> None:
    compiler, cell = CellCompiler(), "'a' is 'b'\n"
    with contextlib.suppress(SyntaxError):
        compiler.learn(cell, cell, 0)
    with pytest.warns(SyntaxWarning, match="is"):
        compiler(ast.Interactive(compiler.ast_parse(cell, "name").body), "name", "single")  # type: ignore[attr-defined]


def test_what_a_program_prints_is_kept(folder: Path) -> None:
    """A kernel loses it where it comes a moment late, so this is not compared."""
    code = (
        "import subprocess\nprint('before')\nsubprocess.run(['echo', 'from a program']).returncode"
    )
    [*_, [_, found]] = outputs(run([code], folder))
    texts = [one.get("text") or one["data"]["text/plain"] for one in found]
    assert texts == ["before\n", "0", "from a program\n"]


def test_a_program_may_print_where_cells_print(folder: Path) -> None:
    """A kernel shows none of it; it is where all other programs print."""
    code = "import subprocess, sys\nsubprocess.run(['echo', 'to {0}'], stdout=sys.{0}).returncode"
    [*_, [_, out], [_, err]] = outputs(run([code.format(one) for one in STREAMS], folder))
    assert [one[-1]["text"] for one in (out, err)] == ["to stdout\n", "to stderr\n"]


def test_an_interrupt_of_its_own_ends_a_cell_and_not_the_process(folder: Path) -> None:
    code = "import _thread, time\ntry:\n    _thread.interrupt_main()\n    time.sleep(5)\n"
    caught = "except KeyboardInterrupt:\n    print('heard')"
    [*_, [_, [found]]] = outputs(run([code + caught], folder))
    assert found["text"] == "heard\n"


def test_a_brief_that_makes_no_brief_still_runs(folder: Path) -> None:
    executed = run(["1"], folder)
    assert executed.metadata["cityresearch_record"] is None
    assert executed.metadata["language_info"]["version"] == sys.version.split()[0]


@pytest.mark.parametrize("code", FAILING)
def test_errors_read_as_in_a_kernel(folder: Path, code: str) -> None:
    told = []
    for name in ("cityresearch", None):
        with pytest.raises(PapermillExecutionError) as caught:
            run(["x = 1", code, "never = 'run'"], folder, name)
        error = caught.value
        trace = [re.sub(r"0x[0-9a-f]+", "0x", line) for line in error.traceback]
        told.append((error.ename, error.evalue, error.exec_count, error.cell_index, trace))
    if code.startswith("input"):  # a kernel blames the frontend, we say whom there is to ask
        assert [one[0] for one in told] == ["StdinNotImplementedError"] * 2
    else:
        assert told[0] == told[1]


def test_what_no_json_can_hold_fails_its_cell_as_in_a_kernel(folder: Path) -> None:
    told = []
    for name in ("cityresearch", None):
        with pytest.raises(PapermillExecutionError) as caught:
            run(["display({'application/json': {'what': object}}, raw=True)"], folder, name)
        told.append((caught.value.ename, caught.value.evalue, caught.value.exec_count))
    assert told[0] == told[1]


def test_an_allowed_error_stops_nothing(folder: Path) -> None:
    found = []
    for name in ("cityresearch", None):
        made = notebook([PARAMETERS, ("code", "1 / 0"), ("code", "'after'")])
        made.cells[1].metadata["tags"] = ["raises-exception"]
        kept = folder / "kept.ipynb"
        with pytest.raises(PapermillExecutionError):
            papermill.execute_notebook(
                made, kept, engine_name=name, cwd=str(folder), progress_bar=False
            )
        last = nbformat.read(kept, as_version=4).cells[-1]
        found.append([last.execution_count, json.dumps(last.outputs)])
    assert found[0] == found[1] and "after" in found[0][1]


@pytest.mark.parametrize("topic", list_topics(find_project(ROOT)))
@pytest.mark.usefixtures("folder")
def test_every_notebook_is_executed_alike(
    topic: str, real: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYRESEARCH_PREPARED", str(prepare(real, topic).folder))
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    path = real.notebooks / topic / "brief.ipynb"
    made = nbformat.read(path, as_version=4)
    plain = run_notebook(made, path.parent, None).cells
    monkeypatch.setenv(marks.SWITCH, "1")  # as a run of the press has it: nothing of it may be left
    ours = run_notebook(made, path.parent, "cityresearch").cells
    assert not marks.MARK.search(json.dumps(ours, ensure_ascii=False))
    known = {cell.id: cell for cell in plain}
    assert len(ours) > 10
    for cell in ours:
        if "injected-parameters" in cell.metadata.tags:
            continue  # papermill puts it in, with an id of its own each time
        if cell.cell_type == "code":
            for output in cell.outputs:
                for new in ("figures", stamp.KEY):  # where figures are, and whose the block is
                    output.get("metadata", {}).pop(new, None)
            assert json.dumps(cell.outputs) == json.dumps(known[cell.id].outputs), cell.source
            assert cell.execution_count == known[cell.id].execution_count
        else:
            assert "{eval}" not in cell.source


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os; os._exit(3)", "ended by itself, with exit code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by SIGKILL"),
        (
            "import ctypes, faulthandler; faulthandler.disable(); ctypes.string_at(0)",
            "killed by SIGSEGV",
        ),
        ("while True: pass", "ran past its time limit"),
        ("import time\ntime.sleep(60)", "ran past its time limit"),
        ("exit()", "exit code 0"),
        ("while True: print('on and on', flush=True)", "ran past its time limit"),
        ("import os, time\nif os.fork():\n    os._exit(3)\ntime.sleep(600)", "with exit code 3"),
    ],
)
def test_a_process_that_ends_is_one_failed_brief_with_the_reason(
    folder: Path, code: str, why: str
) -> None:
    start = time.monotonic()
    with pytest.raises(DeadKernelError, match=why):
        run([code, "'never'"], folder, time_limit=2 if "limit" in why else 60)
    assert time.monotonic() - start < 55  # it does not wait for the cell's own end


@pytest.mark.parametrize("last", ["'all is well'", "while True: pass", "import os; os._exit(3)"])
def test_what_a_brief_started_ends_with_it(folder: Path, last: str) -> None:
    code = "import pathlib, subprocess\np = subprocess.Popen(['sleep', '600'])"
    note = "pathlib.Path('pid').write_text(str(p.pid))"
    with contextlib.suppress(DeadKernelError):
        run([code, note, last], folder, time_limit=3)
    pid = int((folder / "pid").read_text())
    for _ in range(100):
        if not running(pid):
            return
        time.sleep(0.05)
    raise AssertionError("a program that the brief started still runs")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
@pytest.mark.parametrize(
    "code",
    [
        "import numpy as np; np.ones(10**9)",
        "many = []\nwhile True: many.append(bytes(1000))",
        "many = []\nwhile True: many.append({})",
        "import pyarrow as pa; pa.allocate_buffer(10**10)",
    ],
)
def test_a_brief_that_takes_too_much_memory_fails_with_the_reason(folder: Path, code: str) -> None:
    with pytest.raises((PapermillExecutionError, DeadKernelError)) as caught:
        run(["fine = bytes(150_000_000)", code], folder, memory_limit=300)
    if isinstance(caught.value, DeadKernelError):  # there was not even room to say where it was
        assert str(caught.value) == TOO_LARGE
    else:
        assert caught.value.ename.endswith("MemoryError") and caught.value.exec_count == 4


def running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_threads_may_print_at_once(folder: Path) -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor\nfrom IPython.display import HTML, display\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    list(pool.map(lambda n: display(HTML(str(n) * 200_000)), range(8)))"
    )
    [*_, [_, found]] = outputs(run([code], folder))
    assert sorted(one["data"]["text/html"][0] for one in found) == list("01234567")


def test_no_brief_changes_what_another_sees(folder: Path) -> None:
    """Modules, environment, working folder, random numbers and names are as they were."""
    change = (
        "import os, math, pandas as pd\nmath.pi = 3\npd.DataFrame.mine = 1\n"
        "os.environ['LEFT'] = 'behind'\nos.chdir('/')\nleft = 'behind'"
    )
    look = (
        "import os, math, pandas as pd\n"
        "math.pi, hasattr(pd.DataFrame, 'mine'), os.environ.get('LEFT'), 'left' in dir()"
    )
    run([change], folder)
    [*_, [_, [seen]]] = outputs(run([look], folder))
    assert seen["data"]["text/plain"] == "(3.141592653589793, False, None, False)"
    assert Path.cwd() != Path("/")


def test_a_fork_shares_what_its_parent_has_in_memory(folder: Path) -> None:
    """The private memory of a brief's process is a small part of what it sees."""
    code = (
        "from pathlib import Path\n"
        "lines = Path('/proc/self/smaps_rollup').read_text().splitlines()[1:]\n"
        "sizes = {line.split(':')[0]: int(line.split()[1]) for line in lines}\n"
        "sizes['Private_Dirty'] / sizes['Rss']"
    )
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("this system does not tell private from shared memory")
    gc.collect()
    gc.freeze()  # as the processes of a run do when their topic is loaded
    [*_, [_, [said]]] = outputs(run([code], folder))
    gc.unfreeze()
    assert float(said["data"]["text/plain"]) < 0.25


def test_another_kernel_is_left_to_plain_papermill_which_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = folder / "kernels" / "other"
    spec.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "Other", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(folder))
    made = notebook([PARAMETERS, ("code", "'run'"), ("markdown", "{eval}`brief.text`")])
    made.cells.pop()
    made.metadata.kernelspec = {"name": "other", "display_name": "Other", "language": "python"}
    executed = run_notebook(made, folder, "cityresearch")
    assert executed.metadata["cityresearch_plain"] == "it asks for the kernel 'other'"
    assert executed.cells[-1].outputs[0]["data"]["text/plain"] == "'run'"


SLOW = ("code", "import time; time.sleep(3)")


@pytest.mark.parametrize(
    "cells",
    [[SLOW] * 4, [("markdown", "# {eval}`__import__('time').sleep(600)`")]],
    ids=["cells", "prose"],
)
def test_a_kernel_has_the_same_time_for_all_cells(
    folder: Path, monkeypatch: pytest.MonkeyPatch, cells: list[tuple[str, str]]
) -> None:
    monkeypatch.setattr(engine, "OUR_KERNEL", "another")
    with pytest.raises(DeadKernelError, match="ran past its time limit"):
        run_notebook(notebook([PARAMETERS, *cells]), folder, "cityresearch", time_limit=7)


def test_where_a_fork_is_not_safe_plain_papermill_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    before = engine.other_threads()
    stop = threading.Event()
    other = threading.Thread(target=stop.wait, name="somebody", daemon=True)
    other.start()
    assert set(engine.other_threads()) - set(before) == {"somebody"}
    assert "somebody" in engine.why_plain("python3")
    stop.set()
    other.join()
    monkeypatch.setattr(engine, "other_threads", list)
    assert engine.why_plain("python3") == ""
    monkeypatch.delattr(os, "fork")
    assert engine.why_plain("python3") == "this system cannot fork"
