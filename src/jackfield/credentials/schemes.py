"""The auth schemes that need no conversation: what they add to a request, byte for byte.

Each implements `definition.wire.Authorizer`. Values are text or anything with `reveal() -> str`; they are read when
a request is signed, and no `repr` and no error shows them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypeAlias

from jackfield.credentials.errors import CredentialInvalid
from jackfield.definition.secret import MASK
from jackfield.definition.wire import Answer, Authorizer, Outgoing


class Revealable(Protocol):
    """A value that hides itself."""

    def reveal(self) -> str:
        """The value."""


Value: TypeAlias = str | Revealable

# RFC 6265, section 4.1.1 (cookie-octet): anything else would end the value or be quoted differently by servers.
_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")


class Scheme(Authorizer, Protocol):
    """A credential that can be shown without its secret."""

    def masked(self) -> Authorizer:
        """Signs as this one does, with a mask in place of the secret. It never asks anybody for anything."""


class Fixed:
    """A credential that cannot renew itself."""

    __slots__ = ()

    async def on_refused(self, answer: Answer) -> bool:
        """`False`: the same value would be refused again."""
        return False


@dataclass(frozen=True, slots=True)
class NoAuth(Fixed):
    """Adds nothing."""

    async def sign(self, request: Outgoing) -> None:
        """Leave `request` as it is."""

    def masked(self) -> NoAuth:
        """There is nothing to mask."""
        return self


@dataclass(frozen=True, slots=True)
class Bearer(Fixed):
    """`Authorization: Bearer <token>`.

    Source: RFC 6750, section 2.1.
    """

    token: Value = field(repr=False)

    async def sign(self, request: Outgoing) -> None:
        """Add the header.

        Raises:
            CredentialInvalid: The token cannot stand in a header.
        """
        request.headers["Authorization"] = f"Bearer {header_text(self.token, 'bearer token')}"

    def masked(self) -> Bearer:
        """`Bearer ********`."""
        return Bearer(MASK)


@dataclass(frozen=True, slots=True)
class Basic(Fixed):
    """`Authorization: Basic <base64 of user:password>`, in UTF-8.

    Source: RFC 7617.
    """

    username: Value = field(repr=False)
    password: Value = field(repr=False)

    @classmethod
    def combined(cls, value: Value) -> Basic:
        """From `user:password` in one value; the password may hold colons.

        Raises:
            CredentialInvalid: There is no colon.
        """
        username, colon, password = text_of(value).partition(":")
        if not colon:
            raise CredentialInvalid(what="basic credential", reason="it has no `:` between user and password")
        return cls(username, password)

    async def sign(self, request: Outgoing) -> None:
        """Add the header.

        Raises:
            CredentialInvalid: The user name has a colon, or one of them has control characters.
        """
        username, password = text_of(self.username), text_of(self.password)
        if ":" in username:
            raise CredentialInvalid(what="user name", reason="it has a `:`, which would end it")
        if any(char < " " or char == "\x7f" for char in username + password):
            raise CredentialInvalid(what="basic credential", reason="it has control characters")
        try:
            joined = f"{username}:{password}".encode()
        except UnicodeEncodeError:
            raise CredentialInvalid(what="basic credential", reason="it is not valid Unicode") from None
        request.headers["Authorization"] = f"Basic {b64encode(joined).decode('ascii')}"

    def masked(self) -> ApiKey:
        """`Basic ********`: in base64 nobody would see that it is a mask, and the user name may be a key."""
        return ApiKey(MASK, name="Authorization", prefix="Basic ")


@dataclass(frozen=True, slots=True)
class ApiKey(Fixed):
    """A key in a header, the query or a cookie.

    Attributes:
        value: The key.
        name: Of the header, parameter or cookie.
        location: Where it goes.
        prefix: Goes before the key, as it is: `Token ` with its space, for example.
    """

    value: Value = field(repr=False)
    name: str = field(default="X-API-Key", kw_only=True)
    location: Literal["header", "query", "cookie"] = field(default="header", kw_only=True)
    prefix: str = field(default="", kw_only=True)

    @property
    def query_names(self) -> frozenset[str]:
        """The query parameters that hold the secret; egress takes them out of redirects."""
        return frozenset({self.name}) if self.location == "query" else frozenset()

    async def sign(self, request: Outgoing) -> None:
        """Add the key.

        Raises:
            CredentialInvalid: The key cannot stand where it goes.
        """
        if self.location == "query":
            request.query.append((self.name, self.prefix + text_of(self.value)))
        elif self.location == "cookie":
            self._add_cookie(request)
        else:
            request.headers[self.name] = self.prefix + header_text(self.value, "API key")

    def masked(self) -> ApiKey:
        """A mask where the key goes, behind its prefix."""
        return replace(self, value=MASK)

    def _add_cookie(self, request: Outgoing) -> None:
        value = self.prefix + text_of(self.value)
        if not _COOKIE_VALUE.fullmatch(value):
            raise CredentialInvalid(what="API key", reason="it has characters that cookies cannot have")
        name = next((name for name in request.headers if name.lower() == "cookie"), "Cookie")
        before = request.headers.get(name)
        request.headers[name] = f"{before}; {self.name}={value}" if before else f"{self.name}={value}"


def text_of(value: Value) -> str:
    """The value itself."""
    return value if isinstance(value, str) else value.reveal()


def header_text(value: Value, what: str) -> str:
    """The value, which can stand in a header.

    Raises:
        CredentialInvalid: It cannot.
    """
    text = text_of(value)
    if not text.isascii() or not text.isprintable():
        raise CredentialInvalid(what=what, reason="it has line breaks, control characters or is not ASCII")
    return text
