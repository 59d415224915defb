"""Which media types an operation understands in an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jackfield.definition.openapi.media_types import essence
from jackfield.execution.openapi.media import is_json

_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def accept_header(accept: Sequence[str]) -> str:
    """The header: JSON before all else, for a service that has several. Empty where the document says nothing.

    Source: RFC 9110, section 12.5.1.
    """
    known = list(dict.fromkeys(media_type.strip() for media_type in accept if _is_type(media_type)))
    first = [media_type for media_type in known if is_json(media_type) and "*" not in media_type]
    if not first:
        return ", ".join(known)
    return ", ".join([*first, *(f"{media_type};q=0.5" for media_type in known if media_type not in first)])


def _is_type(text: str) -> bool:
    return text.isascii() and text.strip().isprintable() and _TYPE.fullmatch(essence(text)) is not None


def names_type(accept: Sequence[str], media_type: str) -> bool:
    """Whether `accept` has exactly that media type, parameters apart."""
    return essence(media_type) in {essence(other) for other in accept}


def expects_json(accept: Sequence[str]) -> bool:
    """Whether an answer may be JSON."""
    return any(is_json(media_type) for media_type in accept)
