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

from playwright.sync_api import APIRequestContext, Page, sync_playwright

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
def serving(token: str) -> Iterator[str]:
    """The address of a server that keeps what it has in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "JACKFIELD_DATA_DIR": folder, "JACKFIELD_ADMIN_TOKEN": token}
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


def shoot(page: Page, name: str, path: str, *, scheme: str) -> None:
    """One picture."""
    page.goto(f"/ui{path}")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}-{scheme}.png")


def main() -> None:
    """All of them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    token = f"jf_{secrets.token_urlsafe(24)}"
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with serving(token) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        api = playwright.request.new_context(base_url=url, extra_http_headers={"Authorization": f"Bearer {token}"})
        fill(api)
        api.dispose()
        for scheme in ("light", "dark"):
            context = browser.new_context(base_url=url, color_scheme=scheme, viewport=SIZE, reduced_motion="reduce")
            assert context.request.post("/api/session", data={"token": token}).ok
            page = context.new_page()
            for name, place in SCREENS.items():
                shoot(page, name, place, scheme=scheme)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
