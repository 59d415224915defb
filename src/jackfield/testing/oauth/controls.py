"""What a test does with a server, whichever process it runs in."""

from __future__ import annotations

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Unpack

from jackfield.testing.oauth.browser import sign_in
from jackfield.testing.oauth.faults import Endpoint
from jackfield.testing.oauth.journal import Counts, Exchange
from jackfield.testing.oauth.options import ClientOptions, FaultOptions, RuleOptions


class Controls(ABC):
    """The server as a test sees it.

    Attributes:
        url: Its address, without a final slash.
        issuer: Its name as an authorization server, which is its address, and a path if it was given one.
        client_id: The client that is registered from the start.
        client_secret: Its secret.
        clock: The server's time.
        faults: What goes wrong.
    """

    def __init__(self, *, url: str, issuer: str, client_id: str, client_secret: str) -> None:
        self.url = url
        self.issuer = issuer
        self.client_id = client_id
        self.client_secret = client_secret
        self.clock = ClockControls(self)
        self.faults = FaultControls(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.issuer}>"

    @abstractmethod
    def ask(self, operation: str, **arguments: Any) -> Any:
        """Carry out an operation of the server; arguments and answer are plain data.

        Raises:
            ValueError: There is none of this name, or it refuses.
        """

    @property
    def address(self) -> str:
        """`host:port`, as `JACKFIELD_EGRESS_ALLOW` takes it."""
        return self.url.removeprefix("http://")

    @property
    def authorization_url(self) -> str:
        """Where a browser signs in."""
        return f"{self.issuer}/authorize"

    @property
    def token_url(self) -> str:
        """The token endpoint."""
        return f"{self.issuer}/token"

    @property
    def device_url(self) -> str:
        """Where a device begins."""
        return f"{self.issuer}/device"

    @property
    def revocation_url(self) -> str:
        """Where tokens are revoked."""
        return f"{self.issuer}/revoke"

    @property
    def introspection_url(self) -> str:
        """Where tokens are asked about."""
        return f"{self.issuer}/introspect"

    @property
    def api_url(self) -> str:
        """The service that takes the tokens, with `me`, `items` and `write` below it."""
        return f"{self.url}/api"

    def register_client(self, client_id: str, **options: Unpack[ClientOptions]) -> None:
        """Register a client, or register it anew. The options are the attributes of `OAuthClient`."""
        self.ask("register_client", id=client_id, **options)

    def add_redirect_uri(self, uri: str, *, client_id: str | None = None) -> None:
        """Let users of a client be sent back to one more address, which may not be known when the server starts."""
        self.ask("add_redirect_uri", client=client_id or self.client_id, uri=uri)

    def add_account(self, account: str, *, name: str, email: str) -> None:
        """Add somebody who can sign in; `ada` and `grace` are there already."""
        self.ask("add_account", id=account, name=name, email=email)

    def trust(self, issuer: str, *, public_key: str) -> None:
        """Take assertions of an issuer, which are signed with this key (in PEM)."""
        self.ask("trust", issuer=issuer, public_key=public_key)

    def change(self, **rules: Unpack[RuleOptions]) -> None:
        """Be another kind of server from now on. The options are the attributes of `Rules`."""
        self.ask("change_rules", **rules)

    def grant(
        self, *, client_id: str | None = None, account: str = "ada", scopes: Sequence[str] = ("read",)
    ) -> Mapping[str, Any]:
        """The answer of the token endpoint to a client whose person has said yes, without the way there."""
        return dict(self.ask("grant", client=client_id or self.client_id, account=account, scopes=list(scopes)))

    def sign_in(
        self, address: str, *, account: str = "ada", allow: bool = True, scopes: Sequence[str] | None = None
    ) -> str:
        """Do in the place of a person what an authorization address asks for.

        Args:
            address: Where the client sends the browser.
            account: Who signs in.
            allow: Whether they say yes.
            scopes: What they leave ticked; `None`: everything.

        Returns:
            The address at which the browser would come back to the client. It is not asked for.

        Raises:
            ValueError: The server shows a page that sends nobody back.
        """
        return sign_in(address, account=account, allow=allow, scopes=scopes)

    def approve_device(self, user_code: str, *, account: str = "ada") -> None:
        """Say yes for the person of a device."""
        self.ask("decide_device", user_code=user_code, account=account)

    def deny_device(self, user_code: str) -> None:
        """Say no for them."""
        self.ask("decide_device", user_code=user_code, account=None)

    def expire_access_tokens(self, *, family: str | None = None) -> int:
        """Refuse all access tokens that were given until now, or those of one grant; how many were good."""
        return int(self.ask("expire_access_tokens", family=family))

    def revoke_family(self, family: str) -> None:
        """End one grant, by the name that it has in the log, such as `f1`."""
        self.ask("revoke_family", family=family)

    def revoke_account(self, account: str) -> int:
        """End all grants of an account, as its person does in their settings; how many there were."""
        return int(self.ask("revoke_account", account=account))

    def revoke_all(self) -> int:
        """End all grants; how many there were."""
        return int(self.ask("revoke_all"))

    def log(self) -> list[Exchange]:
        """Every request to the token endpoint, oldest first."""
        return [Exchange(**entry) for entry in self.ask("log")]

    def counts(self) -> Counts:
        """How often what happened."""
        return Counts(**self.ask("counts"))

    def label(self, token: str) -> str:
        """What the log and the counts say for a token: `f1.2` is of the second generation of the grant `f1`.

        Raises:
            ValueError: It was never given.
        """
        return str(self.ask("label", token=token))

    def forget(self) -> None:
        """Begin the log and all counts anew. Tokens, rules and faults stay."""
        self.ask("forget")

    def secrets(self) -> list[str]:
        """All tokens, codes and secrets so far, so that a test can look for them where they may not be."""
        return list(self.ask("secrets"))


