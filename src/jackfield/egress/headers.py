"""Which request headers may be sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from multidict import CIMultiDict

from jackfield.egress.errors import HeaderRefused

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

# Who sets these decides where a message ends or which server reads it (RFC 9110, section 7.6.1).
_OURS = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "te",
        "trailer",
        "upgrade",
        "keep-alive",
        "expect",
        "http2-settings",
    }
)

_SAFE_ANYWHERE = frozenset(
    {"accept", "accept-encoding", "accept-language", "content-encoding", "content-language", "content-type"}
    | {"range", "user-agent"}
)

_ABOUT_THE_BODY = frozenset({"content-encoding", "content-language", "content-location", "content-type"})


@lru_cache(maxsize=1024)
def _name_fault(name: str) -> str:
    if not _TOKEN.fullmatch(name):
        return "its name has characters that names cannot have"
    lower = name.lower()
    if lower in _OURS or lower.startswith("proxy-"):
        return "it belongs to the connection"
    return ""


def check(name: str, value: str) -> None:
    """Do nothing for a header that callers and credentials may set.

    Values are printable ASCII, spaces and tabs: what cannot break a line cannot start another request.

    Raises:
        HeaderRefused: The name or the value may not be sent. The value is not in the message.
    """
    fault = _name_fault(name)
    if fault:
        raise HeaderRefused(name=ascii(name)[1:-1][:100], reason=fault)
    if not isinstance(value, str):
        raise HeaderRefused(name=name, reason="its value is not text")
    if not (value.isascii() and (value.isprintable() or value.replace("\t", "").isprintable())):
        raise HeaderRefused(name=name, reason="its value has control characters or is not ASCII")


def merge(*layers: Mapping[str, str] | None) -> CIMultiDict[str]:
    """The headers of all `layers`; a later one replaces an earlier one of the same name.

    Raises:
        HeaderRefused: A header may not be sent.
    """
    merged: CIMultiDict[str] = CIMultiDict()
    for layer in layers:
        if layer:
            for name, value in layer.items():
                check(name, value)
                merged[name] = value
    return merged


def for_other_origin(headers: Mapping[str, str]) -> dict[str, str]:
    """What survives a redirect to another origin: nothing that could be a credential under any name."""
    return {name: value for name, value in headers.items() if name.lower() in _SAFE_ANYWHERE}


def without_body(headers: Mapping[str, str]) -> dict[str, str]:
    """`headers` for a request that lost its body."""
    return {name: value for name, value in headers.items() if name.lower() not in _ABOUT_THE_BODY}
