"""From an `auth` and the values that it names to what signs requests: one builder a scheme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from jackfield.credentials.schemes import ApiKey, Basic, Bearer, Scheme
from jackfield.credentials.signing import aws, certificate, digest, hmac, jwt
from jackfield.definition.secret import Secret

Location: TypeAlias = Literal["header", "query", "cookie"]

Values: TypeAlias = Mapping[str, Secret]
"""The parts of the scheme (`definition.auth`) that were found, by name."""

Builder: TypeAlias = Callable[[Mapping[str, Any], Values], Scheme]
"""Args: the `auth` in its canonical form, and its parts. Raises CredentialInvalid where they are of no use."""


def _bearer(auth: Mapping[str, Any], values: Values) -> Scheme:
    return Bearer(values["token"])


def _basic(auth: Mapping[str, Any], values: Values) -> Scheme:
    if "password" in values:
        username = values.get("username", Secret(""))
        return Basic(username.reveal(), values["password"])
    return Basic.combined(values["credential"])


def _api_key(auth: Mapping[str, Any], values: Values) -> Scheme:
    name = auth.get("name") or auth.get("header") or "X-API-Key"
    location: Location = auth.get("location") or auth.get("in") or auth.get("position") or "header"
    return ApiKey(values["key"], name=name, location=location, prefix=auth.get("prefix", ""))


BUILDERS: Mapping[str, Builder] = {
    "bearer": _bearer,
    "basic": _basic,
    "api_key": _api_key,
    "aws_sigv4": aws.build,
    "hmac": hmac.build,
    "jwt": jwt.build,
    "digest": digest.build,
    "mtls": certificate.build,
}
