"""The water calculator in a browser: the formulas of Python, by keyboard, with nothing sent."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_checks import visit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, Route

from cityresearch.briefs.html import block_html
from cityresearch.methods import water

BRIEF = "nc/charlotte/water.html"
WAGE = 7.25  # the federal rate, which binds in Charlotte
POVERTY = {"": None, "0": 10.0, "1": 20.0, "2": 35.0}
UNKNOWN = ", by how many residents are poor"
# Fills the form in for each case and gives what it shows.
REPEATED = """cases => {
    const box = document.querySelector(".calculator"), form = box.querySelector("form");
    return cases.map(([bill, income, poverty]) => {
        form.elements.bill.value = bill;
        form.elements.income.value = income;
        form.elements.poverty.value = poverty;
        form.requestSubmit();
        const shown = !box.querySelector(".result > div").hidden;
        const [share, hours] = [...box.querySelectorAll(".result data")];
        const name = box.querySelector(".class").textContent;
        return shown ? [share.value, hours.value, name, share.textContent] : null;
    });
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, built: Path) -> Iterator[Page]:
    with visit(browser, built / "html", BRIEF) as visited:
        visited.page.locator(".calculator form").wait_for()
        yield visited.page


def expected(bill: float, income: float, poverty: str) -> tuple[float, float, str]:
    share = water.share_of_income(bill, income).value
    hours = water.hours_at_minimum_wage(bill, WAGE).value
    assert share is not None and hours is not None
    if POVERTY[poverty] is not None:
        return share, hours, water.burden_category(share, POVERTY[poverty])
    first, second, third = (water.burden_category(share, ppi) for ppi in (0.0, 20.0, 35.0))
    return share, hours, f"{first}, {second} or {third}{UNKNOWN}"


def agree(page: Page, cases: list[tuple[float, float, str]]) -> None:
    typed = [[f"{bill:.2f}", f"{income:.2f}", poverty] for bill, income, poverty in cases]
    shown = page.evaluate(REPEATED, typed)
    for (bill, income, poverty), found in zip(typed, shown, strict=True):
        share, hours, name = expected(float(bill), float(income), poverty)
        assert (float(found[0]), float(found[1]), found[2]) == (share, hours, name)
        assert abs(float(found[3].replace(",", "")) - share) <= 0.0501


BILLS = st.floats(0, 2_000)
INCOMES = st.floats(1, 500_000)
CASES = st.lists(st.tuples(BILLS, INCOMES, st.sampled_from(list(POVERTY))), min_size=50)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(CASES)
def test_the_page_says_what_python_says(page: Page, cases: list[tuple[float, float, str]]) -> None:
    agree(page, cases)


def test_the_cut_offs_count_with_the_class_above(page: Page) -> None:
    """4.6% of 12,000 is 46 a month, 9.2% is 92."""
    bills = (45.99, 46.0, 46.01, 91.99, 92.0, 92.01)
    agree(page, [(bill, 12_000.0, poverty) for bill in bills for poverty in POVERTY])
    assert expected(46.0, 12_000.0, "0")[2] == "Low-Moderate"


@pytest.mark.parametrize("typed", ["$1,250.50", " 1250.5 ", "1,250.50", "$ 1250.50"])
def test_amounts_are_read_as_people_write_them(page: Page, typed: str) -> None:
    (found,) = page.evaluate(REPEATED, [[typed, "100,000", "0"]])
    assert float(found[0]) == expected(1250.5, 100_000.0, "0")[0]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Please enter an amount here."),
        ("ninety", "Please write dollars as 1,250.50, up to 10 million."),
        ("-5", "Please write dollars as 1,250.50, up to 10 million."),
        ("1.234,50", "Please write dollars as 1,250.50, up to 10 million."),
        ("1.5,000", "Please write dollars as 1,250.50, up to 10 million."),
        ("1,0000", "Please write dollars as 1,250.50, up to 10 million."),
        ("28,5000", "Please write dollars as 1,250.50, up to 10 million."),
        ("12,50", "Please write dollars as 1,250.50, up to 10 million."),
        ("99999999999999999999", "Please write dollars as 1,250.50, up to 10 million."),
        ("1e3", "Please write dollars as 1,250.50, up to 10 million."),
    ],
)
def test_a_slip_is_told_kindly_and_nothing_is_worked_out(page: Page, typed: str, told: str) -> None:
    assert page.evaluate(REPEATED, [[typed, "30000", ""]]) == [None]
    field = page.get_by_label("Your bill a month, in dollars")
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator("#own-bill-fault").inner_text() == told
    assert "own-bill-fault" in (field.get_attribute("aria-describedby") or "")
    assert page.evaluate("document.activeElement.name") == "bill"
    page.evaluate(REPEATED, [["60", "30000", ""]])
    assert field.get_attribute("aria-invalid") is None
    assert not page.locator("#own-bill-fault").is_visible()


