"""A checked connection for protocols that are not HTTP: database drivers, LDAP, WebSocket clients."""

from __future__ import annotations

import asyncio
import socket

from jackfield.egress.errors import Unreachable, UrlRefused, timed_out
from jackfield.egress.hosts import HostInvalid, is_local_name, parse_host
from jackfield.egress.policy import Policy
from jackfield.egress.resolver import JudgingResolver, Lookup, SystemLookup
from jackfield.egress.sockets import OpenSocket, PinnedSocket, approve
from jackfield.egress.urls import host_and_port
from jackfield.errors import JackfieldError


async def connect(
    host: str,
    port: int,
    *,
    policy: Policy,
    timeout_s: float,
    lookup: Lookup | None = None,
    open_socket: OpenSocket = PinnedSocket,
) -> socket.socket:
    """A connected, non-blocking TCP socket, judged as a URL to the same place would be. The caller closes it.

    The addresses of a name are tried in the order of the answer.

    Args:
        host: A name, an IPv4 address, or an IPv6 address with or without brackets.
        port: 1 to 65535. Policies open web ports; a database's needs an allow entry, or a policy with its port.
        policy: What the address is judged by.
        timeout_s: Seconds for the look-up and all attempts.
        lookup: Finds the addresses of a name; the operating system's by default.
        open_socket: As for `Pools`.

    Raises:
        UrlRefused: The policy forbids the address.
        Unreachable: The name has no address, or none accepted the connection.
        CallTimeout: Neither in time.
    """
    own_lookup: SystemLookup | None = None
    if lookup is None:
        lookup = own_lookup = SystemLookup()
    resolver = JudgingResolver(policy=policy, lookup=lookup)
    try:
        async with asyncio.timeout(timeout_s):
            return await _first(await _addresses(host, port, policy, resolver), host, port, policy, open_socket)
    except TimeoutError:
        raise timed_out(timeout_s=timeout_s, doing=f"connecting to {host_and_port(host, port)}", sent="no") from None
    finally:
        if own_lookup is not None:
            own_lookup.close()


async def _addresses(host: str, port: int, policy: Policy, resolver: JudgingResolver) -> list[str]:
    shown = host_and_port(ascii(host)[1:-1], port)
    try:
        parsed = parse_host(f"[{host}]" if ":" in host and not host.startswith("[") else host)
    except HostInvalid as fault:
        raise UrlRefused(url=shown, reason=str(fault), hint="write the host plainly") from None
    if not 0 < port < 65_536:
        raise UrlRefused(url=shown, reason="the port is not a number from 1 to 65535")
    if not isinstance(parsed, str):
        return [str(parsed)]
    if is_local_name(parsed) and not policy.names_host(parsed, port):
        raise UrlRefused(url=shown, reason=f"`{parsed}` is a name of private networks")
    try:
        return list(await resolver.addresses(parsed, port))
    except TimeoutError:
        raise
    except OSError:
        raise Unreachable(host=parsed, port=port, reason="the name has no address") from None


async def _first(addresses: list[str], host: str, port: int, policy: Policy, open_socket: OpenSocket) -> socket.socket:
    failure: JackfieldError = Unreachable(host=host, port=port, reason="the name has no address")
    for address in addresses:
        opened = open_socket(approve(policy, address, port))
        try:
            await asyncio.get_running_loop().sock_connect(opened, (address, port))
        except TimeoutError:
            opened.close()
            failure = Unreachable(host=host, port=port, reason="it did not answer in time")
        except OSError as error:
            opened.close()
            failure = Unreachable(host=host, port=port, reason=(error.strerror or "the connection failed").lower())
        except BaseException:
            opened.close()
            raise
        else:
            return opened
    raise failure
