"""What is shown of connect links. Clients of a server have it without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class ConnectLinkInfo:
    """A link with which somebody without an account here connects one account.

    Attributes:
        connector: Its name.
        name: Of the credential that comes of it; empty where the account names it.
        end_user: Whose account it is, as whoever made the link calls them.
        visibility: Of the credential.
        credential: Id of the credential that came of it; `None` while there is none.
        state: `open`, `used`, `expired` or `revoked`.
        author: Id of the user that made it.
        author_name: The user's name as it is now.
        url: Whoever has it may use the link. Shown once, when it was made; empty later.
        created, expires, used, revoked: Microseconds since 1970.
    """

    id: str
    connector: str
    connector_id: str
    name: str
    end_user: str
    visibility: Literal["shared", "private"]
    credential: str | None
    state: Literal["open", "used", "expired", "revoked"]
    author: str
    author_name: str
    created: int
    expires: int
    used: int | None = None
    revoked: int | None = None
    url: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class LinkPage:
    """What the page of a link tells whoever has it.

    Attributes:
        author: Name of the user that asks.
        connector: What the connector is called.
        scopes: What the service is asked for; empty where nobody signs in.
        signs_in: A service signs people in; else values are typed in.
        fields: Those values: name, label, and whether it is hidden while it is typed.
    """

    author: str
    connector: str
    end_user: str
    scopes: Sequence[str]
    signs_in: bool
    fields: Sequence[tuple[str, str, bool]] = ()
