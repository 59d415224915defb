"""Bodies of several parts, as bytes.

Source: RFC 7578 (multipart/form-data) and RFC 2046, section 5.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

# URL Standard has no say here; HTML, section 4.10.21.8 (multipart form data), escapes these and nothing else.
_NAME = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a body.

    Attributes:
        media_type: Empty for plain text, which needs none. It ends no line, nor does any of `headers`.
        filename: Of a part that servers should take as a file.
    """

    name: str
    content: bytes
    media_type: str = ""
    filename: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def joined(parts: Sequence[Part], *, media_type: str = "multipart/form-data") -> tuple[bytes, str]:
    """The body, and its media type with the boundary.

    Args:
        parts: In their order.
        media_type: Of the family, without parameters.
    """
    written = [_head(part) + b"\r\n\r\n" + part.content for part in parts]
    boundary = _boundary(written)
    line = b"--" + boundary.encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in written) + line + b"--\r\n"
    return body, f"{media_type}; boundary={boundary}"


def _head(part: Part) -> bytes:
    disposition = f'form-data; name="{part.name.translate(_NAME)}"'
    if part.filename:
        disposition += f'; filename="{part.filename.translate(_NAME)}"'
    lines = {"Content-Disposition": disposition}
    if part.media_type:
        lines["Content-Type"] = part.media_type
    own = {name: text for name, text in part.headers.items() if name.title() not in lines}
    return "\r\n".join(f"{name}: {text}" for name, text in {**lines, **own}.items()).encode()


def _boundary(parts: list[bytes]) -> str:
    """One that no part holds. Made of the parts, so that equal requests have equal bytes."""
    digest = sha256()
    for part in parts:
        digest.update(part)
    boundary = digest.hexdigest()[:32]
    while any(boundary.encode() in part for part in parts):
        digest.update(b"-")
        boundary = digest.hexdigest()[:32]
    return boundary
