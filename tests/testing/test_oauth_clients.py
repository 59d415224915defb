"""Clients of the fake OAuth server prove who they are, in one way, and in one that they are registered for."""

from __future__ import annotations

import time
from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus

import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from jackfield.testing.oauth.parties import OAuthClient
from oauth_client import browser, get, post

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
PROOF = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())


def public(key: Any) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def private(key: Any) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def signed(key: Any, **claims: Any) -> str:
    rsa_key = isinstance(key, rsa.RSAPrivateKey)
    algorithm, made = ("RS256", RSAKey) if rsa_key else ("ES256", ECKey)
    header = {"alg": algorithm}
    return jwt.encode(header, claims, made.import_key(private(key)), algorithms=[algorithm])


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_authlibs_client_proves_itself_with_a_secret(oauth, method):
    client = AsyncOAuth2Client(oauth.client_id, oauth.client_secret, token_endpoint_auth_method=method)
    async with client:
        given = await client.fetch_token(oauth.token_url, grant_type="client_credentials")

    assert given["token_type"] == "Bearer"


async def test_authlibs_client_proves_itself_with_a_key(oauth):
    oauth.register_client("keyed", methods=["private_key_jwt"], public_key=public(RSA))
    client = AsyncOAuth2Client("keyed", private(RSA), token_endpoint_auth_method="private_key_jwt")
    client.register_client_auth_method(PrivateKeyJWT(oauth.token_url))
    async with client:
        given = await client.fetch_token(oauth.token_url, grant_type="client_credentials")

    assert given["access_token"] in oauth.secrets()


def test_a_name_and_a_secret_are_encoded_before_they_are_joined(oauth):
    """RFC 6749, section 2.3.1: otherwise a colon in the name, or a `+` in the secret, would be read as another."""
    name, secret = "a:b c", "p+ss%41é"
    oauth.register_client(name, secret=secret)
    sent = b64encode(f"{quote_plus(name)}:{quote_plus(secret)}".encode()).decode()
    raw = b64encode(f"{name}:{secret}".encode()).decode()
    with browser() as client:
        answers = [
            client.post(
                oauth.token_url, data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {text}"}
            ).status_code
            for text in (sent, raw)
        ]

    assert answers == [200, 401]


