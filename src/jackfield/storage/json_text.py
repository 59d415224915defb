"""JSON columns are text on both databases, so that the order of keys survives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Written:
    """A value that was written before: a large one takes a while, in which no transaction should wait."""

    text: str


def write(value: Any) -> str:
    """The text of `value`. ASCII, because PostgreSQL keeps no NUL and SQLite no lone surrogate.

    Raises:
        TypeError: `value` holds something that JSON has no form for.
        ValueError: It holds NaN or an infinity, which JSON does not know.
    """
    if isinstance(value, Written):
        return value.text
    return json.dumps(value, allow_nan=False, separators=(",", ":"), default=_plain)


def with_written(value: Mapping[str, Any], key: str, written: Written) -> Written:
    """An object, whose value under `key` is `written` already, and comes last."""
    rest = write({name: inner for name, inner in value.items() if name != key})
    comma = "," if len(rest) > len("{}") else ""
    return Written(f"{rest[:-1]}{comma}{write(key)}:{written.text}}}")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


read = json.loads
"""The value of a text."""
