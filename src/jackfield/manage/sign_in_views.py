"""What is shown of sign-ins. Clients of a server have it without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SignInState = Literal["open", "connected", "failed", "expired"]


@dataclass(frozen=True, kw_only=True)
class SignInStarted:
    """A sign-in that a person goes on with in a browser.

    Attributes:
        authorization_url: Where the browser goes now: a page of the service.
        redirect_uri: Where the service sends it back to; the app must be registered with it.
        expires: Microseconds since 1970. It has to be finished until then.
    """

    id: str
    authorization_url: str
    redirect_uri: str
    expires: int
    _browser: str = field(default="", repr=False)

    @property
    def browser(self) -> str:
        """What the browser has to keep and bring along when it comes back. It is shown nowhere."""
        return self._browser


@dataclass(frozen=True, kw_only=True)
class DeviceStarted:
    """A sign-in that a person goes on with on another device.

    Attributes:
        user_code: To be typed in there.
        verification_uri: Where.
        verification_uri_complete: The same with the code in it; `None` where the service gives none.
        interval: Seconds between two polls; one that comes earlier asks nobody.
        expires: Microseconds since 1970.
    """

    id: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str | None
    interval: int
    expires: int


@dataclass(frozen=True, kw_only=True)
class SignInStatus:
    """How a sign-in goes.

    Attributes:
        code: Why it failed, for programs; empty where it did not.
        reason: The same for people.
        credential: Id of the credential that came of it; `None` while there is none.
        interval: Seconds until the next poll of a sign-in on another device; 0 for others.
    """

    id: str
    state: SignInState
    code: str
    reason: str
    credential: str | None
    interval: int = 0


@dataclass(frozen=True, kw_only=True)
class RedirectUri:
    """Where a service sends people back to.

    Attributes:
        redirect_uri: To be registered with the service's app.
    """

    redirect_uri: str
