"""Percent-encoding, for each place of a request."""

from __future__ import annotations

import re
from urllib.parse import quote

from jackfield.execution.errors import ParamUnplaceable
from jackfield.execution.openapi.styles import Pair

# RFC 3986, section 2.2 (reserved), without `#`, `[` and `]`, which a query may not hold, and without `&` and `+`,
# which servers read as the end of a value and as a space. Source: OpenAPI 3.1.1, section 4.8.12.2 (allowReserved).
_RESERVED = ":/?@!$'()*,;="
_TRIPLE = re.compile(r"(%[0-9A-Fa-f]{2})")

# RFC 6265, section 4.1.1 (cookie-octet) without `%`, which encodes all else.
_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
# RFC 9110, section 5.6.2 (token), likewise.
_COOKIE_NAME = "!#$&'*+-.^_`|~"


def strictly(text: str) -> str:
    """`text` with everything encoded outside the unreserved characters.

    Source: RFC 3986, section 2.3.
    """
    return quote(text, safe="")


def reserved_kept(text: str, *, apart_from: str = "") -> str:
    """`text` with reserved characters and percent-encoded ones as they are.

    Args:
        apart_from: The delimiter of a list: inside an item it is encoded.
    """
    safe = _RESERVED.replace(apart_from, "") if apart_from else _RESERVED
    return "".join(part if _TRIPLE.fullmatch(part) else quote(part, safe=safe) for part in _TRIPLE.split(text))


def query_part(pair: Pair, *, allow_reserved: bool) -> str:
    """`name=value`, as it stands in a query. A comma between items stays one, as the specification shows it."""
    delimiter = "," if pair.delimiter == "," else strictly(pair.delimiter)
    if allow_reserved:
        apart_from = pair.delimiter if len(pair.texts) > 1 else ""
        texts = [reserved_kept(text, apart_from=apart_from) for text in pair.texts]
    else:
        texts = [strictly(text) for text in pair.texts]
    return f"{strictly(pair.name)}={delimiter.join(texts)}"


def form_part(pair: Pair) -> str:
    """`name=value` of a form. Spaces are `%20`, which every server reads, and not `+`, which some do not.

    A comma between items stays one, as in a query: whoever splits before decoding can tell it from one inside an item.

    Source: OpenAPI 3.1.1, section 4.8.15.1.2 (`style` follows query parameters), and appendix E.
    """
    return query_part(pair, allow_reserved=False)


def cookie_part(pair: Pair) -> str:
    """`name=value`, as it stands in a `Cookie` header."""
    value = pair.delimiter.join(quote(text, safe=_COOKIE) for text in pair.texts)
    return f"{quote(pair.name, safe=_COOKIE_NAME)}={value}"


def header_text(text: str, *, param: str, place: str = "headers") -> str:
    """`text` as a header: it is never percent-encoded, so it is sent as it is or not at all.

    Raises:
        ParamUnplaceable: It would end the header, or services would not agree on how to read it.
    """
    if text.isascii() and text.replace("\t", "").isprintable():
        return text
    if text.isascii():
        reason, hint = "it holds a control character", "remove line ends and other control characters"
    else:
        reason = "it holds characters outside ASCII"
        hint = "encode it as the service documents it, with percent-encoding for example"
    raise ParamUnplaceable(param=param, place=place, reason=reason, hint=hint)
