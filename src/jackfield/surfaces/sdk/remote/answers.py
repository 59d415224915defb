"""What an answer of a server says: JSON, an error of the very type, or that it is none of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from jackfield.definition.secret import MASK
from jackfield.errors import URN, JackfieldError, from_json
from jackfield.surfaces.server_errors import Asked, ServerAnswerUnreadable

_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}")
_JSON = frozenset({"application/json", "application/problem+json"})
_MASKED_FROM = 8
"""Characters of a token that is looked for; a shorter one would be found by chance."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as it came.

    Attributes:
        content: `None` if it is larger than it may be.
    """

    status: int
    media_type: str
    content: bytes | None


def read_answer(answer: Answer, *, url: str, asked: Asked, token: str) -> Any:
    """The JSON of `answer`; `None` if it has none.

    Args:
        answer: What came.
        url: Of the server.
        asked: What was wanted.
        token: Never shown, should an error hold it.

    Raises:
        ServerAnswerUnreadable: It is not that of a Jackfield server.
        JackfieldError: The error that it says.
    """
    if answer.status == 204:
        return None
    document = _json(answer, token)
    if 200 <= answer.status < 300 and document is not _NONE:
        return document
    if answer.status >= 400 and isinstance(document, dict) and _is_problem(document):
        raise from_json(document)
    raise _unreadable(answer, url=url, asked=asked, document=document)


def unreadable(problem: str, *, url: str, asked: Asked = "look") -> ServerAnswerUnreadable:
    """JSON came, but not what it should have been."""
    return ServerAnswerUnreadable(url=url, problem=problem, answered=200, sent="maybe", asked=asked)


_NONE = object()


def _json(answer: Answer, token: str) -> Any:
    if answer.content is None or answer.media_type not in _JSON:
        return _NONE
    content = answer.content
    if answer.status >= 400 and len(token) >= _MASKED_FROM:
        content = content.replace(token.encode(), MASK.encode())
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _NONE


def _is_problem(document: Mapping[str, Any]) -> bool:
    code, kind = document.get("code"), document.get("type")
    return isinstance(code, str) and kind == f"{URN}{code}"


def _unreadable(answer: Answer, *, url: str, asked: Asked, document: Any) -> JackfieldError:
    status, kind = answer.status, answer.media_type
    named = f"`{kind}`" if _MEDIA_TYPE.fullmatch(kind) else "something"
    if answer.content is None:
        problem = f"the answer `{status}` is larger than this program takes"
    elif 300 <= status < 400:
        problem = f"it answered `{status}`, and a token is not sent on to another address"
    elif kind in _JSON and document is _NONE:
        problem = f"its answer `{status}` is not JSON, although it says so"
    else:
        problem = f"it answered `{status}` with {named}"
    # Below 500 whoever answered has refused the request; above it, they may have lost the server's answer.
    sent: Any = "no" if 300 <= status < 500 else "maybe"
    return ServerAnswerUnreadable(url=url, problem=problem, answered=status, sent=sent, asked=asked)
