"""The papermill engine of briefs: runs the code cells, then resolves the prose in the same kernel.

All code cells run first, so a title may speak of what the last cell found. Facts that were printed
are taken out of the kernel at the end and left in the notebook's metadata for the press.
"""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any

from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.utils import merge_kwargs, remove_args

from cityresearch.briefs import kernels, prose
from cityresearch.errors import ResearchError

HAS = "__import__('cityresearch.briefs.brief', fromlist=['has']).has('{}')"
RECORD = "__import__('cityresearch.briefs.brief', fromlist=['record']).record()"


class BriefClient(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's client, with prose after the code, and no TCP ports where the system allows."""

    sockets: str = ""

    def create_kernel_manager(self) -> Any:
        """A kernel reached through socket files of its own: parallel runs never fight for a port."""
        manager = super().create_kernel_manager()
        if self.sockets:
            manager.transport, manager.ip = "ipc", f"{self.sockets}/kernel"
        if kernels.warm_wanted() and manager.kernel_spec.language == "python":
            kernels.use_warm(manager)
        return manager

    def papermill_execute_cells(self) -> None:
        """Runs all code cells as papermill does, then the expressions of the Markdown cells."""
        super().papermill_execute_cells()
        if any(_failed(cell) for cell in self.nb.cells):
            return  # papermill reports the cell; prose would only complain of names it never made
        self._leave_out_sections()
        markdown = [cell for cell in self.nb.cells if cell.cell_type == "markdown"]
        wanted = sorted({text for cell in markdown for text in prose.expressions(cell.source)})
        replies = self._evaluate({text: prose.request(text) for text in wanted})
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
        record = self._evaluate({"": RECORD})[""]
        self.nb.metadata["cityresearch_record"] = json.loads(prose.answer(record))

    def _leave_out_sections(self) -> None:
        """Takes out cells tagged `section-<name>` where that optional section lacks its data, and
        cells tagged `without-<name>` where it has them."""
        names = sorted({name for cell in self.nb.cells for _, name in _sections(cell)})
        replies = self._evaluate({name: HAS.format(name) for name in names})
        has = {name: prose.answer(replies[name]) == "yes" for name in names}
        self.nb.cells = [
            cell
            for cell in self.nb.cells
            if all(has[name] == (kind == "section") for kind, name in _sections(cell))
        ]

    def _evaluate(self, expressions: dict[str, str]) -> dict[str, Any]:
        names = list(expressions)
        coded = {str(number): expressions[name] for number, name in enumerate(names)}
        message = self.kc.execute("", silent=True, store_history=False, user_expressions=coded)
        reply = run_sync(self.async_wait_for_reply)(message)
        results = reply["content"]["user_expressions"]
        return {name: results[str(number)] for number, name in enumerate(names)}

    def _cell_of(self, expression: str) -> int:
        markdown = [cell.source for cell in self.nb.cells if cell.cell_type == "markdown"]
        return next(
            number
            for number, source in enumerate(markdown, start=1)
            if expression in prose.expressions(source)
        )


def _sections(cell: Any) -> list[tuple[str, str]]:
    tags = (tag.partition("-") for tag in cell.metadata.get("tags", []))
    return [(kind, name) for kind, _, name in tags if kind in ("section", "without")]


class BriefEngine(NBClientEngine):  # type: ignore[misc]
    """Registered with papermill as `cityresearch`."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        **kwargs: Any,
    ) -> Any:
        """Executes one notebook; arguments are papermill's."""
        given = merge_kwargs(
            remove_args(["timeout", "startup_timeout", "input_path"], **kwargs),
            timeout=execution_timeout or kwargs.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log_output=log_output,
            shutdown_kernel="immediate",  # outputs are in; a polite farewell costs half a second
        )
        # Short paths: a socket's may not be longer than about a hundred characters.
        with tempfile.TemporaryDirectory(prefix="brief-") as folder:
            client = BriefClient(nb_man, **given)
            client.sockets = folder if os.name == "posix" else ""
            return client.execute()


def _failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))
