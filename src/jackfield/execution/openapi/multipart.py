"""Bodies of several parts, as a document describes them.

Source: OpenAPI 3.1.1, section 4.8.15 (Encoding Object).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from mimetypes import guess_extension
from typing import Any

from jackfield.definition.openapi.media_types import essence
from jackfield.definition.openapi.plan import PartPlan
from jackfield.execution.multipart import Part, joined
from jackfield.execution.openapi import styles
from jackfield.execution.openapi.encoding import header_text
from jackfield.execution.openapi.media import OCTETS, TEXT, concrete, is_json
from jackfield.execution.openapi.texts import decoded, to_bytes
from jackfield.execution.values import as_text


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
    return joined(parts, media_type=essence(media_type))


def _parts(name: str, value: Any, plan: PartPlan, *, param: str) -> Iterator[Part]:
    name = as_text(name, param=param, place="body")
    if plan.style is not None and not plan.binary:
        found = styles.pairs(name, value, style=plan.style, explode=plan.explode, param=param, place="body")
        for pair in found:
            yield _part(pair.name, pair.text.encode(), plan)
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
    return _part(name, content, plan, media_type=media_type)


def _file(name: str, value: Any, plan: PartPlan, param: str) -> Part:
    content = decoded(value, param=param, base64=plan.base64)
    media_type = concrete(plan.media_types[0] if plan.media_types else OCTETS, content)
    # Servers tell files from fields by the name of the file; it is the only name there is.
    filename = name + (guess_extension(essence(media_type)) or "" if media_type != OCTETS else "")
    return _part(name, content, plan, media_type=media_type, filename=filename)


def _part(name: str, content: bytes, plan: PartPlan, *, media_type: str = "", filename: str = "") -> Part:
    return Part(
        name=name,
        content=content,
        media_type=header_text(media_type, param=name),
        filename=filename,
        headers={header: header_text(text, param=header) for header, text in plan.headers.items()},
    )
