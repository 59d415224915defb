"""Defaults of a document are what the service does by itself: they are told, and never sent in its place.

Dispatch fills in the defaults of params. Of an imported PATCH that would be harm: who changes the name of a thing would
also set everything else of it to what a new one has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LONGEST = 200
_DEEPEST = 50


def told(schema: Mapping[str, Any], *, depth: int = 0) -> dict[str, Any]:
    """`schema` with its defaults in its descriptions, as deep as dispatch would fill them in. It is not changed."""
    made = dict(schema)
    if "default" in made:
        default, said = _text(made.pop("default")), made.get("description")
        said = said.rstrip() if isinstance(said, str) else ""
        if default and not _says(said, default):
            made["description"] = f"{said} Default: `{default}`.".lstrip()
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


def _text(default: Any) -> str:
    import orjson

    if default is None:
        return ""
    text = orjson.dumps(default).decode()
    return text if len(text) <= _LONGEST else ""


def _says(said: str, default: str) -> bool:
    """Whether a description tells the default by itself: "Defaults to 30."."""
    value = re.escape(default.strip('"'))
    return bool(value and re.search(rf"\bdefault.{{0,40}}(?<![\w.-]){value}(?![\w-])", said, re.IGNORECASE))
