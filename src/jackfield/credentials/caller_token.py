"""The caller's own token, forwarded to hosts that the installation has named for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jackfield.access.principal import Principal
from jackfield.credentials.errors import CallerTokenNotAllowed, CredentialMissing, SecretNotAllowed
from jackfield.definition.secret import MASK, Secret
from jackfield.definition.wire import Answer, Outgoing
from jackfield.egress.errors import AllowEntryInvalid
from jackfield.egress.hosts import HostInvalid, parse_host
from jackfield.egress.urls import Origin, host_and_port, origin_of
from jackfield.settings.addresses import is_loopback

SETTING = "JACKFIELD_CALLER_TOKEN_HOSTS"

_USUAL = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHost:
    """One host that callers' tokens may go to.

    Attributes:
        host: As egress spells it: a name, or an address without brackets.
        below: All names below it are meant, and not the name itself.
        port: The only one; `None` for the usual one of the scheme. There may be other services at other ports.
    """

    host: str
    below: bool = False
    port: int | None = None

    def matches(self, origin: Origin) -> bool:
        """Whether requests to `origin` go there."""
        if origin.port != (self.port or _USUAL[origin.scheme]):
            return False
        return origin.host.endswith(f".{self.host}") if self.below else origin.host == self.host


def parse_token_hosts(entries: Sequence[str]) -> tuple[TokenHost, ...]:
    """The entries of the setting.

    Raises:
        AllowEntryInvalid: One is no host.
    """
    return tuple(_parsed(entry) for entry in entries)


@dataclass(frozen=True, slots=True)
class CallerToken:
    """`Authorization: Bearer <token>`, for requests to `hosts` and no other.

    Whoever makes a connector chooses its addresses; whoever runs the installation chooses these hosts, and nothing that
    a connector says adds to them. The token goes out encrypted, or to this very machine.

    Source: RFC 6750, sections 2.1 and 5.2.
    """

    token: Secret = field(repr=False)
    hosts: tuple[TokenHost, ...]

    async def sign(self, request: Outgoing) -> None:
        """Add the header.

        Raises:
            CallerTokenNotAllowed: It would go to a host that is not named. Nothing is sent then.
            UrlRefused: The address is not written plainly.
        """
        origin = origin_of(request.url)
        if not any(each.matches(origin) for each in self.hosts):
            raise _refused(origin, "it is not among the hosts that take tokens of callers")
        if origin.scheme != "https" and not is_loopback(origin.host):
            raise _refused(origin, "it would be sent without encryption")
        request.headers["Authorization"] = f"Bearer {self.token.reveal()}"

    async def on_refused(self, answer: Answer) -> bool:
        """`False`: the caller has no other."""
        return False

    def masked(self) -> CallerToken:
        """`Bearer ********`, for the same hosts."""
        return replace(self, token=Secret(MASK))


def caller_token(principal: Principal, hosts: tuple[TokenHost, ...], *, chosen_by: str | None) -> CallerToken:
    """The token that the caller came with. Whose connector it goes to is the caller's to decide, or an administrator's.

    Args:
        chosen_by: The user that decides where it would be sent; `None` where that is whoever runs the installation.

    Raises:
        CredentialMissing: The caller came with a token of Jackfield, with a session, or with none.
        SecretNotAllowed: Another user has set the connector up, and no administrator has approved it.
    """
    if principal.bearer is None:
        hint = "call the server with a token of the issuer in `JACKFIELD_OIDC_ISSUER`; others are never forwarded"
        raise CredentialMissing(what="the caller's token", searched=["this call"], hint=hint)
    if chosen_by not in {None, principal.id}:
        raise SecretNotAllowed(secret="caller's token")  # noqa: S106 - what it is called
    return CallerToken(principal.bearer, hosts)


def _refused(origin: Origin, reason: str) -> CallerTokenNotAllowed:
    return CallerTokenNotAllowed(host=host_and_port(origin.host, origin.port), reason=reason, setting=SETTING)


def _parsed(entry: str) -> TokenHost:
    host, colon, port = entry.rpartition(":")
    if not colon or not port.isdigit():  # of an address in brackets, the part behind the last colon ends in one
        host, port = entry, ""
    below = host.startswith("*.")
    try:
        parsed = parse_host(host.removeprefix("*."))
    except HostInvalid as error:
        raise AllowEntryInvalid(entry=entry, reason=f"is not a host: {error}") from None
    if below and (not isinstance(parsed, str) or "." not in parsed):
        raise AllowEntryInvalid(entry=entry, reason="opens more than the hosts of one owner")
    return TokenHost(host=str(parsed), below=below, port=int(port) if port else None)