@pytest.mark.parametrize(
    ("params", "status", "error"),
    [
        ({"auth": ("test-client", "wrong")}, 401, "invalid_client"),
        ({"auth": ("nobody", "test-client-secret")}, 401, "invalid_client"),
        ({"client_id": "test-client", "client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "test-client"}, 401, "invalid_client"),
        ({}, 400, "invalid_client"),
        (
            {"auth": ("test-client", "test-client-secret"), "client_secret": "test-client-secret"},
            400,
            "invalid_request",
        ),
        ({"auth": ("test-client", "test-client-secret"), "client_id": "other"}, 400, "invalid_request"),
        ({"client_id": "test-client", "client_assertion": "x", "client_assertion_type": PROOF}, 401, "invalid_client"),
    ],
)
def test_who_does_not_prove_themselves_is_refused(oauth, params, status, error):
    answer = post(oauth.token_url, grant_type="client_credentials", **params)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "www-authenticate" in answer.headers or "auth" not in params or status == 400
    assert oauth.secrets() == [oauth.client_secret]


def test_a_client_without_a_secret_does_not_prove_itself_with_none(oauth):
    oauth.register_client("bare")

    assert post(oauth.token_url, grant_type="client_credentials", auth=("bare", "")).status_code == 401


def test_a_public_client_has_its_verifier_and_nothing_for_itself(oauth):
    oauth.register_client("app", methods=["none"])
    given = oauth.grant(client_id="app")
    refreshed = post(oauth.token_url, grant_type="refresh_token", client_id="app", refresh_token=given["refresh_token"])

    assert refreshed.status_code == 200
    own = post(oauth.token_url, grant_type="client_credentials", client_id="app")
    assert own.json()["error"] == "unauthorized_client"


def test_a_client_uses_the_grants_that_it_has(oauth):
    oauth.register_client("few", secret="few-secret", grants=["refresh_token"])
    known = post(oauth.token_url, grant_type="client_credentials", auth=("few", "few-secret"))
    unknown = post(oauth.token_url, grant_type="password", auth=("few", "few-secret"))

    assert known.json()["error"] == "unauthorized_client"
    assert unknown.json()["error"] == "unsupported_grant_type"


def test_what_is_no_form_in_the_body_is_refused(oauth):
    mine = (oauth.client_id, oauth.client_secret)
    with browser() as client:
        answers = [
            client.post(oauth.token_url, json={"grant_type": "client_credentials"}, auth=mine),
            client.post(f"{oauth.token_url}?grant_type=client_credentials", auth=mine),
            client.post(oauth.token_url, data={"grant_type": ["client_credentials"] * 2}, auth=mine),
            get(f"{oauth.token_url}?grant_type=client_credentials"),
        ]

    assert [answer.json()["error"] for answer in answers] == ["invalid_request"] * 4
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


@pytest.mark.parametrize("key", [RSA, EC], ids=["RS256", "ES256"])
def test_an_assertion_of_somebody_trusted_gives_tokens(oauth, key):
    """RFC 7523; the client needs no other name."""
    oauth.trust("robot@example.com", public_key=public(key))
    now = int(time.time())
    claims = {"iss": "robot@example.com", "sub": "ada", "aud": oauth.token_url, "iat": now, "exp": now + 600}
    answer = post(oauth.token_url, grant_type=GRANT, assertion=signed(key, **claims), scope="read")

    assert answer.status_code == 200
    assert "refresh_token" not in answer.json()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, OTHER),
        ({"iss": "somebody@example.com"}, EC),
        ({"aud": "https://other.example/token"}, EC),
        ({"aud": []}, EC),
        ({"exp": 1}, EC),
        ({"exp": 10**11}, EC),
        ({"exp": None}, EC),
        ({"sub": None}, EC),
        ({"nbf": 10**11}, EC),
    ],
)
def test_an_assertion_that_is_not_for_this_server_now_is_refused(oauth, changes, key):
    oauth.trust("robot@example.com", public_key=public(EC))
    usual = {"iss": "robot@example.com", "sub": "ada", "aud": oauth.issuer, "exp": int(time.time()) + 600}
    claims = {name: value for name, value in (usual | changes).items() if value is not None}
    answer = post(oauth.token_url, grant_type=GRANT, assertion=signed(key, **claims))

    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "e30.e30.", "e30.W10.AA"])
def test_what_is_no_assertion_is_refused(oauth, text):
    oauth.trust("robot@example.com", public_key=public(EC))
    answer = post(oauth.token_url, grant_type=GRANT, assertion=text)

    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_grant", "invalid_request"}


def test_the_name_of_an_algorithm_is_not_believed(oauth):
    """RFC 8725, section 3.1: the key decides, or `none` would do."""
    oauth.trust("robot@example.com", public_key=public(EC))
    head, claims, _ = signed(EC, iss="robot@example.com", sub="ada", aud=oauth.issuer, exp=int(time.time()) + 60).split(
        "."
    )
    none = b64encode(b'{"alg":"none"}').decode().rstrip("=")
    answers = [
        post(oauth.token_url, grant_type=GRANT, assertion=text) for text in (f"{none}.{claims}.", f"{head}.{claims}.")
    ]

    assert [answer.json()["error"] for answer in answers] == ["invalid_grant"] * 2


def test_an_assertion_with_a_number_comes_once(oauth):
    oauth.trust("robot@example.com", public_key=public(EC))
    claims = {"iss": "robot@example.com", "sub": "ada", "aud": oauth.issuer, "exp": int(time.time()) + 60, "jti": "1"}
    text = signed(EC, **claims)
    answers = [post(oauth.token_url, grant_type=GRANT, assertion=text).status_code for _ in range(2)]

    assert answers == [200, 400]


@pytest.mark.parametrize("uri", ["/callback", "callback", "https://app.example/back#part"])
def test_a_way_back_is_absolute_and_has_no_fragment(uri):
    with pytest.raises(ValueError, match="absolute"):
        OAuthClient(id="a", redirect_uris=(uri,))
