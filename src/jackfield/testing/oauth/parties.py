"""Who takes part: clients that were registered, and people with accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

CLIENT_ID = "test-client"
"""The client that is registered from the start."""
CLIENT_SECRET = "test-client-secret"  # noqa: S105 - it guards nothing

Method = Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]

GRANTS = (
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:device_code",
)


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """A registered client.

    Attributes:
        id: Its `client_id`.
        secret: Its `client_secret`; `None` for one that has none.
        redirect_uris: Where its users may be sent back to; an address has to be one of these to the letter.
        methods: How it may authenticate.
        grants: The `grant_type`s that it may use.
        public_key: In PEM: the key of its assertions (`private_key_jwt`).
    """

    id: str
    secret: str | None = field(default=None, repr=False)
    redirect_uris: tuple[str, ...] = ()
    methods: tuple[Method, ...] = ("client_secret_basic", "client_secret_post")
    grants: tuple[str, ...] = GRANTS
    public_key: str | None = None

    def __post_init__(self) -> None:
        """Take no address that a server may not register.

        Raises:
            ValueError: An address is relative or has a fragment.

        Source: RFC 6749, section 3.1.2.
        """
        for uri in self.redirect_uris:
            if not urlsplit(uri).scheme or "#" in uri:
                raise ValueError(f"redirect URI {uri!r} has to be absolute, without a fragment")


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person who can sign in.

    Attributes:
        id: What is written in forms and tokens.
        name: What people read.
        email: An address.
    """

    id: str
    name: str
    email: str


ACCOUNTS = (
    Account(id="ada", name="Ada Lovelace", email="ada@example.com"),
    Account(id="grace", name="Grace Hopper", email="grace@example.com"),
)
