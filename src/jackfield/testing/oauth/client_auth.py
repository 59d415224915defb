"""Which client asks, and whether it is the one."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import unquote_plus

from jackfield.testing.oauth.assertions import Assertions
from jackfield.testing.oauth.exchange import Asked
from jackfield.testing.oauth.jws import peek
from jackfield.testing.oauth.parties import Method, OAuthClient
from jackfield.testing.oauth.refusal import Refused, need

JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def authenticate(
    asked: Asked, params: Mapping[str, str], *, clients: Mapping[str, OAuthClient], assertions: Assertions
) -> OAuthClient:
    """The client that made a request.

    Raises:
        Refused: It is unknown, proves nothing, proves it twice, or in a way that it is not registered for.

    Source: RFC 6749, section 2.3; RFC 7523, section 2.2; OpenID Connect Core, section 9.
    """
    method, name, proof = _offered(asked, params)
    client = clients.get(name)
    if client is None:
        raise _unknown(method, f"client {name!r} is unknown")
    if method not in client.methods:
        raise _unknown(method, f"client {name!r} is not registered for {method}")
    if method == "private_key_jwt":
        claims = assertions.check(proof, public_key=client.public_key or "", issuer=client.id, error="invalid_client")
        need(claims["sub"] == client.id, "invalid_client", "sub has to be the client")
    elif method != "none" and not (client.secret and hmac.compare_digest(proof.encode(), client.secret.encode())):
        raise _unknown(method, "the secret is wrong")
    return client


def _offered(asked: Asked, params: Mapping[str, str]) -> tuple[Method, str, str]:
    basic = asked.basic()
    named = params.get("client_id", "")
    ways = [basic is not None, "client_secret" in params, "client_assertion" in params]
    need(sum(ways) < 2, "invalid_request", "a client authenticates in one way only")
    if basic is not None:
        # Both halves are encoded as in a form before they are joined: RFC 6749, section 2.3.1.
        name, secret = (unquote_plus(half) for half in basic)
        need(named in {"", name}, "invalid_request", "client_id is another than that of the Authorization header")
        return "client_secret_basic", name, secret
    if "client_assertion" in params:
        need(params.get("client_assertion_type") == JWT, "invalid_client", f"client_assertion_type has to be {JWT}")
        return "private_key_jwt", named or peek(params["client_assertion"], "sub") or "", params["client_assertion"]
    need(bool(named), "invalid_client", "no client is named")
    if "client_secret" in params:
        return "client_secret_post", named, params["client_secret"]
    return "none", named, ""


def _unknown(method: Method, why: str) -> Refused:
    """A refused client hears 401, and of the scheme that it tried."""
    headers = {"WWW-Authenticate": 'Basic realm="fake-oauth"'} if method == "client_secret_basic" else {}
    return Refused("invalid_client", why, status=401, headers=headers)
