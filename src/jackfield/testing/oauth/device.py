"""Devices without a browser: they show a code, which a person types somewhere else.

Source: RFC 8628.
"""

from __future__ import annotations

import secrets

from jackfield.testing.oauth.authority import Authority, Device
from jackfield.testing.oauth.client_auth import authenticate
from jackfield.testing.oauth.exchange import Answer, Asked, refused
from jackfield.testing.oauth.pages import device_page, notice
from jackfield.testing.oauth.refusal import Refused, need

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no words come of it, and nothing that looks like a digit: RFC 8628, section 6.1."""


def device(authority: Authority, asked: Asked) -> Answer:
    """A code for the device, and one for its person."""
    try:
        params = asked.params()
        client = authenticate(asked, params, clients=authority.clients, assertions=authority.assertions)
    except Refused as refusal:
        return refused(refusal)
    rules, code = authority.rules, f"device-{secrets.token_urlsafe(24)}"
    user_code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    authority.devices[code] = Device(
        client=client.id,
        user_code=user_code,
        scopes=authority.granted(params.get("scope", "").split()),
        expires=authority.clock.now() + rules.device_lifetime_s,
        interval_s=rules.device_interval_s,
    )
    page = authority.endpoint("device/verify")
    body = {
        "device_code": code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": f"{page}?user_code={user_code}",
        "expires_in": rules.device_lifetime_s,
        "interval": rules.device_interval_s,
    }
    return Answer(body=body, headers={"Cache-Control": "no-store"})


def verify(authority: Authority, asked: Asked) -> Answer:
    """The page of the person, and what it answers."""
    if asked.method != "POST":
        return device_page(
            action=authority.endpoint("device/verify"),
            user_code=dict(asked.query).get("user_code", ""),
            accounts=list(authority.accounts.values()),
        )
    said = dict(asked.form or ())
    allowed = said.get("decision") == "allow"
    try:
        decide(authority, said.get("user_code", ""), account=said.get("account", "") if allowed else None)
    except Refused as refusal:
        return notice("This code cannot be used", str(refusal), status=400)
    return notice("Done", "You can go back to your device." if allowed else "The device was not connected.")


def decide(authority: Authority, user_code: str, *, account: str | None) -> None:
    """Say yes for an account, or no.

    Raises:
        Refused: The code is unknown, over or answered, or there is no such account.
    """
    now, typed = authority.clock.now(), "".join(user_code.upper().split())
    for waiting in authority.devices.values():
        if waiting.user_code.replace("-", "") == typed.replace("-", "") and now < waiting.expires:
            need(waiting.account is None and not waiting.denied, "invalid_request", "the code was answered before")
            need(account is None or account in authority.accounts, "invalid_request", "there is no such account")
            waiting.account, waiting.denied = account, account is None
            return
    raise Refused("invalid_request", "the code is unknown, or over")
