"""The secrets that a caller gives with a call."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from jackfield.definition.secret import Secret
from jackfield.definition.sensitive import secrets_in
from jackfield.dispatch.call import Call
from jackfield.dispatch.ready import Ready

_CREDENTIAL = re.compile(r"authorization|cookie|token|secret|password|api-?key|signature", re.IGNORECASE)
_PARTS = re.compile("[;,] ?")


def secrets_given(ready: Ready, call: Call, params: Mapping[str, Any]) -> list[Secret]:
    """Params that the schema marks as secret, and headers that are credentials by their name."""
    return [Secret(value) for value in _values(ready, call, params)]


def _values(ready: Ready, call: Call, params: Mapping[str, Any]) -> Iterator[str]:
    if ready.takes_secrets:
        yield from secrets_in(params, ready.command.params)
    for headers in (call.options.headers, call.params.get("headers"), params.get("headers")):
        if isinstance(headers, Mapping):
            yield from credentials_in(headers)


def is_credential(header: str) -> bool:
    """Whether a header is a credential, by its name."""
    return _CREDENTIAL.search(header) is not None


def credentials_in(headers: Mapping[str, Any]) -> Iterator[str]:
    """What is secret in headers that are credentials by their name.

    The whole value; what follows a scheme such as `Bearer`, and the password in a `Basic` one; the value of each
    cookie, or of each part of a signature.
    """
    for name, value in headers.items():
        if isinstance(value, str) and is_credential(name):
            scheme, _, rest = value.partition(" ")
            yield from (value, rest, value.rpartition(" ")[2])
            if scheme.lower() == "basic":
                yield _password(rest)
            yield from (part.partition("=")[2].strip(' "') for part in _PARTS.split(value) if "=" in part)


def _password(encoded: str) -> str:
    """Of what stands in a `Basic` header; empty where it is none."""
    try:
        return b64decode(encoded, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
