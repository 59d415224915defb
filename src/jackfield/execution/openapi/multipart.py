"""Bodies of several parts.

Source: RFC 7578 (multipart/form-data), RFC 2046, section 5.1, and OpenAPI 3.1.1, section 4.8.15 (Encoding Object).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from mimetypes import guess_extension
from typing import Any

from jackfield.definition.openapi.media_types import essence
from jackfield.definition.openapi.plan import PartPlan
from jackfield.execution.openapi import styles
from jackfield.execution.openapi.encoding import header_text
from jackfield.execution.openapi.media import OCTETS, TEXT, concrete, is_json
from jackfield.execution.openapi.texts import decoded, to_bytes
from jackfield.execution.values import as_text

# URL Standard has no say here; HTML, section 4.10.21.8 (multipart form data), escapes these and nothing else.
_NAME = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a body.

    Attributes:
        media_type: Empty for plain text, which needs none.
        filename: Of a part that servers should take as a file.
    """

    name: str
    content: bytes
    media_type: str = ""
    filename: str = ""
    headers: Mapping[str, str]


def write_multipart(
    value: Mapping[str, Any], plans: Mapping[str, PartPlan], *, media_type: str, names: Mapping[str, str]
) -> tuple[bytes, str]:
    """The body, and its media type with the boundary.

    Args:
        value: The properties by name on the wire.
        plans: Of those that the document says something about.
        media_type: `multipart/form-data`, or another one of the family.
        names: Names of the params, for messages, by name on the wire.

    Raises:
        ParamUnplaceable: A value cannot be written as its part has it.
    """
    parts = [
        part
        for name, member in value.items()
        for part in _parts(name, member, plans.get(name, PartPlan()), param=names.get(name, name))
    ]
    written = [_head(part) + b"\r\n\r\n" + part.content for part in parts]
    boundary = _boundary(written)
    line = b"--" + boundary.encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in written) + line + b"--\r\n"
    return body, f"{essence(media_type)}; boundary={boundary}"


def _parts(name: str, value: Any, plan: PartPlan, *, param: str) -> Iterator[Part]:
    name = as_text(name, param=param, place="body")
    if plan.style is not None and not plan.binary:
        found = styles.pairs(name, value, style=plan.style, explode=plan.explode, param=param, place="body")
        for pair in found:
            yield Part(name=pair.name, content=pair.text.encode(), headers=plan.headers)
        return
    for item in value if isinstance(value, list | tuple) else [value]:
        if item is not None or (plan.media_types and is_json(plan.media_types[0])):
            yield _file(name, item, plan, param) if plan.binary else _field(name, item, plan, param)


def _field(name: str, value: Any, plan: PartPlan, param: str) -> Part:
    usual = "application/json" if isinstance(value, Mapping | list) else ""
    media_type = plan.media_types[0] if plan.media_types else usual
    if "*" in media_type:
        media_type = usual
    content = to_bytes(value, media_type=media_type or TEXT, param=param)
    return Part(name=name, content=content, media_type=media_type, headers=plan.headers)


def _file(name: str, value: Any, plan: PartPlan, param: str) -> Part:
    content = decoded(value, param=param, base64=plan.base64)
    media_type = concrete(plan.media_types[0] if plan.media_types else OCTETS, content)
    # Servers tell files from fields by the name of the file; it is the only name there is.
    filename = name + (guess_extension(essence(media_type)) or "" if media_type != OCTETS else "")
    return Part(name=name, content=content, media_type=media_type, filename=filename, headers=plan.headers)


def _head(part: Part) -> bytes:
    disposition = f'form-data; name="{part.name.translate(_NAME)}"'
    if part.filename:
        disposition += f'; filename="{part.filename.translate(_NAME)}"'
    lines = {"Content-Disposition": disposition}
    if part.media_type:
        lines["Content-Type"] = header_text(part.media_type, param=part.name)
    own = {name: header_text(text, param=name) for name, text in part.headers.items() if name.title() not in lines}
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
