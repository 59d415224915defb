"""A plain client of the fake OAuth server: it sends what a test says, right or wrong."""

from __future__ import annotations

import hashlib
import ssl
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2 as httpx

from jackfield.testing.oauth.controls import Controls

BACK = "http://127.0.0.1:9/callback"
VERIFIER = "v" * 43


def browser() -> httpx.Client:
    """A client that keeps cookies. It loads no certificates, which would take longer than a whole test."""
    return httpx.Client(trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def challenge(verifier: str = VERIFIER) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def post(address: str, **params: Any) -> httpx.Response:
    """A form, sent once; `auth` is name and secret for HTTP Basic."""
    auth = params.pop("auth", None)
    with browser() as client:
        return client.post(address, data=params, auth=auth)


def token(server: Controls, **params: Any) -> httpx.Response:
    """Ask the token endpoint as the client that is there from the start."""
    return post(server.token_url, auth=(server.client_id, server.client_secret), **params)


def refresh(server: Controls, refresh_token: str, **more: Any) -> httpx.Response:
    return token(server, grant_type="refresh_token", refresh_token=refresh_token, **more)


def call(server: Controls, access_token: str, name: str = "me", method: str = "GET") -> httpx.Response:
    headers = {"Authorization": f"Bearer {access_token}"}
    with browser() as client:
        return client.request(method, f"{server.api_url}/{name}", headers=headers)


def get(address: str, **headers: str) -> httpx.Response:
    with browser() as client:
        return client.get(address, headers=headers)


def address(server: Controls, **changes: str | None) -> str:
    """Where a browser is sent to sign in; `None` leaves a parameter out."""
    usual = {
        "response_type": "code",
        "client_id": server.client_id,
        "redirect_uri": BACK,
        "scope": "read write",
        "state": "s",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    params = {name: value for name, value in (usual | changes).items() if value is not None}
    return f"{server.authorization_url}?{urlencode(params)}"


def query(location: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(location).query))


def code(server: Controls, **changes: str | None) -> str:
    """A code of somebody who has said yes."""
    return query(server.sign_in(address(server, **changes)))["code"]


def redeem(server: Controls, code: str, **changes: str | None) -> httpx.Response:
    usual = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    params = {name: value for name, value in (usual | changes).items() if value is not None}
    return token(server, **params)
