"""Values as text, for the places of a request that take nothing else."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from math import isfinite
from typing import Any

from jackfield.definition.secret import Secret
from jackfield.egress.bodies import encode_json
from jackfield.execution.errors import ParamUnplaceable

_WHITE = re.compile(r"\s+")
# Every float from here on is a whole number anyway, and readers of JavaScript write it with an exponent.
_WRITTEN_OUT = 1e15
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def as_text(value: Any, *, param: str, place: str) -> str:
    """`value` as it is written into a path, a query, a header or a cookie.

    Raises:
        ParamUnplaceable: It has parts, is null, or is not valid Unicode.
    """
    if isinstance(value, Secret):
        value = value.reveal()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if not isinstance(value, str):
        kind = {"dict": "an object", "list": "a list", "NoneType": "null"}.get(type(value).__name__, "no text")
        hint = f"give `{param}` as text or a number, or declare it for the body"
        raise ParamUnplaceable(param=param, place=place, reason=f"it is {kind}", hint=hint)
    try:
        value.encode()
    except UnicodeEncodeError:
        hint = "remove the characters that are half of a pair (U+D800 to U+DFFF)"
        raise ParamUnplaceable(param=param, place=place, reason="it is not valid Unicode", hint=hint) from None
    return value


def _number(value: float) -> str:
    """As JSON has it; one without a fraction as a whole number, whichever way its caller wrote it."""
    if isinstance(value, int) or not isfinite(value):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < _WRITTEN_OUT else encode_json(value).decode()


def as_texts(value: Any, *, param: str, place: str) -> list[str]:
    """`value` for a place where a name may stand several times or not at all: of a list, each item; of null, none."""
    if value is None:
        return []
    items = value if isinstance(value, list | tuple) else [value]
    return [as_text(item, param=param, place=place) for item in items]


def as_header(value: Any, *, param: str, place: str = "headers") -> str | None:
    """`value` as a header: the items of a list with commas, null not at all.

    Raises:
        ParamUnplaceable: As for `as_text`, or it would end the header and begin another one.

    Source: RFC 9110, sections 5.5 and 5.6.1.
    """
    if value is None:
        return None
    text = ", ".join(as_texts(value, param=param, place=place))
    if _CONTROL.search(text):
        hint = "remove line ends and other control characters"
        raise ParamUnplaceable(param=param, place=place, reason="it holds a control character", hint=hint)
    return text


def from_base64(value: str, *, param: str, place: str) -> bytes:
    """The bytes that `value` stands for; it may have line ends.

    Raises:
        ParamUnplaceable: It is no base64.
    """
    try:
        return b64decode(_WHITE.sub("", value), validate=True)
    except (NoBase64, ValueError):
        hint = f"give `{param}` in base64, as RFC 4648 has it in section 4"
        raise ParamUnplaceable(param=param, place=place, reason="it is no base64", hint=hint) from None
