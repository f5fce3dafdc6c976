"""The first cell of a table's row as the header of its row, in the tags of a PDF.

Typst has a function for it, `pdf.header-cell`, behind a feature that its Python package cannot switch on.
So the finished PDF is edited: `TD` becomes `TH` with the scope of a row. Typst writes tags in the open,
and each edit is as long as what it replaces, so that no address in the file changes. What names the
headers of single cells (`Headers`) goes, as where it stands a reader's program looks at nothing else:
the scopes say it all in tables whose every column and row has one header (ISO 32000-1, 14.8.5.7).
"""

from __future__ import annotations

import re

ROW = re.compile(rb"/S/TR/P \d+ 0 R/K\[(\d+) 0 R")
CELL = re.compile(
    rb"\n(\d+) 0 obj\n<</Type/StructElem/S/TD/P \d+ 0 R/A\[<</O/Table(/Headers\[[^\]]*\])"
)
SCOPE = b"/Scope/Row"


def mark(pdf: bytes) -> bytes:
    """The PDF with a header in each row of its tables, of the same length."""
    first = set(ROW.findall(pdf))

    def marked(found: re.Match[bytes]) -> bytes:
        whole, headers = found[0], found[2]
        scope = SCOPE if found[1] in first else b""
        kept = whole[: -len(headers)] + scope.ljust(len(headers))
        return kept.replace(b"/S/TD", b"/S/TH", 1) if scope else kept

    return CELL.sub(marked, pdf)
