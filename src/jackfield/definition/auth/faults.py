"""What is wrong with an `auth`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from jackfield.definition.auth.known import SCHEMES
from jackfield.definition.auth.parts import canonical, parts_of
from jackfield.definition.auth.spec import Faults, SchemeSpec
from jackfield.definition.auth.suggesting import suggested
from jackfield.definition.auth.templates import template_faults

_HINT = 'name a stored secret, `"secret": "NAME"`, or a connection field, `"field": "name"`'


def auth_faults(auth: Mapping[str, Any], *, fields: Collection[str], secret_fields: Collection[str] = ()) -> Faults:
    """What is wrong with an `auth`: where, what, and what to do. Values are not told: one may be a secret.

    Args:
        auth: `type`, and what its scheme (`known.SCHEMES`) takes. Empty for no scheme.
        fields: Names of the type's connection fields.
        secret_fields: Those among them whose values are never shown.
    """
    if not auth:
        return
    kind = str(auth.get("type", ""))
    spec = SCHEMES.get(kind)
    if spec is None:
        what = "there is no such authentication scheme" if kind else "it is missing"
        yield ("type",), what, suggested(kind, SCHEMES)
        return
    said = canonical(auth)
    if len(said) < len(auth):
        yield (), "a key is there twice, in two case styles", "say it once"
    for key in said:
        if key != "type" and key not in spec.all_keys:
            yield (key,), f"`{kind}` has no such key", suggested(key, spec.all_keys)
    yield from _value_faults(spec, said)
    yield from _part_faults(spec, said, fields)
    yield from template_faults(said, spec.filled, fields, secret_fields)
    if spec.also is not None:
        yield from spec.also(said)


def _value_faults(spec: SchemeSpec, auth: Mapping[str, Any]) -> Faults:
    for key, values in spec.keys.items():
        if key in auth and values and auth[key] not in values:
            what = "an API key does not go there" if spec.name == "api_key" else f"`{spec.name}` does not have that"
            yield (key,), what, suggested(str(auth[key]), values)


def _part_faults(spec: SchemeSpec, auth: Mapping[str, Any], fields: Collection[str]) -> Faults:
    said = parts_of(spec, auth)
    for name, described in said.items():
        at = () if name == spec.whole else (name,)
        if isinstance(described, str) and spec.parts[name].secret:
            what = f"a definition is no place for a {spec.parts[name].label.lower()}"
            yield at, what, 'name a stored secret, `{"secret": "NAME"}`, or a connection field, `{"field": "name"}`'
        elif not isinstance(described, str):
            yield from _reference_faults(described, at, fields)
    yield from _missing(spec, said)


def _reference_faults(described: Any, at: tuple[str, ...], fields: Collection[str]) -> Faults:
    if not isinstance(described, Mapping) or not {"secret", "field"} & set(described):
        yield at, "it does not say where the credential is", _HINT
    elif "field" in described and described["field"] not in fields:
        yield (*at, "field"), "there is no such connection field", suggested(str(described["field"]), fields)


def _missing(spec: SchemeSpec, said: Mapping[str, Any]) -> Faults:
    if spec.whole and spec.parts[spec.whole].required:
        if spec.whole not in said and not any(spec.parts[name].secret for name in said):
            yield (), "it does not say where the credential is", _HINT
        return
    for name, part in spec.parts.items():
        if part.required and name not in said:
            yield (name,), "it is missing", _HINT
