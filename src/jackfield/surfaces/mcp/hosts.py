"""Which names a server may be called by.

A page can let the name of its own site lead to this machine, and then speaks to this server as if it were its own
(DNS rebinding). An address cannot be made to lead elsewhere, and `localhost` is nobody's; any other name has to be set.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from jackfield.surfaces.mcp.errors import HostRefused

LOCALHOST = "localhost"


class Hosts:
    """The names that are this server's."""

    def __init__(self, names: Iterable[str]) -> None:
        """Args:
        names: Beside `localhost` and all addresses, without ports.
        """
        self._names = frozenset(name.lower().strip("[]") for name in names if name) | {LOCALHOST}

    def check(self, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The `Host` of a request that came to this server, and not from another's page.

        Raises:
            HostRefused: It was meant for another, or comes from a page of another.
        """
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        if len(hosts) != 1 or not self._knows(f"http://{hosts[0]}"):
            raise HostRefused(header="Host", given=hosts[0] if hosts else "")
        for name, value in headers:
            if name == b"origin" and not self._knows(value.decode("latin-1")):
                raise HostRefused(header="Origin", given=value.decode("latin-1"))
        return hosts[0]

    def _knows(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            name = (parts.hostname or "").rstrip(".")
            _ = parts.port  # one that is no number
        except ValueError:
            return False
        if parts.scheme not in {"http", "https"} or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
            return False
        return name in self._names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
