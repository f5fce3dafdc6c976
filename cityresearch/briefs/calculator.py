"""The form of a bill calculator. Without scripts it stays hidden, and the worked case is read.

All that the script (theme/static/calculator.js) knows of a city or a method stands in `data-` values
here; the form has no address and nothing typed into it leaves the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

Json = Mapping[str, Any]

BILL = ("bill", "Your bill a month, in dollars", "Water and sewer together.")
INCOME = (
    "income",
    "Income of your home a year, in dollars",
    "Before taxes, of all who live there.",
)
KIND = {
    "missing": "Please enter an amount here.",
    "wrong": "Please write dollars as 1,250.50, up to 10 million.",
    "zero": "Please enter an income above zero.",
}


def calculator_html(block: Json) -> str:
    """The block as HTML: the worked case, and the form with an empty place for each result."""
    return (
        f'<div class="calculator"{_data(block)}>'
        f'<p class="worked">{escape(block["worked"])}</p>'
        f'<form hidden novalidate autocomplete="off" aria-label="{escape(block["title"])}">'
        f"{_field(*BILL)}{_field(*INCOME)}{_poverty(block['poverty'])}"
        '<p class="actions"><button type="submit">Work it out</button></p>'
        f'<div class="result" role="status">{_results(block)}</div>'
        f'<p class="note">{escape(block["method"])}</p>'
        '<p class="note">Worked out on this page. Nothing that you type leaves it or is kept.</p>'
        "</form></div>"
    )


def worked_html(block: Json) -> str:
    """The worked case alone, for a file without scripts."""
    return f'<div class="calculator"><p class="worked">{escape(block["worked"])}</p></div>'


def _data(block: Json) -> str:
    values = {
        "wage": "" if block["wage"] is None else repr(block["wage"]),
        "burden": " ".join(map(repr, block["burden"])),
        "classes": "|".join(block["classes"]),
        **KIND,
    }
    return "".join(f' data-{name}="{escape(value)}"' for name, value in values.items())


def _field(name: str, label: str, hint: str) -> str:
    return (
        f'<div class="field"><label for="own-{name}">{label}</label>'
        f'<p class="hint" id="own-{name}-hint">{hint}</p>'
        f'<input id="own-{name}" name="{name}" inputmode="decimal" '
        f'aria-describedby="own-{name}-hint own-{name}-fault">'
        f'<p class="fault" id="own-{name}-fault" hidden></p></div>'
    )


def _poverty(limits: list[float]) -> str:
    """The choice of a class of poverty, 0 to 2: how many of the lower bounds it reaches."""
    low, high = (f"{limit:g}%" for limit in limits)
    named = ("I do not know", f"below {low}", f"{low} to below {high}", f"{high} or more")
    options = "".join(
        f'<option value="{"" if at == 0 else at - 1}">{words}</option>'
        for at, words in enumerate(named)
    )
    return (
        '<div class="field"><label for="own-poverty">Residents below twice the poverty line</label>'
        '<p class="hint" id="own-poverty-hint">Their share in the area of your utility.</p>'
        '<select id="own-poverty" name="poverty" aria-describedby="own-poverty-hint">'
        f"{options}</select></div>"
    )


def _results(block: Json) -> str:
    hours = (
        '<p><data class="hours"></data> hours of work a month at the minimum wage here pay the bill.</p>'
        if block["wage"] is not None
        else ""
    )
    return (
        '<div hidden><p><strong><data class="share"></data>%</strong> of the income goes to the bill.</p>'
        f"{hours}"
        '<p>Burden class: <strong class="class"></strong>.</p></div>'
    )
