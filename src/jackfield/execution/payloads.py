"""What an answer holds, as JSON can say it."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Literal

import orjson

from jackfield.definition.wire import Answer


def payload(form: Literal["json", "text", "bytes"], answer: Answer) -> Any:
    """The content as the operation wants it: parsed JSON (or else text), text, or base64 with its type.

    Bytes that are no text are given as base64 even where JSON was expected: an outcome is JSON, and
    replacing characters would destroy them.
    """
    if form == "bytes":
        return base64_of(answer)
    if form == "text":
        return answer.body if isinstance(answer.body, str) else answer.text
    if not answer.content:
        return None
    try:
        return orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return text_of(answer)


def base64_of(answer: Answer) -> dict[str, str]:
    """The bytes of an answer as JSON can say them."""
    return {
        "base64": b64encode(answer.content).decode(),
        "contentType": answer.headers.get("content-type", "application/octet-stream"),
    }


def text_of(answer: Answer) -> str | dict[str, str]:
    """The text of an answer; its bytes where it is none."""
    if isinstance(answer.body, str):
        return answer.body
    try:
        return answer.content.decode()
    except UnicodeDecodeError:
        return base64_of(answer)
