"""Secrets of credentials, grants, sign-ins, links and apps, at a service that echoes all: found nowhere but there."""

from __future__ import annotations

import json
import logging
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from sqlalchemy import Connection, select

from databases import in_a_loop_of_its_own
from jackfield.storage.database import open_database
from jackfield.storage.tables import metadata
from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, params, world
from server.browser import Browser
from servers import Answer, Asked, serve


class Canaries:
    """Values by name, each like no other."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self.made.setdefault(name, f"cnry-{name}-{len(self.made):03d}-Zq8vXw2LkT7pR4")

    def found(self, evidence: dict[str, bytes]) -> list[str]:
        """Where there is one: in plain, in a URL, in base64."""
        hits = []
        for name, value in self.made.items():
            raw = value.encode()
            encoded = [b64encode(b"\0" * n + raw)[(0, 2, 3)[n] : (len(raw) + n) // 3 * 4] for n in range(3)]
            forms = {raw, quote(value, safe="").encode(), raw.hex().encode(), *encoded}
            hits += [f"{name} in {place}" for place, text in evidence.items() if any(form in text for form in forms)]
        return sorted(hits)


class Echo:
    """An authorization server and an API that tell all that they were told."""

    def __init__(self, canaries: Canaries) -> None:
        self.canaries = canaries
        self.seen: list[str] = []
        self.given = 0

    def __call__(self, asked: Asked) -> Answer:
        self.seen.append(f"{asked.path} {asked.query} {asked.headers} {asked.body!r}")
        said = dict(parse_qsl(asked.body.decode()))
        if asked.path == "/token" and said.get("code") == "refused":
            told = f"no: {said} {asked.headers.get('authorization')}"
            return Answer(status=400, body={"error": "invalid_grant", "error_description": told})
        if asked.path == "/token":
            self.given += 1
            tokens = {f"{kind}_token": self.canaries[f"{kind}{self.given}"] for kind in ("access", "refresh")}
            return Answer(body={**tokens, "expires_in": 3600, "scope": f"read {tokens['access_token']}"})
        if asked.path == "/device":
            page = "https://example.com/device"
            code = self.canaries["device"]
            return Answer(body={"device_code": code, "user_code": "ABCD-EFGH", "verification_uri": page})
        if asked.path == "/revoke":
            return Answer(status=400, body={"error": "nope", "error_description": f"{said}"})
        return Answer(
            body={"headers": asked.headers, "query": asked.query, "email": asked.headers.get("authorization")}
        )


@contextmanager
def listening() -> Iterator[list[str]]:
    """All that is logged, as it is written."""
    lines: list[str] = []
    lock = threading.Lock()

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            with lock:
                lines.append(f"{self.format(record)} {vars(record)!r}")

    handler, root = Kept(logging.DEBUG), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


ROUTES = (
    *("/api/credentials", "/api/connectors", "/api/connector-types", "/api/oauth/apps", "/api/connect-links"),
    *("/api/audit", "/api/settings", "/api/executions", "/api/secrets", "/api/tokens", "/api/openapi.json", "/metrics"),
)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_secret_is_found_anywhere(request: pytest.FixtureRequest, tmp_path: Path, database: str):
    """Not at rest, in no log, no answer, no audit entry and no page, however the service echoes it."""
    canaries = Canaries()
    echo = Echo(canaries)
    url = request.getfixturevalue(f"{database}_url")
    evidence: dict[str, bytes] = {}
    with FakeOAuth(consent="allow") as service, serve(echo) as evil, listening() as lines:
        allowed = f"{service.address},{evil.address}"
        with world(tmp_path, url, service, egress_allow=allowed) as here:
            answers = use_everything(here, evil.url, canaries)
            ids = [row["id"] for row in here.at.ask("GET", "/api/credentials").json()["items"]]
            runs = [row["id"] for row in here.at.ask("GET", "/api/executions").json()["items"]]
            more = [f"/api/credentials/{one}{end}" for one in ids for end in ("", "/status")]
            more += [f"/api/executions/{one}" for one in runs] + ["/api/connectors/default/echo"]
            for route in (*ROUTES, *more):
                said = here.at.ask("GET", route)
                assert said.status in {200, 401, 404}, (route, said.body)
                evidence[route] = said.body + repr(said.headers).encode()
            evidence |= {f"answer {number}": answer for number, answer in enumerate(answers)}
            evidence["database"] = everything_at(url, tmp_path)
    evidence["logs"] = "\n".join(lines).encode()
    seen = "\n".join(echo.seen)

    assert [name for name in ("access1", "refresh1", "client", "typed", "pasted") if canaries[name] not in seen] == []
    assert len(evidence["database"]) > 10_000
    assert canaries.found(evidence) == []


def use_everything(here: World, evil: str, canaries: Canaries) -> list[bytes]:
    """Sign in, fail to, type in, paste, link, and call; all that was answered, as bytes."""
    answers: list[bytes] = []

    def ask(method: str, path: str, body: Any = b"", *, status: int | None = None) -> Any:
        said = here.at.ask(method, path, body)
        assert status in {None, said.status}, (path, said.body)
        answers.append(said.body + repr(said.headers).encode())
        return said.json() if said.body else None

    own = {"clientId": "mine", "clientSecret": canaries["client"]}
    auth = {"type": "oauth2", "authorizationUrl": f"{evil}/authorize", "tokenUrl": f"{evil}/token", "scopes": ["read"]}
    auth |= {"revocationUrl": f"{evil}/revoke", "deviceAuthorizationUrl": f"{evil}/device", "clientAuth": "body"}
    auth |= {"account": {"url": f"{evil}/me", "path": "email"}}
    operations = [{"name": "me", "method": "GET", "path": "/me", "readsOnly": True}]
    body = {"baseUrl": evil, "operations": operations}
    ask("POST", "/api/connectors", {"name": "echo", **body, "auth": auth}, status=201)
    keyed = {"type": "api_key", "location": "query", "name": "k", "secret": "some-key"}
    ask("POST", "/api/connectors", {"name": "keyed", **body, "auth": keyed}, status=201)
    ask("PUT", "/api/oauth/apps/acme", {"clientId": "app", "clientSecret": canaries["app"]})

    browser = here.browser()
    made = sign_in(here, browser, answers, "good", connector="echo", **own)
    again = sign_in(here, browser, answers, "refused", connector="echo", credential=made["credential"], **own)
    assert (made["state"], again["state"]) == ("connected", "failed"), (made, again)
    ask("POST", "/api/oauth/devices", {"connector": "echo", **own}, status=201)
    ask("POST", "/api/oauth/sign-ins", {"connector": "echo", **own}, status=201)  # nobody comes back
    link = {"connector": "echo", "endUser": "c", "clientId": "mine", "clientSecret": canaries["linked"]}
    ask("POST", "/api/connect-links", link, status=201)
    typed = {"connector": "keyed", "values": {"key": canaries["typed"]}}
    ask("POST", "/api/credentials", typed, status=201)
    tokens = {"accessToken": canaries["pasted"], "refreshToken": canaries["pasted-refresh"], "expiresIn": 3600}
    pasted = ask("POST", "/api/credentials", {"connector": "echo", "mode": "token", "values": tokens}, status=201)
    for connector, credential in (("echo", made["credential"]), ("echo", pasted["id"]), ("keyed", None)):
        chosen = {"credentialId": credential} if credential else {}
        for traced in ({}, {"trace": True, "debug": True}):
            call = {"command": "me", "params": {}, "options": chosen | traced}
            ask("POST", f"/api/connectors/{connector}/execute", call, status=200)
        call = {"command": "me", "params": {}, "options": chosen, "plan": True}
        ask("POST", f"/api/connectors/{connector}/execute", call, status=200)
    ask("POST", f"/api/credentials/{made['credential']}/refresh", status=200)
    ask("POST", "/api/connectors/echo/execute", {"command": "me", "params": {}}, status=200)
    bad = {"connector": "keyed", "values": {"key": [canaries["wrong"]], "nothing": canaries["odd"]}}
    ask("POST", "/api/credentials", bad, status=422)
    ask("POST", f"/api/credentials/{pasted['id']}/revoke", status=200)
    ask("DELETE", f"/api/credentials/{pasted['id']}", status=204)
    return answers


def sign_in(here: World, browser: Browser, answers: list[bytes], code: str, **body: Any) -> dict[str, Any]:
    """How a sign-in ended at which the service gives that code."""
    started = here.start(browser, **body)
    state = params(started["authorizationUrl"])["state"]
    page = here.come_back(browser, f"/api/oauth/callback/echo?code={code}&state={state}")
    status = here.status(browser, started["id"])
    answers.extend([json.dumps(started).encode(), page.encode(), json.dumps(status).encode()])
    return status


def everything_at(url: str, folder: Path) -> bytes:
    """All that the database keeps, and on SQLite its very files."""
    files = [path.read_bytes() for path in sorted(folder.glob("**/*")) if path.is_file()]
    return b"\n".join((*files, *in_a_loop_of_its_own(kept_at(url))))


async def kept_at(url: str) -> list[bytes]:
    database = await open_database(url)

    def rows(connection: Connection) -> list[bytes]:
        found = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
        return [bytes(value) if isinstance(value, bytes) else str(value).encode() for row in found for value in row]

    try:
        return await database.read(rows)
    finally:
        await database.close()
