"""Every screen, and how to bring it into each of its states."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Route, expect

FEATURES = Path(__file__).parents[2] / "ui" / "src" / "features"


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A page as it is opened.

    Attributes:
        path: Below `/ui`, with what its `$parts` are here; `{execution}` is a call that there is.
        route: As its feature names it, where that is another.
        asks: Whether it shows what the server answers, and so has states.
        lists: Whether what it shows can be none at all.
    """

    path: str
    route: str = ""
    asks: bool = True
    lists: bool = True


CONNECTOR = "/connectors/$namespace/$name"
GATEWAY, DESK = "/gateways/$name", "/gateways/help-desk"
DEMO, SAMPLE = "/connectors/default/demo", "/connectors/default/sample-script"
SIGNS_IN = "/connectors/default/accounts?tab=credentials"
KEYED = "/connectors/default/keyed?tab=credentials"

SCREENS = {
    "home": Screen(path="/"),
    "connectors": Screen(path="/connectors"),
    "connector": Screen(path=DEMO, route=CONNECTOR, lists=False),
    "connector: configuration": Screen(path=f"{DEMO}?tab=configuration", route=CONNECTOR, lists=False),
    "connector: credentials": Screen(path=f"{DEMO}?tab=credentials", route=CONNECTOR, lists=False),
    "connector: connect an account": Screen(path=f"{SIGNS_IN}&open=connect", route=CONNECTOR, lists=False),
    "connector: paste a token": Screen(path=f"{SIGNS_IN}&open=token", route=CONNECTOR, lists=False),
    "connector: a connect link": Screen(path=f"{SIGNS_IN}&open=link", route=CONNECTOR, lists=False),
    "connector: keys": Screen(path=KEYED, route=CONNECTOR, lists=False),
    "connector: a new credential": Screen(path=f"{KEYED}&open=values", route=CONNECTOR, lists=False),
    "connector: commands": Screen(path=f"{DEMO}?tab=commands", route=CONNECTOR, lists=False),
    "connector: history": Screen(path=f"{DEMO}?tab=history", route=CONNECTOR, lists=False),
    "connector: mocks": Screen(path=f"{DEMO}?tab=mocks", route=CONNECTOR, lists=False),
    "connector: versions": Screen(path=f"{DEMO}?tab=versions", route=CONNECTOR, lists=False),
    "connector: script": Screen(path=f"{SAMPLE}?tab=script", route=CONNECTOR, lists=False),
    "new connector": Screen(path="/connectors/new", asks=False),
    "new built-in connector": Screen(path="/connectors/new?kind=built_in&step=source", asks=False),
    "new script": Screen(path="/connectors/new?kind=script&step=source", asks=False),
    "new connector of a document": Screen(path="/connectors/new?kind=openapi&step=source", asks=False),
    "new declarative connector": Screen(path="/connectors/new?kind=http&step=source", asks=False),
    "connector: what a model sees": Screen(path=f"{DEMO}?tab=commands&beside=model", route=CONNECTOR, lists=False),
    "mcp": Screen(path="/mcp"),
    "mcp: over stdio": Screen(path="/mcp?transport=stdio&client=vs-code"),
    "mcp: tools": Screen(path="/mcp?tab=tools"),
    "mcp: check": Screen(path="/mcp?tab=check"),
    "gateways": Screen(path="/gateways"),
    "gateway": Screen(path=DESK, route=GATEWAY, lists=False),
    "gateway: what is settled": Screen(path=f"{DESK}?rule=default/demo%20list_books", route=GATEWAY, lists=False),
    "gateway: for the model": Screen(path=f"{DESK}?tab=general", route=GATEWAY, lists=False),
    "gateway: connect": Screen(path=f"{DESK}?tab=connect", route=GATEWAY, lists=False),
    "gateway: tokens": Screen(path=f"{DESK}?tab=tokens", route=GATEWAY, lists=False),
    "gateway: check": Screen(path=f"{DESK}?tab=check", route=GATEWAY, lists=False),
    "types": Screen(path="/types"),
    "type": Screen(path="/types/http", route="/types/$type", lists=False),
    "calls": Screen(path="/executions"),
    "call": Screen(path="/executions/{execution}", route="/executions/$id", lists=False),
    "secrets": Screen(path="/secrets"),
    "tokens": Screen(path="/tokens"),
    "people": Screen(path="/people"),
    "audit": Screen(path="/audit"),
    "settings": Screen(path="/settings", lists=False),
    "settings: a platform app": Screen(path="/settings?open=app:accounts", lists=False, route="/settings"),
}


def routes() -> set[str]:
    """The pages that the features of the UI name."""
    return {
        path for file in FEATURES.glob("*/feature.ts") for path in re.findall(r'path: "(/[^"]*)"', file.read_text())
    }


EMPTY = {"items": [], "total": 0, "page": 1, "pageSize": 50}
DENIED = {
    "title": "scope-missing",
    "status": 403,
    "code": "scope-missing",
    "detail": "the token of `admin` lacks the scope `read`",
    "hint": "use a token that has it",
    "requestId": "request-1",
}
REFUSED = {
    "title": "x",
    "status": 422,
    "code": "invalid-query",
    "detail": "it cannot be answered",
    "requestId": "request-2",
}


def answering(page: Page, *, status: int, body: object) -> None:
    """From now on, everything but the session is answered so."""

    def fulfil(route: Route) -> None:
        if "/api/session" in route.request.url:
            route.fallback()
            return
        if "/stream" in route.request.url:  # is no answer that could be read
            return
        kind = "application/json" if status < 400 else "application/problem+json"
        route.fulfill(status=status, content_type=kind, body=json.dumps(body))

    page.route("**/api/**", fulfil)


def never_answering(page: Page) -> None:
    """From now on, nothing but the session is answered."""
    page.route("**/api/**", lambda route: route.fallback() if "/api/session" in route.request.url else None)


def open_screen(page: Page, screen: Screen, *, execution: str = "none") -> None:
    """Go there, and wait until it shows what it is."""
    # A stream never ends, and nothing would come to rest.
    page.add_init_script("localStorage.setItem('jackfield-live-calls', 'false')")
    page.goto(f"/ui{screen.path.replace('{execution}', execution)}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
