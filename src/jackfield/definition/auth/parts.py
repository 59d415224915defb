"""An `auth` taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.auth.known import SCHEMES
from jackfield.definition.auth.spec import Part, SchemeSpec
from jackfield.definition.names import folded

_REFERENCE = ("secret", "field")


def canonical(auth: Mapping[str, Any]) -> dict[str, Any]:
    """`auth` with its keys as they are documented, in whatever case style they were written. Unknown ones stay."""
    spec = SCHEMES.get(str(auth.get("type", "")))
    if spec is None:
        return dict(auth)
    known = {folded(key): key for key in spec.all_keys}
    return {key if key in spec.all_keys else known.get(folded(key), key): value for key, value in auth.items()}


def parts_of(spec: SchemeSpec, auth: Mapping[str, Any]) -> dict[str, Any]:
    """The parts that an `auth` in its canonical form says, by name: text, `{"secret": ..}` or `{"field": ..}`."""
    said = {name: auth[name] for name in spec.parts if name != spec.whole and auth.get(name) is not None}
    whole = {key: auth[key] for key in _REFERENCE if key in auth}
    if spec.whole and whole and not _is_said_apart(spec, said):
        said[spec.whole] = whole
    return said


def open_parts(auth: Mapping[str, Any]) -> Mapping[str, Part]:
    """The parts that a credential may have values for, of an `auth` in its canonical form.

    They are those that name a stored secret, and those that it says nothing of. What it takes from a connection field
    a credential has as that field; what it says as text its author has decided. Of OAuth 2.0 all are open: people
    bring apps of their own.
    """
    spec = SCHEMES.get(str(auth.get("type", "")))
    if spec is None:
        return {}
    if spec.name == "oauth2":
        return spec.parts
    said = parts_of(spec, auth)
    if "field" in auth and spec.whole in said:
        return {}
    apart = {spec.whole} if _is_said_apart(spec, {name: said[name] for name in said if name != spec.whole}) else set()
    free = {name: part for name, part in spec.parts.items() if name not in apart}
    return {name: part for name, part in free.items() if name not in said or _names_a_secret(said[name])}


def _names_a_secret(described: Any) -> bool:
    return isinstance(described, Mapping) and bool(described.get("secret"))


def takes_one_value(auth: Mapping[str, Any]) -> bool:
    """Whether `secret` or `field` of the `auth` itself say where its credential is. `True` of an unknown scheme."""
    kind = str(auth.get("type") or "none")
    return kind != "none" and (kind not in SCHEMES or bool(SCHEMES[kind].whole))


def _is_said_apart(spec: SchemeSpec, said: Mapping[str, Any]) -> bool:
    """Whether the parts stand for themselves, so that there is no whole."""
    return any(spec.parts[name].secret and spec.parts[name].required for name in said)
