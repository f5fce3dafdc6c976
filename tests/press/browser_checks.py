"""What every page must pass in a browser; used on the sample book here and on real books elsewhere."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
POLICY = "Content Security Policy"  # in every complaint that a browser makes of one
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Boxes whose content is wider than they are, with everything unfolded.
STICKING_OUT = """() => {
    document.querySelectorAll("details").forEach(details => { details.open = true; });
    return [...document.querySelectorAll(".table, table, figure, .numbers, pre")]
        .filter(box => box.scrollWidth > box.clientWidth + 1)
        .map(box => box.outerHTML.slice(0, 80));
}"""


class _Shared:
    """The one browser of a test run: Playwright allows a single driver at a time in a thread."""

    users = 0
    stack: ExitStack
    browser: Browser


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium where there is one, else Playwright's own; shared by all who ask."""
    if not _Shared.users:
        _Shared.stack = ExitStack()
        playwright = _Shared.stack.enter_context(sync_playwright())
        path = str(CHROMIUM) if CHROMIUM.is_file() else None
        _Shared.browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        _Shared.stack.callback(_Shared.browser.close)
    _Shared.users += 1
    try:
        yield _Shared.browser
    finally:
        _Shared.users -= 1
        if not _Shared.users:
            _Shared.stack.close()


@dataclass
class Visit:
    """A page that was opened, with all that it asked for and complained about."""

    page: Page
    folder: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Requests that left the folder of the book."""
        own = (self.folder.as_uri() + "/", "data:", "blob:")
        return [address for address in self.requests if not address.startswith(own)]


@contextmanager
def visit(
    browser: Browser,
    folder: Path,
    page: str,
    *,
    width: int = 1280,
    scripts: bool = True,
    dark: bool = False,
) -> Iterator[Visit]:
    """Opens a page of a built book from its folder, as a reader would who was sent the files."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
    )
    opened = Visit(context.new_page(), folder)
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("requestfailed", lambda request: opened.complaints.append(f"lost {request.url}"))
    opened.page.on("console", lambda message: opened.complaints.append(message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.goto((folder / page).as_uri())
    yield opened
    context.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing: a test's output is its own."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on a static server of this machine, as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@contextmanager
def visit_served(browser: Browser, address: str, page: str, *, width: int = 1280) -> Iterator[Page]:
    """Opens a page of a served book; fails if anything is asked of another host or complained of."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    opened, faults = context.new_page(), []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if POLICY in said.text else None)
    opened.on(
        "request",
        lambda request: None if _own(request.url, address) else faults.append(request.url),
    )
    opened.goto(f"{address}/{page}")
    yield opened
    context.close()
    assert faults == []


def _own(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:"))


def scroll_through(page: Page) -> None:
    """Brings every chart into view, and waits until those that come alive have done so."""
    for figure in page.query_selector_all("figure.chart"):
        figure.scroll_into_view_if_needed()
    # Not by `wait_for_function`, which makes code from text: the pages' policy forbids that.
    waiting = page.locator("picture[data-live]:not([hidden])")
    expect(waiting).to_have_count(0, timeout=20_000)


def assert_sound(visited: Visit, width: int) -> None:
    """No request to elsewhere, no complaint in the console, nothing sideways, texts on charts."""
    page = visited.page
    assert visited.outside == []
    assert visited.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(STICKING_OUT) == []
    assert page.locator("h1").count() == 1
    for picture in page.query_selector_all("figure.chart img"):
        assert len(picture.get_attribute("alt") or "") > 20


def assert_pdf(visited: Visit) -> None:
    """The page offers a PDF that is there and is one."""
    links = visited.page.locator("a[href$='.pdf']")
    assert links.count() >= 1
    for link in links.all():
        address = link.evaluate("link => link.href")
        assert Path(address.removeprefix("file://")).read_bytes().startswith(b"%PDF-")