@dataclass(frozen=True)
class ClockControls:
    """The server's time."""

    _server: Controls = field(repr=False)

    def now(self) -> float:
        """Seconds since 1970."""
        return float(self._server.ask("now"))

    def advance(self, seconds: float) -> float:
        """Move it, and say what it is then."""
        return float(self._server.ask("advance", seconds=seconds))

    def stop(self) -> float:
        """Let it stand still from now on, so that it moves by `advance` alone."""
        return float(self._server.ask("stop_clock"))


@dataclass(frozen=True)
class FaultControls:
    """What goes wrong. The options are the attributes of `Fault`."""

    _server: Controls = field(repr=False)

    def next(self, endpoint: Endpoint, *, times: int = 1, **options: Unpack[FaultOptions]) -> None:
        """Let it meet the next request, or the next few."""
        self._server.ask("plan", endpoint=endpoint, fault=options, times=times)

    def always(self, endpoint: Endpoint, **options: Unpack[FaultOptions]) -> None:
        """Let it meet every request, until it is cleared."""
        self._server.ask("plan", endpoint=endpoint, fault=options, times=None)

    def hold(self, endpoint: Endpoint, *, times: int | None = None, **options: Unpack[FaultOptions]) -> Held:
        """Let requests wait until they are released; all of them, if `times` is `None`."""
        held = Held(_server=self._server, name=secrets.token_hex(8))
        self._server.ask("plan", endpoint=endpoint, fault={**options, "hold": held.name}, times=times)
        return held

    def clear(self, endpoint: Endpoint | None = None) -> None:
        """Forget those of an endpoint, or all. Requests that wait go on waiting."""
        self._server.ask("clear_faults", endpoint=endpoint)

    def left(self) -> int:
        """How many requests will still meet a fault of `next`."""
        return int(self._server.ask("planned"))


@dataclass(frozen=True, kw_only=True)
class Held:
    """Requests that wait."""

    name: str
    _server: Controls = field(repr=False)

    def wait(self, count: int = 1, *, timeout_s: float = 10) -> None:
        """Block until this many have come.

        Raises:
            TimeoutError: They have not.
        """
        if not self._server.ask("wait_held", gate=self.name, count=count, timeout_s=timeout_s):
            raise TimeoutError(f"{count} requests were waited for")

    async def wait_async(self, count: int = 1, *, timeout_s: float = 10) -> None:
        """As `wait`, for asynchronous tests.

        Raises:
            TimeoutError: They have not come.
        """
        await asyncio.to_thread(self.wait, count, timeout_s=timeout_s)

    def release(self) -> None:
        """Let them through, and whoever comes later too."""
        self._server.ask("release", gate=self.name)
