"""The caller of a server that keeps nothing: there is one token, and whoever has it may do everything."""

from __future__ import annotations

import hashlib
import hmac

from jackfield.access.errors import TokenUnknown
from jackfield.access.principal import LOCAL, Principal


class OneToken:
    """Knows one token. Without one, it knows nobody."""

    def __init__(self, text: str) -> None:
        self._digest = _digest(text) if text else b""

    async def authenticate(self, text: str) -> Principal:
        """The administrator of this process.

        Raises:
            TokenUnknown: It is another token.
        """
        if not hmac.compare_digest(_digest(text), self._digest):
            raise TokenUnknown
        return LOCAL


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
