"""Z08, Z17: whoever sets up a connector, or puts a credential, gets nothing of others by it.

Mallory may make connectors and put credentials, and is no administrator. What her service gets to see is in its log.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import World, acme, world
from server.world import At, Said

KEY = "the-key-of-the-company"


def operations() -> list[dict[str, Any]]:
    return [{"name": "me", "method": "GET", "path": "/me", "readsOnly": True}]


def made(at: At, body: dict[str, Any], path: str = "/api/connectors") -> dict[str, Any]:
    said = at.ask("POST", path, body)
    assert said.status == 201, said.body
    found: dict[str, Any] = said.json()
    return found


def called(at: At, connector: str, **more: Any) -> Said:
    return at.ask("POST", f"/api/connectors/{connector}/execute", {"command": "me", "params": {}, **more})


@pytest.fixture
def hers() -> Iterator[FakeOAuth]:
    """Where Mallory would have secrets sent."""
    with FakeOAuth() as running:
        yield running


@pytest.fixture
def here(sqlite_url: str, tmp_path: Path, service: FakeOAuth, hers: FakeOAuth) -> Iterator[World]:
    """A server that may reach both."""
    with world(tmp_path, sqlite_url, service, egress_allow=f"{service.address},{hers.address}") as made:
        yield made


@pytest.fixture
def mallory(here: World) -> At:
    return here.user("mallory")


@pytest.mark.parametrize("kind", ["bearer", "api_key", "oauth2", "caller_token"])
def test_a_type_that_is_called_without_a_connector_gets_nothing_of_others(
    here: World, mallory: At, kind: str, hers: FakeOAuth, monkeypatch: pytest.MonkeyPatch
):
    """Its author says where its requests go, and that it needs no credential: that makes nobody stand for it."""
    made(here.at, {"name": "company-key", "value": KEY}, "/api/secrets")
    auth: dict[str, Any] = {"type": kind, "secret": "company-key"}
    if kind == "oauth2":
        monkeypatch.setenv("STOLEN_OAUTH2_OAUTH_CLIENT_ID", here.service.client_id)
        monkeypatch.setenv("STOLEN_OAUTH2_OAUTH_CLIENT_SECRET", here.service.client_secret)
        auth = {"type": kind, "grant": "client_credentials", "tokenUrl": hers.token_url}
    if kind == "caller_token":
        auth = {"type": kind}
    body = {"name": f"stolen-{kind}", "baseUrl": hers.api_url, "operations": operations(), "auth": auth}
    made(mallory, body | {"authRequired": False}, "/api/connector-types")

    said = called(mallory, f"stolen-{kind}")

    assert said.status in {403, 422}, said.body
    assert said.code in {"secret-not-allowed", "oauth-app-missing", "credential-missing"}
    assert hers.counts().requests == {}


def approved_of(here: World, at: At, name: str, auth: dict[str, Any]) -> dict[str, Any]:
    """A connector that somebody has made, and an administrator has approved."""
    fields = {"base_url": {"type": "string", "required": True}}
    body = {"name": name, "configSchema": {"connectionConfig": fields}, "config": {"base_url": here.service.api_url}}
    found = made(at, body | {"baseUrl": "{base_url}", "operations": operations(), "auth": auth})
    said = here.at.ask("POST", f"/api/connectors/{found['id']}/approve")
    assert said.status == 200, said.body
    return found


def people(service: FakeOAuth) -> dict[str, Any]:
    """An auth by which people sign in."""
    found: dict[str, Any] = acme(service)["auth"]
    return found


def test_who_connects_an_account_again_decides_where_its_tokens_go(here: World, mallory: At, hers: FakeOAuth):
    """An administrator connects an account in the place of Mallory's, at her approved connector. As soon as she leads
    that elsewhere, it is her connector, and no longer her credential."""
    here.service.register_client("hers", secret="s3cret-s3cret-s3cret", redirect_uris=[here.callback("vault")])
    connector = approved_of(here, mallory, "vault", people(here.service))
    own = {"clientId": "hers", "clientSecret": "s3cret-s3cret-s3cret"}
    credential = here.connect(here.browser(mallory.token), "vault", **own)["credential"]
    here.service.change(account="grace")
    again = here.connect(here.browser(), "vault", credential=credential)
    assert again["state"] == "connected", again
    assert called(mallory, "vault").json()["payload"]["email"] == "grace@example.com"

    moved = {"config": {"base_url": hers.api_url}}
    assert mallory.ask("PUT", f"/api/connectors/{connector['id']}", moved).status == 200
    said = called(mallory, "vault")

    assert hers.counts().requests == {}
    assert said.code == "credential-not-allowed", said.body


def test_nobody_connects_an_account_at_a_connector_of_another(here: World, mallory: At):
    """Not even again, where the credential is hers and so she has agreed: it would be the account of somebody else."""
    here.service.register_client("hers", secret="s3cret-s3cret-s3cret", redirect_uris=[here.callback("mine")])
    made(mallory, acme(here.service, name="mine"))
    own = {"clientId": "hers", "clientSecret": "s3cret-s3cret-s3cret"}
    credential = here.connect(here.browser(mallory.token), "mine", **own)["credential"]

    said = here.browser().ask("POST", "/api/oauth/sign-ins", {"connector": "mine", "credential": credential})

    assert said.code == "credential-not-allowed"


def test_a_credential_that_became_anothers_meanwhile_is_not_connected_again(here: World, mallory: At):
    """Mallory has begun while it was hers; then an administrator has put another key into it."""
    auth = people(here.service) | {"clientId": {"secret": "client-id"}}
    approved_of(here, here.at, "vault", auth)
    here.service.register_client("hers", secret="s3cret-s3cret-s3cret", redirect_uris=[here.callback("vault")])
    browser = here.browser(mallory.token)
    own = {"clientId": "hers", "clientSecret": "s3cret-s3cret-s3cret"}
    credential = here.connect(browser, "vault", **own)["credential"]
    started = here.start(browser, "vault", credential=credential, **own)
    changed = here.at.ask("PUT", f"/api/credentials/{credential}", {"values": {"clientSecret": "another-secret-of-it"}})
    assert changed.status == 200, changed.body

    here.come_back(browser, here.agree(started))

    assert here.status(browser, started["id"])["state"] == "failed"
    assert here.at.ask("GET", f"/api/credentials/{credential}").json()["revision"] == changed.json()["revision"]


def test_tokens_of_a_client_are_not_for_whoever_knows_its_name(here: World, mallory: At, hers: FakeOAuth):
    """Mallory's connector has got tokens with a secret that only callers of an approved one may use. With a secret of
    her own of the same name she gets none of them, wherever she leads the connector."""
    made(here.at, {"name": "client-secret", "value": here.service.client_secret}, "/api/secrets")
    said = {"clientId": here.service.client_id, "clientSecret": {"secret": "client-secret"}}
    auth = {"type": "oauth2", "grant": "client_credentials", "tokenUrl": here.service.token_url, **said}
    connector = approved_of(here, mallory, "machine", auth)
    assert called(mallory, "machine").json()["success"]

    moved = {"config": {"base_url": hers.api_url}}
    assert mallory.ask("PUT", f"/api/connectors/{connector['id']}", moved).status == 200
    refused = called(mallory, "machine")
    made(mallory, {"name": "client-secret", "value": "no-such-secret", "visibility": "private"}, "/api/secrets")
    failed = called(mallory, "machine")

    assert refused.code == "secret-not-allowed"
    assert hers.counts().requests == {}
    assert failed.json().get("success") is not True, failed.body


def test_an_app_of_ones_own_does_not_sign_with_the_key_of_another(here: World, mallory: At):
    """I12: with the key of others it would say who somebody is."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    made(here.at, {"name": "company-key", "value": pem}, "/api/secrets")
    auth = {"type": "oauth2", "grant": "jwt_bearer", "tokenUrl": here.service.token_url}
    approved_of(here, here.at, "robot", auth | {"key": {"secret": "company-key"}, "assertion": {"algorithm": "RS256"}})
    body = {"connector": "robot", "mode": "own", "values": {"clientId": "boss@example.com"}, "visibility": "private"}
    credential = made(mallory, body, "/api/credentials")

    said = called(mallory, "robot", credentialId=credential["id"])

    assert said.json().get("success") is not True, said.body
    assert here.service.counts().requests == {}


