"""The forked side of a brief: IPython runs its cells and says what a kernel would say, over a pipe.

The shell is ipykernel's own, so formatting, magics and tracebacks are a kernel's; only the transport
differs. What it publishes becomes messages that nbclient understands.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import copy
import functools
import io
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult
from traitlets.config import Config

from cityresearch.briefs import current, prose
from cityresearch.press.running.compiled import CellCompiler
from cityresearch.press.running.limits import bound_memory, lift_memory
from cityresearch.press.running.opened import OpenedFiles
from cityresearch.press.running.said import PipeSession, Stream
from cityresearch.press.running.stamps import Stamp

AWAITING = re.compile("await|async")
OF_MODULES = ("__doc__", "__package__", "__loader__", "__spec__")


class ForkedShell(ZMQInteractiveShell):
    """IPython as a kernel has it, without the kernel's loop."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)  # type: ignore[no-untyped-call]
        self._known: dict[str, str] = {}
        self._rules = self._transformers()
        # What a single line means depends on the names at that moment too: that IPython looks up after it.
        manager = self.input_transformer_manager
        self._read: Callable[[str], str] = manager.transform_cell
        manager.transform_cell = self._read_or_known

    def learn(self, cells: Iterable[str]) -> None:
        """Reads cells as IPython reads them (magics and all), once for all forks of this process."""
        for cell in cells:
            with contextlib.suppress(Exception):  # running it will say what is wrong with it
                self._known[cell] = self._read(cell)
                read = self.transform_cell(cell)  # type: ignore[no-untyped-call]
                self.compile.learn(cell, read, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)  # type: ignore[attr-defined]
                self.displayhook.semicolon_at_end_of_expression(read.rstrip("\n"))  # type: ignore[no-untyped-call]

    def _read_or_known(self, cell: str) -> str:
        """A cell as IPython reads it, unless it is known and no brief has changed the rules since."""
        if cell in self._known and self._rules == self._transformers():
            return self._known[cell]
        return self._read(cell)

    def transform_ast(self, node: ast.AST) -> ast.AST:
        """As IPython does it; what rewrites a cell gets a copy of its own, since its code is known."""
        if self.ast_transformers:
            node = copy.deepcopy(node)
        return super().transform_ast(node)  # type: ignore[no-any-return,no-untyped-call]

    def should_run_async(self, raw_cell: str, *, transformed_cell: Any = None, **more: Any) -> bool:
        """As IPython says, which compiles the cell once more to see: without these words it need not."""
        if transformed_cell and not AWAITING.search(transformed_cell):
            return False
        return super().should_run_async(raw_cell, transformed_cell=transformed_cell, **more)

    def _transformers(self) -> list[Any]:
        manager = self.input_transformer_manager
        return [
            *manager.cleanup_transforms,
            *manager.line_transforms,
            *manager.token_transformers,
        ]

    def showtraceback(self, *given: Any, **more: Any) -> None:
        """As ever; with room for its words where memory has run out."""
        if isinstance(sys.exc_info()[1], MemoryError):
            lift_memory()
        super().showtraceback(*given, **more)

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window system; `%matplotlib inline` needs none."""


# Libraries ask by this name whether they print into a notebook.
ForkedShell.__name__ = ZMQInteractiveShell.__name__


def make_shell() -> Any:
    """The shell of this process, made once; forks inherit it, used by nobody."""
    if not ForkedShell.initialized():
        quiet = Config({"HistoryManager": {"enabled": False}})
        kernel = SimpleNamespace(eventloop=None)
        main = sys.modules["__main__"]
        shell: Any = ForkedShell.instance(config=quiet, kernel=kernel, compiler_class=CellCompiler)
        shell.displayhook.session = shell.display_pub.session = PipeSession()
        shell.displayhook.topic = b"execute_result"
        # Whether a cell ends in ";" and so shows nothing, which IPython asks of its words each time.
        ends = shell.displayhook.semicolon_at_end_of_expression
        shell.displayhook.semicolon_at_end_of_expression = functools.cache(ends)
        shell.run_cell("1")  # what IPython makes at the first cell, it makes here, once for all
        # `reset` takes these away too; programs that a cell starts as copies of Python ask for them.
        names = shell.user_module.__dict__
        kept = {name: names[name] for name in OF_MODULES}
        shell.reset()
        names.update(kept)
        sys.modules["__main__"] = (
            main  # the shell took its place; only the brief's process is to see that
        )
    return ForkedShell.instance()


class Server:
    """Answers the requests of one brief in the forked process.

    Requests are tuples: ("run", code) → messages, then ("reply", content);
    ("evaluate", {name: expression}) → ("reply", {name: result as a kernel gives it});
    ("opened",) → ("reply", {path: stamp} of the project's files that the cells read).
    """

    def __init__(self, root: Path, memory_limit: int | None = None) -> None:
        self._memory_limit = memory_limit  # MB
        self.opened = OpenedFiles(root)

    def serve(self, pipe: Connection) -> None:
        """Answers until the pipe closes."""
        current.none_yet()
        self.shell = make_shell()
        sys.modules["__main__"] = self.shell.user_module
        signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a kernel's cells
        self._session = self.shell.display_pub.session
        self._session.pipe = pipe
        self._printed = _take_over(self._session)
        sys.path.insert(0, "")  # as in a kernel: modules beside the notebook can be imported
        self.opened.watch()
        if self._memory_limit:
            bound_memory(self._memory_limit)
        while True:
            kind, *given = pipe.recv()
            self._session.post("reply", getattr(self, f"_{kind}")(*given))
            if self.shell.exit_now:
                return

    def _run(self, code: str) -> dict[str, Any]:
        number = self.shell.execution_count
        result = self._result(code)
        self._flush()
        error = result.error_before_exec or result.error_in_exec
        failed = not result.success or self.shell._last_traceback_during_displayhook
        reply: dict[str, Any] = {
            "status": "error" if failed else "ok",
            "execution_count": number,
            "payload": self.shell.payload_manager.read_payload(),
        }
        self.shell.payload_manager.clear_payload()
        if failed:
            traceback = self.shell._last_traceback or []
            reply |= {
                "ename": type(error).__name__,
                "evalue": str(error),
                "traceback": traceback,
            }
        return reply

    def _result(self, code: str) -> ExecutionResult:
        try:
            return self.shell.run_cell(code, store_history=True)  # type: ignore[no-any-return]
        except MemoryError as error:  # too little was left for IPython to tell of it
            lift_memory()
            result = ExecutionResult(None)  # type: ignore[no-untyped-call]
            result.error_in_exec, self.shell._last_traceback = error, []
            said = {"ename": type(error).__name__, "evalue": str(error), "traceback": []}
            self._session.send(None, "error", said)
            return result

    def _evaluate(self, expressions: dict[str, str]) -> dict[str, Any]:
        results = {name: self._value(code) for name, code in expressions.items()}
        self._flush()
        return results

    def _value(self, code: str) -> dict[str, Any]:
        """As `user_expressions` of IPython has it, which makes all formats of each value at great cost."""
        try:
            value = eval(code, self.shell.user_global_ns, self.shell.user_ns)
        except BaseException as error:
            return {"status": "error", "ename": type(error).__name__, "evalue": str(error)}
        data = {prose.TEXT: value} if type(value) is str else {"text/plain": repr(value)}
        return {"status": "ok", "data": data, "metadata": {}}

    def _opened(self) -> dict[str, Stamp]:
        return self.opened.stamps()

    def _flush(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self._printed.seek(0, os.SEEK_CUR)
        if text := self._printed.read():
            self._session.send(None, "stream", {"name": "stdout", "text": text})


def _take_over(session: PipeSession) -> Any:
    """Turns what cells print into messages, what programs they start print into a file that is read
    after each cell, and questions to the user into errors. Returns that file."""
    out, err = Stream("stdout", session), Stream("stderr", session)
    out.other, err.other = err, out
    sys.stdout, sys.stderr = out, err
    file = tempfile.TemporaryFile("w+b", buffering=0)  # noqa: SIM115  lives as long as the process
    with open(os.devnull) as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    for number in (1, 2):
        os.dup2(file.fileno(), number)
    builtins.input = _no_input  # type: ignore[assignment]
    reader = os.open(f"/dev/fd/{file.fileno()}", os.O_RDONLY)
    return io.open(reader, encoding="utf-8", errors="replace")  # noqa: UP020


def _no_input(prompt: str = "") -> str:
    raise StdinNotImplementedError(f"a brief has nobody to ask: input({prompt!r})")
