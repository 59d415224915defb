"""What media types say about how a value is written."""

from __future__ import annotations

from collections.abc import Mapping

from jackfield.definition.openapi.media_types import essence, is_range, kind_of

_MAGIC: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
}

OCTETS = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"


def is_json(media_type: str) -> bool:
    """Whether values of that type are JSON. A `*/*` can be it."""
    return kind_of(media_type) == "json"


def is_form(media_type: str) -> bool:
    """Whether values of that type are forms as browsers send them."""
    return kind_of(media_type) == "form"


def is_multipart(media_type: str) -> bool:
    """Whether values of that type have parts."""
    return kind_of(media_type) == "multipart"


def is_xml(media_type: str) -> bool:
    """Whether values of that type are XML."""
    kind = essence(media_type)
    return kind in {"application/xml", "text/xml"} or kind.endswith("+xml")


def concrete(media_type: str, content: bytes, *, usual: str = OCTETS) -> str:
    """`media_type`, or what `content` is where it says `image/*` or `*/*`."""
    if not is_range(essence(media_type)) and "/" in media_type:
        return media_type
    family = essence(media_type).partition("/")[0]
    guess = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), "")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        guess = "image/webp"
    return guess if guess and family in {"*", "", guess.partition("/")[0]} else usual
