"""How requests are signed: what `auth_type` says, and what the headers of the actions give away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jackfield.definition.auth import takes_one_value
from jackfield.definition.fluxturn.holes import HOLE
from jackfield.definition.fluxturn.notes import SECRET_NAMES, Notes
from jackfield.definition.fluxturn.sign_in import CONFIG, with_sign_in
from jackfield.definition.names import find, folded
from jackfield.definition.operations_reader import Place

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("apikey", "key"), "api_key"),
    **dict.fromkeys(("bearer", "bearertoken", "token", "accesstoken", "personalaccesstoken", "jwt"), "bearer"),
    **dict.fromkeys(("basic", "basicauth", "usernamepassword"), "basic"),
    **dict.fromkeys(("oauth", "oauth2", "oauth20"), "oauth2"),
    **dict.fromkeys(("none", "noauth", ""), "none"),
    **dict.fromkeys(("custom", "multiple", "multi", "other"), "custom"),
}

Fields = dict[str, dict[str, Any]]
"""A `connectionConfig`."""

_LIKELY = ("apikey", "accesstoken", "token", "apitoken", "bearertoken", "authtoken", "personalaccesstoken", "key")
_UNLIKELY = ("clientsecret", "webhooksecret", "signingsecret", "refreshtoken", "appsecret", "clientid")
_USERS = ("username", "user", "login", "email", "accountsid", "accountid", "keyid", "clientid")
_NEW = {"api_key": ("apiKey", "API key"), "oauth2": ("accessToken", "Access token")}
_OF_OAUTH = frozenset({"clientid", "clientsecret", "redirecturi", "redirecturl", "refreshtoken", "scopes", "scope"})


@dataclass(kw_only=True)
class Signing:
    """How requests are signed.

    Attributes:
        auth: As declarative connectors have it.
        fields: The connection, with what `auth` needs.
        signed: Headers that `auth` adds, in lower case: what actions say of them is not sent.
    """

    auth: dict[str, Any]
    fields: Fields
    signed: frozenset[str] = field(default_factory=frozenset)


def read_signing(
    kind: str,
    fields: Fields,
    headers: Iterable[Mapping[str, Any]],
    *,
    own: Mapping[str, Any],
    at: Place,
    notes: Notes,
    config: Mapping[str, Any] | None = None,
) -> Signing:
    """How requests of a type are signed.

    Args:
        kind: One of the values of `KINDS`.
        fields: The connection; is changed where a scheme needs a field that is not there, or no secret.
        headers: Those of each action.
        own: An `auth` beside FluxTurn's keys, which decides; what it lacks is filled in.
        at: Where `auth_type` is.
        notes: Is added to.
        config: `oauth_config`.
    """
    if own:
        given = dict(own)
        lacks = takes_one_value(given) and not given.keys() & {"secret", "field", "password"}
        reference = _reference(str(given["type"]), fields, at, notes) if lacks else {}
        key = str(given.get("name") or given.get("header") or "").lower()
        return Signing(auth=reference | given, fields=fields, signed=frozenset({"authorization", key}))
    told = _told(headers, fields) if kind != "none" else None
    auth = told or _assumed(kind, fields, at, notes)
    if told and "field" not in auth and auth["type"] != "basic":
        auth |= _reference(kind, fields, at, notes)
    if auth["type"] == "basic":
        auth = {"type": "basic", **_basic(fields, at, notes)}
    for name in (auth.get("field"), (auth.get("password") or {}).get("field")):
        if name is not None:
            fields[name]["type"] = "secret"
    header = {"bearer": "authorization", "basic": "authorization", "api_key": str(auth.get("name", "")).lower()}
    signed = frozenset({header.get(auth["type"], "")} - {""})
    if kind in ("oauth2", "custom") and auth["type"] in ("bearer", "api_key"):
        auth = _signed_in(auth, kind, config or {}, fields, at, notes)
    return Signing(auth=auth, fields=fields, signed=signed)


def _told(headers: Iterable[Mapping[str, Any]], fields: Fields) -> dict[str, Any] | None:
    """The scheme of the first header that holds a credential and nothing behind it."""
    for said in headers:
        for name, value in said.items():
            if isinstance(value, str) and (scheme := _scheme(str(name), value, fields)):
                return scheme
    return None


def _scheme(name: str, value: str, fields: Fields) -> dict[str, Any] | None:
    holes = list(HOLE.finditer(value))
    if not holes or holes[-1].end() != len(value.rstrip()):
        return None
    prefix, is_authorization = value[: holes[0].start()], name.lower() == "authorization"
    if is_authorization and prefix.strip().lower() == "basic":
        return {"type": "basic"}
    hole = holes[0][1] or holes[0][2]
    found = find(hole, fields)
    is_secret = folded(hole) in SECRET_NAMES if found is None else _is_secret(found, fields[found])
    if len(holes) > 1 or not (is_secret or is_authorization):
        return None
    reference = {} if found is None else {"field": found}
    if is_authorization and prefix.strip().lower() == "bearer":
        return {"type": "bearer", **reference}
    return {"type": "api_key", "name": name, **reference} | ({"prefix": prefix} if prefix else {})


def _assumed(kind: str, fields: Fields, at: Place, notes: Notes) -> dict[str, Any]:
    if kind == "none":
        return {"type": "none"}
    if kind == "basic" or (kind == "custom" and _user(fields) and find("password", fields)):
        return {"type": "basic"}
    if kind == "api_key":
        notes.add(at, "nothing says how the key is sent: as `Authorization: Bearer`, which `auth` changes")
    if kind == "custom":
        notes.add(at, "nothing says how requests are signed: with `Authorization: Bearer`, which `auth` changes")
    return {"type": "bearer", **_reference(kind, fields, at, notes)}


def _reference(kind: str, fields: Fields, at: Place, notes: Notes) -> dict[str, Any]:
    """The field with the credential, which is made where there is none."""
    if kind == "basic":
        return _basic(fields, at, notes)
    name = _credential(fields)
    if name is None:
        name, label = _NEW.get(kind, ("token", "Token"))
        fields[name] = {"type": "secret", "required": True, "label": label}
        notes.add(at, f"`auth_fields` has no credential: the connection gets a field `{name}` for it")
    fields[name]["type"] = "secret"
    return {"field": name}


def _credential(fields: Fields) -> str | None:
    by_fold = {folded(name): name for name in fields}
    secrets = [name for name, said in fields.items() if _is_secret(name, said) and folded(name) not in _UNLIKELY]
    likely = [by_fold[name] for name in _LIKELY if name in by_fold]
    both = [name for name in likely if name in secrets]
    return next(iter([*both, *secrets, *likely]), None)


def _basic(fields: Fields, at: Place, notes: Notes) -> dict[str, Any]:
    user = _user(fields)
    secrets = [name for name, said in fields.items() if _is_secret(name, said) and name != user]
    password = find("password", fields) or next(iter(secrets), None)
    if password is not None and user is not None:
        return {"username": {"field": user}, "password": {"field": password}}
    if password is not None:
        notes.add(at, f"`auth_fields` has no user name: `{password}` takes both, as `user:password`")
        return {"field": password}
    fields.setdefault("username", {"type": "string", "required": True, "label": "User name"})
    fields["password"] = {"type": "secret", "required": True, "label": "Password"}
    notes.add(at, "`auth_fields` has no password: the connection gets a field `password` for it")
    return {"username": {"field": user or "username"}, "password": {"field": "password"}}


def _user(fields: Fields) -> str | None:
    by_fold = {folded(name): name for name in fields}
    return next((by_fold[name] for name in _USERS if name in by_fold), None)


def _is_secret(name: str, said: Mapping[str, Any]) -> bool:
    return said.get("type") == "secret" or folded(name) in SECRET_NAMES


def _signed_in(
    auth: dict[str, Any], kind: str, config: Mapping[str, Any], fields: Fields, at: Place, notes: Notes
) -> dict[str, Any]:
    """`auth` with where people sign in, as far as that is said; a token can always be filled in instead."""
    name = auth.get("field")
    found = with_sign_in(auth, config, fields, notes)
    if found is None and kind == "oauth2":
        where = f"`{CONFIG}` does not say where people sign in (`authorization_url`, `token_url`)"
        notes.add(at, f"{where}: fill in `{name}` with an access token")
    for other, said in fields.items():
        if (folded(other) in _OF_OAUTH and other != name and (found or kind == "oauth2")) or (other == name and found):
            said["required"] = False
    return found or auth
