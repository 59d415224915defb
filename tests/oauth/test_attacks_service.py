"""A service that means harm: what it says is shown to people, kept, and sent on; and it leads nobody astray."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.discovery import Discovery
from jackfield.credentials.oauth.exchange import Exchange
from jackfield.credentials.oauth.failures import ExchangeFailed
from jackfield.credentials.oauth.settings import OAuthSettings
from jackfield.credentials.oauth.tokens import MIN_LIFE_S, read_tokens
from jackfield.definition.secret import Secret
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.errors import JackfieldError
from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme, register, world
from servers import Answer, Asked, Service, serve

SECRET = Secret("the-secret-of-the-app")
SENT = Secret("a-refresh-token-that-was-sent")
GIVEN = "an-access-token-that-was-given"


@pytest.fixture
async def pools() -> AsyncIterator[Pools]:
    made = Pools()
    yield made
    await made.close()


def exchange(pools: Pools, service: Service, **settings: str) -> Exchange:
    policy = Policy(allow=parse_allow(service.address), ports=frozenset({80, 443}))
    said = OAuthSettings(type="acme", **{"token_url": f"{service.url}/token", **settings})
    app = App(client_id="app", secret=SECRET)
    return Exchange(settings=said, app=app, pool=pools.get(policy), discovery=Discovery())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_followed_from_a_token_endpoint(pools: Pools, status: int):
    """RFC 9700, 4.12: the refresh token and the secret of the app would go along. Not even to the same server."""
    moved = Answer(status=status, headers={"Location": "/elsewhere"})
    with serve(lambda asked: moved) as service, pytest.raises(ExchangeFailed) as caught:
        await exchange(pools, service).refresh(SENT)

    assert [asked.path for asked in service.asked] == ["/token"]
    assert caught.value.kind == "passing"


@pytest.mark.parametrize(
    "named",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://127.0.0.1:1/token",
        "https://[::1]/token",
        "https://localhost/token",
        "https://user@example.com/token",
        "https://[",
        "https://example.com/token\r\nX: y",
        "javascript:alert(1)",
        "//example.com/token",
        {"a": 1},
    ],
)
async def test_an_issuer_names_no_endpoint_of_this_network(pools: Pools, named: Any):
    """Whatever it says, nothing is sent there."""

    def answer(asked: Asked) -> Answer:
        return Answer(body={"issuer": service.url, "token_endpoint": named})

    with serve(answer) as service, pytest.raises((ExchangeFailed, JackfieldError)):
        await exchange(pools, service, token_url="", issuer=service.url).refresh(SENT)

    assert {asked.method for asked in service.asked} == {"GET"}


@pytest.mark.parametrize("issuer", ["https://[", "https://[::1", "https://a]b/"])
async def test_an_issuer_that_is_no_address_is_a_failure(pools: Pools, issuer: str):
    """It comes from a connection field, and must not end a call unexpectedly."""
    with serve(lambda asked: Answer()) as service, pytest.raises((ExchangeFailed, JackfieldError)):
        await exchange(pools, service, token_url="", issuer=issuer).refresh(SENT)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=400, body={"error": "invalid_grant", "error_description": SENT.reveal()}),
        Answer(status=400, body={"error": SENT.reveal(), "error_description": f"client {SECRET.reveal()}"}),
        Answer(body={"error": GIVEN, "error_description": GIVEN, "refresh_token": GIVEN}),
        Answer(body={"access_token": "a\nb", "refresh_token": GIVEN, "error_description": GIVEN}),
    ],
    ids=["description", "error", "beside-tokens", "unusable"],
)
async def test_a_service_that_echoes_secrets_tells_nobody(pools: Pools, answer: Answer):
    """What it says of a failure is kept in the clear, shown, and logged."""
    with serve(lambda asked: answer) as service, pytest.raises(ExchangeFailed) as caught:
        await exchange(pools, service).refresh(SENT)

    assert not [secret for secret in (SENT.reveal(), SECRET.reveal(), GIVEN) if secret in told(caught.value)]


def told(failure: ExchangeFailed) -> str:
    return f"{failure} {failure.error} {failure.reason} {failure!r}"


async def test_a_long_token_is_not_cut_before_it_is_hidden(pools: Pools):
    """Half of it would not be known for what it is."""
    token = Secret("0123456789abcdef" * 100)
    answer = Answer(status=400, body={"error": "invalid_grant", "error_description": f"{'x' * 100} {token.reveal()}"})
    with serve(lambda asked: answer) as service, pytest.raises(ExchangeFailed) as caught:
        await exchange(pools, service).refresh(token)

    assert "0123456789abcdef" not in told(caught.value)


async def test_what_is_said_of_devices_and_revocations_is_masked_too(pools: Pools):
    """They ask with the secret of the app, as the others do."""
    body = {"error": SECRET.reveal(), "error_description": f"{SECRET.reveal()} {SENT.reveal()}"}
    with serve(lambda asked: Answer(status=400, body=body)) as service:
        asking = exchange(pools, service, device_url=f"{service.url}/device", revocation_url=f"{service.url}/revoke")
        with pytest.raises(ExchangeFailed) as device:
            await asking.ask_device()
        with pytest.raises(ExchangeFailed) as revoked:
            await asking.revoke(SENT, hint="refresh_token")

    assert SECRET.reveal() not in told(device.value)
    assert not [secret for secret in (SENT.reveal(), SECRET.reveal()) if secret in told(revoked.value)]


@pytest.mark.parametrize(
    "changes",
    [
        {"user_code": "\x1b]0;owned\x07\x1b[2J"},
        {"user_code": "ABCD\u202eEFGH"},
        {"user_code": "x" * 1000},
        {"user_code": ""},
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "http://["},
        {"verification_uri": "https://example.com/\x1b[2J"},
        {"verification_uri": "https://service.example@evil.example/"},
        {"verification_uri": "https://example.com/ https://evil.example/"},
        {"verification_uri": "https:///nowhere"},
        {"verification_uri_complete": "data:text/html,x"},
        {"verification_uri_complete": "https://example.com/" + "x" * 10_000},
    ],
    ids=lambda changes: ascii(changes)[:40],
)
async def test_what_a_device_shows_can_be_shown(pools: Pools, changes: dict[str, str]):
    """It stands in terminals and in links."""
    said = {"device_code": "d", "user_code": "ABCD-EFGH", "verification_uri": "https://example.com/device"}
    with serve(lambda asked: Answer(body=said | changes)) as service, pytest.raises(ExchangeFailed) as caught:
        await exchange(pools, service, device_url=f"{service.url}/device").ask_device()

    assert caught.value.error == "unreadable"


@pytest.mark.parametrize("life", [1e-9, 0.001, "0.0001", 0.5])
def test_a_token_lives_a_moment_at_least(life: Any):
    """Else a service could have every call exchange it anew."""
    found = read_tokens(200, json.dumps({"access_token": "t", "expires_in": life}).encode())

    assert found.lives_s == MIN_LIFE_S


@pytest.mark.parametrize(
    "scope", ["x" * 10_000, ["y" * 10_000], ["\x1b[2J"], " ".join(f"s{n}" for n in range(10_000)), ["a"] * 10_000]
)
def test_scopes_are_few_and_plain(scope: Any):
    """They are in each list of credentials."""
    found = read_tokens(200, json.dumps({"access_token": "t", "scope": scope}).encode()).scopes or ()

    assert len(found) <= 200
    assert all(len(each) <= 300 and each.isprintable() for each in found)


MARKUP = '"><img src=x onerror=alert(1)>\x1b[2J'


@pytest.mark.parametrize("label", ["access", "refresh", "behind", "markup"])
def test_an_account_is_not_called_by_its_token(sqlite_url: str, tmp_path: Path, label: str):
    """The name of an account, and so of its credential, is shown to everybody."""
    token = "t0ken-" + "0123456789abcdef" * 12
    refresh = "r3fresh-" + "0123456789abcdef" * 12
    said = {"access": token, "refresh": refresh, "behind": f"Bearer {token}", "markup": MARKUP}[label]

    def answer(asked: Asked) -> Answer:
        if asked.path == "/token":
            return Answer(body={"access_token": token, "refresh_token": refresh, "expires_in": 3600})
        return Answer(body={"email": said})

    with FakeOAuth(consent="allow") as service, serve(answer) as evil:
        allowed = f"{service.address},{evil.address}"
        with world(tmp_path, sqlite_url, service, egress_allow=allowed) as here:
            register(here, service, "evil")
            account = {"url": f"{evil.url}/me", "path": "email"}
            own = {"clientId": service.client_id, "tokenUrl": f"{evil.url}/token", "account": account}
            body = acme(service, name="evil", **own)
            assert here.at.ask("POST", "/api/connectors", body).status == 201
            ended = here.connect(here.browser(), "evil")
            (row,) = here.at.ask("GET", "/api/credentials").json()["items"]
    with sqlite3.connect(tmp_path / "jackfield.db") as database:
        dump = "\n".join(database.iterdump())

    assert ended["state"] == "connected", ended
    assert token[:32] not in json.dumps(row)
    assert refresh[:32] not in json.dumps(row)
    assert token[:32] not in dump
    assert refresh[:32] not in dump
    assert row["account"].isprintable()


def test_what_a_service_says_of_a_failure_is_text(here: World):
    """On the page at the end, in the answers of the server, and in the headers of both."""
    browser = here.browser()
    started = here.start(browser)
    state = here.agree(started).partition("state=")[2].partition("&")[0]
    query = "error=%0d%0aSet-Cookie:x=y%3Cscript%3E&error_description=%3Cscript%3Ealert(1)%3C/script%3E%0d%0aX:y"
    said = browser.ask("GET", f"/api/oauth/callback/acme?state={state}&{query}", sec_fetch_site="cross-site")
    page = browser.ask("GET", f"/api/oauth/done/{started['id']}")
    status = here.status(browser, started["id"])

    assert said.status == 303
    assert "x=y" not in said.headers.get("set-cookie", "")
    assert b"<script>alert" not in page.body
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert status["code"].isascii()
    assert status["reason"].isprintable()
