"""The Content-Security-Policy of files that stand alone: exports and the pages of briefing books.

Pages of the book name theirs in `web/theme/page.html`: they load files of the book, these load nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
CHARSET = '<meta charset="utf-8">\n'


def sealed(page: str) -> str:
    """The page with a policy in its head: no script, no request, no style but the one in its head.

    Args:
        page: HTML whose head has `CHARSET` and then one `<style>`, both written by a template of ours.
    """
    start, charset, rest = page.partition(CHARSET)
    style = STYLE.search(rest)
    if not (charset and style):
        raise ValueError("a page that stands alone names its charset and has one style")
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    return start + charset + meta + rest
