"""Where a browser comes to be asked, and is sent back from."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from jackfield.testing.oauth.authority import Authority, Wish
from jackfield.testing.oauth.exchange import Answer, Asked, once
from jackfield.testing.oauth.pages import consent_page, notice
from jackfield.testing.oauth.pkce import read_challenge
from jackfield.testing.oauth.refusal import Refused, need

COOKIE = "fake_oauth_account"
"""The account that was chosen last in this browser."""


def asks_first(authority: Authority, asked: Asked) -> bool:
    """Whether the answer is a page, and not yet a redirect."""
    prompts = dict(asked.query).get("prompt", "").split()
    return asked.method == "GET" and authority.rules.consent == "ask" and "none" not in prompts


def authorize(authority: Authority, asked: Asked) -> Answer:
    """A page, or the way back to the client.

    A request whose client or whose way back is not known is never sent anywhere.

    Source: RFC 6749, section 4.1; RFC 9700, sections 2.1 and 4.11 (open redirects).
    """
    if asked.method == "POST":
        return _decided(authority, asked)
    try:
        params = once(asked.query)
        uri = _way_back(authority, params)
    except Refused as refusal:
        return notice("This request cannot be answered", str(refusal), status=400)
    try:
        return _considered(authority, asked, params, _wish(authority, params, uri))
    except Refused as refusal:
        return _back(authority, uri, params.get("state"), error=refusal.error, error_description=str(refusal))


def _way_back(authority: Authority, params: Mapping[str, str]) -> str:
    client = authority.clients.get(params.get("client_id", ""))
    if client is None:
        raise Refused("invalid_client", "the client is unknown")
    uri = params.get("redirect_uri")
    if uri is None:
        need(len(client.redirect_uris) == 1, "invalid_request", "redirect_uri is required")
        return client.redirect_uris[0]
    # Compared letter by letter: RFC 9700, section 4.1.3.
    need(uri in client.redirect_uris, "invalid_request", "redirect_uri is not registered")
    return uri


def _wish(authority: Authority, params: Mapping[str, str], uri: str) -> Wish:
    need(params.get("response_type") == "code", "unsupported_response_type", "response_type has to be code")
    need(params.get("response_mode", "query") == "query", "invalid_request", "response_mode has to be query")
    scopes = tuple(params.get("scope", "").split())
    return Wish(
        client=params["client_id"],
        redirect_uri=uri,
        scopes=authority.granted(scopes),
        state=params.get("state"),
        challenge=read_challenge(params, needed=authority.rules.needs_pkce),
        offline="offline_access" in scopes or params.get("access_type") == "offline",
        names_redirect="redirect_uri" in params,
    )


def _considered(authority: Authority, asked: Asked, params: Mapping[str, str], wish: Wish) -> Answer:
    rules, prompts = authority.rules, params.get("prompt", "").split()
    known = asked.cookies.get(COOKIE)
    if rules.consent == "ask" and "none" in prompts:
        if known not in authority.accounts:
            raise Refused("login_required", "nobody has signed in here")
        return _allowed(authority, wish, str(known))
    if rules.consent != "ask":
        need(rules.consent == "allow", "access_denied", "the person said no")
        return _allowed(authority, wish, rules.account)
    number = secrets.token_urlsafe(16)
    authority.wishes[number] = wish
    chosen = params.get("login_hint", known or "")
    remembered = [authority.accounts[chosen]] if chosen in authority.accounts else []
    accounts = [] if "select_account" in prompts else remembered
    return consent_page(
        action=authority.endpoint("authorize"),
        request=number,
        client=wish.client,
        accounts=accounts or list(authority.accounts.values()),
        chosen=chosen if chosen in authority.accounts else next(iter(authority.accounts)),
        scopes=wish.scopes,
    )


def _decided(authority: Authority, asked: Asked) -> Answer:
    form = asked.form or ()
    said, ticked = dict(form), [value for name, value in form if name == "scope"]
    wish = authority.wishes.pop(said.get("request", ""), None)
    if wish is None:
        return notice("This page is over", "It was answered before, or is unknown.", status=400)
    if said.get("decision") != "allow":
        return _back(authority, wish.redirect_uri, wish.state, error="access_denied")
    try:
        kept = tuple(scope for scope in wish.scopes if scope in ticked)
        return _allowed(authority, replace(wish, scopes=kept), said.get("account", ""))
    except Refused as refusal:
        return _back(authority, wish.redirect_uri, wish.state, error=refusal.error, error_description=str(refusal))


def _allowed(authority: Authority, wish: Wish, account: str) -> Answer:
    code = authority.code_for(wish, account=account)
    return replace(_back(authority, wish.redirect_uri, wish.state, code=code), cookies={COOKIE: account})


def _back(authority: Authority, uri: str, state: str | None, **params: str) -> Answer:
    """The browser goes back by GET, whatever it came with: RFC 9700, section 4.12."""
    named = {"iss": authority.issuer} if authority.rules.names_issuer else {}
    returned = {} if state is None else {"state": state}
    return Answer(status=303, location=uri, params=params | returned | named)
