"""All that the server knows, in one place and behind one lock."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from jackfield.testing.oauth.assertions import Assertions
from jackfield.testing.oauth.clock import Clock
from jackfield.testing.oauth.faults import Script
from jackfield.testing.oauth.gates import Gates
from jackfield.testing.oauth.journal import Journal
from jackfield.testing.oauth.jws import Signer
from jackfield.testing.oauth.parties import ACCOUNTS, Account, OAuthClient
from jackfield.testing.oauth.refusal import need
from jackfield.testing.oauth.rules import Rules
from jackfield.testing.oauth.tokens import Tokens


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a client asked a person for."""

    client: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None
    offline: bool
    names_redirect: bool


@dataclass(kw_only=True)
class Code:
    """An authorization code. `family` is what was given for it."""

    wish: Wish
    account: str
    expires: float
    family: str | None = None


@dataclass(kw_only=True)
class Device:
    """A device that waits for its person."""

    client: str
    user_code: str
    scopes: tuple[str, ...]
    expires: float
    interval_s: float
    account: str | None = None
    denied: bool = False
    polled: float | None = None
    spent: bool = False


@dataclass(kw_only=True)
class Authority:
    """The state of the server.

    Attributes:
        url: Address of the server.
        issuer: Its name as an authorization server; under it lie the endpoints.
        lock: Held by whoever reads or changes any of the rest.
        trusted: Public keys of who may make assertions for the grant of RFC 7523, by `iss`.
        wishes: What a page was shown for, until it is answered.
        codes: Authorization codes.
        devices: By device code.
    """

    url: str
    issuer: str
    rules: Rules
    lock: threading.RLock = field(default_factory=threading.RLock)
    clock: Clock = field(default_factory=Clock)
    clients: dict[str, OAuthClient] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=lambda: {account.id: account for account in ACCOUNTS})
    trusted: dict[str, str] = field(default_factory=dict)
    wishes: dict[str, Wish] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    script: Script = field(default_factory=Script)
    gates: Gates = field(default_factory=Gates)
    journal: Journal = field(default_factory=Journal)
    signer: Signer = field(default_factory=Signer)
    tokens: Tokens = field(init=False)
    assertions: Assertions = field(init=False)

    def __post_init__(self) -> None:
        """Make what needs the rest."""
        self.tokens = Tokens(self.clock, self.journal)
        self.assertions = Assertions(self.clock, audiences=(self.issuer, self.endpoint("token")))

    def endpoint(self, name: str) -> str:
        """Address of an endpoint of the authorization server."""
        return f"{self.issuer.rstrip('/')}/{name}"

    def granted(self, scopes: Sequence[str]) -> tuple[str, ...]:
        """The scopes that are granted of those that were asked for."""
        allowed = self.rules.grants_scopes
        return tuple(scope for scope in scopes if allowed is None or scope in allowed)

    def code_for(self, wish: Wish, *, account: str) -> str:
        """A new authorization code.

        Raises:
            Refused: There is no such account.
        """
        need(account in self.accounts, "access_denied", f"there is no account {account!r}")
        code = f"code-{secrets.token_urlsafe(24)}"
        self.codes[code] = Code(wish=wish, account=account, expires=self.clock.now() + self.rules.code_lifetime_s)
        return code
