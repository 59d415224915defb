"""What makes a JWT a token of the issuer, for this installation, now.

Source: RFC 7519, section 7.2; RFC 8725 (best current practices); RFC 9068, section 4 (access tokens).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from jackfield.access.errors import IssuerTokenRefused
from jackfield.access.issuer.key_set import KINDS
from jackfield.access.issuer.keys import IssuerKeys

MAX_CHARACTERS = 8192
MAX_SUBJECT = 255
"""Source: OpenID Connect Core 1.0, section 2 (`sub`)."""
LEEWAY_S = 60
"""Seconds by which clocks may differ."""

_JWT = re.compile(r"ey[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt", "application/jwt"})
"""A token of another type, such as one that ends a session, was made for something else (RFC 8725, section 3.11)."""


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a token says that has been checked.

    Attributes:
        subject: Whose it is.
        expires: Seconds since 1970.
    """

    subject: str
    expires: float


def is_jwt(text: str) -> bool:
    """Whether `text` looks like a JWT: a header in JSON, claims, and a signature, which may be empty."""
    return _JWT.fullmatch(text) is not None


async def check(text: str, keys: IssuerKeys, *, issuer: str, audience: str, now_s: float) -> Claims:
    """The claims of a token that counts.

    Args:
        text: That `is_jwt`.
        keys: Of the issuer.
        issuer: Has to be in `iss`, to the letter.
        audience: Has to be in `aud`: a token for another service of the company is none for this one.
        now_s: Seconds since 1970.

    Raises:
        IssuerTokenRefused: It does not count.
        IssuerUnavailable: The issuer's keys cannot be had.
    """
    if len(text) > MAX_CHARACTERS:
        raise IssuerTokenRefused(reason=f"it has more than {MAX_CHARACTERS} characters")
    signed, _, signature = text.rpartition(".")
    head, _, body = signed.partition(".")
    header = _object(head, "header")
    alg, key_id = _algorithm(header), header.get("kid", "")
    if not isinstance(key_id, str):
        raise IssuerTokenRefused(reason="its `kid` is no text")
    key = await keys.find(id=key_id, alg=alg)
    if not key.has_signed(signed.encode("ascii"), _bytes(signature, "signature"), alg=alg):
        raise IssuerTokenRefused(reason="its signature is not the issuer's")
    return _checked(_object(body, "claims"), issuer=issuer, audience=audience, now_s=now_s)


def _algorithm(header: Mapping[str, Any]) -> str:
    """Of its signature. The header is not to be believed yet, so it chooses among what is accepted and nothing else.

    No key is taken from it, nor from an address that it names.
    """
    alg, kind = header.get("alg"), header.get("typ", "JWT")
    if not isinstance(alg, str) or alg not in KINDS:
        raise IssuerTokenRefused(reason="it is not signed with an algorithm that is accepted")
    if "crit" in header:
        raise IssuerTokenRefused(reason="it has an extension that is not understood")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise IssuerTokenRefused(reason="it is a token of another type")
    return alg


def _checked(claims: Mapping[str, Any], *, issuer: str, audience: str, now_s: float) -> Claims:
    if claims.get("iss") != issuer:
        raise IssuerTokenRefused(reason="it is of another issuer")
    for_whom = claims.get("aud")
    if audience not in (for_whom if isinstance(for_whom, list) else [for_whom]):
        raise IssuerTokenRefused(reason="it is for another audience")
    expires = _moment(claims, "exp")
    if expires is None:
        raise IssuerTokenRefused(reason="it never expires")
    if now_s >= expires + LEEWAY_S:
        raise IssuerTokenRefused(reason="it has expired")
    for name in ("nbf", "iat"):
        begins = _moment(claims, name)
        if begins is not None and begins > now_s + LEEWAY_S:
            raise IssuerTokenRefused(reason="it counts only later")
    if "cnf" in claims:
        # RFC 9449, section 7.1: whoever sends such a token has to prove a key, which is not asked for here.
        raise IssuerTokenRefused(reason="it is bound to a key of its client")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
        raise IssuerTokenRefused(reason="it does not say whose it is")
    return Claims(subject=subject, expires=expires)


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    """Seconds since 1970."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**40:
        raise IssuerTokenRefused(reason=f"its `{name}` is no time")
    return value


def _object(part: str, what: str) -> Mapping[str, Any]:
    try:
        found = orjson.loads(_bytes(part, what))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise IssuerTokenRefused(reason=f"its {what} cannot be read")
    return found


def _bytes(part: str, what: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise IssuerTokenRefused(reason=f"its {what} cannot be read") from None
