"""The token in the address of a connect link: what it is for, and a signature, so that nothing is looked up for others.

Source: RFC 2104.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

MAX_CHARACTERS = 1_000
_PURPOSE = b"jackfield connect link\0"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What a link says of itself.

    Attributes:
        expires: Microseconds since 1970.
    """

    id: str
    tenant: str
    connector_id: str
    expires: int


class LinkTokens:
    """Makes and reads them.

    Args:
        key: Of the installation.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, signed: Signed) -> str:
        """The token of a link."""
        said = json.dumps([signed.id, signed.tenant, signed.connector_id, signed.expires]).encode()
        return f"{_encoded(said)}.{_encoded(self._signature(said))}"

    def read(self, token: str) -> Signed | None:
        """What a token says; `None` where nobody here has said it."""
        if len(token) > MAX_CHARACTERS or not token.isascii():
            return None
        said, dot, signature = token.partition(".")
        try:
            content, given = _decoded(said), _decoded(signature)
        except ValueError:
            return None
        if not dot or not hmac.compare_digest(given, self._signature(content)):
            return None
        link, tenant, connector_id, expires = json.loads(content)
        return Signed(id=link, tenant=tenant, connector_id=connector_id, expires=expires)

    def _signature(self, content: bytes) -> bytes:
        return hmac.new(self._key, _PURPOSE + content, hashlib.sha256).digest()


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
