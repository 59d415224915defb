"""Regular expressions of documents: whether they can be used to check values."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_PATTERN = 10_000
_SLASHES = re.compile(r"/(\^.*|.*\$)/([dgimsuvy]*)\Z", re.DOTALL)


@lru_cache(maxsize=4096)
def usable_pattern(pattern: str) -> str | None:
    """`pattern` as JSON Schema has it, or `None` where it is no regular expression that can be used.

    A JavaScript literal (`/^a+$/i`), which would match nothing, loses its slashes.
    """
    import jsonschema_rs

    if literal := _SLASHES.match(pattern):
        flags = "(?i)" if "i" in literal[2] else ""
        pattern = f"{flags}{literal[1]}"
    if len(pattern) > MAX_PATTERN:
        return None
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (ValueError, jsonschema_rs.ValidationError):
        return None
    return pattern
