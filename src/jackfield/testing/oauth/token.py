"""The token endpoint, and those for what was given: revocation and introspection."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jackfield.testing.oauth.authority import Authority
from jackfield.testing.oauth.client_auth import authenticate
from jackfield.testing.oauth.exchange import Answer, Asked, refused
from jackfield.testing.oauth.grants import GRANTS, Given
from jackfield.testing.oauth.journal import Exchange
from jackfield.testing.oauth.parties import OAuthClient
from jackfield.testing.oauth.refusal import Refused, need
from jackfield.testing.oauth.tokens import Token

_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def token(authority: Authority, asked: Asked, *, fault: str = "", prevented: bool = False) -> Answer:
    """Exchange something for tokens, and write it down.

    Args:
        authority: The server.
        asked: The request.
        fault: What goes wrong besides, for the journal.
        prevented: It goes wrong before the request has any effect: it is only written down.
    """
    entry = _entry(authority, asked, fault)
    if prevented:
        authority.journal.exchanges.append(entry)
        return Answer()
    try:
        client, given = _exchange(authority, asked)
    except Refused as refusal:
        authority.journal.exchanges.append(replace(entry, outcome=refusal.error, why=str(refusal)))
        return refused(refusal)
    outcome = "repeated" if given.repeated else "ok"
    authority.journal.exchanges.append(
        replace(
            entry,
            client=client,
            outcome=outcome,
            family=given.family.id,
            given=None if given.repeated else given.family.generation,
        )
    )
    return Answer(body=dict(given.body), headers=_STORE, granted=str(given.body["access_token"]))


def revoke(authority: Authority, asked: Asked) -> Answer:
    """End a token. Of a refresh token, all that came of its grant; of an access token, only it.

    Source: RFC 7009, section 2.
    """
    try:
        client, found = _about(authority, asked)
    except Refused as refusal:
        return refused(refusal)
    if found is not None and found.family.client == client.id:
        if found.text in authority.tokens.refresh:
            authority.tokens.end(found.family, "revoked by the client")
        else:
            found.ended = "revoked by the client"
    return Answer(text="", headers=_STORE)


def introspect(authority: Authority, asked: Asked) -> Answer:
    """Whether a token is good.

    Source: RFC 7662, section 2.
    """
    try:
        client, found = _about(authority, asked)
        need("none" not in client.methods, "invalid_client", "a public client may not ask")
    except Refused as refusal:
        return refused(refusal)
    if found is None or found.used_at is not None or found.trouble(authority.clock.now()) is not None:
        return Answer(body={"active": False}, headers=_STORE)
    body: dict[str, Any] = {"active": True, "scope": " ".join(found.scopes), "client_id": found.family.client}
    body |= {} if found.family.account is None else {"sub": found.family.account}
    return Answer(body=body | ({} if found.expires is None else {"exp": int(found.expires)}), headers=_STORE)


def grant_type(asked: Asked) -> str:
    """The `grant_type` of a request, or nothing."""
    return dict(asked.form or ()).get("grant_type", "")


def _exchange(authority: Authority, asked: Asked) -> tuple[str, Given]:
    need(not asked.query, "invalid_request", "parameters belong into the body")
    params = asked.params()
    name = params.get("grant_type", "")
    need(bool(name), "invalid_request", "grant_type is required")
    grant = GRANTS.get(name)
    if grant is None:
        raise Refused("unsupported_grant_type", f"grant_type {name!r} is unknown")
    client = _client(authority, asked, name)
    need(name in client.grants, "unauthorized_client", f"client {client.id!r} may not use {name}")
    return client.id, grant(authority, client, params)


def _client(authority: Authority, asked: Asked, grant: str) -> OAuthClient:
    """Who asks. With an assertion nobody else has to say who they are: RFC 7523, section 2.1."""
    params = asked.params()
    silent = asked.basic() is None and not {"client_id", "client_assertion"} & set(params)
    if grant == _ASSERTION and silent:
        return OAuthClient(id="", methods=("none",))
    return authenticate(asked, params, clients=authority.clients, assertions=authority.assertions)


def _about(authority: Authority, asked: Asked) -> tuple[OAuthClient, Token | None]:
    params = asked.params()
    client = authenticate(asked, params, clients=authority.clients, assertions=authority.assertions)
    text = params.get("token", "")
    need(bool(text), "invalid_request", "token is required")
    return client, authority.tokens.refresh.get(text) or authority.tokens.access.get(text)


def _entry(authority: Authority, asked: Asked, fault: str) -> Exchange:
    """What is known of a request before it is judged."""
    params = dict(asked.form or ())
    brought = authority.tokens.refresh.get(params.get("refresh_token", ""))
    return Exchange(
        number=len(authority.journal.exchanges) + 1,
        at=authority.clock.now(),
        grant=params.get("grant_type", ""),
        client=params.get("client_id"),
        outcome="none",
        fault=fault,
        family=None if brought is None else brought.family.id,
        generation=None if brought is None else brought.generation,
        remaining_s=0 if brought is None else authority.tokens.remaining(brought.family),
    )
