"""JSON columns are text on both databases, so that the order of keys survives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def write(value: Any) -> str:
    """The text of `value`. ASCII, because PostgreSQL keeps no NUL and SQLite no lone surrogate.

    Raises:
        TypeError: `value` holds something that JSON has no form for.
        ValueError: It holds NaN or an infinity, which JSON does not know.
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


read = json.loads
"""The value of a text."""
