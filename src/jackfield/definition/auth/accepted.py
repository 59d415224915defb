"""What a credential of a type may be, for those who put one in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.auth.parts import canonical, open_parts

_WITH_A_PERSON = frozenset({"authorization_code", "device_code"})


def accepted(auth: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON: `{scheme, grant, signIn, device, paste, scopes, parts: [{name, label, secret}]}`.

    `signIn` and `device` say whether a person can sign in at the service, in a browser or on another device; `paste`
    whether a token that somebody has got elsewhere is taken; `parts` are the values beside the connection fields.

    Args:
        auth: Of a type. It was checked.
    """
    said = canonical(auth)
    scheme = str(said.get("type") or "none")
    signs_in = scheme == "oauth2"
    grant = str(said.get("grant") or "authorization_code") if signs_in else ""
    person = grant in _WITH_A_PERSON
    scopes = said.get("scopes") or ()
    return {
        "scheme": scheme,
        "grant": grant,
        "signIn": grant == "authorization_code" and _has(said, "authorizationUrl"),
        "device": person and _has(said, "deviceAuthorizationUrl"),
        "paste": person,
        "scopes": scopes.split() if isinstance(scopes, str) else list(scopes),
        "parts": [
            {"name": name, "label": part.label.replace("`", ""), "secret": part.secret}
            for name, part in open_parts(said).items()
            if not (signs_in and name == "accessToken")  # is pasted, and kept as what a service granted
        ],
    }


def _has(said: Mapping[str, Any], address: str) -> bool:
    return bool(said.get(address) or said.get("issuer"))
