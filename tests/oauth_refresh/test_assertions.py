"""Apps that show who they are with a key: what they sign is taken, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import RSAKey

from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.oauth.app import App
from jackfield.credentials.oauth.errors import TokenRefreshFailed
from jackfield.definition.secret import Secret
from jackfield.testing import FakeOAuth
from oauth_refresh.world import Another, Desk

KEY = RSAKey.generate_key(2048)
OTHER = RSAKey.generate_key(2048)
PEM, PUBLIC = (KEY.as_pem(private=private).decode() for private in (True, False))


def signing(desk: Desk, app: App, **settings: Any) -> None:
    """Let it ask as `app`."""
    desk.settings, desk.own, desk.as_app = settings, True, app


@pytest.fixture
def registered(server: FakeOAuth) -> FakeOAuth:
    """It knows a client by its key, and an issuer."""
    server.register_client("signer", secret=None, methods=["private_key_jwt"], public_key=PUBLIC)
    server.trust("robot@acme.example", public_key=PUBLIC)
    return server


async def test_a_client_shows_its_key(another: Another, registered: FakeOAuth):
    """RFC 7523, section 2.2."""
    desk = await another()
    app = App(client_id="signer", key=Secret(PEM))
    signing(desk, app, grant="client_credentials", client_auth="private_key_jwt")

    assert (await desk.call()).status == 200
    assert registered.counts().exchanged("client_credentials") == 1


async def test_a_key_on_one_line_is_read(desk: Desk, registered: FakeOAuth):
    """As environment variables and JSON files of services have it."""
    app = App(client_id="signer", key=Secret(PEM.replace("\n", "\\n")))
    signing(desk, app, grant="client_credentials", client_auth="private_key_jwt")

    assert (await desk.call()).status == 200


async def test_another_key_is_refused_and_that_is_no_end(desk: Desk, registered: FakeOAuth, impatient: None):
    app = App(client_id="signer", key=Secret(OTHER.as_pem(private=True).decode()))
    signing(desk, app, grant="client_credentials", client_auth="private_key_jwt")
    with pytest.raises(TokenRefreshFailed, match="invalid_client"):
        await desk.call()

    assert registered.counts().exchanged("client_credentials") == 0


async def test_an_assertion_is_enough_for_a_token(desk: Desk, registered: FakeOAuth):
    """RFC 7523, section 2.1; and each is made anew, since none is taken twice."""
    said = {"issuer": "robot@acme.example", "subject": "ada"}
    signing(desk, App(key=Secret(PEM)), grant="jwt_bearer", assertion=said)
    first = await desk.call()
    registered.expire_access_tokens()

    assert (first.status, (await desk.call()).status) == (200, 200)
    assert registered.counts().exchanged("urn:ietf:params:oauth:grant-type:jwt-bearer") == 2


@pytest.mark.parametrize("key", ["no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
async def test_a_key_that_is_none_is_said_without_showing_it(desk: Desk, registered: FakeOAuth, key: str):
    signing(desk, App(key=Secret(key)), grant="jwt_bearer", assertion={"issuer": "robot@acme.example"})
    with pytest.raises(CredentialInvalid) as invalid:
        await desk.call()

    assert key not in f"{invalid.value!r} {invalid.value}"
    assert registered.log() == []


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_algorithms_that_prove_nothing_are_not_used(desk: Desk, registered: FakeOAuth, algorithm: str):
    """RFC 8725, section 3.1: nor is a public key taken for a shared secret."""
    said = {"issuer": "robot@acme.example", "algorithm": algorithm}
    signing(desk, App(key=Secret(PEM)), grant="jwt_bearer", assertion=said)
    with pytest.raises(CredentialInvalid):
        await desk.call()
