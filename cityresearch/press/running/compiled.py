"""Cells compiled once for all briefs of a topic: a fork finds the code that the warm process made.

What runs is what IPython would compile. A cell that is not known, a part of one that was rewritten, or
other rules of compiling than those at the time of learning: each is compiled at its moment, as ever.
"""

from __future__ import annotations

import ast
import warnings
from types import CodeType
from typing import Any

from ipykernel.compiler import XCachingCompiler

FUTURE = "__future__"  # a cell that imports from there changes how later ones are compiled


class CellCompiler(XCachingCompiler):
    """A kernel's compiler that remembers the cells which it learned."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._names: dict[str, str] = {}  # of cells: a name is a slow hash
        self._trees: dict[tuple[str, str, int], ast.Module] = {}
        # By the number of a part in memory, and with the part: while it lives, no other has its number.
        self._codes: dict[tuple[int, str, int], tuple[ast.stmt, CodeType]] = {}

    def learn(self, raw: str, read: str, flags: int) -> None:
        """Compiles a cell part by part, as IPython runs it.

        Args:
            raw: the cell as it was written.
            read: as IPython read it (see `ForkedShell.transform_cell`).
            flags: what IPython adds to the compiler's own while a cell runs.
        """
        if FUTURE in read or raw in self._names:
            return
        name = self._names[raw] = self.get_code_name(raw, read, 0)
        # What Python warns of is for the brief to show: such a cell is left to its moment.
        with warnings.catch_warnings(action="error"):
            tree: Any = super().ast_parse(read, name)
            self._trees[read, name, self.flags] = tree
            with self.extra_flags(flags):
                for part in tree.body:
                    shown = part is tree.body[-1] and isinstance(part, ast.Expr)
                    symbol = "single" if shown else "exec"
                    whole = ast.Interactive([part]) if shown else ast.Module([part], [])
                    code = self(whole, name, symbol)
                    self._codes[id(part), symbol, self.flags] = part, code

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        return self._names.get(raw_code) or super().get_code_name(raw_code, code, number)  # type: ignore[no-untyped-call]

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        """A known cell's tree with its own parts, in a list that may be added to."""
        known = self._trees.get((source, filename, self.flags)) if symbol == "exec" else None
        if known:
            return ast.Module([*known.body], [])
        return super().ast_parse(source, filename, symbol)

    def __call__(self, source: Any, filename: str, symbol: str, **more: Any) -> Any:
        parts: Any = getattr(source, "body", None)  # `%time 1 + 1` has one that is no list
        alone = isinstance(parts, list) and len(parts) == 1
        number = id(parts[0]) if alone and not more else 0
        if known := self._codes.get((number, symbol, self.flags)):
            return known[1]
        return super().__call__(source, filename, symbol, **more)
