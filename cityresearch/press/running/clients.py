"""What runs a brief's cells for papermill: in a kernel, or in a fork of this process; prose after them.

All code cells run first, so a title may speak of what the last cell found. Facts that were printed
are taken out of the process at the end and left in the notebook's metadata for the press.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from nbclient.exceptions import DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient

from cityresearch.briefs import marks, prose
from cityresearch.briefs.blocks import MIME
from cityresearch.errors import ResearchError
from cityresearch.press.running.forked import LATE, ChildDied, Forked
from cityresearch.press.running.shell import Server
from cityresearch.project import find_project

HAS = "__import__('cityresearch.briefs.current', fromlist=['has']).has('{}')"
RECORD = "__import__('cityresearch.briefs.current', fromlist=['record']).record()"
FOREVER = 10.0**6
# What each kind of output holds of its message, as nbformat has it.
KEPT = {
    "stream": ("name", "text"),
    "display_data": ("metadata", "data"),
    "execute_result": ("metadata", "data", "execution_count"),
}
SHORTEST = 0.01  # seconds: nbclient takes none for no limit
SAID = ("text", "data", "evalue", "traceback")  # parts of an output that hold texts


class BriefClient(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's client, with prose after the code, and no TCP ports where the system allows."""

    sockets: str = ""
    time_limit: float | None = None  # seconds for the whole brief
    ends: float = FOREVER  # the end of its time, on the clock of `time.monotonic`

    def execute(self, **more: Any) -> Any:
        """Runs the notebook as papermill does, from now until its time limit."""
        self.ends = time.monotonic() + (self.time_limit or FOREVER)
        return super().execute(**more)

    def create_kernel_manager(self) -> Any:
        """A kernel reached through socket files of its own: parallel runs never fight for a port."""
        manager = super().create_kernel_manager()
        if self.sockets:
            manager.transport, manager.ip = "ipc", f"{self.sockets}/kernel"
        return manager

    def papermill_execute_cells(self) -> None:
        """Runs all code cells as papermill does, then the expressions of the Markdown cells."""
        super().papermill_execute_cells()
        if any(_failed(cell) for cell in self.nb.cells):
            return  # papermill reports the cell; prose would only complain of names it never made
        self._leave_out_sections()
        markdown = [cell for cell in self.nb.cells if cell.cell_type == "markdown"]
        wanted = sorted({text for cell in markdown for text in prose.expressions(cell.source)})
        replies = self.evaluate({text: prose.request(text) for text in wanted})
        texts = {}
        for expression in wanted:
            try:
                texts[expression] = prose.answer(replies[expression])
            except ResearchError as error:
                raise ResearchError(
                    f"the expression {{eval}}`{expression}` failed. {error.what}",
                    where=f"Markdown cell {self._cell_of(expression)}",
                    instead=error.instead,
                ) from None
        for cell in markdown:
            cell.source = prose.resolve(cell.source, texts)
        # Prose prints figures too: the record is taken after the expressions were evaluated.
        record = self.evaluate({"": RECORD})[""]
        told = json.loads(prose.text_of(record))
        _take_marks_out(self.nb.cells, told.pop("printings") if told else [])
        dict.update(self.nb.metadata, cityresearch_record=told)  # as in `output`: it stays plain

    def _leave_out_sections(self) -> None:
        """Takes out cells tagged `section-<name>` where that optional section lacks its data, and
        cells tagged `without-<name>` where it has them."""
        names = sorted({name for cell in self.nb.cells for _, name in _sections(cell)})
        replies = self.evaluate({name: HAS.format(name) for name in names})
        has = {name: prose.text_of(replies[name]) == "yes" for name in names}
        self.nb.cells[:] = [
            cell
            for cell in self.nb.cells
            if all(has[name] == (kind == "section") for kind, name in _sections(cell))
        ]

    def _get_timeout(self, cell: Any) -> float | None:
        """nbclient asks for each cell and each answer: no more is left to any than to the brief."""
        limit = super()._get_timeout(cell) or FOREVER
        return min(limit, max(self.ends - time.monotonic(), SHORTEST))

    async def _async_handle_timeout(self, *_: Any) -> None:
        raise DeadKernelError(LATE)

    def evaluate(self, expressions: dict[str, str]) -> dict[str, Any]:
        """The value of each expression in the cells' namespace, as a kernel replies it."""
        names = list(expressions)
        coded = {str(number): expressions[name] for number, name in enumerate(names)}
        results = self._user_expressions(coded)
        return {name: results[str(number)] for number, name in enumerate(names)}

    def _user_expressions(self, coded: dict[str, str]) -> dict[str, Any]:
        message = self.kc.execute("", silent=True, store_history=False, user_expressions=coded)
        reply = run_sync(self.async_wait_for_reply)(message)
        return reply["content"]["user_expressions"]  # type: ignore[no-any-return]

    def _cell_of(self, expression: str) -> int:
        markdown = [cell.source for cell in self.nb.cells if cell.cell_type == "markdown"]
        return next(
            number
            for number, source in enumerate(markdown, start=1)
            if expression in prose.expressions(source)
        )