def test_nobody_puts_an_account_in_the_place_of_everybodys(here: World, mallory: At):
    """What others send would go to an account of hers: not by a new one, a change, a sign-in, or by lying in wait."""
    made(here.at, {"name": "company-key", "value": KEY}, "/api/secrets")
    approved_of(here, here.at, "crm", {"type": "bearer", "secret": "company-key"})
    body = {"connector": "crm", "values": {"token": "a-token-of-an-account"}}
    first = made(here.at, body, "/api/credentials")

    hers = made(mallory, body, "/api/credentials")
    new = mallory.ask("POST", "/api/credentials", body | {"isDefault": True})
    changed = mallory.ask("PUT", f"/api/credentials/{hers['id']}", {"isDefault": True})
    here.connect(here.browser())
    browser = here.browser(mallory.token)
    begun = browser.ask("POST", "/api/oauth/sign-ins", {"connector": "acme", "isDefault": True})
    assert here.at.ask("DELETE", f"/api/credentials/{first['id']}").status == 204
    left = here.at.ask("GET", "/api/credentials").json()["items"]

    assert first["isDefault"]
    assert not hers["isDefault"]
    assert (new.code, changed.code, begun.code) == ("not-owner", "not-owner", "not-owner")
    assert [row["authorName"] for row in left if row["isDefault"]] == ["admin"]


