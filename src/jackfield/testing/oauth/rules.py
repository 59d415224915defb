"""What kind of server it is: how long tokens live, whether they rotate, what it insists on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, Self


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How the server behaves when nothing is broken.

    Attributes:
        access_lifetime_s: Seconds that an access token lives.
        refresh_lifetime_s: Seconds that a refresh token lives; `None`: for ever.
        code_lifetime_s: Seconds that an authorization code lives.
        device_lifetime_s: Seconds that a device code lives.
        device_interval_s: Seconds that a client has to wait between two polls for a device code.
        rotates: Each refresh gives a new refresh token, and uses the old one up.
        grace_s: Seconds in which a refresh token that was just used up gives the same answer again.
        reuse_revokes: A refresh token that is used twice, and past the grace, ends the whole grant.
        ends_old_access: A refresh ends the access tokens from before it.
        gives_refresh: Who gets a refresh token of an authorization: everybody; who asks for the scope
            `offline_access` or with `access_type=offline`; nobody.
        tells_expiry: Answers have `expires_in`.
        needs_pkce: An authorization without a code challenge is refused.
        names_issuer: Answers to the browser have `iss`, as RFC 9207 says.
        discoverable: There are metadata, at the well-known addresses.
        consent: Whether the person is asked, on a page, or has answered already.
        account: The account that answers when nobody is asked.
        grants_scopes: The scopes that are granted of those that are asked for; `None`: all of them.
        api_refusal: How the API says that a token is no good: status 401, status 403, or 200 and a body that says so.
    """

    access_lifetime_s: int = 3600
    refresh_lifetime_s: int | None = None
    code_lifetime_s: int = 60
    device_lifetime_s: int = 600
    device_interval_s: int = 5
    rotates: bool = True
    grace_s: float = 0
    reuse_revokes: bool = True
    ends_old_access: bool = False
    gives_refresh: Literal["always", "asked", "never"] = "always"
    tells_expiry: bool = True
    needs_pkce: bool = True
    names_issuer: bool = True
    discoverable: bool = True
    consent: Literal["ask", "allow", "deny"] = "ask"
    account: str = "ada"
    grants_scopes: tuple[str, ...] | None = None
    api_refusal: Literal["401", "403", "body"] = "401"

    def changed(self, **changes: Any) -> Self:
        """The same with some changes, which are plain data.

        Raises:
            TypeError: There is no such rule.
        """
        scopes = changes.get("grants_scopes")
        return replace(self, **changes | ({} if scopes is None else {"grants_scopes": tuple(scopes)}))