class ForkedClient(BriefClient):
    """The same client, with a forked process in the kernel's place."""

    memory_limit: int | None = (
        None  # MB of private memory, besides what it shares with this process
    )

    def execute(self, **_: Any) -> Any:
        """Runs the notebook in a fork of this process; papermill and nbclient do all else."""
        self.reset_execution_trackers()
        self.ends = time.monotonic() + (self.time_limit or FOREVER)
        self._child = Forked(Server(find_project().root, self.memory_limit).serve)
        try:
            self.papermill_execute_cells()
            self.nb.metadata["cityresearch_opened"] = self._ask("opened")
        except ChildDied as error:
            raise DeadKernelError(str(error)) from None
        finally:
            self._child.end()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        self.nb.metadata["cityresearch_memory"] = self._child.usage.memory
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, *_: Any, **__: Any) -> Any:
        """Runs one cell in the child; its messages become outputs by nbclient's own rules."""
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return cell
        self.code_cells_executed += 1
        cell.outputs, self.clear_before_next_output = [], False
        for kind, content in self._answers("run", cell.source):
            if kind == "message":
                self.process_message(content, cell, cell_index)
            else:
                cell["execution_count"] = content["execution_count"]
                if content["status"] == "error":
                    run_sync(self._check_raise_for_error)(cell, cell_index, {"content": content})
        return cell

    def output(self, outs: list[Any], msg: Any, display_id: str | None, cell_index: int) -> Any:
        """An output from a message. nbclient has each checked against nbformat's schema, at a twentieth
        of a brief's cost: what our own shell says is of that form."""
        kept = KEPT.get(msg["msg_type"])
        hooked = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        if not kept or display_id or self.clear_before_next_output or hooked:
            return super().output(outs, msg, display_id, cell_index)
        made = NotebookNode(output_type=msg["msg_type"])
        # Past `NotebookNode`, which would turn each part of a chart into one as well.
        dict.update(made, {key: msg["content"][key] for key in kept})
        outs.append(made)
        return made

    def _user_expressions(self, coded: dict[str, str]) -> dict[str, Any]:
        return self._ask("evaluate", coded)  # type: ignore[no-any-return]

    def _ask(self, *request: Any) -> Any:
        return next(content for kind, content in self._answers(*request) if kind == "reply")

    def _answers(self, *request: Any) -> Iterator[Any]:
        per_cell = time.monotonic() + (self.timeout or FOREVER)
        return self._child.ask(request, min(per_cell, self.ends))


def _take_marks_out(cells: list[Any], printings: list[Any]) -> None:
    """Leaves no mark in any cell, and in the metadata of Markdown cells and blocks where figures are."""
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source, spans = marks.taken(cell.source, printings)
            cell.metadata["figures"] = spans
        for output in cell.get("outputs", []):
            block = output.get("data", {}).get(MIME)
            if block and (found := marks.of_block(block, printings)):
                output.metadata["figures"] = found
            # As in `output`: its parts stay plain.
            said = {name: marks.without(output[name]) for name in SAID if name in output}
            dict.update(output, said)


def _sections(cell: Any) -> list[tuple[str, str]]:
    tags = (tag.partition("-") for tag in cell.metadata.get("tags", []))
    return [(kind, name) for kind, _, name in tags if kind in ("section", "without")]


def _failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))