def test_who_was_there_first_stays_the_default(here: World, mallory: At):
    """What may be at the beginning of a sign-in may not be at its end: somebody else has connected an account."""
    browser = here.browser(mallory.token)
    started = here.start(browser, isDefault=True)
    here.connect(here.browser())
    here.come_back(browser, here.agree(started))
    ended = here.status(browser, started["id"])

    assert (ended["state"], ended["code"]) == ("failed", "not-owner")


def test_what_is_anothers_is_not_there(here: World, mallory: At):
    """By whatever route, option or body: as if the id were made up, and no error tells its name."""
    browser = here.browser()
    private = here.connect(browser, name="salaries", visibility="private")["credential"]
    started = here.start(browser)
    link = here.at.ask("POST", "/api/connect-links", {"connector": "acme", "endUser": "c"}).json()["id"]
    one = f"/api/credentials/{private}"
    body = {"connector": "acme", "credential": private}
    tried = [
        mallory.ask("GET", one),
        mallory.ask("GET", f"{one}/status"),
        mallory.ask("PUT", one, {"name": "mine"}),
        mallory.ask("DELETE", one),
        *(mallory.ask("POST", f"{one}/{verb}", {}) for verb in ("test", "refresh", "revoke")),
        mallory.ask("POST", "/api/oauth/sign-ins", body),
        mallory.ask("POST", "/api/oauth/devices", body),
        mallory.ask("POST", "/api/connect-links", body | {"endUser": "c"}),
        *(called(mallory, "acme", options={"credentialId": wanted}) for wanted in (private, "salaries")),
        mallory.ask("GET", f"/api/oauth/sign-ins/{started['id']}"),
        mallory.ask("POST", f"/api/oauth/devices/{started['id']}/poll"),
        mallory.ask("GET", f"/api/connect-links/{link}"),
        mallory.ask("DELETE", f"/api/connect-links/{link}"),
    ]
    listed = [mallory.ask("GET", path).json()["items"] for path in ("/api/credentials", "/api/connect-links")]

    assert {said.status for said in tried} == {404}, [said.body for said in tried if said.status != 404]
    assert not [said.body for said in tried[:10] if b"salaries" in said.body]
    assert listed == [[], []]
    assert here.at.ask("GET", one).json()["status"] == "connected"
