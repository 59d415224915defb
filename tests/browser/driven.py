"""A browser that keeps account of what nobody should see: messages, refused loads, requests to elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

Scheme = Literal["light", "dark"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these it looks for its makers' servers at every start.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
REFUSED = """
window.refusedLoads = [];
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value;
}).observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (event) => {
  window.refusedLoads.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


def browser_path() -> str:
    """Where a browser is; the test is skipped where there is none, and fails where there has to be one."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("JACKFIELD_NEEDS_BROWSER"):
            pytest.fail("there is no Chromium, and JACKFIELD_NEEDS_BROWSER is set")
        pytest.skip("there is no Chromium")
    return found


def launched(playwright: Playwright) -> Browser:
    """The browser of this machine. Root has no sandbox of its own there."""
    sandbox = [] if not hasattr(os, "geteuid") or os.geteuid() else ["--no-sandbox"]
    return playwright.chromium.launch(executable_path=browser_path(), args=[*QUIET, *sandbox])


@dataclass(kw_only=True)
class Seen:
    """What happened beside what was asked for.

    Attributes:
        expected: Statuses of answers that a test provokes: the browser writes a line for each failed load.
    """

    host: str
    messages: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def watch(self, page: Page) -> None:
        """Keep account of a page."""
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))
        page.on("request", self._request)
        page.add_init_script(REFUSED)

    def check(self, page: Page) -> None:
        """Nothing unexpected happened."""
        refused = [] if page.is_closed() else page.evaluate("window.refusedLoads ?? []")
        beside = (self.messages, self.elsewhere, refused)
        assert beside == ([], [], []), beside  # what it was is not told by itself: this is no file of tests

    def _message(self, message: ConsoleMessage) -> None:
        if message.type == "verbose":  # advice for developers that no console shows unless it is asked to
            return
        if any(f"status of {status}" in message.text for status in self.expected):
            return
        self.messages.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme in {"http", "https", "ws", "wss"} and place.netloc != self.host:
            self.elsewhere.append(request.url)


@contextmanager
def opened(
    browser: Browser, url: str, *, token: str = "", scheme: Scheme = "light", width: int = 1280, height: int = 800
) -> Iterator[tuple[Page, Seen]]:
    """A page of a server, signed in with `token` if there is one. What it should not have done fails at the end."""
    context = browser.new_context(
        base_url=url, color_scheme=scheme, viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    seen = Seen(host=urlsplit(url).netloc)
    try:
        if token:
            sign_in(context, token)
        page = context.new_page()
        seen.watch(page)
        yield page, seen
        seen.check(page)
    finally:
        context.close()


def sign_in(context: BrowserContext, token: str) -> None:
    """Give the browser a session, without the form."""
    answer = context.request.post("/api/session", data={"token": token})
    assert answer.ok, answer.text()


def violations(page: Page) -> list[str]:
    """What axe finds wrong, of all its rules, and where."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)"
    )
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for each in found
        for node in each["nodes"]
    ]


def shifted(page: Page) -> float:
    """How far what was there has moved by itself since the page was opened (Cumulative Layout Shift)."""
    moved: float = page.evaluate("window.shifted")
    return moved


def overflow(page: Page) -> int:
    """Pixels that the page is wider than its window, once it is drawn as it will stay."""
    wide: int = page.evaluate(
        """new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(
             () => document.documentElement.scrollWidth - document.documentElement.clientWidth
           )"""
    )
    return wide
