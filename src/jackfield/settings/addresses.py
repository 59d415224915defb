"""Which addresses nobody on the way can read or change."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_confidential(url: str) -> bool:
    """Whether requests for `url` are encrypted, or do not leave this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def is_loopback(host: str) -> bool:
    """Whether `host`, an address without brackets or a name, can only be this machine.

    `localhost` is meant to be nothing else, and egress connects to it only where an administrator has opened it.

    Source: RFC 6761, section 6.3.
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
