"""Defaults of a document are what the service does by itself: they are told, and never sent in its place.

Dispatch fills in the defaults of params. Of an imported PATCH that would be harm: who changes the name of a thing would
also set everything else of it to what a new one has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LONGEST = 200
_DEEPEST = 50


def told(schema: Mapping[str, Any], *, depth: int = 0) -> dict[str, Any]:
    """`schema` with its defaults in its descriptions, as deep as dispatch would fill them in. It is not changed."""
    made = dict(schema)
    if "default" in made:
        words = _words(made.pop("default"))
        said = made.get("description")
        if words:
            made["description"] = f"{said.rstrip()} {words}" if isinstance(said, str) and said.strip() else words
    properties = made.get("properties")
    if isinstance(properties, Mapping) and depth < _DEEPEST and any(map(_has_any, properties.values())):
        made["properties"] = {
            name: told(part, depth=depth + 1) if isinstance(part, Mapping) else part
            for name, part in properties.items()
        }
    return made


def _has_any(part: Any) -> bool:
    """Whether there may be a default in it. Most parts are left as they are, and shared."""
    return isinstance(part, Mapping) and ("default" in part or "properties" in part)


def _words(default: Any) -> str:
    import orjson

    if default is None:
        return ""
    text = orjson.dumps(default).decode()
    return f"The service's default is `{text}`." if len(text) <= _LONGEST else ""
