"""Changing only what is still as it was read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from fastapi import Header

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.names import folded

_TAG = re.compile(r'(?:W/)?"(\d{1,18})"', re.ASCII)

IfMatch: TypeAlias = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='The `ETag` of what was read, such as `"3"`; 409 if it has changed since.',
        json_schema_extra={"pattern": r'^((W/)?"[0-9]{1,18}"|\*)$'},
    ),
]


def revised(body: Mapping[str, Any], if_match: str | None) -> tuple[Mapping[str, Any], int | None]:
    """The body without its `revision`, and the revision that is to be changed; `None` for whichever there is.

    Raises:
        InvalidParams: The header or the key is no revision, or they differ.

    Source: RFC 9110, sections 8.8.3 and 13.1.1. Weak tags are taken too: proxies that compress make them so.
    """
    header = _header(if_match.strip()) if if_match is not None else None
    said = [value for key, value in body.items() if folded(str(key)) == "revision" and value is not None]
    if any(type(value) is not int or not 0 <= value < 2**63 for value in said):
        raise _wrong("/revision", "must be a whole number")
    if len({*said, *([] if header is None else [header])}) > 1:
        raise _wrong("/revision", "is another one than that of the header `If-Match`")
    changes = {key: value for key, value in body.items() if folded(str(key)) != "revision"}
    return changes, said[0] if said else header


def _header(text: str) -> int | None:
    if text == "*":
        return None
    if found := _TAG.fullmatch(text):
        return int(found[1])
    raise _wrong("/header/If-Match", 'must be one tag such as `"3"`')


def _wrong(place: str, message: str) -> InvalidParams:
    fault = Fault(pointer=place, message=message)
    return InvalidParams(faults=[fault], where="the request", hint="give the `revision` or `ETag` that was answered")
