"""Judge a URL as it is written, before any library reads it.

Parsers disagree about what they repair (tabs, backslashes, user information, full-width digits), so nothing is
repaired here: one strict reading, or a refusal. This gives early, readable errors; the socket judges again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from yarl import URL

from jackfield.egress.addresses import Address
from jackfield.egress.errors import UrlRefused
from jackfield.egress.hosts import HostInvalid, is_local_name, parse_host
from jackfield.egress.policy import Policy

MAX_LENGTH = 65_536

_DEFAULT_PORTS = {"http": 80, "https": 443}

# RFC 3986 characters only: what matches goes on the wire byte for byte, so that a signature stays valid.
_PLAIN = re.compile(
    r"(https?)://([A-Za-z0-9.:-]+)(/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?(\?[A-Za-z0-9._~!$&'()*+,;=:@/?%\[\]-]*)?"
)
_SPLIT = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.DOTALL)
_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PATH_SAFE = "!$&'()*+,;=:@/%"
_QUERY_SAFE = _PATH_SAFE + "?[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Scheme, host and port that passed the policy.

    Attributes:
        host: As it is sent: a lower-case ASCII name or an address (IPv6 without brackets).
        prefix: `https://host`, with the port unless it is the scheme's default. Equal for equal origins.
    """

    scheme: str
    host: str
    port: int
    prefix: str


class Target(NamedTuple):
    """A URL that may be requested."""

    url: URL
    origin: Origin
    shown: str
    """Without query and fragment."""


class Judge:
    """Judges URLs by one policy; the verdict on an origin is remembered."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._origin = lru_cache(maxsize=4096)(self._judge_origin)
        self._remembered = lru_cache(maxsize=1024)(self._judge)

    def __call__(self, url: str) -> Target:
        """The request target that `url` names.

        Raises:
            UrlRefused: The URL is not written plainly, or names an address that the policy forbids.
        """
        # A query is rarely the same twice, and may hold secrets: it is not kept.
        return self._judge(url) if "?" in url else self._remembered(url)

    def _judge(self, url: str) -> Target:
        scheme, authority, path, query = _taken_apart(url)
        try:
            origin = self._origin(scheme, authority)
        except HostInvalid as fault:
            raise UrlRefused(url=shown(url), reason=str(fault), hint="write the host plainly") from None
        address = f"{origin.prefix}{path}"
        return Target(URL(f"{address}{query}", encoded=True), origin, address)

    def _judge_origin(self, scheme: str, authority: str) -> Origin:
        policy = self._policy
        if scheme not in policy.schemes or scheme not in _DEFAULT_PORTS:
            raise UrlRefused(url=f"{scheme}:", reason=f"only {' and '.join(sorted(policy.schemes))} URLs are called")
        host, origin = _read_origin(scheme, authority)
        port = origin.port
        reason = _name_objection(policy, host, port) if isinstance(host, str) else policy.objection(host, port)
        if reason:
            raise UrlRefused(url=origin.prefix, reason=reason)
        return origin


class OnTheWire(NamedTuple):
    """A URL as the service will read it, for what signs it. No policy has judged it."""

    origin: Origin
    path: str
    query: str
    """Without its question mark."""

    @property
    def host(self) -> str:
        """The `Host` header."""
        return self.origin.prefix.partition("//")[2]

    @property
    def target(self) -> str:
        """Path and query, as the first line of the request has them."""
        return f"{self.path}?{self.query}" if self.query else self.path


def on_the_wire(url: str, pairs: Sequence[tuple[str, str]] = ()) -> OnTheWire:
    """`url`, with `pairs` added to its query, as it goes out.

    Raises:
        UrlRefused: It is not written plainly.
    """
    scheme, authority, path, query = _taken_apart(with_query(url, pairs))
    if scheme not in _DEFAULT_PORTS:
        raise UrlRefused(url=f"{scheme}:", reason="only http and https URLs are called")
    try:
        _, origin = _read_origin(scheme, authority)
    except HostInvalid as fault:
        raise UrlRefused(url=shown(url), reason=str(fault), hint="write the host plainly") from None
    return OnTheWire(origin, path, query[1:])


def origin_of(url: str) -> Origin:
    """Where a request for `url` goes, read as it is when it is sent. Whether it may go there is not said.

    Raises:
        UrlRefused: It is not written plainly, so it is never sent.
    """
    return on_the_wire(url).origin


def with_query(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """`url` with `pairs` added to its query, everything outside the unreserved characters percent-encoded.

    Raises:
        UrlRefused: A value holds a lone surrogate, which has no encoding.
    """
    if not pairs:
        return url
    url = url.partition("#")[0]
    joint = "?" if "?" not in url else "" if url.endswith(("?", "&")) else "&"
    try:
        return url + joint + "&".join([f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs])
    except UnicodeEncodeError:
        raise UrlRefused(
            url=shown(url), reason="a query value is not valid Unicode", hint="send text without lone surrogates"
        ) from None


def without_query_names(url: str, names: frozenset[str]) -> str:
    """`url` without the query parameters called `names`, which hold secrets."""
    if not names or "?" not in url:
        return url
    base, _, rest = url.partition("?")
    query, mark, fragment = rest.partition("#")
    kept = "&".join(part for part in query.split("&") if URL(f"/?{part}").query.keys().isdisjoint(names))
    return base + ("?" + kept if kept else "") + mark + fragment


def shown(url: str) -> str:
    """`url` as messages show it: without user information, query and fragment, control characters escaped."""
    text = re.split(r"[?#]", url, maxsplit=1)[0]
    scheme, slashes, rest = text.partition("//")
    authority, slash, path = rest.partition("/")
    if slashes and authority:
        text = scheme + slashes + authority.rpartition("@")[2] + slash + path
    else:
        text = text.rpartition("@")[2]
    text = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return text if len(text) <= 300 else f"{text[:300]}…"


def host_and_port(host: str, port: int) -> str:
    """`host:port`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _taken_apart(url: str) -> tuple[str, str, str, str]:
    """Scheme, authority, path and query (with its question mark) in the characters that go on the wire."""
    plain = _PLAIN.fullmatch(url)
    if plain is not None and len(url) <= MAX_LENGTH:
        scheme, authority, path, query = plain.groups("")
    else:
        parts = _SPLIT.fullmatch(url)
        fault = _fault(url, parts)
        if parts is None or fault:
            raise UrlRefused(url=shown(url), reason=fault, hint="write an address like `https://host/path`")
        scheme, authority, path, query = parts.groups("")
        scheme, path, query = scheme.lower(), _quoted(path, _PATH_SAFE), _quoted(query, _QUERY_SAFE)
    if "%" in path or "%" in query:
        path, query = _STRAY_PERCENT.sub("%25", path), _STRAY_PERCENT.sub("%25", query)
    return scheme, authority, path or "/", query


