"""What is shown of a resource, as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

TIMES = frozenset({"at", "created", "updated", "expires", "used", "revoked", "disabled", "deleted", "tested"})
"""Fields of views that are times, in microseconds since 1970."""
INSTANTS = frozenset({"started", "ended"})
"""Those that are shown to the millisecond."""


def to_json(view: Any) -> dict[str, Any]:
    """A view (a dataclass) with camelCase names and times as RFC 3339 texts; mappings inside stay as they are."""
    return {
        _camel(field.name): _value(field.name, getattr(view, field.name))
        for field in dataclasses.fields(view)
        if not field.name.startswith("_")
    }


def moment(microseconds: int) -> str:
    """A time as text, such as `2026-11-21T06:45:53Z`."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _value(name: str, value: Any) -> Any:
    if name in TIMES and type(value) is int:  # `created` of an answer is a boolean
        return moment(value)
    if name in INSTANTS and type(value) is int:
        return f"{moment(value)[:-1]}.{value // 1000 % 1000:03d}Z"
    if dataclasses.is_dataclass(value):
        return to_json(value)
    if isinstance(value, list | tuple):
        return [_value("", inner) for inner in value]
    return dict(value) if isinstance(value, Mapping) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
