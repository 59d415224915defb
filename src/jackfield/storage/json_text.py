"""JSON columns are text on both databases, so that the order of keys survives."""

from __future__ import annotations

import json
from typing import Any


def write(value: Any) -> str:
    """The text of `value`. ASCII, because PostgreSQL keeps no NUL and SQLite no lone surrogate.

    Raises:
        ValueError: `value` holds NaN or an infinity, which JSON does not know.
    """
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


read = json.loads
"""The value of a text."""
