"""The only code that opens a socket to a service."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, TypeAlias

from jackfield.egress.addresses import Address
from jackfield.egress.errors import UrlRefused
from jackfield.egress.policy import Policy
from jackfield.egress.urls import host_and_port


class Judged(str):
    """An address literal that came out of a lookup which the policy allowed.

    It travels through the connector as the text it is, so the socket can tell an answer of our own lookup from
    a literal that arrived in any other way, and need not trust a table of addresses that were once allowed.
    """

    __slots__ = ("policy", "port")

    def __new__(cls, address: Address, *, port: int, policy: Policy) -> Judged:
        literal = super().__new__(cls, str(address))
        literal.port, literal.policy = port, policy
        return literal

    port: int
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """An address that a socket may connect to."""

    address: Address
    port: int


class PinnedSocket(socket.socket):
    """A non-blocking TCP socket that connects to the one address it was opened for, and to no other."""

    def __init__(self, approved: Approved) -> None:
        family = socket.AF_INET6 if approved.address.version == 6 else socket.AF_INET
        super().__init__(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.setblocking(False)
        self._approved = approved

    def connect(self, address: Any) -> None:
        """Connect, if `address` is the approved one.

        Event loops may look an address up again on their way here; whatever they found, this is the last word.

        Raises:
            UrlRefused: `address` is another one.
        """
        self.check(address)
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        """As `connect`, but errors of the system are returned."""
        self.check(address)
        return super().connect_ex(address)

    def check(self, address: Any) -> None:
        """Do nothing if `address` is the approved one.

        Raises:
            UrlRefused: It is another one.
        """
        host, port = address[0], address[1]
        if ip_address(host) != self._approved.address or port != self._approved.port:
            raise UrlRefused(url=host_and_port(str(host), port), reason="it is not the address that was judged")


OpenSocket: TypeAlias = Callable[[Approved], socket.socket]


def approve(policy: Policy, host: str, port: int) -> Approved:
    """Judge the address literal that a connection is about to use.

    Raises:
        UrlRefused: The policy forbids it.
    """
    address = ip_address(host)
    trusted = isinstance(host, Judged) and host.port == port and host.policy is policy
    reason = "" if trusted else policy.objection(address, port)
    if reason:
        raise UrlRefused(url=host_and_port(str(host), port), reason=reason)
    return Approved(address=address, port=port)
