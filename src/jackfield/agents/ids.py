"""Ids that a model's service gave to its calls, or a host to its conversations: kept, and looked for, in one form."""

from __future__ import annotations

MAX_ID = 200
"""Characters."""


def plain_id(text: str | None) -> str | None:
    """`text` without what a database or a log cannot keep, and not longer than an id is; `None` for nothing."""
    if not text:
        return None
    return "".join(letter for letter in text if letter.isprintable())[:MAX_ID] or None
