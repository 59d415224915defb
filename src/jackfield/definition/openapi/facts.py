"""What is known of a command before its parameters, body and answers are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from jackfield.definition.model import Deprecation
from jackfield.definition.openapi.operations import Found

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
_REPEATABLE = _SAFE | {"PUT", "DELETE"}
"""Source: RFC 9110, section 9.2."""

_LONGEST_TITLE = 120


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a command at once.

    Attributes:
        operation_id: As the document has it; empty where it has none.
        hints: The `x-` keys of the operation.
    """

    name: str
    method: str
    path: str
    operation_id: str
    display_name: str
    description: str
    tags: tuple[str, ...]
    reads_only: bool
    destructive: bool
    idempotent: bool
    deprecated: Deprecation | None
    hints: dict[str, Any]


def read_facts(name: str, found: Found) -> Facts:
    """The facts of one operation."""
    operation = found.operation
    summary, described = _said(found, "summary"), _said(found, "description")
    tags = operation.get("tags")
    return Facts(
        name=name,
        method=found.method,
        path=found.path,
        operation_id=operation["operationId"] if isinstance(operation.get("operationId"), str) else "",
        display_name=summary if len(summary) <= _LONGEST_TITLE and "\n" not in summary else "",
        description=_described(summary, described) or f"{found.method} {found.path}",
        tags=tuple(str(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        reads_only=found.method in _SAFE,
        destructive=found.method == "DELETE",
        idempotent=found.method in _REPEATABLE,
        deprecated=Deprecation() if operation.get("deprecated") is True else None,
        hints={key: value for key, value in operation.items() if str(key).startswith("x-")},
    )


def _said(found: Found, key: str) -> str:
    """What an operation says of itself, else what its path says."""
    said = found.operation.get(key) or found.item.get(key)
    return said.strip() if isinstance(said, str) else ""


def _described(summary: str, described: str) -> str:
    """The summary as the first line, and the description under it, unless that begins with the same words."""
    if not summary or _plain(described).startswith(_plain(summary)):
        return described or summary
    return f"{summary}\n\n{described}" if described else summary


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text[:400]).strip().lower()
