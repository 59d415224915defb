"""Values of a media type that is no form and has no parts, as bytes or as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.openapi.media_types import is_lines
from jackfield.execution.errors import ParamUnplaceable
from jackfield.execution.openapi import styles
from jackfield.execution.openapi.media import is_json, is_xml
from jackfield.execution.values import from_base64


def to_bytes(value: Any, *, media_type: str, param: str, place: str = "body") -> bytes:
    """`value` as JSON, as lines of JSON, or as text in UTF-8, as `media_type` has it.

    Raises:
        ParamUnplaceable: It is no text, and nothing else can be written in that media type.
    """
    if is_lines(media_type) and isinstance(value, list | tuple):
        return b"".join(styles.json_bytes(item, param=param, place=place) + b"\n" for item in value)
    if is_json(media_type):
        return styles.json_bytes(value, param=param, place=place)
    return plain_text(value, media_type=media_type, param=param, place=place).encode()


def plain_text(value: Any, *, media_type: str, param: str, place: str) -> str:
    """Text as it is, anything else as JSON.

    Raises:
        ParamUnplaceable: It is an object or a list where XML is expected.
    """
    if is_xml(media_type) and isinstance(value, Mapping | list | tuple):
        hint = f"give `{param}` as text that holds the XML"
        raise ParamUnplaceable(param=param, place=place, reason=f"`{media_type}` is not made of JSON", hint=hint)
    return styles.text_of(value, param=param, place=place)


def decoded(value: Any, *, param: str, place: str = "body", base64: bool = True) -> bytes:
    """The bytes that `value` stands for: base64, in lines or not, or text sent as UTF-8.

    Raises:
        ParamUnplaceable: It is no base64.
    """
    if not isinstance(value, str) or not base64:
        return styles.text_of(value, param=param, place=place).encode()
    return from_base64(value, param=param, place=place)
