"""What a client brings to the token endpoint, and what it gets for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jackfield.testing.oauth.authority import Authority, Code, Device
from jackfield.testing.oauth.jws import peek
from jackfield.testing.oauth.parties import OAuthClient
from jackfield.testing.oauth.pkce import check_verifier
from jackfield.testing.oauth.refusal import Refused, need
from jackfield.testing.oauth.tokens import Family

Params = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Given:
    """What was given.

    Attributes:
        body: The answer.
        family: What it belongs to.
        repeated: It was given before.
    """

    body: Mapping[str, Any] = field(repr=False)
    family: Family
    repeated: bool = False


Grant = Callable[[Authority, OAuthClient, Params], Given]


def by_code(authority: Authority, client: OAuthClient, params: Params) -> Given:
    """Tokens for an authorization code.

    A code that comes a second time ends what was given for it, as it is not known which of the two was the thief.

    Source: RFC 6749, sections 4.1.2 and 4.1.3; RFC 7636, section 4.6.
    """
    code = authority.codes.get(params.get("code", ""))
    if code is None or code.wish.client != client.id:
        raise Refused("invalid_grant", "the code is unknown")
    if code.family is not None:
        authority.tokens.end(authority.tokens.families[code.family], "code used twice")
        raise Refused("invalid_grant", "the code was used before")
    need(authority.clock.now() < code.expires, "invalid_grant", "the code has expired")
    _same_redirect(code, params)
    check_verifier(code.wish.challenge, params.get("code_verifier"))
    given = _open(authority, client, account=code.account, scopes=code.wish.scopes, offline=code.wish.offline)
    code.family = given.family.id
    return given


def by_refresh(authority: Authority, client: OAuthClient, params: Params) -> Given:
    """New tokens for a refresh token."""
    text = params.get("refresh_token", "")
    need(bool(text), "invalid_request", "refresh_token is required")
    scopes = params["scope"].split() if "scope" in params else None
    body, repeated = authority.tokens.renew(text, client=client.id, scopes=scopes, rules=authority.rules)
    return Given(body=body, family=authority.tokens.refresh[text].family, repeated=repeated)


def by_client(authority: Authority, client: OAuthClient, params: Params) -> Given:
    """Tokens for the client itself.

    Source: RFC 6749, section 4.4.
    """
    need("none" not in client.methods, "unauthorized_client", "a public client has nothing to prove itself with")
    return _open(authority, client, account=None, scopes=params.get("scope", "").split(), refreshable=False)


def by_assertion(authority: Authority, client: OAuthClient, params: Params) -> Given:
    """Tokens for an assertion that somebody trusted has signed.

    Source: RFC 7523, sections 2.1 and 3.
    """
    token = params.get("assertion", "")
    need(bool(token), "invalid_request", "assertion is required")
    issuer = peek(token, "iss") or ""
    key = authority.trusted.get(issuer)
    if key is None:
        raise Refused("invalid_grant", "nobody who is trusted has signed the assertion")
    claims = authority.assertions.check(token, public_key=key, issuer=issuer, error="invalid_grant")
    family, body = authority.tokens.open(
        client=client.id or issuer,
        account=str(claims["sub"]),
        scopes=authority.granted(params.get("scope", "").split()),
        rules=authority.rules,
        refreshable=False,
    )
    return Given(body=body, family=family)


def by_device(authority: Authority, client: OAuthClient, params: Params) -> Given:
    """Tokens for a device, once its person has said yes.

    Source: RFC 8628, sections 3.4 and 3.5.
    """
    device = authority.devices.get(params.get("device_code", ""))
    if device is None or device.client != client.id or device.spent:
        raise Refused("invalid_grant", "the device code is unknown, or was used")
    now = authority.clock.now()
    need(now < device.expires, "expired_token", "the device code has expired")
    _not_too_fast(device, now)
    need(not device.denied, "access_denied", "the person said no")
    need(device.account is not None, "authorization_pending", "the person has not answered yet")
    device.spent = True
    return _open(authority, client, account=device.account, scopes=device.scopes, offline=True)


GRANTS: Mapping[str, Grant] = {
    "authorization_code": by_code,
    "refresh_token": by_refresh,
    "client_credentials": by_client,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": by_assertion,
    "urn:ietf:params:oauth:grant-type:device_code": by_device,
}


def _same_redirect(code: Code, params: Params) -> None:
    uri = params.get("redirect_uri")
    if uri is None:
        need(not code.wish.names_redirect, "invalid_grant", "redirect_uri is required, since it was given before")
        return
    need(uri == code.wish.redirect_uri, "invalid_grant", "redirect_uri is another than before")


def _not_too_fast(device: Device, now: float) -> None:
    too_fast = device.polled is not None and now - device.polled < device.interval_s
    device.polled = now
    if too_fast:
        device.interval_s += 5
        raise Refused("slow_down", f"wait {device.interval_s:g} seconds between two questions")


def _open(
    authority: Authority,
    client: OAuthClient,
    *,
    account: str | None,
    scopes: Sequence[str],
    refreshable: bool = True,
    offline: bool = False,
) -> Given:
    rules = authority.rules
    wanted = rules.gives_refresh == "always" or (rules.gives_refresh == "asked" and offline)
    granted = authority.granted(scopes)
    family, body = authority.tokens.open(
        client=client.id, account=account, scopes=granted, rules=rules, refreshable=refreshable and wanted
    )
    if account is not None and "openid" in granted:
        body = {**body, "id_token": _identity(authority, client, account)}
    return Given(body=body, family=family)


def _identity(authority: Authority, client: OAuthClient, account: str) -> str:
    now = int(authority.clock.now())
    person = authority.accounts[account]
    claims = {"iss": authority.issuer, "sub": account, "aud": client.id, "iat": now, "exp": now + 3600}
    return authority.signer.sign(claims | {"name": person.name, "email": person.email})