def test_an_income_of_zero_is_refused(page: Page) -> None:
    assert page.evaluate(REPEATED, [["60", "0", ""]]) == [None]
    assert page.locator("#own-income-fault").inner_text() == "Please enter an income above zero."


def test_it_works_by_keyboard_and_sends_nothing(browser: Browser, built: Path) -> None:
    with visit(browser, built / "html", BRIEF, width=390) as visited:
        page = visited.page
        page.locator(".calculator form").wait_for()
        before, address = len(visited.requests), page.url
        page.get_by_label("Your bill a month, in dollars").focus()
        page.keyboard.type("92")
        page.keyboard.press("Tab")
        page.keyboard.type("$24,000")
        page.locator(".calculator .share").wait_for()  # without any button
        page.keyboard.press("Tab")
        page.keyboard.type("35")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Work it out"
        page.keyboard.press("Enter")
        told = " ".join(page.get_by_role("status").inner_text().split())
        assert told == (
            "4.6% of the income goes to the bill. 12.7 hours of work a month at the minimum wage "
            "here pay the bill. Burden class: High."
        )
        assert visited.complaints == []
        assert (len(visited.requests), page.url) == (before, address)
        kept = "[localStorage.length, sessionStorage.length, document.cookie]"
        assert page.evaluate(kept) == [0, 0, ""]


def test_without_scripts_the_worked_case_is_read(browser: Browser, built: Path) -> None:
    with visit(browser, built / "html", BRIEF, scripts=False) as visited:
        assert not visited.page.locator(".calculator form").is_visible()
        worked = visited.page.locator(".calculator .worked").inner_text()
        assert worked.startswith("A home that has $") and "the bills of a year" in worked


def test_other_pages_do_not_load_its_script(browser: Browser, built: Path) -> None:
    for name, loads in ((BRIEF, True), ("nc/charlotte/transit.html", False), ("index.html", False)):
        with visit(browser, built / "html", name) as visited:
            asked = [address for address in visited.requests if "calculator.js" in address]
            assert bool(asked) is loads, name


def test_it_runs_under_a_strict_content_security_policy(browser: Browser, built: Path) -> None:
    """Scripts of the site alone, no inline ones, no eval, no connections, no forms sent."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; form-action 'none'; base-uri 'none'"
    )

    def serve(route: Route) -> None:
        path = built / "html" / route.request.url.removeprefix("https://book.example/")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        headers = {"content-type": kind, "content-security-policy": policy}
        route.fulfill(body=path.read_bytes(), headers=headers)

    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.route("**/*", serve)
    page.goto(f"https://book.example/{BRIEF}")
    page.locator(".calculator form").wait_for()
    agree(page, [(60.0, 30_000.0, "1")])
    assert [line for line in complaints if "calculator" in line] == []
    context.close()


def test_without_a_wage_hours_are_left_out() -> None:
    block: dict[str, Any] = {
        "kind": "bill_calculator",
        "title": "Your bill",
        "worked": "A case <worked> out.",
        "wage": None,
        "burden": [4.6, 9.2],
        "poverty": [20.0, 35.0],
        "classes": list(water.BURDENS),
        "method": "How.",
    }
    html = block_html(block)
    assert 'class="hours"' not in html and 'class="share"' in html
    assert "A case &lt;worked&gt; out." in html


def test_the_declared_cut_offs_are_those_of_the_method(built: Path) -> None:
    text = (built / "html" / BRIEF).read_text()
    limits = water.CUTOFFS["duke"]
    assert f'data-burden="{limits.hbi[0]} {limits.hbi[1]}"' in text
    low, high = (f"{limit:g}%" for limit in limits.ppi)
    assert f"{low} to below {high}" in text
    assert f'data-classes="{"|".join(water.BURDENS)}"' in text
