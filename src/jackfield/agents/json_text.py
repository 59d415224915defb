"""JSON as models read it: short, and with letters as they are."""

from __future__ import annotations

from typing import Any

import orjson

from jackfield.dispatch.kept_json import sound


def json_text(value: Any) -> str:
    """`value` as JSON; what has no JSON form in it as text."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return orjson.dumps(sound(value)).decode()
