"""Which addresses may be reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, NetmaskValueError, ip_network

from jackfield.egress.addresses import Address, Network, kind_of
from jackfield.egress.errors import AllowEntryInvalid
from jackfield.egress.hosts import HostInvalid, parse_host

DEFAULT_PORTS = frozenset({80, 443, 8080, 8443})
MIB = 1024 * 1024

_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowEntry:
    """One exception to the rules.

    Attributes:
        opens: A host name, or a network. A host opens whatever private address the name resolves to.
        exact: The entry names one address, not a network; only such an entry opens a metadata address.
        port: The port that is opened; `None` opens every port.
    """

    opens: str | Network
    exact: bool = False
    port: int | None = None

    def matches_host(self, host: str, port: int) -> bool:
        """Whether this entry names `host`, for `port`."""
        return self.opens == host and self.port in {None, port}

    def matches_address(self, address: Address, port: int) -> bool:
        """Whether this entry covers `address`, for `port`."""
        return not isinstance(self.opens, str) and address in self.opens and self.port in {None, port}

    def __str__(self) -> str:
        """As `parse_allow` reads it."""
        text = str(self.opens)
        if not isinstance(self.opens, str) and self.exact:
            text = str(self.opens.network_address)
        if self.port is None:
            return text
        return f"[{text}]:{self.port}" if ":" in text else f"{text}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which addresses may be reached, and how much of an answer is taken. Connections are pooled per policy.

    Attributes:
        schemes: URL schemes.
        ports: Ports that are open on public addresses; allow entries open their own.
        allow: Exceptions, of `parse_allow`.
        max_body_bytes: Cap on an answer, before and after decompression.
        max_redirects: Hops that are followed.
    """

    schemes: frozenset[str] = frozenset({"http", "https"})
    ports: frozenset[int] = DEFAULT_PORTS
    allow: tuple[AllowEntry, ...] = ()
    max_body_bytes: int = 16 * MIB
    max_redirects: int = 5

    def names_host(self, host: str, port: int) -> bool:
        """Whether an allow entry names `host` itself."""
        return any(entry.matches_host(host, port) for entry in self.allow)

    def may_open_port(self, port: int) -> bool:
        """Whether some address could be reached at `port`; which one is known after the name is resolved."""
        return port in self.ports or any(
            entry.port in {None, port} for entry in self.allow if not isinstance(entry.opens, str)
        )

    def objection(self, address: Address, port: int, *, host: str = "") -> str:
        """Why `address` may not be reached at `port`, or nothing if it may.

        Args:
            address: The very address that is about to be connected.
            port: The port there.
            host: The name that resolved to it, if any.
        """
        kind = kind_of(address)
        if kind == "never":
            return f"the address {address} is reserved, or hides another address"
        named = any(entry.matches_address(address, port) for entry in self.allow if entry.exact)
        if named:
            return ""
        if kind == "metadata":
            return f"{address} is a metadata or link-local address"
        if self._opened(address, port, host):
            return ""
        if kind == "private":
            return f"{address} is not a public address"
        return "" if port in self.ports else f"port {port} is not open"

    def _opened(self, address: Address, port: int, host: str) -> bool:
        return any(
            entry.matches_address(address, port) or (host != "" and entry.matches_host(host, port))
            for entry in self.allow
        )


def parse_allow(text: str) -> tuple[AllowEntry, ...]:
    """The entries of a comma-separated list, for example `10.0.0.0/8, db.corp.example:5432, [fd00::5]:8080`.

    Raises:
        AllowEntryInvalid: An entry is not an address, a network or a host, or can never be opened.
    """
    return tuple(_parse_entry(part.strip()) for part in text.split(",") if part.strip())


def _parse_entry(entry: str) -> AllowEntry:
    if "@" in entry:
        raise AllowEntryInvalid(entry=f"…@{entry.rpartition('@')[2]}", reason="holds user information")
    if "/" in entry:
        return AllowEntry(opens=_network(entry))
    host, port = _split_port(entry)
    try:
        parsed = parse_host(f"[{host}]" if ":" in host and not host.startswith("[") else host)
    except HostInvalid as error:
        raise AllowEntryInvalid(entry=entry, reason=f"is not a host: {error}") from None
    if isinstance(parsed, str):
        return AllowEntry(opens=parsed, port=port)
    if kind_of(parsed) == "never":
        raise AllowEntryInvalid(entry=entry, reason="is an address that is never opened")
    return AllowEntry(opens=ip_network(parsed), exact=True, port=port)


def _network(entry: str) -> Network:
    try:
        return ip_network(entry)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise AllowEntryInvalid(
            entry=entry, reason="is not a network (its host bits must be zero, and it takes no port)"
        ) from None


def _split_port(entry: str) -> tuple[str, int | None]:
    host, colon, port = entry.rpartition(":")
    bare_v6 = ":" in host and not (host.startswith("[") and host.endswith("]"))
    if not colon or bare_v6 or entry.endswith("]"):
        return entry, None
    if not _PORT.fullmatch(port) or int(port) > 65_535:
        raise AllowEntryInvalid(entry=entry, reason="does not end in a port from 1 to 65535")
    return host, int(port)
