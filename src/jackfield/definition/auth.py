"""How a type says that its service wants to know the caller: `{"type": "bearer", "secret": "NAME"}`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

_REFERENCE = frozenset({"secret", "field"})
_KEYS: Mapping[str, frozenset[str]] = {
    "none": frozenset(),
    "bearer": _REFERENCE,
    "basic": _REFERENCE | {"username", "password"},
    "api_key": _REFERENCE | {"name", "header", "location", "in", "position", "prefix"},
    "caller_token": frozenset(),
    "sinas_token": frozenset(),
}
_LOCATIONS = ("header", "query", "cookie")


def auth_faults(auth: Mapping[str, Any], *, fields: Collection[str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What is wrong with an `auth`: where, what, and what to do. Values are not told: one may be a secret.

    Args:
        auth: `type`, and `secret` (the name of a stored secret) or `field` (a connection field). Basic may have
            `username`, text or an object with `secret` or `field`, and `password`, such an object, instead. An API key
            also has `name` (or `header`), `location` (or `in`, `position`) and `prefix`. Empty for no scheme.
        fields: Names of the type's connection fields.
    """
    if not auth:
        return
    kind = str(auth.get("type", ""))
    if kind not in _KEYS:
        what = "there is no such authentication scheme" if kind else "it is missing"
        yield ("type",), what, _suggested(kind, _KEYS)
        return
    for key in auth:
        if key != "type" and key not in _KEYS[kind]:
            yield (key,), f"`{kind}` has no such key", _suggested(key, _KEYS[kind])
    if kind == "api_key":
        yield from _location_faults(auth)
    yield from _reference_faults(kind, auth, fields)


def _location_faults(auth: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for key in ("location", "in", "position"):
        if auth.get(key, "header") not in _LOCATIONS:
            yield (key,), "an API key does not go there", _suggested(str(auth[key]), _LOCATIONS)


def _reference_faults(
    kind: str, auth: Mapping[str, Any], fields: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if not _KEYS[kind]:
        return
    parts: dict[tuple[str, ...], Any] = {(): auth}
    if kind == "basic" and "password" in auth:
        parts = {(key,): auth[key] for key in ("username", "password") if isinstance(auth.get(key), Mapping)}
        if not isinstance(auth["password"], Mapping):
            hint = 'name a stored secret, `{"secret": "NAME"}`, or a connection field, `{"field": "name"}`'
            yield ("password",), "a definition is no place for a password", hint
    for at, part in parts.items():
        if not _REFERENCE & set(part):
            hint = 'name a stored secret, `"secret": "NAME"`, or a connection field, `"field": "name"`'
            yield at, "it does not say where the credential is", hint
        elif "field" in part and part["field"] not in fields:
            yield (*at, "field"), "there is no such connection field", _suggested(str(part["field"]), fields)


def _suggested(wanted: str, known: Collection[str]) -> str:
    close = get_close_matches(wanted.lower().replace("-", "_"), list(known), n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"it must be one of {', '.join(f'`{name}`' for name in known)}" if known else "there are none"
