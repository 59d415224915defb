"""Makes the pictures of the web UI in `docs/images/` from a server that runs: `python scripts/screenshots.py`.

It needs Chromium. The server is one of its own, with the demo, and gone afterwards.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import APIRequestContext, BrowserContext, Page, expect, sync_playwright

from jackfield.testing.oauth.server import FakeOAuth

IMAGES = Path(__file__).parents[1] / "docs" / "images"
SIZE = {"width": 1280, "height": 800}

SCRIPT = """\
function listTasks() {
  const answer = floh.http.get(`${floh.config.base_url}/tasks?limit=${floh.params.limit}`);
  if (answer.status !== 200) throw new Error(`the service answered ${answer.status}`);
  floh.log.info(`there are ${answer.body.length} tasks`);
  return { success: true, payload: answer.body };
}
"""
SCREENS = {
    "home": "/",
    "connectors": "/connectors",
    "credentials": "/connectors/default/crm?tab=credentials",
    "playground": "/connectors/default/demo?tab=commands&command=list_books",
    "script": "/connectors/default/tasks?tab=script",
    "wizard": "/connectors/new",
    "types": "/types",
    "calls": "/executions",
    "mcp": "/mcp",
    "gateway": "/gateways/help-desk?rule=default/demo%20list_books",
    "secrets": "/secrets",
    "settings": "/settings",
}


@contextlib.contextmanager
def serving(token: str, service: FakeOAuth) -> Iterator[str]:
    """The address of a server that keeps what it has in a folder of its own, and may ask `service`."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "JACKFIELD_DATA_DIR": folder, "JACKFIELD_ADMIN_TOKEN": token}
        environment |= {"JACKFIELD_EGRESS_ALLOW": service.address}
        environment |= {"CRM_OAUTH_CLIENT_ID": service.client_id, "CRM_OAUTH_CLIENT_SECRET": service.client_secret}
        command = [sys.executable, "-m", "jackfield", "serve", "--demo", "--port", "0", "--json"]
        with subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            try:
                yield json.loads(server.stdout.readline())["url"]
            finally:
                server.terminate()


def fill(api: APIRequestContext) -> None:
    """Make what a server has that is in use."""
    params = {"type": "object", "properties": {"limit": {"type": "integer", "default": 20}}}
    schema = {
        "connectionConfig": {"base_url": {"type": "url", "required": True}},
        "commands": {"listTasks": {"description": "List tasks.", "params": params}},
    }
    made = api.post(
        "/api/connectors",
        data={
            "name": "tasks",
            "displayName": "Tasks",
            "description": "Lists what is to be done.",
            "scriptSource": SCRIPT,
            "configSchema": schema,
            "config": {"base_url": "https://tasks.example"},
        },
    )
    assert made.ok, made.text()
    for name in ("SLACK_TOKEN", "GITHUB_TOKEN"):
        secret = {"name": name, "value": secrets.token_urlsafe(), "description": "Of the bot."}
        assert api.post("/api/secrets", data=secret).ok
    books = {"connector": "default/demo", "operations": ["list_books", "get_book"]}
    settled = {"list_books": {"query": {"value": "code", "locked": True}}}
    gateway = {"name": "help-desk", "title": "Help desk", "choice": {"connectors": [{**books, "parameters": settled}]}}
    assert api.post("/api/gateways", data=gateway).ok
    for query in ("code", "art", ""):
        api.post("/api/connectors/demo/execute", data={"command": "list_books", "params": {"query": query}})
    api.post("/api/connectors/demo/execute", data={"command": "get_book", "params": {"id": 99}})
    api.post("/api/connectors/sample-script/execute", data={"command": "listEmployees", "params": {"limit": 3}})


def connect(context: BrowserContext, url: str, service: FakeOAuth) -> None:
    """Connect accounts: one for all that works, one that is half granted, and one whose grant has ended."""
    service.add_redirect_uri(f"{url}/api/oauth/callback/crm")
    auth = {
        "type": "oauth2",
        "authorizationUrl": service.authorization_url,
        "tokenUrl": service.token_url,
        "scopes": ["contacts.read", "contacts.write"],
        "account": {"url": f"{service.api_url}/me", "path": "email"},
    }
    me = {"name": "me", "method": "GET", "path": "/me", "readsOnly": True}
    session = context.request.get("/api/session").json()
    headers = {"X-CSRF-Token": session["csrfToken"], "Origin": url}
    body = {"name": "crm", "displayName": "CRM", "baseUrl": service.api_url, "auth": auth, "operations": [me]}
    body |= {"testCommand": "me", "description": "Reads and writes contacts."}
    made = context.request.post("/api/connectors", data=body, headers=headers)
    assert made.ok, made.text()
    accounts: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("ada", "Sales", {}),
        ("grace", "Customer 42", {"endUser": "Customer 42"}),
        ("linus", "My own", {"visibility": "private"}),
    )
    service.add_account("linus", name="Linus Berg", email="linus@example.com")
    for account, name, more in accounts:
        service.change(account=account, grants_scopes=["contacts.read"] if account == "linus" else None)
        wish = {"connector": "default/crm", "name": name, **more}
        started = context.request.post("/api/oauth/sign-ins", data=wish, headers=headers)
        assert started.ok, started.text()
        answer = context.request.get(started.json()["authorizationUrl"])
        assert "is connected" in answer.text(), answer.text()
    service.revoke_account("grace")
    found = context.request.get("/api/credentials?connector=default/crm").json()["items"]
    for each in found:
        context.request.post(f"/api/credentials/{each['id']}/test", data={}, headers=headers)
    link = {"connector": "default/crm", "endUser": "Customer 43"}
    assert context.request.post("/api/connect-links", data=link, headers=headers).ok


def shoot(page: Page, name: str, path: str, *, scheme: str) -> None:
    """One picture."""
    page.goto(f"/ui{path}")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("main").locator("[aria-busy=true]")).to_have_count(0)  # its code may come last
    page.screenshot(path=IMAGES / f"{name}-{scheme}.png")


def main() -> None:
    """All of them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    token = f"jf_{secrets.token_urlsafe(24)}"
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with FakeOAuth(consent="allow") as service, serving(token, service) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        api = playwright.request.new_context(base_url=url, extra_http_headers={"Authorization": f"Bearer {token}"})
        fill(api)
        api.dispose()
        for scheme in ("light", "dark"):
            context = browser.new_context(base_url=url, color_scheme=scheme, viewport=SIZE, reduced_motion="reduce")
            assert context.request.post("/api/session", data={"token": token}).ok
            if scheme == "light":
                connect(context, url, service)
            page = context.new_page()
            for name, place in SCREENS.items():
                shoot(page, name, place, scheme=scheme)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