def _fault(url: str, parts: re.Match[str] | None) -> str:
    if len(url) > MAX_LENGTH:
        return f"it is longer than {MAX_LENGTH} characters"
    if any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in url):
        return "it has control characters"
    if url != url.strip():
        return "it begins or ends with white space"
    if not url.isascii() and any(0xD800 <= ord(char) < 0xE000 for char in url):
        return "it is not valid Unicode"
    if parts is None:
        return "it is not a complete address"
    return "its path has a backslash" if "\\" in parts[3] else _authority_fault(parts[2])


def _authority_fault(authority: str) -> str:
    if "@" in authority:
        return "it has user information"
    if not authority:
        return "it has no host"
    for char in authority:
        if char in "\\%" or char.isspace() or not char.isprintable():
            return "its host has a backslash, a percent sign or white space"
    return ""


def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe) if text else text


def _split_authority(authority: str, default_port: int) -> tuple[str, int]:
    host, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        return authority, default_port
    if not _PORT.fullmatch(port) or int(port) > 65_535:
        raise HostInvalid("the port is not a number from 1 to 65535")
    if ":" in host and not host.startswith("["):
        raise HostInvalid("an IPv6 address needs brackets")
    return host, int(port)


def _read_origin(scheme: str, authority: str) -> tuple[Address | str, Origin]:
    """Raises HostInvalid."""
    host_text, port = _split_authority(authority, _DEFAULT_PORTS[scheme])
    host = parse_host(host_text)
    return host, _origin(scheme, host, port)


def _origin(scheme: str, host: Address | str, port: int) -> Origin:
    text = f"[{host}]" if not isinstance(host, str) and host.version == 6 else str(host)
    prefix = f"{scheme}://{text}" if port == _DEFAULT_PORTS[scheme] else f"{scheme}://{text}:{port}"
    read = URL(f"{prefix}/", encoded=True)
    if (read.scheme, read.raw_host, read.port) != (scheme, str(host), port):
        # The library that opens the connection must read the same host as we did.
        raise HostInvalid("the host can be read in two ways")
    return Origin(scheme=scheme, host=str(host), port=port, prefix=prefix)


def _name_objection(policy: Policy, host: str, port: int) -> str:
    if policy.names_host(host, port):
        return ""
    if is_local_name(host):
        return f"`{host}` is a name of private networks"
    return "" if policy.may_open_port(port) else f"port {port} is not open"
