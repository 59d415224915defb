"""One browser for all tests of a file, and a server with a demo."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser.driven import browser_path, launched
from browser.todo_service import answering
from jackfield.surfaces.serving import Started
from server.world import at, settings
from servers import Service, serve
from surfaces.served import served

GATEWAY = {
    "name": "help-desk",
    "choice": {
        "connectors": [
            {
                "connector": "default/demo",
                "operations": ["list_books", "get_book"],
                "parameters": {"list_books": {"query": "code"}},
            }
        ]
    },
}

ADDRESSES = {"authorizationUrl": "https://accounts.example/authorize", "tokenUrl": "https://accounts.example/token"}
ACCOUNTS = {
    "name": "accounts",
    "baseUrl": "https://accounts.example/api",
    "auth": {"type": "oauth2", **ADDRESSES, "scopes": ["read", "write"]},
    "operations": [{"name": "me", "method": "GET", "path": "/me"}],
}
KEYED = {
    "name": "keyed",
    "baseUrl": "https://keyed.example",
    "connectionConfig": {"token": {"type": "string", "secret": True}, "team": {"type": "string"}},
    "auth": {"type": "bearer", "field": "token"},
    "operations": [{"name": "me", "method": "GET", "path": "/me"}],
}
KEYS = (
    {"name": "Everybody's", "values": {"token": "tk-1"}},
    {"name": "Mine", "values": {"token": "tk-2"}, "visibility": "private", "endUser": "Ada"},
)


# Not for all files: Playwright runs an event loop in this thread while it is there, and other tests have their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    browser_path()
    expect.set_options(timeout=15_000)  # a bound, never waited for: the machine may have much to do
    with sync_playwright() as playwright:
        running = launched(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server on SQLite for all tests of a file: with the demo, a gateway to it, connectors that need credentials."""
    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'jackfield.db')}"
    with served(settings(folder, database_url=url), demo=True) as started:
        made = at(started).ask("POST", "/api/gateways", GATEWAY)
        assert made.status == 201, made.body
        for body in (ACCOUNTS, KEYED):
            assert at(started).ask("POST", "/api/connectors", body).status == 201
        for credential in KEYS:
            made = at(started).ask("POST", "/api/credentials", {"connector": "keyed", **credential})
            assert made.status == 201, made.body
        yield started


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """A service with things to do, for all tests of a file."""
    with serve(answering) as running:
        yield running


@pytest.fixture(scope="module")
def reaching(service: Service, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server on SQLite that may send requests to `service`, for all tests of a file."""
    folder = tmp_path_factory.mktemp("reaching")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'jackfield.db')}"
    with served(settings(folder, database_url=url, egress_allow=service.address)) as started:
        yield started
