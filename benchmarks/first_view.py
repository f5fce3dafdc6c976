"""The first view of pages in Chromium behind a slow line, served from this machine."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]
FAST_3G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}


@dataclass(frozen=True)
class FirstView:
    """A page's largest paint in seconds, and what it fetched in kB before compression."""

    page: str
    scripts: bool
    largest_paint: float
    html_kb: float
    all_kb: float


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing of each request."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder behind a server of this machine; gives its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def first_views(book: Path, pages: list[str]) -> Iterator[FirstView]:
    """Opens each page with and without scripts, each time with an empty cache."""
    with served(book) as address, sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.is_file() else None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for page in pages:
            for scripts in (True, False):
                yield _first_view(browser, address, page, scripts)
        browser.close()


def _first_view(browser: Browser, address: str, name: str, scripts: bool) -> FirstView:
    screen = {"width": 390, "height": 844}
    context = browser.new_context(viewport=screen, java_script_enabled=scripts)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", FAST_3G)
    line.send("PerformanceTimeline.enable", {"eventTypes": ["largest-contentful-paint"]})
    paints: list[float] = []
    line.on(
        "PerformanceTimeline.timelineEventAdded", lambda told: paints.append(told["event"]["time"])
    )
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address + name, wait_until="load")
    page.wait_for_timeout(500)
    start = float(page.evaluate("performance.timeOrigin")) / 1000
    paint = max(paints) - start
    sizes = {answer.url: len(answer.body()) for answer in answers}
    html = sizes[address + name]
    context.close()
    return FirstView(name, scripts, paint, html / 1000, sum(sizes.values()) / 1000)
