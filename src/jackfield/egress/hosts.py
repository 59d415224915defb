"""How a host may be written. One spelling per host, so that nobody reads it differently than we do."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import idna

from jackfield.egress.addresses import Address

_MAX_LENGTH = 254  # 253, and a final dot
_QUAD = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x.*", re.DOTALL)
_LOCAL_SUFFIXES = frozenset({"localhost", "local", "internal", "localdomain", "arpa", "svc", "onion"})


class HostInvalid(ValueError):
    """A host is written in a way that is not accepted; the words say why."""


def parse_host(text: str) -> Address | str:
    """The address or the lower-case ASCII name that `text` spells.

    Accepted are strict dotted quads, `[v6]` in brackets without a zone, and names. A name outside ASCII must be
    valid IDNA 2008 as it stands: mappings (full-width digits, other dots, capitals) are refused, not applied.
    One trailing dot on a name is dropped.

    Raises:
        HostInvalid: Anything else.
    """
    if len(text) > _MAX_LENGTH:
        # Before IDNA, whose tables are slow on long input.
        raise HostInvalid("the host name is too long")
    if text.startswith("["):
        return _bracketed(text)
    if _QUAD.fullmatch(text):
        return _quad(text)
    return _name(text)


def is_local_name(name: str) -> bool:
    """Whether `name` can only mean something inside a private network.

    True for names of one label and for `localhost`, `.local`, `.internal`, `.localdomain`, `.arpa`, `.svc`,
    `.cluster.local` and `.onion`.
    """
    first, dot, rest = name.rpartition(".")
    return not dot or not first or rest in _LOCAL_SUFFIXES


def _bracketed(text: str) -> IPv6Address:
    if not text.endswith("]") or "%" in text:
        raise HostInvalid("the address in brackets is not a plain IPv6 address")
    try:
        return IPv6Address(text[1:-1])
    except AddressValueError:
        raise HostInvalid("the address in brackets is not a plain IPv6 address") from None


def _quad(text: str) -> IPv4Address:
    try:
        return IPv4Address(text)
    except AddressValueError:
        raise HostInvalid("a number of the address is above 255") from None


def _name(text: str) -> str:
    name = text.lower() if text.isascii() else text
    bare = name.removesuffix(".")
    labels = bare.split(".")
    if "" in labels:
        raise HostInvalid("the host name is empty or has an empty label")
    if _NUMBER.fullmatch(labels[-1]):
        # inet_aton reads 127.1, 2130706433 and 0x7f.1 as addresses; resolvers differ.
        raise HostInvalid("the host ends in a number but is not an address of four decimal parts")
    if name != bare and is_local_name(bare):
        raise HostInvalid("the host name ends with a dot")
    ascii_name = _idna(bare) if not bare.isascii() or "xn--" in bare else bare
    if len(ascii_name) > 253 or not all(_LABEL.fullmatch(label) for label in ascii_name.split(".")):
        raise HostInvalid("the host name has characters or a length that names cannot have")
    return ascii_name


def _idna(name: str) -> str:
    try:
        return idna.encode(name, strict=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise HostInvalid("the host name is not valid IDNA 2008") from None
