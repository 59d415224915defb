"""What is shown of platform apps. Clients of a server have it without a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class OAuthAppInfo:
    """An app that the installation has at a service, for everybody to sign in with.

    Attributes:
        type: The connector type that it is for.
        client_secret: A mask; `None` where it has none.
        redirect_uri: Where the service sends people back to; empty for this server's own address.
        token_url: The token endpoint, or the issuer, to which alone its secret is sent.
        source: `settings`, or `environment`, which cannot be changed here.
        author: Id of the user that has put it.
        author_name: The user's name as it is now.
        created, updated: Microseconds since 1970; `None` where it comes from the environment.
        revision: Raised by every change.
    """

    type: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    token_url: str
    source: Literal["settings", "environment"]
    author: str = ""
    author_name: str = ""
    created: int | None = None
    updated: int | None = None
    revision: int = 0
