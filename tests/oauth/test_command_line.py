"""`jackfield credentials connect` and `jackfield oauth-apps`: in one's own process, and with a server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN

BROWSER = f"{sys.executable} {Path(__file__).with_name('a_browser.py')} %s &"


def run(*arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
    command = [sys.executable, "-m", "jackfield", *arguments]
    return subprocess.run(
        command, input=given, env=others | environment, text=True, capture_output=True, timeout=60, check=False
    )


def free_port() -> int:
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))
        return int(kept.getsockname()[1])


@pytest.fixture
def local(service: FakeOAuth, sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of an installation without a server, with a connector to the service."""
    (tmp_path / "acme.json").write_text(json.dumps(acme(service)))
    return {
        "JACKFIELD_DATABASE_URL": sqlite_url,
        "JACKFIELD_DATA_DIR": str(tmp_path),
        "JACKFIELD_KEY": KEY,
        "JACKFIELD_CONNECTORS": str(tmp_path / "acme.json"),
        "JACKFIELD_EGRESS_ALLOW": service.address,
        "ACME_OAUTH_CLIENT_ID": service.client_id,
        "ACME_OAUTH_CLIENT_SECRET": service.client_secret,
        "BROWSER": BROWSER,
    }


@pytest.mark.slow
def test_an_account_is_connected_without_a_server(service: FakeOAuth, local: dict[str, str]):
    """RFC 8252: by a listener on this machine; the account is there for the next command."""
    port = free_port()
    back = f"http://127.0.0.1:{port}/api/oauth/callback/acme"
    service.register_client(service.client_id, secret=service.client_secret, redirect_uris=[back])
    said = run("credentials", "connect", "acme", "--port", str(port), "--json", **local)
    called = run("call", "acme.me", **local)

    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["account"] == "ada@example.com"
    assert "Connected `ada@example.com` to `default/acme`." in said.stderr
    assert json.loads(called.stdout)["email"] == "ada@example.com"


@pytest.mark.slow
def test_who_says_no_is_told_so(service: FakeOAuth, local: dict[str, str]):
    """With the exit status of what was carried out, and failed."""
    port = free_port()
    back = f"http://127.0.0.1:{port}/api/oauth/callback/acme"
    service.register_client(service.client_id, secret=service.client_secret, redirect_uris=[back])
    service.change(consent="deny")
    said = run("credentials", "connect", "acme", "--port", str(port), **local)

    assert said.returncode != 0
    assert "access_denied" in said.stderr


@pytest.mark.slow
def test_an_account_is_connected_through_a_server(here: World):
    """By a page of the server, which any browser opens; the command waits for it."""
    environment = {"JACKFIELD_URL": here.at.url, "JACKFIELD_TOKEN": ADMIN_TOKEN, "BROWSER": BROWSER}
    said = run("credentials", "connect", "acme", "--name", "sales", "--json", **environment)
    made = run("credentials", "link", "acme", "--end-user", "c", **environment)
    listed = run("credentials", "links", "--json", **environment)

    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["name"] == "sales"
    assert made.stdout.startswith(f"{here.at.url}/connect/")
    assert [each["state"] for each in json.loads(listed.stdout)] == ["open", "used"]


@pytest.mark.slow
def test_apps_are_put_and_never_shown(here: World, monkeypatch: pytest.MonkeyPatch):
    """The secret comes from stdin, and wins over the environment."""
    monkeypatch.setenv("ACME_OAUTH_CLIENT_ID", "of-the-environment")
    here.service.register_client("ours", secret="s3cret-of-ours-0123", redirect_uris=[here.callback()])
    environment = {"JACKFIELD_URL": here.at.url, "JACKFIELD_TOKEN": ADMIN_TOKEN}
    said = run("oauth-apps", "set", "acme", "--client-id", "ours", given="s3cret-of-ours-0123\n", **environment)
    listed = run("oauth-apps", "list", "--json", **environment)

    assert said.returncode == 0, said.stderr
    assert "s3cret" not in said.stdout + said.stderr + listed.stdout
    assert [(app["clientId"], app["source"]) for app in json.loads(listed.stdout)] == [
        ("ours", "settings"),
        ("of-the-environment", "environment"),
    ]
    assert here.connect(here.browser())["state"] == "connected"
    assert run("oauth-apps", "delete", "acme", "-y", **environment).returncode == 0
