"""What is shown of users and tokens. Clients of a server have it without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jackfield.access.principal import Scope

OWN_NAME = "me"
"""Stands for whoever asks, as in `/api/users/me`."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """What is shown of a token.

    Attributes:
        user: Name of its user.
        gateway: Name of the gateway where alone it counts; null for everywhere.
        created, expires, used, revoked: Microseconds since 1970; `used` to the minute.
    """

    id: str
    user: str
    name: str
    scopes: Sequence[str]
    created: int
    expires: int | None
    used: int | None
    revoked: int | None
    gateway: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """A token that was just made.

    Attributes:
        text: The token itself. Nobody can have it a second time.
    """

    token: Token
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class User:
    """One user.

    Attributes:
        created, disabled: Microseconds since 1970; `disabled` since when the user may do nothing, if that is so.
        subject: As whom the company's OpenID Connect issuer knows the user, whose tokens count for it; null for nobody.
    """

    id: str
    name: str
    display_name: str
    roles: Sequence[str]
    created: int
    disabled: int | None
    subject: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """A user that was just made, and the user's first token."""

    user: User
    token: NewToken


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who a token speaks for, and what it allows.

    Attributes:
        expires: When the token ends, in microseconds since 1970; `None` where it does not.
    """

    user: str
    id: str
    tenant: str
    scopes: Sequence[Scope]
    admin: bool
    expires: int | None
