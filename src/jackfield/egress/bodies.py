"""Turn what a command passes into the bytes that are sent."""

from __future__ import annotations

import json as slow_json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

import orjson

from jackfield.definition.wire import Outgoing, Query
from jackfield.errors import WrongUse

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
TEXT = "text/plain; charset=utf-8"


def set_body(
    outgoing: Outgoing, *, json: Any = ..., form: Query | None = None, content: bytes | str | None = None
) -> None:
    """Give `outgoing` its body, and a content type unless it says itself what its body is.

    Raises:
        WrongUse: As `encode_body`.
    """
    outgoing.content, content_type = encode_body(json, form, content)
    if content_type and not any(name.lower() == "content-type" for name in outgoing.headers):
        outgoing.headers["Content-Type"] = content_type


def encode_body(json: Any, form: Query | None, content: bytes | str | None) -> tuple[bytes | None, str]:
    """The bytes and their content type; the type is empty where the caller knows it better.

    Args:
        json: Any JSON value, `...` for none: `None` is sent as `null`.
        form: Pairs, as for a query.
        content: Sent as it is; text as UTF-8.

    Raises:
        WrongUse: Two of them are given, or a value is not JSON.
    """
    given = (json is not ...) + (form is not None) + (content is not None)
    if given > 1:
        raise WrongUse("a request has one body", hint="give only one of `json`, `form` and `content`")
    try:
        if json is not ...:
            return encode_json(json), JSON
        if form is not None:
            return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs(form)).encode(), FORM
        if isinstance(content, str):
            return content.encode(), TEXT
    except UnicodeEncodeError:
        raise WrongUse("the body is not valid Unicode", hint="send text without lone surrogates") from None
    return content, ""


def encode_json(value: Any) -> bytes:
    """`value` as JSON.

    Raises:
        WrongUse: It holds something that JSON cannot say.
    """
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        pass
    try:
        # orjson refuses integers above 64 bits; some services have such ids.
        return slow_json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise WrongUse(f"the body is not JSON: {type(error).__name__}", hint="pass plain data as `json`") from None


def pairs(query: Query) -> list[tuple[str, str]]:
    """`query` as names and texts: `None` is left out, a list repeats the name, booleans are `true` and `false`.

    Raises:
        WrongUse: A value is an object, which a query has no common way to write.
    """
    items = query.items() if isinstance(query, Mapping) else query
    return [(str(name), text) for name, value in items for text in _texts(value)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, Mapping):
        raise WrongUse("a value of the query or form is an object", hint="write it as text, for example as JSON")
    elif value is not None:
        yield str(value)
