"""Assertions: tokens with which a client proves who it is, or asks in the name of somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.testing.oauth.clock import Clock
from jackfield.testing.oauth.jws import BadSignature, verify
from jackfield.testing.oauth.refusal import Refused, need

LONGEST_S = 3600
"""How far ahead an assertion may expire, in seconds."""


class Assertions:
    """Checks assertions, and remembers those that may not come again."""

    def __init__(self, clock: Clock, *, audiences: tuple[str, ...]) -> None:
        self._clock = clock
        self._audiences = frozenset(audiences)
        self._seen: set[tuple[str, str]] = set()

    def check(self, token: str, *, public_key: str, issuer: str, error: str) -> Mapping[str, Any]:
        """The claims of an assertion that `issuer` made for this server.

        Args:
            token: The assertion.
            public_key: The issuer's, in PEM.
            issuer: Who has to have made it.
            error: The code to refuse with.

        Raises:
            Refused: It is another's, for another, too old, too long, or came before.

        Source: RFC 7523, section 3.
        """
        try:
            claims = verify(token, public_key=public_key)
        except BadSignature as bad:
            raise Refused(error, str(bad)) from bad
        now, expires = self._clock.now(), claims.get("exp")
        audience = claims.get("aud")
        named = {audience} if isinstance(audience, str) else set(audience or ())
        need(claims.get("iss") == issuer, error, "iss is another")
        need(isinstance(claims.get("sub"), str), error, "sub is required")
        need(bool(named & self._audiences), error, "aud names neither this server nor its token endpoint")
        need(isinstance(expires, int | float), error, "exp is required")
        assert isinstance(expires, int | float)  # noqa: S101 - for the type checker
        need(now < expires <= now + LONGEST_S, error, "exp is over, or too far ahead")
        need(float(claims.get("nbf", 0)) <= now + 60, error, "nbf is ahead")
        self._only_once(issuer, claims.get("jti"), error)
        return claims

    def _only_once(self, issuer: str, number: object, error: str) -> None:
        if number is None:
            return
        known = (issuer, str(number))
        need(known not in self._seen, error, "jti came before")
        self._seen.add(known)
