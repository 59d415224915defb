"""Places in a text that the connection or a param fills."""

from __future__ import annotations

import re

HOLE = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}|\$?\{\s*([\w.-]+)\s*\}")
"""`{name}`, `{{name}}` and `${name}`."""


def names_in(text: str) -> list[str]:
    """The names in the holes of a text."""
    return [found[1] or found[2] for found in HOLE.finditer(text)]
