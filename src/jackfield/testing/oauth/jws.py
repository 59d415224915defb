"""Signed tokens, as far as this server reads and writes them: RS256 and ES256 in the compact form."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

_HALF = 32
"""Bytes of each half of an ES256 signature."""


class BadSignature(Exception):
    """The token is malformed, or not signed with the key."""


def verify(token: str, *, public_key: str) -> Mapping[str, Any]:
    """The claims of a token that was signed with the key, which is in PEM and decides the algorithm.

    Raises:
        BadSignature: It was not.

    Source: RFC 7515, section 5.2; RFC 7518, sections 3.3 and 3.4.
    """
    try:
        head, claims, signature = token.split(".")
        header, found = json.loads(_decode(head)), json.loads(_decode(claims))
        _check(public_key, header.get("alg"), f"{head}.{claims}".encode(), _decode(signature))
    except (ValueError, AttributeError, InvalidSignature) as error:
        raise BadSignature("the assertion is malformed, or not signed with the registered key") from error
    if not isinstance(found, dict):
        raise BadSignature("the claims of the assertion are no object")
    return found


def peek(token: str, claim: str) -> str | None:
    """A claim of a token that nobody has checked yet: only good for finding the key to check it with."""
    try:
        claims = json.loads(_decode(token.split(".")[1]))
    except (IndexError, ValueError):
        return None
    found = claims.get(claim) if isinstance(claims, dict) else None
    return found if isinstance(found, str) else None


class Signer:
    """A key of the server, with what it signs."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with these claims."""
        header = {"alg": "ES256", "kid": "fake-1", "typ": "JWT"}
        text = ".".join(_encode(json.dumps(part).encode()) for part in (header, dict(claims)))
        r, s = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(SHA256())))
        return f"{text}.{_encode(r.to_bytes(_HALF, 'big') + s.to_bytes(_HALF, 'big'))}"

    def jwks(self) -> dict[str, Any]:
        """The public key, as others look it up."""
        numbers = self._key.public_key().public_numbers()
        x, y = (_encode(number.to_bytes(_HALF, "big")) for number in (numbers.x, numbers.y))
        return {"keys": [{"kty": "EC", "crv": "P-256", "kid": "fake-1", "use": "sig", "alg": "ES256", "x": x, "y": y}]}


def _check(public_key: str, algorithm: object, text: bytes, signature: bytes) -> None:
    key = load_pem_public_key(public_key.encode())
    if isinstance(key, rsa.RSAPublicKey) and algorithm == "RS256":
        key.verify(signature, text, padding.PKCS1v15(), SHA256())
    elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm == "ES256" and len(signature) == 2 * _HALF:
        r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
        key.verify(encode_dss_signature(r, s), text, ec.ECDSA(SHA256()))
    else:
        raise InvalidSignature


def _encode(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
